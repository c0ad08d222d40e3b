import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { eventually } from '../eventually.ts';
import { startWorld, succeed, untilAborted, type Open } from './running-services-world.ts';

/** Two services of the choreography on real backends: an admitted push comes out as a finished build, whatever happens. */
export function testRunningServices(name: string, open: Open): void {
  describe(`services on ${name}`, () => {
    it('bring an admitted push through two services', async () => {
      await using world = await startWorld(open, {});

      const runId = await world.push();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'success' });
      expect(await world.topics(runId)).toEqual(['code_push', 'build_ready']);
    });

    it('repeat an attempt at trouble that waiting may mend, and say error when the attempts are spent', async () => {
      const trouble = new OrchestraError('REGISTRY_UNAVAILABLE', 'not now', { retriable: true });
      let attempts = 0;
      await using world = await startWorld(open, {
        build: () => {
          attempts += 1;
          throw trouble;
        },
      });

      const runId = await world.push();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'error' });
      expect(attempts).toBe(2);
    });

    it('end work at its time limit', async () => {
      await using world = await startWorld(open, { build: untilAborted, maxMs: 100 });

      const runId = await world.push();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'timed_out' });
      expect(await world.topics(runId)).toEqual(['code_push', 'build_ready']);
    });

    it('hand running work back when they are stopped, and another process finishes it', async () => {
      let begun = 0;
      await using world = await startWorld(open, {
        build: (signal) => {
          begun += 1;
          return begun === 1 ? untilAborted(signal) : succeed(signal);
        },
      });
      const runId = await world.push();
      await eventually({ see: () => begun, until: (seen) => seen === 1 });

      await world.restartBuild();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'success' });
      expect(begun).toBe(2);
    });

    it('give a job to another worker when its own goes silent, and refuse its late finish', async () => {
      const stuck = Promise.withResolvers<void>();
      let begun = 0;
      await using world = await startWorld(open, {
        leaseMs: 150,
        renewMs: 10_000,
        build: async (signal) => {
          begun += 1;
          if (begun === 1) await stuck.promise;
          return succeed(signal);
        },
      });

      const runId = await world.push();
      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'success' });
      stuck.resolve();

      await eventually({ see: () => begun, until: (seen) => seen === 2 });
      expect(await world.topics(runId)).toEqual(['code_push', 'build_ready']);
    });

    it('work off a queue that is full, and take in again behind it', async () => {
      await using world = await startWorld(open, { maxReady: 0 });

      const runs = await Promise.all([world.push(), world.push(), world.push()]);

      const statuses = () => Promise.all(runs.map((runId) => world.status(runId, 'build')));
      const done = await eventually({ see: statuses, until: (seen) => seen.every((status) => status === 'success') });
      expect(done).toHaveLength(3);
    });

    it('end running work as cancelled when a person wishes it', async () => {
      let began = false;
      await using world = await startWorld(open, {
        build: (signal) => {
          began = true;
          return untilAborted(signal);
        },
      });
      const runId = await world.push();
      await eventually({ see: () => began, until: (seen) => seen });

      const wish = { runId, wish: 'cancel', generation: null, units: null, reason: 'test', actor: 'ada' } as const;
      await world.backends.store.setWish(wish);

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'cancelled' });
      expect(await world.topics(runId)).toEqual(['code_push', 'build_ready']);
    });
  });
}
