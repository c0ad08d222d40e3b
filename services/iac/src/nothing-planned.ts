import type { InfrastructureSlice } from '@orchestra/contracts';

/** What an environment without a plan shows. */
export const nothingPlanned: Omit<InfrastructureSlice, 'generation'> = {
  tool: null,
  phase: 'planned',
  planDigest: null,
  toAdd: 0,
  toChange: 0,
  toDestroy: 0,
  destroys: [],
  outputs: {},
};
