import type { Counters, Histogram } from './ports.ts';

interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const maxLines = 50_000;
const totals = ['http_requests_total', 'http_server_requests_total', 'http_request_duration_seconds_count'];
const buckets = 'http_request_duration_seconds_bucket';
const statusLabels = ['code', 'status', 'status_code', 'http_status_code'];

/**
 * Reads requests, errors and times to answer out of an app's metrics page. What it does not understand it leaves out.
 *
 * @returns null when the page says nothing about requests
 * @see Prometheus documentation, "Exposition formats"
 */
export function parseAppMetrics(text: string): Counters['app'] {
  const samples = text.split('\n', maxLines).flatMap((line) => parseLine(line) ?? []);
  const name = totals.find((candidate) => samples.some((sample) => sample.name === candidate));
  if (name === undefined) return null;
  const requests = samples.filter((sample) => sample.name === name);
  return {
    requests: sum(requests),
    errors: sum(requests.filter(({ labels }) => statusOf(labels).startsWith('5'))),
    latency: latencyOf(samples.filter((sample) => sample.name === buckets)),
  };
}

/** The counts of several processes of one release together; null when one of them does not tell. */
export function addAppMetrics(all: readonly Counters['app'][]): Counters['app'] {
  let total: Counters['app'] = null;
  for (const one of all) {
    if (one === null) return null;
    total = total === null ? one : add(total, one);
  }
  return total;
}

function add(left: NonNullable<Counters['app']>, right: NonNullable<Counters['app']>): NonNullable<Counters['app']> {
  const same = left.latency?.boundsMs.join() === right.latency?.boundsMs.join();
  const counts = left.latency?.counts.map((count, index) => count + (right.latency?.counts[index] ?? 0)) ?? [];
  const latency = same && left.latency !== null ? { boundsMs: left.latency.boundsMs, counts } : null;
  return { requests: left.requests + right.requests, errors: left.errors + right.errors, latency };
}

function parseLine(line: string): Sample | null {
  if (line === '' || line.startsWith('#')) return null;
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
  const value = Number(match?.[3]?.replace('+Inf', 'Infinity'));
  if (match?.[1] === undefined || !Number.isFinite(value)) return null;
  return { name: match[1], labels: parseLabels(match[2] ?? ''), value };
}

function parseLabels(text: string): Record<string, string> {
  const pairs = text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]));
}

function statusOf(labels: Readonly<Record<string, string>>): string {
  const label = statusLabels.find((name) => labels[name] !== undefined);
  return label === undefined ? '' : (labels[label] ?? '');
}

// The page counts up to each bound, for each set of labels; here each bucket stands for itself, over all labels.
function latencyOf(samples: readonly Sample[]): Histogram | null {
  const upTo = new Map<number, number>();
  for (const { labels, value } of samples) {
    const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']) * 1000;
    if (!Number.isNaN(bound)) upTo.set(bound, (upTo.get(bound) ?? 0) + value);
  }
  const bounds = [...upTo.keys()].toSorted((left, right) => left - right);
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY) return null;
  const counts = bounds.map((bound, index) => (upTo.get(bound) ?? 0) - (upTo.get(bounds[index - 1] ?? -1) ?? 0));
  return { boundsMs: bounds.slice(0, -1), counts };
}

function sum(samples: readonly Sample[]): number {
  let total = 0;
  for (const { value } of samples) total += value;
  return total;
}
