import type { RunState } from '@orchestra/contracts';
import { deadlineJob, type Ended, type JobContext, type ServiceContext } from '@orchestra/runtime';
import { uncountedMs } from './uncounted-time.ts';

/** The run's deadline has come: the wish `deadline` is set, and whoever still works ends. */
export async function watchDeadline({ run, store, now }: JobContext<'gitops'>): Promise<Ended<'gitops'>> {
  const done: Ended<'gitops'> = { kind: 'end', status: null, events: [] };
  if (run.endedAt !== null || run.deadlineAt === null) return done;

  const leftMs = new Date(run.deadlineAt).getTime() + uncountedMs(run, now) - now.getTime();
  if (leftMs > 0)
    return { ...done, timers: [{ name: 'deadline', task: 'deadline', delayMs: leftMs, unit: null, payload: null }] };
  const { runId, generation } = run;
  await store.setWish({ runId, wish: 'deadline', generation, units: null, reason: 'run_deadline', actor: null });
  return { ...done, decided: [{ what: 'deadline reached', reason: 'run_deadline', facts: { generation } }] };
}

/** A retry starts the deadline anew; the timer of the first generation may be over by then. */
export async function ensureDeadlineTimer(
  run: RunState,
  { store, clock }: Pick<ServiceContext, 'store' | 'clock'>,
): Promise<void> {
  const { runId, generation, deadlineAt, endedAt } = run;
  if (generation === 1 || deadlineAt === null || endedAt !== null) return;
  const cause = `deadline:${runId}:${generation}`;
  await store.enqueue(deadlineJob({ runId, generation, deadlineAt, cause, now: clock.now() }));
}
