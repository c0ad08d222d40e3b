import type { StartableRelease } from '@orchestra/adapters/local-target';
import type { Clock } from '@orchestra/runtime';
import type { EffectKind } from '../../invariants/world-facts.ts';
import { readFakeArchive } from './fake-archive.ts';
import {
  checkEpoch,
  countRequests,
  describeWeights,
  ensureProcesses,
  notReady,
  readyOf,
  shareTraffic,
  stopProcesses,
  type FakeTarget,
} from './fake-target.ts';
import type { FakeReleases, TargetsWorld } from './fake-targets.ts';
import type { Reach } from './reach.ts';

interface Move {
  target: string;
  epoch: number;
}

interface Caller {
  world: TargetsWorld;
  reach: Reach;
  clock: Pick<Clock, 'wait'>;
}

const pollMs = 500;

/** The releases of a fake cluster as one process sees them: every step of an effect is a request of its own. */
export function connectReleases(world: TargetsWorld, reach: Reach, clock: Pick<Clock, 'wait'>): FakeReleases {
  const caller: Caller = { world, reach, clock };
  return {
    notes: async () => [],
    demandSandbox: async () => {},
    tend: async () => {},
    output: async () => '',
    look: (target, signal) => reach.call('target.look', () => lookAt(world, target), signal),
    claim: (move, signal) => claim(caller, move, signal),
    async bringUp({ startable, ...move }, signal) {
      await bringUp(caller, { ...move, startable, kind: 'deploy_step' }, signal);
      return load(caller, move.target, signal);
    },
    async share({ weights, ...move }, signal) {
      await share(caller, { ...move, weights, kind: 'deploy_step' }, signal);
      return load(caller, move.target, signal);
    },
    async retire({ releases, ...move }, signal) {
      for (const release of releases) await stop(caller, { ...move, release }, signal);
    },
    async giveBack({ to, ...move }, signal) {
      const kind = reach.by.startsWith('rollback') ? 'rollback' : 'return';
      const weights = { [to.release]: 100 };
      const view = await claim(caller, move, signal);
      const isReady = view.releases.some(({ release, ready }) => release === to.release && ready > 0);
      if (isReady) await share(caller, { ...move, weights, kind }, signal);
      await bringUp(caller, { ...move, startable: to, kind }, signal);
      await share(caller, { ...move, weights, kind }, signal);
      return load(caller, move.target, signal);
    },
  };
}

function claim({ world, reach }: Caller, { target: key, epoch }: Move, signal?: AbortSignal) {
  const work = () => {
    const target = world.ensure(key);
    checkEpoch(target, epoch);
    const changed = target.epoch !== epoch;
    target.epoch = epoch;
    world.ledger.record({ kind: 'claim', key: `epoch ${epoch}`, target: key, epoch, changed, by: reach.by });
    return viewOf(world, target);
  };
  return reach.call('target.claim', work, signal);
}

async function bringUp(
  caller: Caller,
  { startable, kind, ...move }: Move & { startable: StartableRelease; kind: EffectKind },
  signal?: AbortSignal,
): Promise<void> {
  const { world } = caller;
  const { release, replicas } = startable;
  await claim(caller, move, signal);
  const app = world.behave(await readFakeArchive(await startable.open()));
  const key = `run ${release} ${replicas} times`;
  await change(caller, { ...move, name: 'target.ensure', kind, key, release }, (target, nowMs) =>
    ensureProcesses(target, { release, app, wanted: replicas }, nowMs),
  )(signal);
  await waitUntilReady(caller, { target: move.target, startable }, signal);
}

async function waitUntilReady(
  { world, reach, clock }: Caller,
  { target: key, startable }: { target: string; startable: StartableRelease },
  signal?: AbortSignal,
): Promise<void> {
  const { release, readyTimeoutMs } = startable;
  for (let waitedMs = 0; waitedMs <= readyTimeoutMs; waitedMs += pollMs) {
    const view = await reach.call('target.wait', () => viewOf(world, world.ensure(key)), signal);
    const found = view.releases.find((one) => one.release === release);
    if (found !== undefined && found.ready >= found.wanted) return;
    await clock.wait(pollMs, signal);
  }
  throw notReady(`${release} is not ready after ${readyTimeoutMs} ms`);
}

async function share(
  caller: Caller,
  { weights, kind, ...move }: Move & { weights: Readonly<Record<string, number>>; kind: EffectKind },
  signal?: AbortSignal,
): Promise<void> {
  const [release = null] = Object.keys(weights).toReversed();
  const key = `share ${describeWeights(weights)}`;
  await change(caller, { ...move, name: 'target.share', kind, key, release, weights }, (target, nowMs) =>
    shareTraffic(target, weights, nowMs),
  )(signal);
}

async function stop(caller: Caller, move: Move & { release: string }, signal?: AbortSignal): Promise<void> {
  const { release } = move;
  const asked = { ...move, name: 'target.stop', kind: 'retire', key: `stop ${release}` } as const;
  await change(caller, asked, (target, nowMs) => stopProcesses(target, release, nowMs))(signal);
}

interface Change extends Move {
  name: string;
  kind: EffectKind;
  key: string;
  release: string | null;
  weights?: Readonly<Record<string, number>>;
}

/** One effect on a target: refused under an older epoch, written down with whether it changed anything. */
function change(
  { world, reach }: Caller,
  { name, target: key, epoch, ...asked }: Change,
  work: (target: FakeTarget, nowMs: number) => boolean,
): (signal?: AbortSignal) => Promise<void> {
  return (signal) =>
    reach.call(
      name,
      () => {
        const target = world.ensure(key);
        const nowMs = world.clock.monotonicMs();
        checkEpoch(target, epoch);
        countRequests(target, nowMs);
        target.epoch = epoch;
        const before = target.releases.get(asked.release ?? '')?.wanted ?? 0;
        const changed = work(target, nowMs);
        // Fewer processes of a release is a part of its end, whoever asks for it.
        const isLess = (target.releases.get(asked.release ?? '')?.wanted ?? 0) < before;
        const kind = isLess ? 'retire' : asked.kind;
        world.ledger.record({ ...asked, kind, target: key, epoch, changed, by: reach.by });
      },
      signal,
    );
}

function load({ world, reach }: Caller, key: string, signal?: AbortSignal) {
  return reach.call('target.look', () => viewOf(world, world.ensure(key)), signal);
}

function lookAt(world: TargetsWorld, key: string) {
  const target = world.find(key);
  return target === null ? null : viewOf(world, target);
}

function viewOf({ clock }: TargetsWorld, { key, epoch, releases, weights }: FakeTarget) {
  const nowMs = clock.monotonicMs();
  const views = [...releases.values()].map((one) => {
    const { release, wanted } = one;
    const ready = readyOf(one, nowMs);
    const weight = weights[release] ?? 0;
    return { release, wanted, ready, running: wanted, crashes: 0, weight, lastEnd: null, ports: [] };
  });
  return { target: key, epoch, url: `http://127.0.0.1/${key}`, releases: views };
}
