import { kubernetesEnv } from '@orchestra/adapters/kubernetes';
import { localTargetPlaceEnv } from '@orchestra/adapters/local-target';
import { apiTokens, createSecret, parseEnv, runtimeEnv, type RuntimeEnv } from '@orchestra/runtime';
import { z } from 'zod';

const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

/** What observability reads from the environment beside what every service reads. */
export const settings = localTargetPlaceEnv.extend(kubernetesEnv.shape).extend({
  /** Metrics server that speaks the HTTP API of Prometheus; absent: none is asked. */
  PROMETHEUS_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Bearer token for it. */
  PROMETHEUS_TOKEN: z.string().min(1).transform(createSecret).optional(),
  /** How long one question to it may take. */
  PROMETHEUS_REQUEST_MS: count(3_000),
  /** Longest answer of it. */
  PROMETHEUS_MAX_BYTES: count(4_194_304),
  /** Who may send alerts of Alertmanager or Grafana: name:role:sha256 of the token, comma-separated; the role operator is needed. */
  ALERT_TOKENS: apiTokens,
  /** Services that may be ill in one delivery of alerts; if more are, no release is blamed. */
  ALERT_BLAST_LIMIT: count(3),
});

export type Settings = z.output<typeof settings>;

/** Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here. */
export function loadConfig(env: NodeJS.ProcessEnv): RuntimeEnv & Settings {
  return parseEnv('observability', runtimeEnv.extend(settings.shape), env);
}
