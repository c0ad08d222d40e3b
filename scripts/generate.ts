// `npm run generate` runs every scripts/generate-*.ts; `npm run generated` (--check) then fails if a file changed by it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCommand, say } from './run-command.ts';

// What generators may write, wherever it stands.
const generated = /\.generated\.ts$|\.schema\.json$|^docs\/reference\/|(^|\/)README\.md$/;

const before = await fingerprints();
for (const generator of readdirSync(import.meta.dirname)
  .filter(isGenerator)
  .toSorted())
  await run(generator);
const after = await fingerprints();

const names = [...new Set([...before.keys(), ...after.keys()])];
const changed = names.filter((name) => before.get(name) !== after.get(name));
for (const name of changed) say(`${process.argv.includes('--check') ? 'was not up to date' : 'written'}: ${name}`);
if (process.argv.includes('--check') && changed.length > 0) process.exitCode = 1;

function isGenerator(name: string): boolean {
  return /^generate-[a-z-]+\.ts$/.test(name);
}

async function run(generator: string): Promise<void> {
  const args = ['--conditions=source', join('scripts', generator)];
  const { code, output } = await runCommand({ command: process.execPath, args });
  if (code === 0) return;
  say(`${generator} failed:\n${output}`);
  process.exit(1);
}

async function fingerprints(): Promise<Map<string, string>> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { output } = await runCommand({ command: 'git', args });
  const ours = output.split('\n').filter((name) => generated.test(name) && existsSync(join(root, name)));
  return new Map(ours.map((name) => [name, hashOf(join(root, name))]));
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
