import { targetKey, type Plan } from '@orchestra/contracts';
import { askApp, type AskedApp } from './ask-app.ts';
import { askMetrics } from './ask-metrics.ts';
import { askOutput, type ReadOutput } from './ask-output.ts';
import { askPods, type SeenPods } from './ask-pods.ts';
import { probeMetric } from './judge/series.ts';
import type { AskedValues, Look, Watch } from './judge/watch.ts';
import type { Values } from './judge/values.ts';
import type { Watching } from './look.ts';
import type { Counters, Measurement } from './ports.ts';

/** A look, what is wrong by it, and what the watch has to know at the next one. */
export interface Gathered extends Pick<Watch, 'pods' | 'places' | 'apps'> {
  /** Null: nothing was to be seen. */
  look: Look | null;
  problems: readonly string[];
}

/** Asks everybody at once who knows something of a release and of what serves beside it. */
export async function gatherLook(watching: Watching, before: Watch, now: number): Promise<Gathered> {
  const { subject, beside, plan } = watching;
  const [measurement, metrics, seen, output, app] = await Promise.all([
    measure(watching),
    askMetrics(watching),
    askPods(watching, before.pods),
    askOutput(watching, before.places),
    askApp(watching, before.apps),
  ]);
  const { warmUpMs = 0 } = plan.observability.judgement ?? {};
  const parts = [metrics.values, seen, output, app].filter((part) => part !== null);
  const speaks = makesSample({ metrics: metrics.values, seen, app }, plan);
  const asked = parts.length === 0 ? null : { ...joinValues(parts), speaks };
  // Counting begins behind the warm-up: what was restarted before that does not count.
  const isCold = now < before.startedAt + warmUpMs;
  return {
    look: lookAt({ measurement, asked, now }, subject.release, beside),
    problems: [seen, output, metrics, app].flatMap((part) => part?.problems ?? []),
    ...keptOf(isCold ? null : seen, output),
    ...(app === null ? {} : { apps: app.apps }),
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

interface Parts {
  metrics: Part | null;
  seen: Part | null;
  app: AskedApp | null;
}

// Pods, output and probes exist without a single request of a user: where requests are judged, they make no sample.
function makesSample({ metrics, seen, app }: Parts, { observability }: Plan): boolean {
  const known = namesOf(metrics);
  if (app?.hasTraffic === true || known.some((name) => name !== probeMetric)) return true;
  return observability.judgement?.onNoTraffic === 'pass' && known.length + namesOf(seen).length > 0;
}

function namesOf(part: Part | null): readonly string[] {
  return Object.entries(part?.release ?? {}).flatMap(([name, value]) => (value === null ? [] : [name]));
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
