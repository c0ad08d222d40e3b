import { unitNames, type Outcome, type Received, type Target } from '@orchestra/contracts';
import { readHeldTarget, type Result } from '@orchestra/runtime';
import { answerKeys, type Answer } from './answer.ts';
import type { Context } from './work.ts';

/** What rollback did or refused wakes whichever job waits for it: a step, a failed rollout, a watch. */
export async function handleRollbackEvent(
  event: Received<'rollback_event'>,
  context: Context,
): Promise<Result<'deploy'>> {
  const { environment, service, fromRelease, outcome, reason, compared } = event.data;
  // Another rollback goes on with this release, and will say how it ended.
  if (fromRelease === null || reason === 'overtaken') return { kind: 'end', status: null, events: [] };
  const meaning = meaningOf(outcome);
  if (meaning === 'refused' && (await isOrdered(event, context))) {
    const facts = { outcome: meaning, release: fromRelease };
    return { kind: 'end', status: null, events: [], decided: [{ what: 'refused order left alone', reason, facts }] };
  }

  const { target } = await readHeldTarget(context, { repository: context.run.repository, environment, service });
  const unit = unitNames.deploy(environment, service);
  const epoch = epochOf(target, fromRelease);
  const keys = [
    answerKeys.failing(unit, fromRelease),
    answerKeys.watch(unit, fromRelease),
    ...(epoch === null ? [] : [answerKeys.judge(unit, epoch), answerKeys.held(unit, epoch)]),
  ];
  const answer: Answer = {
    kind: 'rollback',
    eventId: event.id,
    outcome: meaning,
    reason,
    checks: [...compared],
  };
  for (const key of keys) await context.store.answer(context.run.runId, key, JSON.stringify(answer));
  const decided = [{ what: 'rollback heard', reason, facts: { outcome: answer.outcome, release: fromRelease, keys } }];
  return { kind: 'end', status: null, events: [], decided };
}

// A person asked in vain: nothing has changed, and no job of a rollout waits for that. Only the answer to an alert or to a
// failure is one that a rollout waits for.
async function isOrdered({ causeId }: Received<'rollback_event'>, { store, run }: Context): Promise<boolean> {
  if (causeId === null) return false;
  const history = await store.readHistory(run.runId);
  return history.some(({ id, what }) => id === causeId && what === 'operator_command');
}

// An outcome that this version does not know leaves the target to a person.
function meaningOf(outcome: Outcome): 'restored' | 'refused' | 'unknown' {
  if (outcome === 'SUCCESS') return 'restored';
  return outcome === 'SKIPPED' ? 'refused' : 'unknown';
}

/** The epoch of the last move of an unfinished rollout, also after it has lost the lane. */
function epochOf({ lane, seizure, rollbacks }: Target, release: string): number | null {
  if (lane?.release === release) return lane.epoch;
  if (seizure?.ousted?.release === release) return seizure.ousted.epoch;
  return rollbacks.findLast(({ from }) => from === release)?.ousted?.epoch ?? null;
}
