import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSampleService, eventually } from '@orchestra/testkit';
import { findControl } from './find-control.ts';
import { createLocalTarget } from './local-target.ts';

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function givenFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-start-'));
  const local = createLocalTarget({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
  cleanups.push(async () => {
    await local.shutdown();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, local };
}

describe('a supervisor that is started anew', () => {
  it('is found at once while another program has the port of a front, which opens when it is free', async () => {
    const { folder, local } = givenFolder();
    const app = createSampleService();
    cleanups.push(() => rmSync(app, { recursive: true, force: true }));
    const target = 'ada/shop/production/web';
    const spec = { release: 'r1', folder: app, command: ['node', 'main.mjs'], env: { VERSION: 'r1' }, replicas: 1 };
    await local.claim({ target, epoch: 1, port: 0 });
    await local.ensureRelease({ target, epoch: 1, spec: { ...spec, healthPath: '/health', readyTimeoutMs: 10_000 } });
    await local.waitUntilReady({ target, release: 'r1', timeoutMs: 10_000 });
    const { url } = await local.setWeights({ target, epoch: 1, weights: { r1: 100 } });

    process.kill(findControl(folder)?.pid ?? 0, 'SIGKILL');
    const other = createServer((_, response) => response.end('another program'));
    await eventually({ see: async () => listen(other, Number(new URL(url).port)), until: (listens) => listens });
    await local.tend();
    const measured = await local.metrics(target);
    const seen = await read(url);
    other.close();
    other.closeAllConnections();

    expect(measured?.releases).toMatchObject([{ release: 'r1', ready: 1 }]);
    expect(seen).toBe('another program');
    await eventually({ see: async () => read(url).catch(() => ''), until: (body) => body === 'r1' });
  });

  it('is not waited for where it ends, and its log is named', async () => {
    const { folder, local } = givenFolder();
    writeFileSync(join(folder, 'state.json'), '{');

    await expect(local.tend()).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringContaining('ended (1); see supervisor.log there'),
    });
  });

  it('comes also where the one before had the folder until a moment ago', async () => {
    const { folder, local } = givenFolder();
    const before = new DatabaseSync(join(folder, 'supervisor.lock'));
    before.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    const begun = new Set<string>();

    const tended = local.tend();
    await eventually({ see: () => startedIn(folder, begun).size, until: (count) => count > 1 });
    before.close();
    await tended;

    expect(findControl(folder)).not.toBeNull();
  });
});

async function listen(server: Server, port: number): Promise<boolean> {
  server.listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => true,
    () => false,
  );
}

async function read(url: string): Promise<string> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return response.text();
}

// The processes that had this folder among their arguments at any look.
function startedIn(folder: string, known: Set<string>): ReadonlySet<string> {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (argumentsOf(pid).includes(folder)) known.add(pid);
  }
  return known;
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
  } catch {
    return [];
  }
}
