import { eventsOf } from './show.ts';
import type { WorldFacts } from './world-facts.ts';

/** Whose a release is, and how old. */
export interface ReleaseOwner {
  run: string;
  generation: number;
  sequence: number;
  /** A person let it go against the order. */
  byPerson: boolean;
}

/** The owners of all releases of all targets, by `<target> <release>`; what was taken back is known by its events alone. */
export function releaseOwners(facts: WorldFacts): ReadonlyMap<string, ReleaseOwner> {
  return new Map([...ownersByEvents(facts), ...ownersByTargets(facts)]);
}

function ownersByEvents(facts: WorldFacts): [string, ReleaseOwner][] {
  const runs = new Map(facts.runs.map(({ state }) => [state.runId, state]));
  return eventsOf(facts).flatMap(({ runId, generation, data }): [string, ReleaseOwner][] => {
    const run = runs.get(runId);
    if (run === undefined || !('phase' in data) || data.release === null) return [];
    const target = [run.repository, data.environment, data.service].join('/');
    return [[`${target} ${data.release}`, { run: runId, generation, sequence: run.sequence, byPerson: false }]];
  });
}

function ownersByTargets({ targets }: WorldFacts): [string, ReleaseOwner][] {
  return targets.flatMap(({ key, target: { lane, seizure, history } }) => {
    const rollouts = [lane, seizure?.ousted ?? null].filter((one) => one !== null);
    return [...rollouts, ...history].map(
      ({ release, runId: run, generation, sequence, byPerson }): [string, ReleaseOwner] => [
        `${key} ${release}`,
        { run, generation, sequence, byPerson },
      ],
    );
  });
}

/** Order at a target: the sequence of the run, then its generation. */
export function isOlder(
  left: Pick<ReleaseOwner, 'sequence' | 'generation'>,
  right: Pick<ReleaseOwner, 'sequence' | 'generation'>,
): boolean {
  return left.sequence < right.sequence || (left.sequence === right.sequence && left.generation < right.generation);
}
