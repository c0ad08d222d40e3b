import type { EngineSettings } from '@orchestra/runtime';

/** The periods of the simulated services. They have the ratios of production's; polls are rare, for hints come quickly. */
export const settings: Partial<EngineSettings> = {
  leaseMs: 30_000,
  renewMs: 10_000,
  reapMs: 20_000,
  pollMs: 60_000,
  relayLeaseMs: 5_000,
  restMs: 1_000,
  renderLeaseMs: 30_000,
  drainMs: 10_000,
};

/** How long there is trouble, and how long a world may take to come to rest after it. */
export const troubleMs = 150_000;
export const restMs = 4 * 3_600_000;
