import { appValues, type Values } from './judge/values.ts';
import type { Watch } from './judge/watch.ts';
import type { Watching } from './look.ts';
import { messageOf } from './message-of.ts';
import { placeOf } from './place-of.ts';
import type { Counters } from './ports.ts';

/** What the app of a release in a cluster says about itself, and that of what serves beside it. */
export interface AskedApp {
  release: Values;
  beside: Values | null;
  problems: readonly string[];
  /** Whether it was asked anything since the look before. */
  hasTraffic: boolean;
  /** {@link Watch.apps} from now on. */
  apps: NonNullable<Watch['apps']>;
}

interface Counted {
  app: Counters['app'];
  problems: readonly string[];
}

/** Asks the pods of a release for their metrics page; null: they have none, or the router of this machine counts beside them. */
export async function askApp(watching: Watching, before: Watch['apps'] = {}): Promise<AskedApp | null> {
  const { plan, subject, beside } = watching;
  const path = plan.deployment?.services.find(({ name }) => name === subject.service)?.metricsPath ?? null;
  if (plan.observability.judgement?.maxPodRestarts === undefined || path === null) return null;
  const [own, other] = await Promise.all([count(watching, subject.release, path), count(watching, beside, path)]);
  const percentile = plan.observability.thresholds.latencyPercentile;
  const valuesOf = (release: string | null, { app }: Counted): Values =>
    appValues((release === null ? null : before[release]) ?? null, app, percentile);
  const release = valuesOf(subject.release, own);
  const counted = { ...appOf(subject.release, own), ...appOf(beside, other) };
  return {
    release,
    beside: beside === null ? null : valuesOf(beside, other),
    problems: own.problems,
    // Without a request there is no ratio.
    hasTraffic: release['app_error_ratio'] !== null,
    apps: { ...before, ...counted },
  };
}

async function count(watching: Watching, release: string | null, path: string): Promise<Counted> {
  const { ports, context } = watching;
  if (release === null || ports.pages === undefined) return { app: null, problems: [] };
  try {
    const app = await ports.pages.appMetrics({ ...placeOf(watching, release), path }, context.signal);
    return { app, problems: app === null ? [`${path} of the pods says nothing about requests`] : [] };
  } catch (error) {
    context.signal.throwIfAborted();
    return { app: null, problems: [`${path} of the pods cannot be asked: ${messageOf(error)}`] };
  }
}

function appOf(release: string | null, { app }: Counted): NonNullable<Watch['apps']> {
  return release === null || app === null ? {} : { [release]: app };
}
