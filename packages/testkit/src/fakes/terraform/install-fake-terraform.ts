import { cp, mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/**
 * Installs the stand-in as the program `terraform` of a folder, to be put first on PATH. It lies there whole, for a sandbox
 * that shows the folder, and runs with the `node` of its PATH.
 */
export async function installFakeTerraform(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const parts = join(folder, 'terraform-parts');
  await cp(import.meta.dirname, parts, { recursive: true });
  await writeFile(join(parts, 'package.json'), '{"type": "module"}');
  // Where this was compiled, the parts are too.
  const main = `main${extname(import.meta.filename)}`;
  const script = `#!/bin/sh\nexec node '${parts}/${main}' "$@"\n`;
  await writeFile(join(folder, 'terraform'), script, { mode: 0o755 });
}
