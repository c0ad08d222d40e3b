import type { ServiceName } from '@orchestra/contracts';

/** One process of a service in the simulation. A crashed one never runs again: its next start is another actor. */
export interface Actor {
  /** Such as `deploy#2`. */
  name: string;
  service: ServiceName;
  alive: boolean;
  /** Until then it stands still, as a process does that is stopped or swaps; in the time of the timeline. */
  resumesAtMs: number;
  /** How wrong its wall clock is. */
  skewMs: number;
  /** Called once when it dies. */
  onDeath: Set<() => void>;
}

export function createActor(service: ServiceName, number: number): Actor {
  return {
    name: `${service}#${number}`,
    service,
    alive: true,
    resumesAtMs: Number.NEGATIVE_INFINITY,
    skewMs: 0,
    onDeath: new Set(),
  };
}

/** Ends a process at once, wherever it is. */
export function killActor(actor: Actor): void {
  if (!actor.alive) return;
  actor.alive = false;
  for (const told of actor.onDeath) told();
  actor.onDeath.clear();
}
