import { describe, expect, it } from '@jest/globals';
import type { Received, Topic } from '@orchestra/contracts';
import { restoredWatches } from './restored-watches.ts';
import { servingTarget } from './serving-target.fixture.ts';
import { aWatch, watchBegins } from './watched-events.fixture.ts';

const compared = { release_watch_seconds: 600, baseline: { with: 'earlier_days' } };
const { data: step } = aWatch({ phase: 'RELEASED', observability: compared });

// What the events carry beside what is looked at does not matter here.
function event(topic: Topic, minutes: number, data: object): Received<Topic> {
  const time = new Date(watchBegins.getTime() + minutes * 60_000);
  return Object.assign(Object.create(null), { topic, id: `${topic} ${minutes}`, generation: 2, hops: 3, time, data });
}

const released = event('deployment_triggered', 0, { ...step, release: 'r2', epoch: 7 });
const restored = event('rollback_event', 5, {
  outcome: 'SUCCESS',
  environment: 'production',
  service: 'web',
  fromRelease: 'r3',
  toRelease: 'r2',
  epoch: 9,
});

interface World {
  events?: readonly Received<Topic>[];
  /** Of a run whose release was taken back. */
  later?: readonly Received<Topic>[];
  observability?: object;
  unfinished?: readonly string[];
  current?: string | null;
  minutes?: number;
}

function jobsOf(world: World) {
  const { events = [released], later = [], unfinished = [], current = 'r2', minutes = 60 } = world;
  const { plan } = aWatch({
    phase: 'RELEASED',
    observability: { release_watch_seconds: 600, ...(world.observability ?? compared) },
  });
  const standing = { unfinished: new Map(unfinished.map((unit) => [unit, 1])) };
  const around = { identity: { repository: 'acme/shop' }, plan, standing };
  const jobs = restoredWatches({
    runs: [
      { ...around, folded: { runId: 'run-2', generation: 2 }, events },
      { ...around, folded: { runId: 'run-3', generation: 1 }, events: later },
      {
        ...around,
        identity: { repository: 'acme/other' },
        folded: { runId: 'run-9', generation: 1 },
        events: [restored],
      },
    ],
    targets: [{ ...servingTarget('run-2'), current }],
    identity: 'new',
    now: new Date(watchBegins.getTime() + minutes * 60_000),
  });
  return jobs.map(({ handler, runId, generation, payload }) => [handler, runId, generation, JSON.parse(payload)]);
}

const place = { environment: 'production', service: 'web', release: 'r2' };

describe('restoredWatches', () => {
  it('measures on a release whose watch is over, where later ones are compared with it', () => {
    expect(jobsOf({})).toEqual([['keep_samples', 'run-2', 2, { ...place, epoch: 7 }]]);
  });

  it('watches anew what a rollback has restored, in the run that tells of it', () => {
    expect(jobsOf({ later: [restored], minutes: 10 })).toEqual([
      ['watch_restored', 'run-3', 2, { ...place, epoch: 9 }],
    ]);
  });

  it('measures on what a rollback has restored once the time of its watch is over', () => {
    expect(jobsOf({ later: [restored] })).toEqual([['keep_samples', 'run-3', 2, { ...place, epoch: 9 }]]);
  });

  const alert = { ...place, source: 'WATCH' };

  it.each<[string, World]>([
    ['whose watch goes on as a unit of the run', { unfinished: ['observe/production/web'] }],
    ['with which nothing is compared', { observability: {} }],
    ['of which a metrics server knows earlier times', { observability: { baseline: {}, prometheus: {} } }],
    ['that nobody is to watch', { observability: { ...compared, enabled: false } }],
    ['that was found ill and serves on', { events: [released, event('observability_alert', 3, alert)] }],
    ['that serves no longer', { current: 'r3' }],
    ['where nothing serves', { current: null }],
  ])('has nothing for a release %s', (_what, world) => {
    expect(jobsOf(world)).toEqual([]);
  });

  it('goes on where only others have told of something', () => {
    const elsewhere = event('observability_alert', 3, { ...alert, service: 'cart' });
    const outside = event('observability_alert', 3, { ...alert, source: 'EXTERNAL' });

    expect(jobsOf({ events: [released, elsewhere, outside] })).toHaveLength(1);
  });
});
