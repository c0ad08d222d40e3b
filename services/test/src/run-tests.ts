import type { TestCase } from '@orchestra/adapters/reports';
import { queueOutput } from '@orchestra/adapters/workbench';
import type { TestPlan } from '@orchestra/contracts';
import { limitLeftMs, type Decided, type Ended, type JobContext } from '@orchestra/runtime';
import { countCases } from './count-cases.ts';
import { decideCommand, type CommandDecision } from './decide-command.ts';
import { decideVerdict, type Verdict } from './decide-verdict.ts';
import { joinTries } from './join-tries.ts';
import { measureCoverage } from './measure-coverage.ts';
import { openWorkspace } from './open-workspace.ts';
import type { Ports } from './ports.ts';
import { nothingRan, report, type TestEnd } from './report.ts';
import { runTry, type Testing, type Tried } from './run-try.ts';
import { selectFailures } from './select-failures.ts';

export interface TestRequest {
  plan: TestPlan;
  /** Digests of what the build made, to lay over the source. */
  archives: readonly string[];
}

/** Tests one snapshot in a fresh workspace: gather, decide, perform, report. */
export async function runTests(
  { plan, archives }: TestRequest,
  context: JobContext<'test'>,
  ports: Ports,
): Promise<Ended<'test'>> {
  const startedAt = context.clock.monotonicMs();
  const bench = await openWorkspace(archives, context, ports);
  const output = queueOutput(context.output);
  const elapsedMs = (): number => Math.round(context.clock.monotonicMs() - startedAt);
  const leftMs = limitLeftMs(context, plan.timeoutMs);
  const remainingMs = (): number => Math.max(1, leftMs - elapsedMs());
  try {
    const decision = decideCommand(plan, bench.insidePath);
    context.log.info({ kind: decision.kind, reason: decision.reason }, 'tests decided');
    const testing = { plan, bench, signal: context.signal, remainingMs, say: output.write };
    const end = await perform(decision, testing, context);
    await output.flush();
    const ended = report({ ...end, durationMs: elapsedMs() }, plan, ports.workbench.notes);
    return { ...ended, decided: [decidedOf(decision, plan), ...(ended.decided ?? [])] };
  } finally {
    await bench.close();
  }
}

function decidedOf(decision: CommandDecision, { framework, retryFailed }: TestPlan): Decided {
  const { kind, reason } = decision;
  const { argv, report: place } = decision.kind === 'run' ? decision : { argv: null, report: null };
  return { what: 'tests decided', reason, facts: { kind, framework, retryFailed, argv, report: place } };
}

async function perform(
  decision: CommandDecision,
  testing: Testing,
  context: JobContext<'test'>,
): Promise<Omit<TestEnd, 'durationMs'>> {
  if (decision.kind === 'refuse')
    return { ...nothingRan, status: 'error', reason: decision.reason, message: decision.message };

  const { bench, plan } = testing;
  const { verdict, tries, cases } = await repeat(decision, testing);
  const { linePercent, problem } = await measureCoverage(plan.coverage, bench);
  const last = tries.findLast(({ report: read }) => read.kind === 'read')?.report;
  const stored = last?.kind === 'read' ? await context.artifacts.put(last.content) : null;
  return {
    ...countCases(cases),
    status: verdict.status,
    reason: verdict.reason,
    message: [verdict.message, triesMessage(tries.length), problem].filter((part) => part !== null).join('. ') || null,
    lineCoveragePercent: linePercent,
    failures: selectFailures(cases, bench.insidePath),
    reportDigest: stored?.digest ?? null,
  };
}

/** Runs the command until it passes, cannot be helped, or was repeated as often as the file says. */
async function repeat(
  decision: Extract<CommandDecision, { kind: 'run' }>,
  testing: Testing,
): Promise<{ verdict: Verdict; tries: readonly Tried[]; cases: readonly TestCase[] }> {
  const { plan, bench, say } = testing;
  const tries: Tried[] = [];
  for (;;) {
    const tried = await runTry(decision, testing);
    tries.push(tried);
    const cases = joinTries(casesOf(tries));
    const firstFailed = selectFailures(cases, bench.insidePath)[0]?.name ?? '';
    const verdict = decideVerdict(tried, { ...countCases(cases), firstFailed });
    if (!verdict.isRepeatable || tries.length > plan.retryFailed) return { verdict, tries, cases };
    say(`Repeating failed tests, ${tries.length} of ${plan.retryFailed}\n`);
  }
}

function casesOf(tries: readonly Tried[]) {
  return tries.flatMap(({ report: read }) => (read.kind === 'read' ? [read.cases] : []));
}

function triesMessage(count: number): string | null {
  return count === 1 ? null : `The command ran ${count} times`;
}
