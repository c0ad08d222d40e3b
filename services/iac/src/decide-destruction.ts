import type { EnvironmentInfrastructure, RemovalSlice } from '@orchestra/contracts';

interface Facts {
  /** The run that the order is about. */
  runId: string;
  /** Whether its file marks the environment as made to be thrown away. */
  isEphemeral: boolean;
  state: Pick<EnvironmentInfrastructure, 'applied' | 'gone' | 'blocked'>;
  /** What destroys it already, or did. */
  removal: Pick<RemovalSlice, 'ended'> | null;
}

export type DestructionDecision =
  | { kind: 'plan'; reason: 'ordered' }
  | {
      kind: 'refuse';
      reason: 'not_ephemeral' | 'not_applied' | 'already_gone' | 'infrastructure_blocked' | 'being_destroyed';
    };

/** Whether a person's order to destroy what a run has applied is planned, for a person to approve. */
export function decideDestruction({ runId, isEphemeral, state, removal }: Facts): DestructionDecision {
  if (!isEphemeral) return { kind: 'refuse', reason: 'not_ephemeral' };
  // What another run has brought it to is destroyed by that run's plan, or not at all.
  if (state.applied?.runId !== runId) return { kind: 'refuse', reason: 'not_applied' };
  if (state.gone) return { kind: 'refuse', reason: 'already_gone' };
  if (state.blocked !== null) return { kind: 'refuse', reason: 'infrastructure_blocked' };
  if (removal !== null && removal.ended === null) return { kind: 'refuse', reason: 'being_destroyed' };
  return { kind: 'plan', reason: 'ordered' };
}
