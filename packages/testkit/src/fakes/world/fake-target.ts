import { OrchestraError } from '@orchestra/contracts';

/** How a released app behaves. */
export interface AppBehaviour {
  /** Until a process is ready. */
  startMs: number;
  /** Its processes never become ready. */
  crashes: boolean;
  /** From then on after its start it answers with errors; null: never. */
  badAfterMs: number | null;
  /** Nobody asks anything of it, so there is nothing to judge it by. */
  silent?: boolean;
}

/** One release in a fake target. */
export interface FakeRelease {
  release: string;
  app: AppBehaviour;
  wanted: number;
  /** Processes that were ready before the last change of `wanted`. */
  settled: number;
  startedAtMs: number;
  readyAtMs: number;
  requests: number;
  errors: number;
}

/** Where one service of one environment runs: an epoch, releases, shares of the traffic. */
export interface FakeTarget {
  key: string;
  epoch: number;
  weights: Record<string, number>;
  releases: Map<string, FakeRelease>;
  /** Until when requests are counted. */
  countedAtMs: number;
}

const requestsPerSecond = 20;

export function createTargetState(key: string, nowMs: number): FakeTarget {
  return { key, epoch: 0, weights: {}, releases: new Map(), countedAtMs: nowMs };
}

/** Refuses an older epoch than the target has seen. @throws OrchestraError `TARGET_REFUSED` */
export function checkEpoch(target: FakeTarget, epoch: number): void {
  if (epoch >= target.epoch) return;
  throw new OrchestraError('TARGET_REFUSED', `${target.key} is at epoch ${target.epoch}, the request at ${epoch}`);
}

export function readyOf({ app, wanted, settled, readyAtMs }: FakeRelease, nowMs: number): number {
  if (app.crashes) return 0;
  return nowMs >= readyAtMs ? wanted : Math.min(settled, wanted);
}

/** Makes true that a release has so many processes. Returns whether that changed anything. */
export function ensureProcesses(
  target: FakeTarget,
  asked: Pick<FakeRelease, 'release' | 'app' | 'wanted'>,
  nowMs: number,
): boolean {
  const { release, app, wanted } = asked;
  const nothing = { ...asked, wanted: 0, settled: 0, startedAtMs: nowMs, readyAtMs: nowMs, requests: 0, errors: 0 };
  const known = target.releases.get(release) ?? nothing;
  if (known.wanted === wanted) return false;
  const settled = readyOf(known, nowMs);
  target.releases.set(release, {
    ...known,
    ...asked,
    settled,
    startedAtMs: known.wanted === 0 ? nowMs : known.startedAtMs,
    readyAtMs: wanted > settled ? nowMs + app.startMs : nowMs,
  });
  return true;
}

/** Shares the traffic. Returns whether that changed anything. @throws OrchestraError `RELEASE_NOT_READY` */
export function shareTraffic(target: FakeTarget, weights: Readonly<Record<string, number>>, nowMs: number): boolean {
  const shared = Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight > 0));
  for (const release of Object.keys(shared)) {
    const found = target.releases.get(release);
    if (found === undefined || readyOf(found, nowMs) === 0) throw notReady(`${release} cannot take traffic`);
  }
  if (Object.keys(shared).length === 0) throw new OrchestraError('REQUEST_INVALID', 'No release would get traffic');
  const changed = describeWeights(shared) !== describeWeights(target.weights);
  target.weights = shared;
  return changed;
}

/** Ends the processes of a release. Returns whether there were any. @throws OrchestraError `RELEASE_NOT_READY` for the last that serves */
export function stopProcesses(target: FakeTarget, release: string, nowMs: number): boolean {
  const found = target.releases.get(release);
  if (found === undefined) return false;
  const others = [...target.releases.values()].some(
    (other) => other !== found && (target.weights[other.release] ?? 0) > 0 && readyOf(other, nowMs) > 0,
  );
  if ((target.weights[release] ?? 0) > 0 && !others) throw notReady(`${release} is the only release that serves`);
  const changed = found.wanted > 0;
  delete target.weights[release];
  target.releases.set(release, { ...found, wanted: 0, settled: 0 });
  return changed;
}

/** Counts the requests of the time that has passed. To be called before anything changes or is measured. */
export function countRequests(target: FakeTarget, nowMs: number): void {
  const serving = [...target.releases.values()].filter(
    (one) => (target.weights[one.release] ?? 0) > 0 && readyOf(one, nowMs) > 0,
  );
  const total = serving.reduce((sum, { release }) => sum + (target.weights[release] ?? 0), 0);
  const passedMs = nowMs - target.countedAtMs;
  for (const one of serving) {
    const share = one.app.silent === true ? 0 : (target.weights[one.release] ?? 0) / total;
    const { badAfterMs } = one.app;
    const badMs = badAfterMs === null ? 0 : Math.min(passedMs, Math.max(0, nowMs - one.startedAtMs - badAfterMs));
    one.requests += (share * passedMs * requestsPerSecond) / 1000;
    one.errors += (share * badMs * requestsPerSecond) / 1000;
  }
  target.countedAtMs = nowMs;
}

/** Shares as text: the same shares read the same. */
export function describeWeights(weights: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(weights).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([release, weight]) => `${release}=${weight}`).join(' ');
}

export function notReady(message: string): OrchestraError {
  return new OrchestraError('RELEASE_NOT_READY', message);
}
