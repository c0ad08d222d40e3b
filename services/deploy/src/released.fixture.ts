import {
  beginStep,
  createTarget,
  finishRollout,
  finishStep,
  takeLane,
  type Manifest,
  type Target,
} from '@orchestra/contracts';

export const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
export const image = `registry.test/shop@sha256:${'a'.repeat(64)}`;
export const inCluster = { namespace: 'shop', image, port: 1, runId: 'run-1', commit: 'c' };

const now = new Date('2026-01-01T00:00:00Z');

interface Rollout {
  runId?: string;
  sequence?: number;
  strategy?: 'canary' | 'immediate';
  /** Where the release runs; null: as processes. */
  container?: Manifest['container'] | null;
}

/** A target on which a run has made its one step, after which it is judged. */
export function stepped(
  before: Target,
  { runId = 'run-1', sequence = 1, strategy = 'canary', container = null }: Rollout = {},
): Target {
  const how = { command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/', metricsPath: null, readyTimeoutMs: 1 };
  const manifest = { artifactDigest: 'sha256:1', ...how, ...(container === null ? {} : { container, command: [] }) };
  const mover = { runId, generation: 1 };
  const release = { version: `sha256:v of ${runId}`, commit: 'c', manifest, strategy, weights: [100] };
  const request = { ...mover, sequence, jobId: `job of ${runId}`, ...release, byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(before, request, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  return moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
}

/** The same, released. */
export function released(before: Target, rollout: Rollout = {}): Target {
  const judging = stepped(before, rollout);
  const mover = { runId: rollout.runId ?? 'run-1', generation: 1, epoch: judging.epoch };
  return moved(finishRollout(judging, { ...mover, checks: [] }, now));
}

/** A target whose first release serves; `container` null: as processes. */
export function releasedOnce(container: Manifest['container'] | null): Target {
  return released(createTarget(place), { container });
}

export function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}
