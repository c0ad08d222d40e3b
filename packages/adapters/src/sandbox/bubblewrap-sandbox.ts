import { posix } from 'node:path';
import { OrchestraError } from '@orchestra/runtime';
import { runProgram, type ProgramResult } from '../process/index.ts';
import { bubblewrapArguments, type BubblewrapCall } from './bubblewrap-arguments.ts';
import { createControlGroup, type ControlGroup, type ControlGroups } from './control-group.ts';
import type { Bubblewrap } from './find-bubblewrap.ts';
import { parseBubblewrapStatus } from './parse-bubblewrap-status.ts';
import type { Sandbox, SandboxOutcome, SandboxResult, SandboxRun } from './sandbox.ts';
import { handOverAndRun, userFor, writtenBy } from './hand-over.ts';
import { askSandbox } from './ask-sandbox.ts';

export interface BubblewrapOptions extends Bubblewrap {
  /** Null: the host has no control group that we may use. */
  groups: ControlGroups | null;
}

/**
 * Creates a sandbox of namespaces: own processes, files, network, users; the system read-only; no capabilities.
 *
 * @see bubblewrap's manual, bwrap(1)
 */
export function createBubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  return {
    describe: () => 'bubblewrap',
    notes: [],
    async run(run) {
      options.toolchain.ensure();
      const user = options.switchUser === null ? null : userFor(run);
      const group = options.groups === null ? null : createControlGroup(options.groups, run.limits);
      try {
        const command = launch({ run, options, uid: user?.uid ?? null, group });
        return report(await start(command, run), group);
      } finally {
        await group?.close();
        user?.release();
      }
    },
  };
}

interface Launch {
  run: SandboxRun;
  options: BubblewrapOptions;
  uid: number | null;
  group: ControlGroup | null;
}

const inside = '/workspace';

function callOf(run: SandboxRun, { reachable }: Bubblewrap['toolchain']): BubblewrapCall {
  const { argv, env, network, limits, workspace, folder = '.', readOnlyPaths = [], keptFolders = [] } = run;
  const shown = readOnlyPaths.map(({ from, to }) => ({ from: reachable(from), to, writable: false }));
  const kept = keptFolders.map(({ from, to }) => ({ from, to, writable: true }));
  const binds = [...shown, ...kept, { from: workspace, to: inside, writable: true }];
  return {
    argv,
    env: { CI: 'true', ...env },
    network,
    limits,
    binds,
    folder: posix.join(inside, folder),
    isAwaited: true,
  };
}

function launch({ run, options, uid, group }: Launch): readonly string[] {
  const { program, toolchain, switchUser } = options;
  const surroundings = { toolchain, groupLimitsMemory: group !== null };
  const command = [program, ...bubblewrapArguments(callOf(run, toolchain), surroundings)];
  const switched = uid === null || switchUser === null ? command : [...switchUser(uid), ...command];
  const grouped = group === null ? switched : group.joinAndRun(switched);
  // Without capabilities not even root could enter a workspace that belongs to somebody else.
  return uid === null ? grouped : handOverAndRun(writtenBy(run), uid, grouped);
}

// bwrap gets an empty environment: its own would be readable inside, as that of process 1.
async function start(command: readonly string[], run: SandboxRun): Promise<ProgramResult> {
  const [program = '', ...args] = command;
  return runProgram(program, args, {
    cwd: '/',
    env: {},
    timeoutMs: run.limits.timeMs,
    maxOutputBytes: run.limits.outputBytes,
    graceMs: run.graceMs ?? 500,
    ...(run.graceMs === undefined ? {} : { askToEnd: askSandbox }),
    third: 'status', // bwrap dies with its parent by itself, and takes its namespace with it
    ...(run.signal ? { signal: run.signal } : {}),
    ...(run.onOutput ? { onOutput: run.onOutput } : {}),
  });
}

function report(result: ProgramResult, group: ControlGroup | null): SandboxResult {
  const { exitCode } = parseBubblewrapStatus(result.status);
  const outcome = judgeOutcome(result, exitCode, group?.ranOutOfMemory() ?? false);
  const { stdout, stderr, truncatedBytes, durationMs } = result;
  const hasExited = outcome === 'exited' || outcome === 'memory';
  return { outcome, exitCode: hasExited ? (exitCode ?? 137) : null, stdout, stderr, truncatedBytes, durationMs };
}

function judgeOutcome(result: ProgramResult, exitCode: number | null, outOfMemory: boolean): SandboxOutcome {
  if (result.ending !== 'exited') return result.ending;
  if (outOfMemory) return 'memory';
  // bwrap reports an exit code only after the program inside was started.
  if (exitCode === null) throw unavailable(`bubblewrap could not start: ${result.stderr.trim() || 'it was killed'}`);
  return exitCode === 127 && isMissing(result.stderr) ? 'not_found' : 'exited';
}

function isMissing(stderr: string): boolean {
  return /^prlimit: failed to execute .*$/m.test(stderr);
}

function unavailable(message: string): OrchestraError {
  return new OrchestraError('SANDBOX_UNAVAILABLE', message.slice(0, 2_000), { retriable: true });
}
