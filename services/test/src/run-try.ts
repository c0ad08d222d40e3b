import type { Bench } from '@orchestra/adapters/workbench';
import { OrchestraError, type TestPlan } from '@orchestra/contracts';
import type { CommandDecision } from './decide-command.ts';
import type { TryEnd } from './decide-verdict.ts';
import { readReport, type ReportRead } from './read-report.ts';

/** What every try of the command has at hand. */
export interface Testing {
  plan: TestPlan;
  bench: Bench;
  signal: AbortSignal;
  /** Milliseconds that are left for all tries together; at least 1. */
  remainingMs(): number;
  say(text: string): void;
}

export type Tried = TryEnd & { report: ReportRead };

/** Runs the command once. Reports of the repository, the build or an earlier try are removed first: none is taken for this one's. */
export async function runTry(
  { argv, env, report }: Extract<CommandDecision, { kind: 'run' }>,
  testing: Testing,
): Promise<Tried> {
  const { plan, bench, signal, remainingMs, say } = testing;
  await removeOld(bench, [report?.path ?? null, plan.coverage]);
  say(`$ ${argv.join(' ')}\n`);
  const ran = await bench.run({ argv, env, timeoutMs: remainingMs(), signal, onOutput: say });
  signal.throwIfAborted();
  const { outcome, exitCode } = ran;
  if (outcome === 'aborted') throw new OrchestraError('COMMAND_FAILED', 'The tests were stopped', { retriable: true });

  const lacksRunner = exitCode !== 0 && missingRunner.test(`${ran.stdout}\n${ran.stderr}`.slice(-10_000));
  return {
    command: argv,
    outcome,
    exitCode,
    lacksRunner: lacksRunner && plan.command === null,
    report: await readReport(report, bench),
  };
}

// What python3 says when pytest is not there; believed only of the command that is ours.
const missingRunner = /No module named '?pytest\b/;

async function removeOld(bench: Bench, paths: readonly (string | null)[]): Promise<void> {
  for (const path of paths) if (path !== null) await bench.remove(path).catch(ignoreOutside);
}

// What leads out of the workspace is refused when it is read.
function ignoreOutside(error: unknown): void {
  if (!(error instanceof OrchestraError) || error.code !== 'PATH_OUTSIDE') throw error;
}
