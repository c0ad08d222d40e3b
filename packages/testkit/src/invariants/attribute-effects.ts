import type { Received, Topic } from '@orchestra/contracts';
import { eventsOf } from './show.ts';
import type { Effect, WorldFacts } from './world-facts.ts';

/**
 * Names the run, the unit and the generation of effects on targets of which the world knows only the epoch, and which of them
 * were ways back: the events of the moves say it. A move that was never told, as one that died before its end, is its rollout's when it brought that
 * release and came before the last move that the rollout has told; another one stays nobody's.
 */
export function attributeEffects(facts: WorldFacts): Effect[] {
  const movers = moversOf(facts);
  const rollouts = rolloutsOf(facts);
  return facts.effects.map((effect) => {
    if (effect.run !== null) return effect;
    const { target, epoch, release } = effect;
    const told = movers.get(`${target ?? ''} ${epoch ?? 0}`);
    return attribute(effect, told ?? untold(effect, rollouts.get(`${target ?? ''} ${release ?? ''}`)));
  });
}

function untold({ epoch }: Effect, rollout: RolloutTold | undefined): Mover {
  return rollout !== undefined && epoch !== null && epoch <= rollout.lastEpoch ? rollout.mover : nobody;
}

function attribute(effect: Effect, { wayBack, ...whose }: Mover): Effect {
  // To the target a way back is a move like any other.
  const kind = effect.kind === 'deploy_step' ? (wayBack ?? effect.kind) : effect.kind;
  return { ...effect, ...whose, kind };
}

interface Mover extends Pick<Effect, 'run' | 'unit' | 'generation'> {
  wayBack: 'rollback' | 'return' | null;
}

const nobody: Mover = { run: null, unit: null, generation: null, wayBack: null };

interface RolloutTold {
  mover: Mover;
  /** Of its last move. What brings the release later is a rollback. */
  lastEpoch: number;
}

function rolloutsOf(facts: WorldFacts): ReadonlyMap<string, RolloutTold> {
  const repositories = repositoriesOf(facts);
  const rollouts = new Map<string, RolloutTold>();
  for (const { runId: run, subject: unit, generation, data } of eventsOf(facts)) {
    if (!('phase' in data) || data.release === null) continue;
    const target = [repositories.get(run) ?? '', data.environment, data.service].join('/');
    const name = `${target} ${data.release}`;
    const lastEpoch = Math.max(data.epoch, rollouts.get(name)?.lastEpoch ?? 0);
    rollouts.set(name, { mover: { run, unit, generation, wayBack: null }, lastEpoch });
  }
  return rollouts;
}

function repositoriesOf({ runs }: WorldFacts): ReadonlyMap<string, string> {
  return new Map(runs.map(({ state }) => [state.runId, state.repository]));
}

function moversOf(facts: WorldFacts): ReadonlyMap<string, Mover> {
  const repositories = repositoriesOf(facts);
  return new Map(
    eventsOf(facts).flatMap((event): [string, Mover][] => {
      const move = moveOf(event);
      if (move === null) return [];
      const { runId: run, subject: unit, generation } = event;
      const target = [repositories.get(run) ?? '', move.environment, move.service].join('/');
      return [[`${target} ${move.epoch}`, { run, unit, generation, wayBack: move.wayBack }]];
    }),
  );
}

interface Moved {
  environment: string;
  service: string;
  epoch: number;
  wayBack: 'rollback' | 'return' | null;
}

// A refusal names the epoch of whoever has the target: it moved nothing.
function moveOf({ data }: Received<Topic>): Moved | null {
  if ('phase' in data)
    return data.release === null ? null : { ...data, wayBack: data.phase === 'ABORTED' ? 'return' : null };
  return 'quarantined' in data && data.outcome !== 'SKIPPED' ? { ...data, wayBack: 'rollback' } : null;
}
