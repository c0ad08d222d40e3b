import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runProgram } from './index.ts';

const limits = { cwd: '/', timeoutMs: 10_000 };

describe('runProgram', () => {
  it('returns what the program printed and its exit code', async () => {
    const result = await runProgram('sh', ['-c', 'echo out; echo err >&2; exit 3'], limits);

    expect(result).toMatchObject({
      ending: 'exited',
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncatedBytes: 0,
    });
  });

  it('passes arguments as they are, without a shell', async () => {
    const hostile = ['$(id)', '`id`', 'a;b', '--', '-x', 'two words', 'new\nline'];

    const { stdout } = await runProgram('printf', [String.raw`%s\0`, ...hostile], limits);

    expect(stdout.split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('gives nothing of our environment and no descriptors but the standard ones', async () => {
    process.env['ORCHESTRA_CANARY'] = 'secret';

    const { stdout } = await runProgram(
      'sh',
      ['-c', 'cat /proc/self/environ; for fd in 3 4 5 6 7 8 9 250 251; do readlink /proc/$$/fd/$fd; done; true'],
      {
        ...limits,
        env: { PATH: '/usr/bin:/bin', GREETING: 'hello' },
      },
    );

    delete process.env['ORCHESTRA_CANARY'];
    expect(stdout).toContain('GREETING=hello');
    expect(stdout).not.toContain('secret');
    // What this process inherited itself is covered by /dev/null.
    expect(stdout).not.toMatch(/^(pipe|socket|anon_inode|\/(?!dev\/null$))/m);
  });

  it('hands its input over', async () => {
    const { stdout } = await runProgram('cat', [], { ...limits, input: 'through stdin' });

    expect(stdout).toBe('through stdin');
  });

  it('names a program that is not installed', async () => {
    await expect(runProgram('no-such-program', [], limits)).rejects.toMatchObject({
      code: 'COMMAND_NOT_FOUND',
      retriable: false,
    });
  });

  it('ends the whole process group at the time limit, with SIGKILL when SIGTERM is ignored', async () => {
    const script = "trap '' TERM; sleep 300 & echo $!; sleep 300";

    const result = await runProgram('sh', ['-c', script], { ...limits, timeoutMs: 300, graceMs: 100 });

    expect(result).toMatchObject({ ending: 'timed_out', exitCode: null, endedBySignal: 'SIGKILL' });
    expect(await isGone(Number(result.stdout))).toBe(true);
  });

  it('stops when the signal aborts, also when it did so before', async () => {
    const controller = new AbortController();
    const running = runProgram('sleep', ['300'], { ...limits, signal: controller.signal });
    controller.abort();

    expect(await running).toMatchObject({ ending: 'aborted' });
    expect(await runProgram('sleep', ['300'], { ...limits, signal: controller.signal })).toMatchObject({
      ending: 'aborted',
      exitCode: null,
    });
  });

  it('keeps the beginning of the output and says how much was left out', async () => {
    const shown: string[] = [];

    const result = await runProgram('head', ['-c', '100000', '/dev/zero'], {
      ...limits,
      maxOutputBytes: 10_000,
      onOutput: (text) => void shown.push(text),
    });

    expect(result).toMatchObject({ ending: 'exited', exitCode: 0, truncatedBytes: 90_000 });
    expect(result.stdout).toHaveLength(10_000);
    expect(shown.at(-1)).toBe('\n[truncated 90000 bytes]\n');
  });

  it('ends a program that never stops printing', async () => {
    const result = await runProgram('yes', [], { ...limits, maxOutputBytes: 1_000 });

    expect(result.ending).toBe('too_much_output');
  });

  it('does not wait for a grandchild that left the group and holds the pipes', async () => {
    const result = await runProgram('sh', ['-c', 'setsid sleep 30 & echo $!'], limits);

    expect(result.ending).toBe('exited');
    process.kill(Number(result.stdout), 'SIGKILL');
  });

  it('leaves nothing behind when the process that called it is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'run-program-'));
    const file = join(folder, 'pids');
    const module = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
    const script = `import { runProgram } from '${module}';
      await runProgram('sh', ['-c', 'sleep 300 & echo "$$ $!" > ${file}.new; mv ${file}.new ${file}; wait'], { cwd: '/', timeoutMs: 300_000 });`;
    const parent = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], {
      stdio: 'ignore',
    });

    await until(async () => (await stat(file)).size > 0);
    parent.kill('SIGKILL');
    await once(parent, 'exit');

    for (const pid of (await readFile(file, 'utf8')).trim().split(' ')) expect(await isGone(Number(pid))).toBe(true);
    await rm(folder, { recursive: true });
  });
});

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await check().catch(() => false)) return;
    await wait(50);
  }
  throw new Error('waited 10 s in vain');
}

async function isGone(pid: number): Promise<boolean> {
  await until(async () => {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
    return /\) [ZX]/.test(state);
  });
  return true;
}
