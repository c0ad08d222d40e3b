import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { StartableRelease } from '@orchestra/adapters/local-target';
import type { Clock } from '@orchestra/runtime';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import {
  createDirectReach,
  createEffectLedger,
  createFakeChat,
  createFakeForge,
  createFakeInfrastructure,
  createFakeRegistry,
  createFakeRepositories,
  createFakeTargets,
  packFakeArchive,
} from '../fakes/world/index.ts';
import { testChat } from './chat.ts';
import { testForge } from './forge.ts';
import { testGit } from './git-source.ts';
import { testImages } from './images.ts';
import { testInfrastructure } from './infrastructure.ts';
import { testMeasurements } from './measurements.ts';
import { testReleases } from './releases.ts';

const reach = createDirectReach('deploy#1');
const nothingToClose = async (): Promise<void> => {};

testForge('the fake forge', async () => {
  const { shown, connect } = createFakeForge(createEffectLedger(createFakeClock()));
  return {
    forge: connect(reach),
    shown: () =>
      [...shown.values()].map(({ commit, context, state, description }) => ({ commit, context, state, description })),
    close: nothingToClose,
  };
});

testChat('the fake chat', async () => {
  const clock = createFakeClock();
  const { messages, connect } = createFakeChat(clock, createEffectLedger(clock));
  return { chat: connect(reach), messages, close: nothingToClose };
});

testGit('the fake repositories', async () => {
  const url = 'https://forge.example/acme/shop.git';
  const repositories = createFakeRepositories();
  return {
    git: repositories.git(reach),
    url,
    async commit(files) {
      const commit = randomBytes(20).toString('hex');
      repositories.commit(url, commit, files);
      repositories.move(url, 'refs/heads/main', commit);
      return commit;
    },
    close: nothingToClose,
  };
});

testImages('the fake registry', async () => {
  const registry = createFakeRegistry(createEffectLedger(createFakeClock()));
  return { images: registry.connect(reach), context: '/nowhere', close: nothingToClose };
});

testInfrastructure('the fake tool', async () => {
  const endlessMs = 1_000_000;
  const begun = Promise.withResolvers<void>();
  const world = createFakeInfrastructure(
    ({ version = '', how }) => ({
      version,
      destroys: how === 'destroys' ? ['the resource'] : [],
      applyFails: how === 'fails',
      applyMs: how === 'endless' ? endlessMs : 0,
    }),
    createEffectLedger(createFakeClock()),
  );
  const wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms !== endlessMs || signal === undefined) return;
    begun.resolve();
    await once(signal, 'abort');
    throw signal.reason;
  };
  return {
    ports: world.connect(reach, { wait }),
    source: async ({ version, how = 'well' }) => packFakeArchive({ version, how }),
    untilBegun: () => begun.promise,
    close: nothingToClose,
  };
});

function openTargets() {
  const clock = createFakeClock();
  const world = createFakeTargets({
    clock,
    ledger: createEffectLedger(clock),
    behave: (files) => ({ startMs: 100, crashes: files['crashes'] === 'yes', badAfterMs: null }),
  });
  return { clock, world, releases: world.releases(reach, passing(clock)), target: 'acme/shop/production/web' };
}

// Whoever waits lets the time pass.
function passing(clock: FakeClock): Pick<Clock, 'wait'> {
  return { wait: (ms) => clock.advance(ms) };
}

function startable(release: string, how: 'comes_up' | 'crashes' = 'comes_up'): StartableRelease {
  const start = { command: ['node', 'main.mjs'], env: {}, port: 0, replicas: 1, healthPath: '/health' };
  const crashes = how === 'crashes' ? 'yes' : 'no';
  const open = async () => packFakeArchive({ crashes });
  return { release, artifactDigest: `sha256:${release}`, readyTimeoutMs: 1_000, ...start, open };
}

testReleases('the fake cluster', async () => {
  const { releases, target } = openTargets();
  return { releases, target, startable, close: nothingToClose };
});

testMeasurements('the fake cluster', async () => {
  const { clock, world, releases, target } = openTargets();
  const { measure } = world.measurements(reach);
  return {
    measure: async (asked) => measure(asked, null, new AbortController().signal),
    target,
    async serve(release) {
      await releases.bringUp({ target, epoch: 1, startable: startable(release) });
      await releases.share({ target, epoch: 1, weights: { [release]: 100 } });
    },
    visit: () => clock.advance(1_000),
    close: nothingToClose,
  };
});
