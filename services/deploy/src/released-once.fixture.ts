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

/** A target whose first release serves; `container` null: as processes. */
export function releasedOnce(container: Manifest['container'] | null): Target {
  const how = { command: [], env: {}, port: 1, replicas: 1, healthPath: '/', metricsPath: null, readyTimeoutMs: 1 };
  const manifest = { artifactDigest: 'sha256:1', ...how, ...(container === null ? {} : { container }) };
  const mover = { runId: 'run-1', generation: 1 };
  const release = { version: 'sha256:v', commit: 'c', manifest, strategy: 'canary' as const, weights: [100] };
  const request = { ...mover, sequence: 1, jobId: 'j', ...release, byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(createTarget(place), request, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  const finished = moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
  return moved(finishRollout(finished, { ...mover, epoch: finished.epoch, checks: [] }, now));
}

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}
