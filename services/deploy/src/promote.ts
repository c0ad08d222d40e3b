import { readTargetUnit, type Received } from '@orchestra/contracts';
import { remakeByCommand, type Ended } from '@orchestra/runtime';
import { decidePromotion } from './decide-promotion.ts';
import type { Context, Work } from './work.ts';

type Command = Received<'operator_command'>;

/** A person brings what a run has built to an environment: again, or against the order of the runs. */
export async function promote(event: Command, context: Context): Promise<Ended<'deploy'>> {
  const { run, store } = context;
  const { actor, generation, unit } = event.data;
  const environment = event.data.environment ?? readTargetUnit(unit ?? '')?.environment ?? '';
  const decision = decidePromotion({ run, environment, generation });
  if (decision.kind === 'refuse') {
    const facts = { environment, actor };
    const decided = [{ what: 'promote refused', reason: decision.reason, facts }];
    return { kind: 'end', status: null, events: [], decided };
  }
  // Before the generation is there: its gates read it as soon as they open.
  for (const each of decision.units) {
    await store.answer(run.runId, promotedKey(each, run.generation + 1), JSON.stringify({ actor, eventId: event.id }));
  }
  return remakeByCommand(event, context, { units: decision.units, word: 'promote' });
}

/** Whether a person asked for this rollout, so that it may go against the order of the runs. */
export async function isPromoted({ context, unit, mover }: Pick<Work, 'context' | 'unit' | 'mover'>): Promise<boolean> {
  if (mover.generation === 1) return false;
  return (await context.store.readAnswer(context.run.runId, promotedKey(unit, mover.generation))) !== null;
}

function promotedKey(unit: string, generation: number): string {
  return `promoted/${unit}/${generation}`;
}
