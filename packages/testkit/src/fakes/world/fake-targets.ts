import type { LocalReleases } from '@orchestra/adapters/local-target';
import type { Clock } from '@orchestra/runtime';
import type { EffectLedger } from './effect-ledger.ts';
import { createTargetState, type AppBehaviour, type FakeTarget } from './fake-target.ts';
import type { Files } from './fake-archive.ts';
import { connectReleases } from './fake-releases.ts';
import { connectMeasurements, type FakeMeasurements } from './fake-measurements.ts';
import type { Reach } from './reach.ts';

export interface FakeReleases extends Omit<LocalReleases, 'demandSandbox' | 'metrics' | 'notes' | 'shutdown'> {
  notes(): Promise<readonly string[]>;
  demandSandbox(): Promise<void>;
}

/** A cluster of targets in memory: it refuses old epochs, and its traffic is counted in the time of a clock. */
export interface FakeTargets {
  readonly targets: ReadonlyMap<string, FakeTarget>;
  /** What deploy and rollback use, for one process. */
  releases(reach: Reach, clock: Pick<Clock, 'wait'>): FakeReleases;
  /** What observability uses, for one process. */
  measurements(reach: Reach): FakeMeasurements;
}

/** What all connections to the targets share. */
export interface TargetsWorld {
  clock: Clock;
  ledger: EffectLedger;
  /** What a released archive does when it runs. */
  behave(files: Files): AppBehaviour;
  find(key: string): FakeTarget | null;
  ensure(key: string): FakeTarget;
}

/** Creates a cluster where nothing was deployed. */
export function createFakeTargets({ clock, ledger, behave }: Omit<TargetsWorld, 'find' | 'ensure'>): FakeTargets {
  const targets = new Map<string, FakeTarget>();
  const world: TargetsWorld = {
    clock,
    ledger,
    behave,
    find: (key) => targets.get(key) ?? null,
    ensure(key) {
      const target = targets.get(key) ?? createTargetState(key, clock.monotonicMs());
      targets.set(key, target);
      return target;
    },
  };
  return {
    targets,
    releases: (reach, waiting) => connectReleases(world, reach, waiting),
    measurements: (reach) => connectMeasurements(world, reach),
  };
}
