import { isOf, unitNames, type Received, type Target, type Topic } from '@orchestra/contracts';
import { unaskedJob, type NewJob, type Restored, type Timer } from '@orchestra/runtime';
import { restoredTimer } from './handle-rollback-event.ts';
import { keepTimers } from './history/wants-history.ts';
import type { Subject } from './report.ts';
import { watchLimits } from './watch-limits.ts';

type Run = Restored['runs'][number];

/** What put the release into service that serves now, and the run that told of it. */
interface Serving {
  run: Run;
  move: Received<'deployment_triggered' | 'rollback_event'>;
  subject: Subject;
}

/**
 * What goes on with releases that serve, in a store that is rebuilt, beside the watches that are units of a run: one that was
 * restored is watched anew while its watch would go on, and one whose watch is over is measured on where the file compares.
 */
export function restoredWatches({ runs, targets, identity, now }: Restored): NewJob[] {
  return targets.flatMap((target) => {
    const serving = findServing(target, runs);
    const timer = serving === null ? null : timerOf(serving, now);
    return serving === null || timer === null ? [] : [jobOf(serving, timer, identity)];
  });
}

function findServing(target: Target, runs: readonly Run[]): Serving | null {
  const own = runs.filter(({ identity }) => identity.repository === target.repository);
  const all = own.flatMap((run) => run.events.flatMap((event) => servingBy(event, run, target) ?? []));
  return all.toSorted((left, right) => left.move.time.getTime() - right.move.time.getTime()).at(-1) ?? null;
}

function servingBy(event: Received<Topic>, run: Run, { environment, service, current }: Target): Serving | null {
  if (current === null || !(isOf(event, 'deployment_triggered') || isOf(event, 'rollback_event'))) return null;
  const { data } = event;
  const isHere = data.environment === environment && data.service === service;
  if (!isHere || broughtBy(event) !== current) return null;
  return { run, move: event, subject: { environment, service, release: current, epoch: data.epoch, step: 0 } };
}

// The release that serves after it, or null.
function broughtBy(move: Serving['move']): string | null {
  if (isOf(move, 'rollback_event')) return move.data.outcome === 'SUCCESS' ? move.data.toRelease : null;
  return isOf(move, 'deployment_triggered') && move.data.phase === 'RELEASED' ? move.data.release : null;
}

function timerOf(serving: Serving, now: Date): Timer | null {
  const { run, move, subject } = serving;
  const { plan, standing } = run;
  if (plan === null || !plan.observability.enabled || hasBreached(serving)) return null;
  const endsAt = move.time.getTime() + plan.observability.releaseWatchMs;
  if (isOf(move, 'rollback_event') && now.getTime() < endsAt) return restoredTimer(subject);
  // The watch of the run begins anew as its unit, and measures on behind its end.
  const isWatched = standing.unfinished.has(unitNames.observe(subject.environment, subject.service));
  const [timer = null] = isWatched && isOf(move, 'deployment_triggered') ? [] : keepTimers(plan.observability, subject);
  return timer;
}

// What was found ill serves on where nothing could be restored; nobody watches or measures it after that.
function hasBreached({ run, move, subject }: Serving): boolean {
  const alerts = run.events.filter((event) => isOf(event, 'observability_alert'));
  return alerts.some(({ data, time }) => {
    const isHere = data.environment === subject.environment && data.service === subject.service;
    return isHere && data.release === subject.release && data.source === 'WATCH' && time >= move.time;
  });
}

function jobOf({ run, move }: Serving, { task, payload }: Timer, identity: string): NewJob {
  const { attempts: maxAttempts, maxMs } = watchLimits;
  return unaskedJob({
    service: 'observability',
    runId: run.folded.runId,
    generation: move.generation,
    handler: task,
    payload: JSON.stringify(payload),
    cause: `rebuild:${identity}:${move.id}`,
    causes: [move.id],
    hops: move.hops,
    maxAttempts,
    maxMs,
  });
}
