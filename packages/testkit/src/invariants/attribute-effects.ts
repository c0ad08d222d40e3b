import type { Received, Topic } from '@orchestra/contracts';
import { eventsOf } from './show.ts';
import type { Effect, WorldFacts } from './world-facts.ts';

/**
 * Names the run, the unit and the generation of effects on targets of which the world knows only the epoch: the events of the
 * moves say whose they are. An effect whose move was never told, as one that died before its end, stays nobody's.
 */
export function attributeEffects(facts: WorldFacts): Effect[] {
  const movers = moversOf(facts);
  return facts.effects.map((effect) => {
    const mover = effect.run === null ? movers.get(`${effect.target ?? ''} ${effect.epoch ?? 0}`) : undefined;
    return mover === undefined ? effect : { ...effect, ...mover };
  });
}

type Mover = Pick<Effect, 'run' | 'unit' | 'generation'>;

function moversOf(facts: WorldFacts): ReadonlyMap<string, Mover> {
  const repositories = new Map(facts.runs.map(({ state }) => [state.runId, state.repository]));
  return new Map(
    eventsOf(facts).flatMap((event): [string, Mover][] => {
      const move = moveOf(event);
      if (move === null) return [];
      const { runId: run, subject: unit, generation } = event;
      const target = [repositories.get(run) ?? '', move.environment, move.service].join('/');
      return [[`${target} ${move.epoch}`, { run, unit, generation }]];
    }),
  );
}

interface Moved {
  environment: string;
  service: string;
  epoch: number;
}

// A refusal names the epoch of whoever has the target: it moved nothing.
function moveOf({ data }: Received<Topic>): Moved | null {
  if ('phase' in data) return data.release === null ? null : data;
  return 'quarantined' in data && data.outcome !== 'SKIPPED' ? data : null;
}
