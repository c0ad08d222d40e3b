import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findControlGroups } from './find-control-groups.ts';
import { createSandbox, defaultLimits } from './index.ts';

const path = process.env['PATH'] ?? '';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bubblewrap-'));
  await chmod(folder, 0o711);
  await mkdir(join(folder, 'workspace'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('the bubblewrap sandbox', () => {
  it('ends with the process that started it, and everything in it too', async () => {
    const mark = `97${process.pid}`;
    const script = `import { createSandbox, defaultLimits } from '${pathToFileURL(join(import.meta.dirname, 'index.ts')).href}';
      const sandbox = createSandbox({ mode: 'bubblewrap', path: ${JSON.stringify(path)} });
      await sandbox.run({ argv: ['sh', '-c', 'setsid sleep ${mark} & sleep ${mark}'], workspace: '${join(folder, 'workspace')}', limits: { ...defaultLimits, timeMs: 300_000 }, network: false });`;
    const parent = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], {
      stdio: 'ignore',
    });
    await eventually({ see: async () => sleepers(mark), until: (found) => found === 2 });

    parent.kill('SIGKILL');
    await once(parent, 'exit');

    expect(await eventually({ see: async () => sleepers(mark), until: (found) => found === 0 })).toBe(0);
  });

  it('shows tools of ours where it is told to, also from folders that its user could not enter', async () => {
    await mkdir(join(folder, 'private/tool'), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, 'private/tool/hello'), '#!/bin/sh\necho hello\n', { mode: 0o755 });
    const sandbox = createSandbox({ mode: 'bubblewrap', path });

    const { stdout } = await sandbox.run({
      argv: ['/opt/tool/hello'],
      workspace: join(folder, 'workspace'),
      limits: defaultLimits,
      network: false,
      readOnlyPaths: [{ from: join(folder, 'private/tool'), to: '/opt/tool' }],
    });

    expect(stdout).toBe('hello\n');
  });

  it('reaches the network of the host when it is told to', async () => {
    const sandbox = createSandbox({ mode: 'bubblewrap', path });
    const run = { workspace: join(folder, 'workspace'), limits: defaultLimits };
    const argv = ['cat', '/proc/net/dev'];

    const open = await sandbox.run({ argv, ...run, network: true });
    const closed = await sandbox.run({ argv, ...run, network: false });

    expect(open.stdout).toContain(firstDevice(await readFile('/proc/net/dev', 'utf8')));
    expect(closed.stdout.trim().split('\n')).toHaveLength(3);
  });

  it('gives concurrent steps the walls of their own', async () => {
    const sandbox = createSandbox({ mode: 'bubblewrap', path });
    const workspaces = [join(folder, 'one'), join(folder, 'two')];
    for (const workspace of workspaces) await mkdir(workspace);

    const results = await Promise.all(
      workspaces.map(async (workspace) =>
        sandbox.run({
          argv: ['sh', '-c', 'sleep 0.2; kill -9 -1; ls -A /workspace'],
          workspace,
          limits: defaultLimits,
          network: false,
        }),
      ),
    );

    expect(results.map(({ outcome }) => outcome)).toEqual(['exited', 'exited']);
  });

  it('ends processes that together want too much memory, where the host has control groups', async () => {
    const sandbox = createSandbox({ mode: 'bubblewrap', path });
    const half = 'dd bs=300M count=20 if=/dev/zero of=/dev/null';

    const { outcome } = await sandbox.run({
      argv: ['sh', '-c', `${half} & ${half}; wait`],
      workspace: join(folder, 'workspace'),
      limits: { ...defaultLimits, memoryBytes: 400 * 1024 ** 2 },
      network: false,
    });

    expect(outcome).toBe(findControlGroups() === null ? 'exited' : 'memory');
  });

  it('says in an error, and not in a verdict, that it could not start', async () => {
    const sandbox = createSandbox({ mode: 'bubblewrap', path });
    const run = { argv: ['true'], limits: defaultLimits, network: false };

    await expect(sandbox.run({ ...run, workspace: join(folder, 'missing') })).rejects.toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
      retriable: true,
    });
    await expect(
      sandbox.run({ ...run, workspace: join(folder, 'workspace'), folder: 'missing' }),
    ).rejects.toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
    });
  });
});

async function sleepers(mark: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.startsWith(`sleep\0${mark}`)).length;
}

// The name of a network device that only the host has: every namespace has `lo`.
function firstDevice(text: string): string {
  return /^\s*(?!lo:)(\w+):/m.exec(text)?.[1] ?? 'lo';
}
