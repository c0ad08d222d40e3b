import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Sandbox, SandboxLimits, SandboxRun } from '@orchestra/adapters/sandbox';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testSandboxWalls } from './sandbox-walls.ts';

/** One sandbox with a fresh workspace, as each test of the contract gets it. */
export interface SandboxUnderTest {
  sandbox: Sandbox;
  workspace: string;
  run(argv: readonly string[], change?: Partial<SandboxRun>): ReturnType<Sandbox['run']>;
}

/** Small enough that a test which finds no limit harms nobody. */
export const testLimits: SandboxLimits = {
  timeMs: 20_000,
  memoryBytes: 2 * 1024 ** 3,
  processes: 256,
  fileBytes: 16 * 1024 ** 2,
  outputBytes: 100_000,
};

/**
 * The contract of `Sandbox` (attacks A11 to A13). Everything in it is bounded by itself: where a wall is missing, the test
 * fails and the host stays whole.
 *
 * @param isolates false: only what a runner without walls can promise
 */
export function testSandbox(name: string, { create, isolates }: { create: () => Sandbox; isolates: boolean }): void {
  describe(`sandbox ${name}`, () => {
    let under: SandboxUnderTest;
    beforeEach(async () => {
      const sandbox = create();
      // The real path: on some systems the folder for temporary files is a link.
      const workspace = await mkdtemp(join(tmpdir(), 'sandbox-contract-'));
      under = {
        sandbox,
        workspace,
        run: async (argv, change = {}) =>
          sandbox.run({ argv, workspace, limits: testLimits, network: false, ...change }),
      };
    });
    afterEach(async () => rm(under.workspace, { recursive: true, force: true }));

    testRunning(() => under);
    testBounds(() => under);
    if (isolates) testSandboxWalls(() => under);
  });
}

function testRunning(under: () => SandboxUnderTest): void {
  it('returns the exit code and the output of a program', async () => {
    const result = await under().run(['sh', '-c', 'echo out; echo err >&2; exit 3']);

    expect(result).toMatchObject({
      outcome: 'exited',
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncatedBytes: 0,
    });
  });

  it('passes arguments as they are', async () => {
    const hostile = ['$(id)', 'a;b', '--unshare-all', 'new\nline', '*'];

    const { stdout } = await under().run(['printf', String.raw`%s\0`, ...hostile]);

    expect(stdout.split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('says when a program does not exist', async () => {
    expect(await under().run(['no-such-program'])).toMatchObject({ outcome: 'not_found', exitCode: null });
  });

  it('shows the workspace, keeps what is written there, and starts in the given folder', async () => {
    const { run, workspace } = under();
    await writeFile(join(workspace, 'given'), 'from outside');

    const first = await run(['sh', '-c', 'cat given; mkdir sub; echo made > sub/file']);
    const second = await run(['cat', 'file'], { folder: 'sub' });

    expect([first.stdout, second.stdout]).toEqual(['from outside', 'made\n']);
    expect(await readFile(join(workspace, 'sub/file'), 'utf8')).toBe('made\n');
  });

  it('runs the same Node as we do', async () => {
    const { stdout } = await under().run(['node', '-p', 'process.version']);

    expect(stdout.trim()).toBe(process.version);
  });

  it('gives the asked environment and nothing of ours', async () => {
    process.env['ORCHESTRA_CANARY'] = 'canary-in-the-environment';

    const { stdout } = await under().run(['sh', '-c', 'env; cat /proc/self/environ /proc/1/environ; true'], {
      env: { GREETING: 'hello' },
    });

    delete process.env['ORCHESTRA_CANARY'];
    expect(stdout).toContain('GREETING=hello');
    expect(stdout).toContain('CI=true');
    expect(stdout).not.toContain('canary-in');
  });

  it('gives only the standard descriptors', async () => {
    const script = 'for fd in /proc/$$/fd/*; do readlink $fd; done';

    const { stdout } = await under().run(['sh', '-c', script]);

    // A process may hold /dev/null in place of what it must not have, and a shell its own script.
    const open = stdout
      .trim()
      .split('\n')
      .filter((target) => target !== '/dev/null' && target !== '');
    expect(open.every((target) => /^(pipe|socket):/.test(target))).toBe(true);
    expect(open.length).toBeLessThanOrEqual(2);
  });
}

function testBounds(under: () => SandboxUnderTest): void {
  it('ends everything at the time limit', async () => {
    const { run } = under();

    const result = await run(['sh', '-c', "trap '' TERM; sleep 60 & sleep 60"], {
      limits: { ...testLimits, timeMs: 300 },
    });

    expect(result).toMatchObject({ outcome: 'timed_out', exitCode: null });
    expect(result.durationMs).toBeLessThan(10_000);
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    const running = under().run(['sh', '-c', 'echo started; sleep 60'], {
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });

    expect(await running).toMatchObject({ outcome: 'aborted' });
  });

  it('lets a program with a grace write down what it did, at the time limit and when aborted', async () => {
    const { run, workspace } = under();
    const script = `trap 'echo asked >> told; exit 0' TERM; echo started; while :; do sleep 0.05; done`;
    const controller = new AbortController();

    const limited = await run(['sh', '-c', script], { graceMs: 10_000, limits: { ...testLimits, timeMs: 1_000 } });
    const aborted = await run(['sh', '-c', script], {
      graceMs: 10_000,
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });

    expect([limited.outcome, aborted.outcome]).toEqual(['timed_out', 'aborted']);
    expect(await readFile(join(workspace, 'told'), 'utf8')).toBe('asked\nasked\n');
  });

  it('keeps what is written to a folder that is kept, for every later run', async () => {
    const { run, sandbox } = under();
    const from = await mkdtemp(join(tmpdir(), 'sandbox-kept-'));
    const to = sandbox.describe() === 'process' ? from : '/opt/kept';

    const runs = [];
    for (const word of ['one', 'two']) {
      runs.push(await run(['sh', '-c', `echo ${word} >> ${to}/words`], { keptFolders: [{ from, to }] }));
    }
    const kept = await readFile(join(from, 'words'), 'utf8');
    await rm(from, { recursive: true });

    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(kept).toBe('one\ntwo\n');
  });

  it('shows output while it comes, without control characters, and says what it left out', async () => {
    const shown: string[] = [];

    const result = await under().run(
      ['sh', '-c', String.raw`printf '\033[31mred\033[0m\007\n'; head -c 5000 /dev/zero`],
      {
        limits: { ...testLimits, outputBytes: 1_000 },
        onOutput: (text) => void shown.push(text),
      },
    );

    expect(shown.join('')).toMatch(/^red\uFFFD\n/);
    expect(shown.at(-1)).toMatch(/truncated \d+ bytes/);
    expect(result.truncatedBytes).toBeGreaterThan(4_000);
  });

  it('ends what never stops printing', async () => {
    const result = await under().run(['yes'], { limits: { ...testLimits, outputBytes: 1_000 } });

    expect(result.outcome).toBe('too_much_output');
  });

  it('lets no file grow over its limit', async () => {
    const { run, workspace } = under();

    const result = await run(['sh', '-c', 'head -c 2000000 /dev/zero > big'], {
      limits: { ...testLimits, fileBytes: 1_000_000 },
    });

    expect(result.exitCode).not.toBe(0);
    expect((await readFile(join(workspace, 'big'))).length).toBeLessThanOrEqual(1_000_000);
  });
}
