import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';

/**
 * Installs the stand-in as the program `terraform` of a folder, to be put first on PATH. It lies there whole, for a sandbox
 * that shows the folder, and runs with the `node` of its PATH.
 */
export async function installFakeTerraform(folder: string): Promise<void> {
  const parts = join(folder, 'terraform-parts');
  await mkdir(parts, { recursive: true, mode: 0o755 });
  await writeFile(join(parts, 'package.json'), '{"type": "module"}');
  await copyParts(parts);
  const script = `#!/bin/sh\nexec node '${parts}/main.js' "$@"\n`;
  await writeFile(join(folder, 'terraform'), script, { mode: 0o755 });
}

// Without their types: a command that Node has to read types for takes three times as long.
async function copyParts(into: string): Promise<void> {
  const here = import.meta.dirname;
  if (extname(import.meta.filename) === '.js') return cp(here, into, { recursive: true });
  const names = (await readdir(here)).filter((name) => name.endsWith('.ts'));
  await Promise.all(
    names.map(async (name) => {
      const plain = stripTypeScriptTypes(await readFile(join(here, name), 'utf8'));
      const linked = plain.replaceAll(/(?<= from '\.\/[\w-]+)\.ts(?=')/g, '.js');
      await writeFile(join(into, name.replace(/\.ts$/, '.js')), linked);
    }),
  );
}
