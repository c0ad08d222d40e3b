import { targetKey } from '@orchestra/contracts';
import { askMetrics } from './ask-metrics.ts';
import { askOutput, type ReadOutput } from './ask-output.ts';
import { askPods, type SeenPods } from './ask-pods.ts';
import type { AskedValues, Look, Watch } from './judge/watch.ts';
import type { Values } from './judge/values.ts';
import type { Watching } from './look.ts';
import type { Counters, Measurement } from './ports.ts';

/** A look, what is wrong by it, and what the watch has to know at the next one. */
export interface Gathered extends Pick<Watch, 'pods' | 'places'> {
  /** Null: nothing was to be seen. */
  look: Look | null;
  problems: readonly string[];
}

/** Asks everybody at once who knows something of a release and of what serves beside it. */
export async function gatherLook(watching: Watching, before: Watch, now: number): Promise<Gathered> {
  const { subject, beside, plan } = watching;
  const [measurement, metrics, seen, output] = await Promise.all([
    measure(watching),
    askMetrics(watching),
    askPods(watching, before.pods),
    askOutput(watching, before.places),
  ]);
  const { onNoTraffic = 'inconclusive', warmUpMs = 0 } = plan.observability.judgement ?? {};
  const parts = [metrics.values, seen, output].filter((part) => part !== null);
  // Pods and output exist without a single request: where requests are judged, they make no sample.
  const speaks = isKnown(metrics.values) || (isKnown(seen) && onNoTraffic === 'pass');
  const asked = parts.length === 0 ? null : { ...joinValues(parts), speaks };
  // Counting begins behind the warm-up: what was restarted before that does not count.
  const isCold = now < before.startedAt + warmUpMs;
  return {
    look: lookAt({ measurement, asked, now }, subject.release, beside),
    problems: [seen, output, metrics].flatMap((part) => part?.problems ?? []),
    ...keptOf(isCold ? null : seen, output),
  };
}

function keptOf(seen: SeenPods | null, output: ReadOutput | null): Pick<Watch, 'pods' | 'places'> {
  const pods = seen?.pods === undefined ? {} : { pods: seen.pods };
  return output === null ? pods : { ...pods, places: output.places };
}

async function measure({ plan, ports, subject, context }: Watching): Promise<Measurement | null> {
  if (plan.observability.judgement?.maxPodRestarts !== undefined) return null;
  const service = plan.deployment?.services.find((one) => one.name === subject.service);
  const target = targetKey({ repository: context.run.repository, ...subject });
  return ports.measurements.measure(target, service?.metricsPath ?? null, context.signal);
}

function isKnown(part: Part | null): boolean {
  return Object.values(part?.release ?? {}).some((value) => value !== null);
}

type Part = Pick<AskedValues, 'release' | 'beside'>;

function joinValues(parts: readonly Part[]): Part {
  const release: Values = Object.assign({}, ...parts.map((part) => part.release));
  const others = parts.flatMap((part) => (part.beside === null ? [] : [part.beside]));
  return { release, beside: others.length === 0 ? null : Object.assign({}, ...others) };
}

interface Seen {
  measurement: Measurement | null;
  asked: AskedValues | null;
  now: number;
}

function lookAt({ measurement, asked, now }: Seen, release: string | null, beside: string | null): Look | null {
  const more = asked === null ? {} : { asked };
  const counters = countersOf(measurement, release);
  if (measurement === null || counters === null) {
    return asked === null ? null : { at: now, countedSince: '', release: null, beside: null, ...more };
  }
  const { at, countedSince } = measurement;
  return { at: at.getTime(), countedSince, release: counters, beside: countersOf(measurement, beside), ...more };
}

function countersOf(measurement: Measurement | null, release: string | null): Counters | null {
  return release === null ? null : (measurement?.releases[release] ?? null);
}
