#!/usr/bin/env node
// Starts the command line on the Node it is made for, whatever Node the caller has: that of this installation.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wantedNode = 24;
const room = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(room, 'src/main.ts');
const program = existsSync(source) ? ['--conditions=source', source] : [join(room, 'dist/main.js')];

const node = findNode();
if (node === null) {
  process.stderr.write(`orchestra needs Node ${wantedNode}; run \`npm run orchestra\` once, which installs it.\n`);
  process.exit(1);
}
const child = spawn(node, [...program, ...process.argv.slice(2)], { stdio: 'inherit' });
// The program ends in its own way, and then so do we. A terminal sends Ctrl-C to both by itself.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
child.once('error', (error) => {
  process.stderr.write(`orchestra does not start: ${error.message}\n`);
  process.exit(1);
});
child.once('close', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= wantedNode) return process.execPath;
  for (let folder = room; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules/node/bin/node');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return null;
  }
}
