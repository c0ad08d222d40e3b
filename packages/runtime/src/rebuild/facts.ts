import type { FoldedIdentity, FoldedRun, Plan, PlannedUnit, Received, Topic } from '@orchestra/contracts';
import type { Standing } from './where-units-stand.ts';

/** A run whose push is among the events, with everything that a rebuild works out from them. */
export interface RunFacts {
  folded: FoldedRun;
  identity: FoldedIdentity;
  /** Null: the push was refused, or its plan is no longer in the artifact store. */
  plan: Plan | null;
  plannedUnits: readonly PlannedUnit[];
  standing: Standing;
  /** Its events, each once, in the order of their times. */
  events: readonly Received<Topic>[];
}

/** Names what is made by this rebuild: no job of it may have the id of one that lived before. */
export interface Rebuilding {
  identity: string;
  now: Date;
}
