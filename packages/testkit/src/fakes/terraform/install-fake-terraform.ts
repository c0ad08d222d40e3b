import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Installs the stand-in as the program `terraform` of a folder, to be put first on PATH. */
export async function installFakeTerraform(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const main = join(import.meta.dirname, 'main.ts');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
  await writeFile(join(folder, 'terraform'), script, { mode: 0o755 });
}
