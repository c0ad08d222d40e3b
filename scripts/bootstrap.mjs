// Runs a command with everything it needs installed: `node scripts/bootstrap.mjs COMMAND ARGUMENT…`.
// Plain JavaScript without dependencies, because it comes before them; any Node from 20 will do.
// The command finds the repository's own programs first on its path, among them the Node the project runs on.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const pnpm = 'pnpm@12.21.0';
const oldestNode = 20;
const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const modules = join(root, 'node_modules');
const marker = join(modules, '.orchestra-installed');

await main(process.argv.slice(2));

async function main([command, ...args]) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    fail(`Node ${oldestNode} or newer is needed; this is ${process.version}.`);
  }
  if (command === undefined) fail('usage: node scripts/bootstrap.mjs COMMAND ARGUMENT…');
  const wanted = fingerprint();
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) await install(wanted);

  const { code, signal } = await run(command, args, { stdio: 'inherit' });
  process.exitCode = signal === null ? code : 128 + constants.signals[signal];
}

/** What the installation depends on: a change in any of these files asks for a new one. */
function fingerprint() {
  const patches = readdirSync(join(root, 'patches')).toSorted();
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...patches.map((name) => join('patches', name))];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

async function install(wanted) {
  const startedAt = Date.now();
  say('installing packages (about a minute the first time)');
  const lines = [];
  // A terminal would be asked whether an older node_modules may go; CI is not.
  const env = { ...process.env, CI: 'true' };
  const { code } = await run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], { env, lines });
  if (code !== 0) fail(`the installation failed:\n${lines.join('').split('\n').slice(-40).join('\n')}`);
  writeFileSync(marker, wanted);
  say(`packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** Starts a program and waits for its end; signals meant for us go on to it. Without `stdio` its output goes to `lines`. */
function run(command, args, { env = process.env, stdio = ['ignore', 'pipe', 'pipe'], lines = [] }) {
  const path = `${join(modules, '.bin')}${delimiter}${env.PATH ?? ''}`;
  const child = spawn(command, args, { cwd: root, stdio, env: { ...env, PATH: path } });
  child.stdout?.on('data', (chunk) => lines.push(String(chunk)));
  child.stderr?.on('data', (chunk) => lines.push(String(chunk)));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to the child by itself; a second one would cut its orderly end short.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`${command} does not start: ${error.message}`));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function say(text) {
  process.stderr.write(`orchestra: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
