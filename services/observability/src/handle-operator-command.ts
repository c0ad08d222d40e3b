import { extendWatch, readTargetUnit, type Received } from '@orchestra/contracts';
import { readHeldTarget, retryByCommand, targetWrite, type Ended, type Result } from '@orchestra/runtime';
import type { Context } from './look.ts';

type Command = Received<'operator_command'>;

const longestMs = 7 * 86_400_000;

/** A person asks observability: to make a watch anew, or to go on with one for longer. */
export async function handleOperatorCommand(event: Command, context: Context): Promise<Result<'observability'>> {
  const { action } = event.data;
  if (action === 'RETRY') return retryByCommand('observability', event, context);
  return action === 'EXTEND_WATCH' ? extend(event, context) : answered(event, 'refused', 'not_understood');
}

// The watch goes on by itself and reads, at its next look, for how long.
async function extend(event: Command, context: Context): Promise<Result<'observability'>> {
  const { unit, seconds, commandId, actor } = event.data;
  const place = readTargetUnit(unit ?? '');
  const ms = (seconds ?? 0) * 1000;
  if (place === null) return answered(event, 'refused', 'no_target');
  if (ms <= 0 || ms > longestMs) return answered(event, 'refused', 'no_duration');
  const held = await readHeldTarget(context, { repository: context.run.repository, ...place });
  const own = held.target.history.findLast(({ runId }) => runId === context.run.runId);
  if (own === undefined) return answered(event, 'refused', 'not_watched');
  const moved = extendWatch(held.target, { release: own.release, commandId, ms, actor });
  if (moved.kind === 'refused') return answered(event, 'refused', moved.reason);
  return { ...answered(event, 'accepted', 'ordered'), target: targetWrite(held, moved) };
}

function answered({ data }: Command, answer: 'accepted' | 'refused', reason: string): Ended<'observability'> {
  const { action, actor, commandId, unit, seconds } = data;
  const facts = { action, actor, commandId, unit, seconds };
  return { kind: 'end', status: null, events: [], decided: [{ what: `command ${answer}`, reason, facts }] };
}
