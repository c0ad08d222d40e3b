import type { RunStore } from '@orchestra/runtime';

/** The part of the store that looks and changes nothing. */
export type Reads = Pick<
  RunStore,
  | 'readAnswer'
  | 'readRun'
  | 'findRun'
  | 'listRuns'
  | 'readHeads'
  | 'readHistory'
  | 'readJobs'
  | 'readJob'
  | 'readTarget'
  | 'listTargets'
  | 'readQuarantine'
  | 'readSamples'
  | 'stats'
  | 'nextDueMs'
  | 'readAudit'
>;
