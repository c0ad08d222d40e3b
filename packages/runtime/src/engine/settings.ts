/** The periods of the runtime, in milliseconds, and its caps. Tests use short ones; one suite uses these. */
export interface EngineSettings {
  leaseMs: number;
  renewMs: number;
  reapMs: number;
  /** How long a worker sleeps at most when nothing wakes it. */
  pollMs: number;
  relayLeaseMs: number;
  /** How long a published record may stay in the outbox; those of that time are deleted together. */
  acknowledgeMs: number;
  /** How long a partition rests after `later`. */
  restMs: number;
  renderLeaseMs: number;
  drainMs: number;
  maxStalls: number;
  retryBaseMs: number;
  retryCapMs: number;
  /** Ready jobs beyond which intake pauses: the topic is the buffer. */
  maxReady: number;
  /** Jobs that one process works at, at once. */
  concurrency: number;
}

export const defaultSettings: EngineSettings = {
  leaseMs: 30_000,
  renewMs: 10_000,
  reapMs: 5_000,
  pollMs: 1_000,
  relayLeaseMs: 5_000,
  acknowledgeMs: 50,
  restMs: 1_000,
  renderLeaseMs: 30_000,
  drainMs: 10_000,
  maxStalls: 5,
  retryBaseMs: 500,
  retryCapMs: 30_000,
  maxReady: 10_000,
  concurrency: 8,
};
