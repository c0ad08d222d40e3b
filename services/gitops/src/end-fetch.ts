import {
  toOutcome,
  unitNames,
  type CodePush,
  type RunState,
  type SourceSlice,
  type TerminalStatus,
} from '@orchestra/contracts';
import type { Conclusion, Ended } from '@orchestra/runtime';
import { planWithoutFile, type PlanDecision } from './decide-plan.ts';

type Run = Pick<
  RunState,
  | 'repository'
  | 'ref'
  | 'before'
  | 'commit'
  | 'author'
  | 'metadata'
  | 'message'
  | 'trigger'
  | 'pullRequest'
  | 'sequence'
  | 'environmentLimit'
>;

interface Read {
  run: Run;
  source: SourceSlice;
}

type ReadyDecision = Extract<PlanDecision, { kind: 'run' }>;

/** The run begins. */
export function endReady({ plan, units, hopsLimit }: ReadyDecision, { run, source }: Read): Ended<'gitops'> {
  const planned = { units, deadlineMs: plan.runDeadlineMs, hopsLimit };
  return { ...base({ status: 'success', reason: null, run, source }), message: null, ...deadline(planned) };
}

/** The push is not one that runs: nothing follows, and nobody has to be told to stop. */
export function endNotNeeded(
  { reason, message }: Extract<PlanDecision, { kind: 'not_needed' }>,
  { source }: Read,
): Ended<'gitops'> {
  const { units, deadlineMs, hopsLimit } = planWithoutFile();
  const own = units.filter(({ unit }) => unit === unitNames.gitops);
  const plan = { units: own, deadlineMs, hopsLimit };
  return { kind: 'end', status: 'not_needed', reason, message, events: [], slice: { source }, plan };
}

/** The commit cannot run as it is; every stage ends as skipped. */
export function endRefused(reason: string, { run, source }: Read): Ended<'gitops'> {
  const message = messageOf(reason, source.problems);
  return { ...base({ status: 'failure', reason, run, source }), message, ...deadline(planWithoutFile()) };
}

interface Concluded {
  run: Run;
  plan: NonNullable<Ended<'gitops'>['plan']>;
}

/** The commit could not be read, or nobody wants it any more; every stage ends. */
export function endConcluded({ status, reason, message }: Conclusion, { run, plan }: Concluded): Ended<'gitops'> {
  return { ...base({ status, reason, run, source: null }), message, ...deadline(plan) };
}

interface Base {
  status: TerminalStatus;
  reason: string | null;
  run: Run;
  source: SourceSlice | null;
}

function base({ status, reason, run, source }: Base): Ended<'gitops'> {
  const data: CodePush = {
    outcome: toOutcome(status),
    reason,
    repository: run.repository,
    ref: run.ref,
    commit: run.commit,
    ...foundIn(source),
    author: run.author,
    message: run.message,
    trigger: run.trigger,
    pullRequest: run.pullRequest,
    number: run.sequence,
    environmentLimit: run.environmentLimit,
    before: run.before,
    pusher: run.metadata['pusher'] ?? '',
    // The job knows them, and its end tells them.
    delivery: null,
    content: null,
  };
  const event = { topic: 'code_push', data } as const;
  const slice = source === null ? {} : { slice: { source } };
  return { kind: 'end', status, reason, events: [event], ...slice };
}

function foundIn(
  source: SourceSlice | null,
): Pick<CodePush, 'baseCommit' | 'changedFiles' | 'snapshotDigest' | 'planDigest'> {
  const { baseCommit = null, changedFiles = null, snapshotDigest = null, planDigest = null } = source ?? {};
  return { baseCommit, changedFiles, snapshotDigest, planDigest };
}

function deadline(plan: NonNullable<Ended<'gitops'>['plan']>): Pick<Ended<'gitops'>, 'plan' | 'timers'> {
  const timer = { name: 'deadline', task: 'deadline', delayMs: plan.deadlineMs, unit: null, payload: null };
  return { plan, timers: [timer] };
}

function messageOf(reason: string, problems: SourceSlice['problems']): string {
  const [first, ...others] = problems;
  if (first === undefined) return 'The pipeline file cannot be used';
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  // What a lockfile breaks has its name in the message.
  const place = reason === 'license_denied' ? '' : `devops_orchestra.yaml:${first.line}:${first.column}: `;
  return `${place}${first.message}${more}`;
}
