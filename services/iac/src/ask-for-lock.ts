import type { EnvironmentInfrastructure } from '@orchestra/contracts';
import type { ParkedResult, TargetWrite } from '@orchestra/runtime';
import { askerOf, environmentOf, environmentWrite, readEnvironment } from './environment.ts';
import type { Context } from './gather-work.ts';
import { isSame, takeLock } from './lock.ts';

// A wake-up that got lost costs this long.
const lookAgainMs = 30_000;

interface Waits {
  kind: 'waits';
  for: 'lock' | 'resolution';
  message: string;
  /** Written in the step that parks, so that nobody can leave the lock in between. */
  target: TargetWrite;
}

export type Asked =
  | { kind: 'taken'; state: EnvironmentInfrastructure }
  | { kind: 'refused'; reason: 'superseded' | 'older_than_applied' }
  | Waits
  | { kind: 'again' };

/** Asks for the lock of the job's environment. */
export async function askForLock(context: Context): Promise<Asked> {
  const held = await readEnvironment(context, context.run.repository, environmentOf(context));
  const state = await withoutDeadHolder(held.state, context);
  const answer = takeLock(state, askerOf(context), context.now);
  if (answer.kind === 'refused') return answer;
  const target = environmentWrite(held, answer.next, answer.wake);
  if (answer.kind === 'taken') {
    if (answer.next === held.state) return { kind: 'taken', state };
    const written = await context.changeTarget(target);
    return written === 'finished' ? { kind: 'taken', state: answer.next } : { kind: 'again' };
  }
  if (answer.kind === 'waiting') return { kind: 'waits', for: 'lock', message: 'Waits for another run', target };
  return { kind: 'waits', for: 'resolution', message: state.blocked?.message ?? '', target };
}

/** The job sleeps until the lock is free or a person has said what became of a cut apply. */
export function waitForLock({ for: what, message, target }: Waits): ParkedResult<'iac'> {
  const reason = what === 'lock' ? 'infrastructure_lock' : 'infrastructure_blocked';
  return { kind: 'park', reason, message, delayMs: lookAgainMs, target };
}

// Every end of a job leaves the lock; the job of a store that was lost and folded anew is not there to do it.
async function withoutDeadHolder(
  state: EnvironmentInfrastructure,
  context: Context,
): Promise<EnvironmentInfrastructure> {
  const { holder } = state;
  if (holder === null || isSame(holder, askerOf(context))) return state;
  const job = await context.store.readJob(holder.jobId);
  if (job !== null && job.status !== 'done') return state;
  if (!holder.isApplying) return { ...state, holder: null };
  const { runId, generation } = holder;
  const message = 'A run that applied was lost with the store: nobody knows what it did';
  return { ...state, holder: null, blocked: { runId, generation, at: context.now.toISOString(), message } };
}
