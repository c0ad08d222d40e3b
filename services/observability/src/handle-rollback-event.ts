import type { Received } from '@orchestra/contracts';
import type { Result, Timer } from '@orchestra/runtime';
import { judgementOf } from './compose-judgement.ts';
import { keepTimers } from './history/wants-history.ts';
import { lookOnce, readTargetOf, type Context } from './look.ts';
import type { Ports } from './ports.ts';
import { parseReleasePayload } from './release-payload.ts';
import { alertOf, type Subject } from './report.ts';
import { whyGone } from './watch-release.ts';

/** What was restored is watched like a release, by a job that moves no unit: its run has ended with the rollback. */
export async function handleRollbackEvent({ data }: Received<'rollback_event'>): Promise<Result<'observability'>> {
  const { environment, service, toRelease: release, epoch } = data;
  const timers = release === null ? [] : [restoredTimer({ environment, service, release, epoch })];
  return { kind: 'end', status: null, events: [], timers };
}

/** What watches a release that was restored. */
export function restoredTimer({ environment, service, release, epoch }: Omit<Subject, 'step'>): Timer {
  const payload = { environment, service, release, epoch };
  return { name: 'restored', task: 'watch_restored', delayMs: 0, unit: null, payload };
}

/** One look after the other at a restored release. Only a breach is worth an event. */
export async function watchRestored(given: unknown, context: Context, ports: Ports): Promise<Result<'observability'>> {
  const subject = parseReleasePayload(given);
  const target = await readTargetOf(context, subject);
  const plan = await context.plan();
  const unwatched = whyGone(target, subject.release) ?? (plan.observability.enabled ? null : 'switched_off');
  if (unwatched !== null) {
    const decided = [{ what: 'restored release no longer watched', reason: unwatched, facts: subject }];
    return { kind: 'end', status: null, events: [], decided };
  }

  const { intervalMs, releaseWatchMs: watchMs } = plan.observability;
  const looked = await lookOnce({ context, ports, subject, plan, target, beside: null, watchMs });
  const { watch, verdict } = looked;
  const told = { samples: watch.samples, judgement: judgementOf(looked) };
  if (verdict.kind === 'go_on')
    return { kind: 'park', reason: 'watch', delayMs: intervalMs, memo: { watch }, status: 'running' };
  return {
    kind: 'end',
    status: null,
    events: verdict.kind === 'breach' ? [alertOf(subject, verdict, told)] : [],
    timers: verdict.kind === 'breach' ? [] : keepTimers(plan.observability, subject),
    decided: [
      { what: 'restored release watched', reason: verdict.reason, facts: { verdict, release: subject.release } },
    ],
  };
}
