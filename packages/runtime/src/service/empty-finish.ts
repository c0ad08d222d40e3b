import type { Finish } from '../ports/run-store.ts';

/** The end of a job that says nothing but that it is done. */
export const emptyFinish: Finish = {
  status: null,
  reason: null,
  message: null,
  slice: {},
  outbox: [],
  history: [],
  jobs: [],
  wish: null,
  plan: null,
  target: null,
  notes: [],
};
