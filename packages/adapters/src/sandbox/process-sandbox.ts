import { OrchestraError } from '@orchestra/runtime';
import { realpathSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findProgram, runProgram, type ProgramOptions, type ProgramResult } from '../process/index.ts';
import { handOver, userFor, writtenBy } from './hand-over.ts';
import type { Sandbox, SandboxOutcome, SandboxResult, SandboxRun } from './sandbox.ts';
import { canSwitchUser, type StepUser } from './step-user.ts';
import { createToolFolder } from './tool-folder.ts';
import { findUserSwitch, type UserSwitch } from './user-switch.ts';

/**
 * Creates a runner without walls, for people who run their own code on their own machine: an environment of its own, limits
 * of time, output, file size and memory of each process, and an end of the process group. It sees and reaches all the user can.
 * When we are root, the user is another one.
 *
 * @param path where programs are found, in the form of PATH
 * @throws OrchestraError `SANDBOX_UNAVAILABLE`, not retriable, when we are root and nothing here lets a step leave it
 */
export function createProcessSandbox(path: string): Sandbox {
  const switchUser = findSwitch();
  return {
    describe: () => 'process',
    notes: ['unsandboxed'],
    async run(run) {
      const home = await mkdtemp(join(tmpdir(), 'orchestra-home-'));
      const user = switchUser === null ? null : userFor(run);
      try {
        const options = programOptions({ run, home, path, node: nodeFor(user) });
        if (await isMissing(run, options)) return notFound;
        if (user !== null) await admit(run, home, user);
        const leaving = user === null || switchUser === null ? [] : switchUser(user.uid);
        const [program = '', ...args] = [...leaving, ...(await limited(run, path))];
        return report(await runProgram(program, args, options));
      } finally {
        await rm(home, { recursive: true, force: true });
        user?.release();
      }
    },
  };
}

function findSwitch(): UserSwitch | null {
  if (!canSwitchUser()) return null;
  const found = findUserSwitch();
  if (found !== null) return found;
  const message =
    'This process is root, and neither setpriv (util-linux) nor chroot (coreutils) lets a step leave root';
  throw new OrchestraError('SANDBOX_UNAVAILABLE', message);
}

// Rather none at all than one that is root.
async function admit(run: SandboxRun, home: string, { uid }: StepUser): Promise<void> {
  for (let folder = dirname(run.workspace); folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    throw new OrchestraError(
      'SANDBOX_UNAVAILABLE',
      `Steps are not root, and others need x on ${folder} (WORKSPACES_DIR)`,
    );
  }
  await handOver([...writtenBy(run), home], uid);
}

function nodeFor(user: StepUser | null): string {
  const node = realpathSync(process.execPath);
  return user === null ? node : createToolFolder(true).reachable(node);
}

interface Started {
  run: SandboxRun;
  home: string;
  path: string;
  node: string;
}

function programOptions({ run, home, path, node }: Started): ProgramOptions {
  const own = { HOME: home, TMPDIR: home, LANG: 'C.UTF-8', CI: 'true' };
  return {
    cwd: join(run.workspace, run.folder ?? '.'),
    env: { ...own, ...run.env, PATH: [dirname(node), path].join(delimiter) },
    timeoutMs: run.limits.timeMs,
    maxOutputBytes: run.limits.outputBytes,
    ...(run.graceMs === undefined ? {} : { graceMs: run.graceMs }),
    ...(run.signal ? { signal: run.signal } : {}),
    ...(run.onOutput ? { onOutput: run.onOutput } : {}),
  };
}

const notFound: SandboxResult = {
  outcome: 'not_found',
  exitCode: null,
  stdout: '',
  stderr: '',
  truncatedBytes: 0,
  durationMs: 0,
};

async function isMissing({ argv: [program = ''] }: SandboxRun, { env }: ProgramOptions): Promise<boolean> {
  // A relative path is one of the workspace, and the system looks for it there.
  return !program.includes('/') && (await findProgram(program, env?.['PATH'] ?? '')) === null;
}

// The number of processes is not limited here: the system counts all that the user runs on the whole host.
async function limited({ argv, limits }: SandboxRun, path: string): Promise<string[]> {
  const prlimit = await findProgram('prlimit', path);
  if (prlimit === null) return [...argv];
  return [prlimit, `--fsize=${limits.fileBytes}`, `--data=${limits.memoryBytes}`, '--core=0', '--', ...argv];
}

function report(result: ProgramResult): SandboxResult {
  const outcome = judgeOutcome(result);
  const { exitCode, stdout, stderr, truncatedBytes, durationMs } = result;
  return {
    outcome,
    exitCode: outcome === 'exited' ? (exitCode ?? 128) : null,
    stdout,
    stderr,
    truncatedBytes,
    durationMs,
  };
}

function judgeOutcome({ ending, exitCode, stderr }: ProgramResult): SandboxOutcome {
  if (ending !== 'exited') return ending;
  return exitCode === 127 && /^prlimit: failed to execute .*$/m.test(stderr) ? 'not_found' : 'exited';
}
