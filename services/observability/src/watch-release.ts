import { extendedMs, type Target } from '@orchestra/contracts';
import { concludeWishes, type Ended, type Result } from '@orchestra/runtime';
import { judgementOf } from './compose-judgement.ts';
import { keepTimers } from './history/wants-history.ts';
import { lookOnce, readTargetOf, tellWait, type Context, type Looked } from './look.ts';
import type { Ports } from './ports.ts';
import { alertOf, describeBreach, healthOf, sliceOf, type Subject } from './report.ts';

/** Watches a release that serves, until its last word or until it serves no longer. No newer push ends this watch. */
export async function watchRelease(subject: Subject, context: Context, ports: Ports): Promise<Result<'observability'>> {
  const wished = concludeWishes(context.wishes().map(({ wish }) => wish));
  if (wished !== null) return endedBy(subject, 'cancelled', wished.reason);
  const target = await readTargetOf(context, subject);
  const gone = whyGone(target, subject.release);
  if (gone !== null) return endedBy(subject, gone === 'replaced' ? 'not_needed' : 'cancelled', gone);
  const plan = await context.plan();
  if (!plan.observability.enabled) return endedBy(subject, 'not_needed', 'not_watched');

  const { intervalMs, releaseWatchMs } = plan.observability;
  const longerMs = extendedMs(target, subject.release);
  const watchMs = releaseWatchMs + longerMs;
  const watching = { context, ports, subject, plan, target, beside: null, watchMs };
  const looked = await lookOnce(watching);
  if (looked.verdict.kind !== 'go_on') {
    return {
      ...finalWord(subject, looked),
      timers: looked.verdict.kind === 'breach' ? [] : keepTimers(plan.observability, subject),
    };
  }
  await tellWait(watching, looked);

  const { watch, verdict } = looked;
  const shown = {
    verdict: 'watching',
    samples: watch.samples,
    checks: verdict.checks,
    reason: verdict.reason,
    judgement: judgementOf(looked),
  } as const;
  return {
    kind: 'park',
    reason: 'watch',
    delayMs: intervalMs,
    memo: { watch },
    status: 'running',
    slice: sliceOf(subject, { ...shown, ...(longerMs === 0 ? {} : { extendedMs: longerMs }) }),
  };
}

/** Why a release is no longer to be watched; null: it serves. A rollback of it that has begun counts as gone. */
export function whyGone(
  { current, seizure, rollbacks, history }: Target,
  release: string | null,
): 'replaced' | 'no_longer_serves' | null {
  if (seizure?.from === release) return 'no_longer_serves';
  if (current === release) return null;
  const record = history.find((one) => one.release === release);
  const takenBack = rollbacks.some(({ from }) => from === release);
  return record !== undefined && !takenBack ? 'replaced' : 'no_longer_serves';
}

function finalWord(subject: Subject, looked: Looked): Ended<'observability'> {
  const { watch, verdict, problems = [] } = looked;
  const { samples } = watch;
  const judgement = judgementOf(looked);
  const { checks, reason } = verdict;
  const decided = [{ what: 'release watched', reason, facts: { verdict, samples, problems } }];
  if (verdict.kind === 'breach') {
    const slice = sliceOf(subject, { verdict: 'breach', samples, checks, reason, judgement });
    const events = [alertOf(subject, verdict, { samples, judgement })];
    return {
      kind: 'end',
      status: 'failure',
      reason,
      message: describeBreach(verdict.breach, problems),
      events,
      slice,
      decided,
    };
  }
  const healthy = verdict.kind === 'healthy';
  const judged = { verdict: healthy ? 'HEALTHY' : 'INCONCLUSIVE', outcome: healthy ? 'SUCCESS' : 'ERROR' } as const;
  return {
    kind: 'end',
    status: healthy ? 'success' : 'error',
    reason,
    message: healthy ? 'The release is healthy' : 'There was too little data to judge the release',
    events: [healthOf(subject, { ...judged, final: true, reason, samples, checks, judgement })],
    slice: sliceOf(subject, { verdict: healthy ? 'healthy' : 'inconclusive', samples, checks, reason, judgement }),
    decided,
  };
}

function endedBy(subject: Subject, status: 'not_needed' | 'cancelled', reason: string): Ended<'observability'> {
  const outcome = status === 'not_needed' ? 'NOT_NEEDED' : 'CANCELLED';
  return {
    kind: 'end',
    status,
    reason,
    message: messages[reason] ?? null,
    events: [healthOf(subject, { verdict: 'INCONCLUSIVE', final: true, outcome, reason })],
    slice: sliceOf(subject, { verdict: 'ended', samples: 0, checks: [], reason }),
    decided: [{ what: 'release no longer watched', reason, facts: { status, ...subject } }],
  };
}

const messages: Readonly<Record<string, string>> = {
  replaced: 'Replaced before the watch ended',
  no_longer_serves: 'The release serves no longer',
  not_watched: 'Nobody watched: watching is switched off',
};
