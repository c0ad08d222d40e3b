import type { ReleaseView } from '../view.ts';
import { findFreePort } from './free-port.ts';
import type { Launcher } from './launch.ts';
import { adoptReplica, drainReplica, probeReplica, startReplica, tendReplica, type Replica } from './replica.ts';
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts';
import type { ReleaseState } from './state-file.ts';

/** A release with its processes. `state` is what survives the supervisor. */
export interface RunningRelease {
  state: ReleaseState;
  replicas: Replica[];
  metrics: RequestMetrics;
  lastEnd: string | null;
  /** No new process before this moment: one that crashes at once is not started at once again. */
  restAfterCrashUntil: number;
  failuresInARow: number;
  starting: boolean;
}

const maxRestMs = 5_000;

/** Takes a release up again, with those of its processes that still live. */
export function openRelease(state: ReleaseState): RunningRelease {
  const replicas = state.processes.flatMap((process) => adoptReplica(process) ?? []);
  return {
    state,
    replicas,
    metrics: createRequestMetrics(),
    lastEnd: null,
    restAfterCrashUntil: 0,
    failuresInARow: 0,
    starting: false,
  };
}

/**
 * Brings the processes of a release closer to what is wanted: one more is started or drained, dead ones are counted.
 *
 * @returns whether the processes changed, so that the state has to be written
 */
export async function tendRelease(release: RunningRelease, launcher: Launcher): Promise<boolean> {
  for (const replica of release.replicas) tendReplica(replica, release.state.spec);
  const changed = countEnds(release);
  if (release.replicas.some(({ status }) => status === 'ready')) release.failuresInARow = 0;
  drainSurplus(release);
  const started = await startMissing(release, launcher);
  if (changed || started)
    release.state.processes = release.replicas.map(({ pid, startTicks, port }) => ({ pid, startTicks, port }));
  return changed || started;
}

/** Asks adopted processes once whether they are still healthy, before anybody is sent to them. */
export async function waitForAdopted({ replicas, state }: RunningRelease): Promise<void> {
  await Promise.all(replicas.map(async (replica) => probeReplica(replica, state.spec)));
}

/** Processes that may be given a request. */
export function readyReplicas({ replicas }: RunningRelease): Replica[] {
  return replicas.filter(({ status }) => status === 'ready');
}

export function viewRelease(release: RunningRelease, weight: number): ReleaseView {
  const { state, replicas, lastEnd } = release;
  const ready = readyReplicas(release);
  return {
    release: state.spec.release,
    wanted: state.wanted,
    ready: ready.length,
    running: replicas.length,
    crashes: state.crashes,
    weight,
    lastEnd,
    ports: ready.map(({ port }) => port),
  };
}

function countEnds(release: RunningRelease): boolean {
  const gone = release.replicas.filter(({ status }) => status === 'gone');
  if (gone.length === 0) return false;
  release.replicas = release.replicas.filter(({ status }) => status !== 'gone');
  for (const { ending, end } of gone) {
    if (ending !== null) continue;
    release.state.crashes += 1;
    release.lastEnd = end;
    release.failuresInARow += 1;
    release.restAfterCrashUntil = performance.now() + Math.min(maxRestMs, 100 * 2 ** release.failuresInARow);
  }
  return true;
}

// Those that are not ready go first; of the ready ones, the youngest.
function drainSurplus({ state, replicas }: RunningRelease): void {
  const staying = replicas.filter(({ status }) => status === 'ready' || status === 'starting');
  const surplus = staying.length - state.wanted;
  if (surplus <= 0) return;
  const order = staying.toSorted(
    (left, right) =>
      Number(left.status === 'ready') - Number(right.status === 'ready') || right.startedAt - left.startedAt,
  );
  for (const replica of order.slice(0, surplus)) drainReplica(replica);
}

async function startMissing(release: RunningRelease, launcher: Launcher): Promise<boolean> {
  const { state, replicas } = release;
  const staying = replicas.filter(({ status }) => status !== 'draining').length;
  if (release.starting || staying >= state.wanted || performance.now() < release.restAfterCrashUntil) return false;
  release.starting = true;
  try {
    release.replicas.push(await startReplica(launcher, state.spec, await findFreePort()));
  } catch (error) {
    state.crashes += 1;
    release.failuresInARow += 1;
    release.lastEnd = error instanceof Error ? error.message : String(error);
    release.restAfterCrashUntil = performance.now() + maxRestMs;
  } finally {
    release.starting = false;
  }
  return true;
}
