import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Refusal, ReleaseSpec, TargetMetrics, TargetView } from '../view.ts';
import { measureGroups } from './process-metrics.ts';
import { createRouter, type Route } from './router.ts';
import { openRelease, readyReplicas, viewRelease, type RunningRelease } from './running-release.ts';
import type { TargetState } from './state-file.ts';

/** A target with its front door and its releases. `state` is what survives the supervisor. */
export interface RunningTarget {
  key: string;
  state: TargetState;
  releases: Map<string, RunningRelease>;
  server: Server;
}

/** The answer to a request that changes something: done, or refused. */
export type Changed = { kind: 'done' } | { kind: 'refused'; refusal: Refusal };

const done: Changed = { kind: 'done' };
// What is known keeps its unpacked folder; what is forgotten is unpacked again when a rollback reaches so far.
const keptReleases = 5;

export function openTarget(key: string, state: TargetState): RunningTarget {
  const releases = new Map(Object.entries(state.releases).map(([name, release]) => [name, openRelease(release)]));
  const target: RunningTarget = { key, state, releases, server: createRouter(() => routesOf(target)) };
  return target;
}

function routesOf({ state, releases }: RunningTarget): Route[] {
  return [...releases].map(([release, running]) => ({
    release,
    weight: state.weights[release] ?? 0,
    replicas: readyReplicas(running),
    metrics: running.metrics,
  }));
}

/** Writes the epoch of a move. An older one than the target has seen is refused, and nothing is changed. */
export function claimEpoch({ key, state }: RunningTarget, epoch: number): Changed {
  if (epoch < state.epoch)
    return refuse('TARGET_REFUSED', `${key} is at epoch ${state.epoch}, the request at ${epoch}`);
  state.epoch = epoch;
  return done;
}

/** Whether nobody could reach it: somebody else has its port, and no release is known behind it. */
export function isShut({ server, releases }: RunningTarget): boolean {
  return !server.listening && releases.size === 0;
}

function whyShut({ key, state }: RunningTarget): string {
  return `The port ${state.port}, where users are to reach ${key}, belongs to another program: end that, or set another port`;
}

/** Makes true that a release is known and has so many processes. Asking again changes nothing. From here on its folder stays. */
export function ensureRelease(target: RunningTarget, spec: ReleaseSpec): Changed {
  if (isShut(target)) return refuse('TARGET_DENIED', whyShut(target));
  if (!existsSync(spec.folder)) return refuse('ARTIFACT_MISSING', `${spec.folder} is not there, or no longer`);
  const known = target.releases.get(spec.release);
  if (known === undefined) {
    const state = { spec, wanted: spec.replicas, crashes: 0, processes: [] };
    target.state.releases[spec.release] = state;
    target.releases.set(spec.release, openRelease(state));
  } else {
    known.state.spec = spec;
    known.state.wanted = spec.replicas;
    known.restAfterCrashUntil = 0;
  }
  forgetOldest(target);
  return done;
}

/** Shares of the traffic of all releases; those not named get none. Refused when nobody with a share is ready. */
export function setWeights(target: RunningTarget, weights: Readonly<Record<string, number>>): Changed {
  const shared = Object.entries(weights).filter(([, weight]) => weight > 0);
  const unready = shared.filter(([release]) => readyCount(target, release) === 0).map(([release]) => release);
  if (shared.length === 0) return refuse('REQUEST_INVALID', 'No release would get traffic');
  if (unready.length > 0)
    return refuse('RELEASE_NOT_READY', `${unready.join(', ')} cannot take traffic: nothing is ready`);
  target.state.weights = Object.fromEntries(shared);
  return done;
}

/** Ends the processes of a release and keeps what is known of it. The last one that serves cannot be stopped. */
export function stopRelease(target: RunningTarget, release: string): Changed {
  const running = target.releases.get(release);
  if (running === undefined) return done;
  const serves = (target.state.weights[release] ?? 0) > 0;
  const others = [...target.releases.keys()].some(
    (other) => other !== release && (target.state.weights[other] ?? 0) > 0 && readyCount(target, other) > 0,
  );
  if (serves && !others) return refuse('RELEASE_NOT_READY', `${release} is the only release that serves`);
  running.state.wanted = 0;
  delete target.state.weights[release];
  return done;
}

export function viewTarget({ key, state, releases }: RunningTarget): TargetView {
  const views = [...releases].map(([release, running]) => viewRelease(running, state.weights[release] ?? 0));
  return { target: key, epoch: state.epoch, url: `http://127.0.0.1:${state.port}`, releases: views };
}

export function measureTarget({ key, state, releases }: RunningTarget, startedAt: string): TargetMetrics {
  const groups = [...releases.values()].map(({ replicas }) => replicas.map(({ pid }) => pid));
  const consumptions = measureGroups(groups);
  const measured = [...releases].map(([release, running], index) => ({
    release,
    ...running.metrics,
    latency: [...running.metrics.latency],
    ...(consumptions[index] ?? { cpuSeconds: null, memoryBytes: null, diskWrittenBytes: null }),
    wanted: running.state.wanted,
    ready: readyReplicas(running).length,
    crashes: running.state.crashes,
  }));
  return { target: key, epoch: state.epoch, startedAt, at: new Date().toISOString(), releases: measured };
}

function readyCount({ releases }: RunningTarget, release: string): number {
  const running = releases.get(release);
  return running === undefined ? 0 : readyReplicas(running).length;
}

// The oldest that neither serve nor run: a rollback that reaches so far says all of it again.
function forgetOldest(target: RunningTarget): void {
  const idle = [...target.releases].filter(([, { state, replicas }]) => state.wanted === 0 && replicas.length === 0);
  for (const [release] of idle.slice(0, Math.max(0, target.releases.size - keptReleases))) {
    target.releases.delete(release);
    delete target.state.releases[release];
  }
}

function refuse(code: Refusal['code'], message: string): Changed {
  return { kind: 'refused', refusal: { code, message } };
}
