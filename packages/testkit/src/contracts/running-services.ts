import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { writeEnvelope, type Backends, type Meter } from '@orchestra/runtime';
import { createKeptLog } from '../kept-log.ts';
import { eventually } from '../eventually.ts';
import { readRecords } from '../read-records.ts';
import { startWorld, succeed, untilAborted, type Open, type World } from './running-services-world.ts';

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
      const history = await world.backends.store.readHistory(runId);
      expect(history.filter(({ kind }) => kind === 'decision').map(({ what, reason }) => [what, reason])).toEqual([
        ['attempt is repeated', 'registry_unavailable'],
        ['unit concluded', 'registry_unavailable'],
      ]);
    });

    it('repeat an attempt that found no room on the disk', async () => {
      let attempts = 0;
      await using world = await startWorld(open, {
        build: (signal) => {
          attempts += 1;
          if (attempts > 1) return succeed(signal);
          throw Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
        },
      });

      const runId = await world.push();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'success' });
      expect((await world.backends.store.readHistory(runId)).map(({ reason }) => reason)).toContain('disk_full');
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
      expect(begun).toBe(2);
      stuck.resolve();

      await eventually({ see: () => countOf(world.meter.fenced), until: (refused) => refused === 1 });
      expect(await countRecords(world, 'build_ready', runId)).toBe(1);
    });

    it('work at as many jobs at once as their card says', async () => {
      const atOnce = 12;
      const together = Promise.withResolvers<void>();
      let begun = 0;
      await using world = await startWorld(open, {
        atOnce,
        build: async (signal) => {
          begun += 1;
          if (begun === atOnce) together.resolve();
          await together.promise;
          return succeed(signal);
        },
      });

      const runs = await Promise.all(Array.from({ length: atOnce }, () => world.push()));

      const statuses = () => Promise.all(runs.map((runId) => world.status(runId, 'build')));
      await eventually({ see: statuses, until: (seen) => seen.every((status) => status === 'success') });
      expect(begun).toBe(atOnce);
    });

    it('take nothing in while their queue is full, and work it off and take in again behind it', async () => {
      const first = Promise.withResolvers<void>();
      await using world = await startWorld(open, {
        maxReady: 0,
        atOnce: 1,
        build: async (signal) => {
          await first.promise;
          return succeed(signal);
        },
      });
      const taken = [await world.push(), await world.push()];
      // One runs and one waits: before, the queue is full only for moments.
      const begun = () => Promise.all(taken.map((runId) => world.status(runId, 'build')));
      await eventually({ see: begun, until: (seen) => seen.includes('running') && seen.includes('queued') });
      await world.health().refresh();
      expect(world.health().ready().problems).toContain('queue_full');

      const left: string[] = [];
      // Whoever takes in has taken the first of them by the time when the next ones are published.
      for (let count = 0; count < 3; count += 1) {
        const runId = await world.push();
        left.push(runId);
        await eventually({ see: () => countRecords(world, 'code_push', runId), until: (published) => published === 1 });
      }
      const jobs = await Promise.all(left.map((runId) => world.backends.store.readJobs(runId)));
      first.resolve();

      expect(jobs.flat().filter(({ service }) => service === 'build')).toEqual([]);
      const runs = [...taken, ...left];
      const statuses = () => Promise.all(runs.map((runId) => world.status(runId, 'build')));
      await eventually({ see: statuses, until: (seen) => seen.every((status) => status === 'success') });
    });

    it('take what is replayed for their group, and nothing that is for another one', async () => {
      await using world = await startWorld(open, {});
      const place = { topic: 'operator_command', key: 'k' };
      const ofBuild = { value: Buffer.from('of build'), headers: { 'dlq.group': 'orchestra.build' } };
      const ofAll = { value: Buffer.from('of all'), headers: {} };

      await world.backends.bus.publish([ofBuild, ofAll].map((poison) => ({ ...place, ...poison })));

      const refused = await eventually({ see: () => refusedIn(world), until: ({ length }) => length >= 3 });
      expect(refused.toSorted()).toEqual([
        'of all by orchestra.build',
        'of all by orchestra.gitops',
        'of build by orchestra.build',
      ]);
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

    it('say the service, run and event on each line about a job or a record', async () => {
      const kept = createKeptLog();
      const trouble = new OrchestraError('REGISTRY_UNAVAILABLE', 'not now', { retriable: true });
      await using world = await startWorld(open, {
        log: kept.log,
        build: () => {
          throw trouble;
        },
      });
      const runId = await world.push();
      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'error' });

      const poison = await publishPoison(world.backends, runId);
      await eventually({ see: () => kept.find('record refused, goes to the dead letters'), until: Boolean });

      const push = (await world.backends.store.readHistory(runId)).find(({ what }) => what === 'code_push');
      expect(kept.find('attempt failed')).toMatchObject({ service: 'build', runId, unit: 'build', event: push?.id });
      expect(kept.find('record refused, goes to the dead letters')).toMatchObject({
        service: 'build',
        runId,
        event: poison,
        topic: 'code_push',
      });
    });
  });
}

async function countOf(counter: Meter['fenced']): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}

async function refusedIn(world: World): Promise<string[]> {
  const letters = await readRecords(world.backends.bus, { topics: ['operator_command.dlq'] });
  return letters.map(({ value, headers }) => `${String(value)} by ${headers['dlq.group']}`);
}

async function countRecords(world: World, topic: string, runId: string): Promise<number> {
  const records = await readRecords(world.backends.bus, { topics: [topic] });
  return records.filter(({ headers }) => headers['ce_correlationid'] === runId).length;
}

// Its headers are well, its body is not.
async function publishPoison({ bus }: Backends, runId: string): Promise<string> {
  const id = randomUUID();
  const headers = writeEnvelope('code_push', {
    id,
    source: 'gitops',
    subject: 'gitops',
    time: new Date(),
    runId,
    causeId: null,
    generation: 1,
    hops: 1,
    traceparent: null,
  });
  await bus.publish([{ topic: 'code_push', key: runId, value: Buffer.from('no Avro'), headers }]);
  return id;
}
