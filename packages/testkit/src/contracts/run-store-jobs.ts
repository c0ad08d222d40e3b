import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testAcceptingAndClaiming } from './run-store-jobs/accepting-and-claiming.ts';
import { testClaiming } from './run-store-jobs/claiming.ts';
import { testFencing } from './run-store-jobs/fencing.ts';
import { testFinishing } from './run-store-jobs/finishing.ts';
import { aClaim, aJob, type RunStoreUnderTest } from './run-store-jobs/given.ts';
import { testHandingOver } from './run-store-jobs/handing-over.ts';
import { testHinting } from './run-store-jobs/hinting.ts';
import { testLeasing } from './run-store-jobs/leasing.ts';
import { testParking } from './run-store-jobs/parking.ts';
import { testRefusing } from './run-store-jobs/refusing.ts';
import { testRelaying } from './run-store-jobs/relaying.ts';
import { testRendering } from './run-store-jobs/rendering.ts';
import { testRetention } from './run-store-jobs/retention.ts';
import { testStorm } from './run-store-jobs/storm.ts';
import { testTargets } from './run-store-jobs/targets.ts';

export type { RunStoreUnderTest } from './run-store-jobs/given.ts';

/**
 * One half of the promises of the port `RunStore`: the life of jobs, the outbox and the marks for renderers. Every
 * backend passes it.
 *
 * @param create called before each test; gives an empty store, without an identity marker
 */
export function testRunStoreJobs(name: string, create: () => Promise<RunStoreUnderTest>): void {
  describe(`${name} as a run store, jobs`, () => {
    let given: RunStoreUnderTest;
    beforeEach(async () => {
      given = await create();
    });
    afterEach(async () => given.close());

    describe('an empty store', () => {
      it('refuses every step until it has an identity', async () => {
        const { store } = given;
        const refused = { code: 'STORE_NOT_INITIALIZED', retriable: true };

        expect(await store.identity()).toBeNull();
        await expect(store.enqueue(aJob())).rejects.toMatchObject(refused);
        await expect(store.claim(aClaim())).rejects.toMatchObject(refused);
        await expect(store.readRun('run')).rejects.toMatchObject(refused);
        await expect(store.readOutbox('build', 1)).rejects.toMatchObject(refused);
        await expect(store.stats('build')).rejects.toMatchObject(refused);

        await store.initialize('mine');
        expect(await store.claim(aClaim())).toBeNull();
      });

      it('keeps the first identity', async () => {
        const { store } = given;

        expect(await store.initialize('first')).toBe('first');
        expect(await store.initialize('second')).toBe('first');

        expect(await store.identity()).toBe('first');
      });
    });

    const under = (): RunStoreUnderTest => given;
    describe('an initialized store:', () => {
      beforeEach(async () => {
        await given.store.initialize('contract-suite');
      });

      testClaiming(under);
      testAcceptingAndClaiming(under);
      testLeasing(under);
      testFinishing(under);
      testParking(under);
      testTargets(under);
      testRetention(under);
      testStorm(under);
      testFencing(under);
      testRefusing(under);
      testRelaying(under);
      testHandingOver(under);
      testRendering(under);
      testHinting(under);
    });
  });
}
