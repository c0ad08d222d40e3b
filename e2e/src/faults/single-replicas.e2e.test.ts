import { afterAll, beforeAll } from '@jest/globals';
import { testBrokenNeighbours } from './broken-neighbours.ts';
import { shortPeriods, startFaultWorld, type FaultWorld } from './fault-world.ts';
import { testFailpoints } from './killed-at-failpoints.ts';
import { testEmptiedStore } from './store-emptied.ts';

// One platform for all of them, for to start one takes as long as several of these tests.
let world: FaultWorld;

beforeAll(async () => {
  world = await startFaultWorld({ periods: shortPeriods });
});

afterAll(() => world.stop());

testFailpoints(() => world);
testBrokenNeighbours(() => world);
// The last one: what only comforts is lost with the store.
testEmptiedStore(() => world);
