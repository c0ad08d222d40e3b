import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSampleService, eventually } from '@orchestra/testkit';
import { createLocalTarget } from './local-target.ts';
import { findFreePort } from './supervisor/free-port.ts';

const path = process.env['PATH'] ?? '';
const program = fileURLToPath(new URL('./supervisor/main.ts', import.meta.url));
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-kept-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// As a container does that is there for releases alone.
function keep(folder: string, port: number): ChildProcess {
  const args = ['--conditions=source', program, folder, 'process', `localhost:${port}`];
  const kept = spawn(process.execPath, args, { stdio: 'inherit', env: { PATH: path } });
  cleanups.push(async () => end(kept));
  return kept;
}

async function end(kept: ChildProcess): Promise<void> {
  if (kept.exitCode !== null || kept.signalCode !== null) return;
  const exited = once(kept, 'exit');
  kept.kill('SIGTERM');
  await exited;
}

describe('a supervisor that is kept in a container of its own', () => {
  it('serves clients that only know its folder, and is awaited by them while it is away', async () => {
    const folder = givenFolder();
    const app = createSampleService();
    cleanups.push(() => rmSync(app, { recursive: true, force: true }));
    const local = createLocalTarget({ folder, mode: 'process', path });
    const port = await findFreePort();
    const target = 'ada/shop/production/web';
    const first = keep(folder, port);
    // Before its first start nobody knows that this folder has one; compose starts it first.
    await eventually({ see: () => existsSync(join(folder, 'control.json')), until: (exists) => exists });
    const spec = {
      release: 'r1',
      folder: app,
      command: ['node', 'main.mjs'],
      env: { VERSION: 'r1' },
      replicas: 1,
      healthPath: '/health',
      readyTimeoutMs: 10_000,
    };
    await local.claim({ target, epoch: 1, port: 0 });
    await local.ensureRelease({ target, epoch: 1, spec });
    await local.waitUntilReady({ target, release: 'r1', timeoutMs: 10_000 });
    const { url } = await local.setWeights({ target, epoch: 1, weights: { r1: 100 } });
    expect(await (await fetch(url)).text()).toBe('r1');

    await end(first);
    await expect(local.read(target)).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE', retriable: true });

    keep(folder, port);
    await eventually({ see: async () => local.read(target).catch(() => null), until: (view) => view?.epoch === 1 });
    expect(await (await fetch(url)).text()).toBe('r1');
    await local.shutdown();
  });
});
