import { createTarget, type Target } from '@orchestra/contracts';

export const shopPlace = { repository: 'acme/shop', environment: 'production', service: 'web' };
const releasedAt = new Date('2026-01-01T12:00:00Z');

/** A target in which the release r2 of a run serves. */
export function servingTarget(runId: string): Target {
  const manifest = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  return {
    ...createTarget(shopPlace),
    epoch: 7,
    current: 'r2',
    history: [
      {
        runId,
        generation: 1,
        sequence: 2,
        release: 'r2',
        version: 'v2',
        commit: 'c',
        manifest: { ...manifest, metricsPath: null, readyTimeoutMs: 1 },
        health: 'healthy',
        checks: [],
        epoch: 7,
        releasedAt: releasedAt.toISOString(),
        byPerson: false,
      },
    ],
  };
}

/** An alert as Alertmanager sends it, an hour after the release. */
export const firing = {
  status: 'firing',
  labels: { alertname: 'HighErrorRate', service: 'web', environment: 'production', severity: 'critical' },
  annotations: { value: '0.42', threshold: '0.05' },
  startsAt: new Date(releasedAt.getTime() + 3_600_000).toISOString(),
  fingerprint: 'a1b2c3',
};
