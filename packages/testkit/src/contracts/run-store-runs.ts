import { afterEach, beforeEach, describe } from '@jest/globals';
import { testAccept } from './run-store-runs/accept.ts';
import { testAdmit } from './run-store-runs/admit.ts';
import { testAnswers } from './run-store-runs/answers.ts';
import { testEnds } from './run-store-runs/ends.ts';
import { testGateGenerations } from './run-store-runs/gate-generations.ts';
import { testGateProperties } from './run-store-runs/gate-properties.ts';
import { testGates } from './run-store-runs/gates.ts';
import { testHeads } from './run-store-runs/heads.ts';
import { testIdentity } from './run-store-runs/identity.ts';
import type { RunStoreUnderTest } from './run-store-jobs/given.ts';
import { testQueries } from './run-store-runs/queries.ts';
import { testRetry } from './run-store-runs/retry.ts';
import { testSamples } from './run-store-runs/samples.ts';
import { testSupersede } from './run-store-runs/supersede.ts';
import { testWishes } from './run-store-runs/wishes.ts';
import { testWrongArguments } from './run-store-runs/wrong-arguments.ts';

/**
 * The half of the contract of `RunStore` that is about runs: how they begin, what events, gates, wishes, retries and
 * people do to them, and how they are read. Every backend passes it, and `testRunStoreJobs`.
 *
 * @param create called before each test; gives an empty store without an identity marker
 */
export function testRunStoreRuns(name: string, create: () => Promise<RunStoreUnderTest>): void {
  describe(`${name} as a store of runs`, () => {
    let current: RunStoreUnderTest;
    beforeEach(async () => {
      current = await create();
    });
    afterEach(async () => current.close());
    const under = () => current;

    describe('without an identity', () => {
      testIdentity(under);
    });
    describe('with an identity', () => {
      beforeEach(async () => {
        await current.store.initialize('a test');
      });
      testAdmit(under);
      testHeads(under);
      testSupersede(under);
      testAccept(under);
      testGates(under);
      testGateGenerations(under);
      testGateProperties(under);
      testWishes(under);
      testRetry(under);
      testEnds(under);
      testAnswers(under);
      testQueries(under);
      testSamples(under);
      testWrongArguments(under);
    });
  });
}
