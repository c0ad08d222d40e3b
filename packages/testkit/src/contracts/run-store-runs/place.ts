import type { RunStoreUnderTest } from '../run-store-jobs/given.ts';

/** The store of the test that runs. */
export type Under = () => RunStoreUnderTest;
