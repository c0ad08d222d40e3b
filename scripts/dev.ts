// `npm run dev -- NAME`: one service from its sources, started again when one of them changes.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCommand, say } from './run-command.ts';

const [name = ''] = process.argv.slice(2);
const main = join('services', name, 'src', 'main.ts');

if (name !== '' && existsSync(join(root, main))) {
  const args = ['--conditions=source', '--watch', main];
  const { code } = await runCommand({ command: process.execPath, args, shown: true });
  process.exitCode = code;
} else {
  say(`no service "${name}"; usage: npm run dev -- NAME`);
  process.exitCode = 1;
}
