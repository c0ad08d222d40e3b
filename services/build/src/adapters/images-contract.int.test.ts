import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { testImages } from '@orchestra/testkit';
import { createProgramImages } from './program-images.ts';

// The part of docker that is relied on: it writes the digest of what it pushed, which follows from the tag here.
const standIn = `#!/bin/sh
file=
tag=
while [ $# -gt 0 ]; do
  case "$1" in --metadata-file) file="$2" ;; --tag) tag="$2" ;; esac
  shift
done
digest=$(printf %s "$tag" | sha256sum | cut -d' ' -f1)
[ -z "$file" ] || printf '{"containerimage.digest": "sha256:%s"}' "$digest" > "$file"
`;

testImages('docker, by a stand-in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'images-contract-'));
  const bin = join(folder, 'bin');
  const context = join(folder, 'context');
  for (const made of [bin, context]) await mkdir(made);
  await writeFile(join(bin, 'docker'), standIn, { mode: 0o755 });
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\n');
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter);
  return {
    images: createProgramImages({ path, push: true, env: {} }),
    context,
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
