import type { ServiceName } from '@orchestra/contracts';
import type { EventBus } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Meter } from '../observe/meter.ts';
import type { ServiceContext } from '../service/context.ts';
import type { Service } from '../service/definition.ts';
import type { OutboxHead } from './outbox-head.ts';
import type { EngineSettings } from './settings.ts';

/** What every loop of a running service shares. */
export interface Engine<S extends ServiceName> {
  service: Service<S>;
  store: RunStore;
  bus: EventBus;
  codec: EventCodec;
  context: ServiceContext;
  meter: Meter;
  settings: EngineSettings;
  /** Between the finishes of this process and its relay. */
  head: OutboxHead;
  /** Names this process in leases, for people. */
  owner: string;
}

/** A loop that was started: `stop` resolves when its last step is done. */
export interface Loop {
  wake(): void;
  stop(): Promise<void>;
}
