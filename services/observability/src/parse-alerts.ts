import { targetName } from '@orchestra/contracts';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { AttributionDecision, OutsideAlert } from './decide-attribution.ts';

const labels = z.record(z.string().max(200), z.string().max(10_000)).catch({});
const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels,
  annotations: labels,
  startsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().min(1).max(200),
  values: z.record(z.string(), z.number()).nullish().catch(null),
});
const delivery = z.object({ alerts: z.array(alert).max(1000), truncatedAlerts: z.number().optional() });

/** An alert as it is kept until it is attributed. */
export interface ReceivedAlert extends OutsideAlert {
  fingerprint: string;
  value: number | null;
  threshold: number | null;
  summary: string | null;
}

export interface Delivery {
  /** Those that fire; what is over needs nothing. */
  firing: readonly ReceivedAlert[];
  resolved: number;
  /** Services that are called ill. */
  services: number;
  /** Alerts that the sender left out. */
  truncated: number;
}

// As charts, operators and people write them, most telling first.
const serviceLabels = ['service', 'app', 'app_kubernetes_io_name', 'job'];
const environmentLabels = ['environment', 'env'];

/**
 * Reads a delivery of Alertmanager (webhook version 4) or Grafana, which has the same shape and more.
 *
 * @throws OrchestraError `REQUEST_INVALID`
 */
export function parseAlerts(body: unknown): Delivery {
  const parsed = delivery.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw new OrchestraError('REQUEST_INVALID', problems.slice(0, 5).join('; '), { cause: parsed.error });
  }
  const { alerts, truncatedAlerts = 0 } = parsed.data;
  const firing = alerts.filter(({ status }) => status === 'firing').map(toReceived);
  const services = new Set(firing.flatMap(({ service }) => service ?? [])).size;
  return { firing, resolved: alerts.length - firing.length, services, truncated: truncatedAlerts };
}

function toReceived(given: z.output<typeof alert>): ReceivedAlert {
  const { labels: named, annotations, startsAt, fingerprint } = given;
  const summary = shorten(annotations['summary'] ?? annotations['description'] ?? '', 300);
  return {
    name: shorten(named['alertname'] ?? 'alert', 100),
    service: nameIn(named, serviceLabels),
    environment: nameIn(named, environmentLabels),
    release: named['release'] ?? null,
    startsAt: Date.parse(startsAt),
    severity: named['severity']?.toLowerCase() ?? null,
    fingerprint,
    ...measuredIn(given),
    summary: summary === '' ? null : summary,
  };
}

function measuredIn({ annotations, values }: z.output<typeof alert>): Pick<ReceivedAlert, 'value' | 'threshold'> {
  const value = numberOf(annotations['value']) ?? Object.values(values ?? {})[0] ?? null;
  return { value, threshold: numberOf(annotations['threshold']) };
}

// A label that could be no service of ours is none: it never becomes part of a question or an address.
function nameIn(given: Readonly<Record<string, string>>, keys: readonly string[]): string | null {
  const names = keys.flatMap((key) => given[key] ?? []);
  return names.find((name) => targetName.safeParse(name).success) ?? null;
}

function numberOf(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function shorten(text: string, length: number): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, length);
}

/** Reads an alert that our own queue kept. */
export function parseKeptAlert(payload: unknown): { alert: ReceivedAlert; services: number } {
  return payload as { alert: ReceivedAlert; services: number };
}

/** An alert, and the release that it belongs to. */
export interface AttributedAlert {
  alert: ReceivedAlert;
  blamed: Extract<AttributionDecision, { kind: 'release' }>['blamed'];
  reason: string;
}

/** Reads an attributed alert that our own queue kept. */
export function parseAttributedAlert(payload: unknown): AttributedAlert {
  return payload as AttributedAlert;
}
