import type { Clock } from '@orchestra/runtime';
import type { Effect } from '../../invariants/world-facts.ts';

/** What was done to a fake world, in the order in which it happened. */
export interface EffectLedger {
  readonly effects: readonly Effect[];
  /** Adds a line; what is left out is null. */
  record(effect: Pick<Effect, 'kind' | 'key' | 'changed' | 'by'> & Partial<Effect>): void;
}

/** Creates an empty ledger. */
export function createEffectLedger(clock: Pick<Clock, 'now'>): EffectLedger {
  const effects: Effect[] = [];
  const nothing = {
    run: null,
    unit: null,
    generation: null,
    target: null,
    epoch: null,
    release: null,
    weights: null,
  };
  return {
    effects,
    record: (effect) => void effects.push({ ...nothing, at: clock.now().toISOString(), ...effect }),
  };
}
