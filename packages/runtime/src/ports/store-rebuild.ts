import type { PlannedUnit, RunIdentity, ServiceName, Status } from '@orchestra/contracts';
import type { HistoryEntry, RunStore } from './run-store.ts';

/** Where a unit of a run that is written back stands. `at`: ISO 8601. */
export interface RestoredUnit {
  unit: string;
  generation: number;
  status: Status;
  reason: string | null;
  at: string;
}

/** The folded part of a run's state, as one step writes it. Its jobs, gates and wishes follow by the ordinary steps. */
export interface RestoredRun {
  identity: RunIdentity;
  /** The names under which its push is known again, as at an admission; null: not told. */
  delivery: string | null;
  content: string | null;
  /** Never given out again: the next admission of the repository gets a higher one. */
  sequence: number;
  generation: number;
  createdAt: string;
  deadlineAt: string | null;
  /** Null: the run has not ended. An ended run is not shown to people elsewhere again. */
  endedAt: string | null;
  hopsLimit: number;
  plannedUnits: readonly PlannedUnit[];
  units: readonly RestoredUnit[];
  /** The units that retries made anew, and in which generations; 1 is not named. */
  made: readonly { unit: string; generation: number }[];
  /** Rows of the slices; `value` is JSON. */
  slices: readonly { service: ServiceName; key: string; value: string }[];
  notes: readonly string[];
  history: readonly HistoryEntry[];
  /** Events that services have taken already: they are duplicates when they come again. */
  seen: readonly { service: ServiceName; eventId: string }[];
}

/** A store that is being filled and that no service sees: for them it has no identity marker until `commit`. */
export interface StoreRebuild {
  /** The ordinary steps, on the store that is being filled. */
  store: RunStore;
  /** Writes a run that is not there yet. @throws OrchestraError `STORE_ARGUMENT_INVALID` when it is */
  restoreRun(run: RestoredRun): Promise<void>;
  /** Makes the store the one that services see, in one step. @throws OrchestraError `STORE_OWNED` when one has an identity */
  commit(): Promise<void>;
  /** Leaves everything as it was: a store without an identity. Safe after a commit. */
  close(): Promise<void>;
}
