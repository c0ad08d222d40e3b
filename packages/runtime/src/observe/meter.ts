import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';

/** The runtime's own metrics. No run id is ever a label. */
export interface Meter {
  registry: Registry;
  accepted: Counter<'service' | 'topic' | 'taken'>;
  deadLetters: Counter<'service' | 'topic'>;
  published: Counter<'service'>;
  reaped: Counter<'service'>;
  fenced: Counter<'service'>;
  attempts: Counter<'service' | 'handler' | 'end'>;
  attemptSeconds: Histogram<'service' | 'handler'>;
  ready: Gauge<'service'>;
  oldestReadySeconds: Gauge<'service'>;
  outbox: Gauge<'service'>;
  oldestOutboxSeconds: Gauge<'service'>;
  fetchAgeSeconds: Gauge<'service'>;
}

/** One set of metrics a process; services differ by their label. */
export function createMeter(): Meter {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `orchestra_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `orchestra_${name}`, help, labelNames: ['service' as const], registers });
  return {
    registry,
    accepted: counter('events_accepted_total', 'Events taken in, by what became of them', 'service', 'topic', 'taken'),
    deadLetters: counter('dead_letters_total', 'Records that were refused', 'service', 'topic'),
    published: counter('events_published_total', 'Events that the bus acknowledged', 'service'),
    reaped: counter('leases_expired_total', 'Jobs whose worker died or stalled', 'service'),
    fenced: counter('finishes_fenced_total', 'Late finishes that were refused', 'service'),
    attempts: counter('attempts_total', 'Attempts at jobs, by how they ended', 'service', 'handler', 'end'),
    attemptSeconds: new Histogram({
      name: 'orchestra_attempt_seconds',
      help: 'Duration of attempts',
      labelNames: ['service' as const, 'handler' as const],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
      registers,
    }),
    ready: gauge('jobs_ready', 'Jobs that are due and wait for a worker'),
    oldestReadySeconds: gauge('jobs_oldest_ready_seconds', 'Age of the oldest job that is due'),
    outbox: gauge('outbox_records', 'Events that are not yet published'),
    oldestOutboxSeconds: gauge('outbox_oldest_seconds', 'Age of the oldest event that is not yet published'),
    fetchAgeSeconds: gauge('bus_fetch_age_seconds', 'Time since the bus last answered'),
  };
}
