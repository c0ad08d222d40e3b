// `npm run dev -- NAME`: one service from its sources, started again when one of them changes, its log made readable.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pretty from 'pino-pretty';
import { passSignalsTo, root, say } from './run-command.ts';

const [name = ''] = process.argv.slice(2);
const main = join('services', name, 'src', 'main.ts');

if (name !== '' && existsSync(join(root, main))) await watch();
else {
  say(`no service "${name}"; usage: npm run dev -- NAME`);
  process.exitCode = 1;
}

async function watch(): Promise<void> {
  const args = ['--conditions=source', '--watch', main];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.pipe(pretty({ ignore: 'pid,hostname' }));
  passSignalsTo(child);
  await once(child, 'close');
}
