import { OrchestraError, type ServiceName } from '@orchestra/contracts';
import type { Engine } from '../engine/engine.ts';
import { createOutboxHead } from '../engine/outbox-head.ts';
import { defaultSettings } from '../engine/settings.ts';
import { createMeter } from '../observe/meter.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Log } from '../service/context.ts';
import { createSystemClock, createSystemIds } from '../system-clock.ts';
import type { ServiceBuild } from './replay-events.ts';

interface ReplayEngine<S extends ServiceName> {
  build: ServiceBuild<S>;
  store: RunStore;
  artifacts: ArtifactStore;
  codec: EventCodec;
  now: Date;
}

/** The engine of a service that hears recorded events: its bus takes nothing, its log is silent, its time stands still. */
export function createReplayEngine<S extends ServiceName>(replay: ReplayEngine<S>): Engine<S> {
  const { build, store, artifacts, codec, now } = replay;
  return {
    service: build.service,
    store,
    bus: mute,
    codec,
    context: {
      store,
      artifacts,
      logs: { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] },
      clock: createStandingClock(now),
      ids: createSystemIds(),
      log: silent,
      stopping: new AbortController().signal,
      ready: () => ({ ready: true, problems: [] }),
      notes: [],
    },
    meter: createMeter(),
    settings: defaultSettings,
    head: createOutboxHead(),
    owner: 'replay',
  };
}

/** A clock whose time of day stands still; waits are real, and so are durations. */
export function createStandingClock(now: Date): Clock {
  return { ...createSystemClock(), now: () => now };
}

async function refuse(): Promise<never> {
  throw new OrchestraError('NOT_PERMITTED', 'A replay publishes and stores nothing');
}

const mute: EventBus = {
  ensureTopics: refuse,
  publish: refuse,
  subscribe: refuse,
  read: refuse,
  close: async () => {},
};

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
