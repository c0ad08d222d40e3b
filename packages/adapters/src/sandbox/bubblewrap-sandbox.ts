import { OrchestraError } from '@orchestra/runtime';
import { runProgram, type ProgramResult } from '../process/index.ts';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';
import { createControlGroup, type ControlGroup, type ControlGroups } from './control-group.ts';
import { parseBubblewrapStatus } from './parse-bubblewrap-status.ts';
import type { Sandbox, SandboxOutcome, SandboxResult, SandboxRun } from './sandbox.ts';
import { takeStepUser } from './step-user.ts';
import type { Toolchain } from './toolchain.ts';

export interface BubblewrapOptions {
  /** Absolute path of bwrap. */
  program: string;
  toolchain: Toolchain;
  /** True: each step runs as a user id of its own, which takes root. */
  switchUser: boolean;
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
      const user = options.switchUser ? takeStepUser() : null;
      const group = options.groups === null ? null : createControlGroup(options.groups, run.limits);
      try {
        if (user !== null) await handOver(run.workspace, user.uid);
        const command = launch({ run, options, uid: user?.uid ?? null, group });
        return report(await start(command, run), group);
      } finally {
        await group?.close();
        user?.release();
      }
    },
  };
}

// Without capabilities not even root could enter a workspace that belongs to somebody else.
async function handOver(workspace: string, uid: number): Promise<void> {
  const limits = { cwd: '/', timeoutMs: 120_000, third: 'status' } as const;
  const { exitCode, stderr } = await runProgram('chown', ['-hR', `${uid}:${uid}`, '--', workspace], limits);
  if (exitCode !== 0) throw unavailable(`The workspace cannot be handed over: ${stderr}`);
}

interface Launch {
  run: SandboxRun;
  options: BubblewrapOptions;
  uid: number | null;
  group: ControlGroup | null;
}

// The shell writes its own id to the group's files and becomes the next program: nothing runs outside the group.
const join = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"';

function launch({ run, options, uid, group }: Launch): string[] {
  const command = [
    options.program,
    ...bubblewrapArguments(run, { toolchain: options.toolchain, groupLimitsMemory: group !== null }),
  ];
  const id = String(uid);
  const asUser = ['/usr/bin/setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--', ...command];
  const switched = uid === null ? command : asUser;
  return group === null ? switched : ['/bin/sh', '-c', join, 'join', ...group.joinFiles, '--', ...switched];
}

// bwrap gets an empty environment: its own would be readable inside, as that of process 1.
async function start(command: readonly string[], run: SandboxRun): Promise<ProgramResult> {
  const [program = '', ...args] = command;
  return runProgram(program, args, {
    cwd: '/',
    env: {},
    timeoutMs: run.limits.timeMs,
    maxOutputBytes: run.limits.outputBytes,
    graceMs: 500,
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
