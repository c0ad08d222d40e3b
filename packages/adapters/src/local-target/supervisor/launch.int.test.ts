import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@orchestra/testkit';
import { findControlGroups } from '../../sandbox/find-control-groups.ts';
import { createLauncher } from './launch.ts';

const path = process.env['PATH'] ?? '';
const isRoot = process.getuid?.() === 0;
const megabyte = 1024 ** 2;
let folder: string;
const started: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'));
  // The folder of the platform: others may pass through, and read nothing.
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'release'), { mode: 0o755 });
});
afterEach(() => {
  for (const pid of started.splice(0)) end(pid);
  rmSync(folder, { recursive: true, force: true });
});

function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function launch(mode: 'bubblewrap' | 'process', script: string, memoryBytes = 1_024 * megabyte) {
  writeFileSync(join(folder, 'release/main.mjs'), script, { mode: 0o644 });
  const launcher = createLauncher({ mode, path, logFolder: join(folder, 'logs'), memoryBytes });
  const command = ['node', 'main.mjs'];
  const spec = {
    release: 'r1',
    folder: join(folder, 'release'),
    command,
    env: {},
    replicas: 1,
    healthPath: '/',
    readyTimeoutMs: 1,
  };
  const launched = await launcher.launch(spec, 1);
  started.push(launched.pid);
  return launched;
}

function log(): string {
  return readFileSync(join(folder, 'logs/r1.log'), 'utf8');
}

async function logged(): Promise<string> {
  return eventually({ see: log, until: (text) => text.endsWith('\n'), timeoutMs: 20_000 });
}

function realUser(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

describe.each(['bubblewrap', 'process'] as const)('a release started with %s', (mode) => {
  it('is never root on the host, below folders that others may only pass through', async () => {
    const { pid } = await launch(mode, 'console.log(process.getgroups().join()); setInterval(() => {}, 1000)');

    await logged();

    expect(realUser(pid)).not.toBe(0);
    expect(realUser(pid)).toBe(isRoot ? 61_150 : process.getuid?.());
  });

  it('does not start where only root could read it', async () => {
    chmodSync(folder, 0o700);

    const starting = launch(mode, 'console.log("started")').then(logged, (error: unknown) => String(error));

    expect(await starting).toMatch(isRoot ? /cannot be read by the user of releases/ : /^started$/m);
  });

  it('is ended when it wants more memory than it may have', async () => {
    const script = `const all = []; for (;;) all.push(Buffer.alloc(${8 * megabyte}, 1));`;
    const groups = findControlGroups();
    const { onExit } = await launch(mode, script, groups === null ? 2_048 * megabyte : 256 * megabyte);

    const how = await new Promise<string>(onExit);

    expect(how).toMatch(groups === null ? /SIG|exit code/ : /its memory was used up/);
  });
});
