import type { FoldedIdentity, FoldedRun, Plan, Received, Target, Topic } from '@orchestra/contracts';
import type { NewJob } from '../ports/jobs.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Rebuilding } from './facts.ts';
import type { Standing } from './where-units-stand.ts';

/** What a rebuild knows of a run, for work that is no unit of it. */
export interface ToldRun {
  folded: Pick<FoldedRun, 'runId' | 'generation'>;
  identity: Pick<FoldedIdentity, 'repository'>;
  /** Null: it is no longer in the artifact store. */
  plan: Plan | null;
  standing: Pick<Standing, 'unfinished'>;
  /** In the order of their times. */
  events: readonly Received<Topic>[];
}

/** What a rebuild has restored. */
export interface Restored extends Rebuilding {
  runs: readonly ToldRun[];
  /** Those of services, as the world has them, and the documents of environments. */
  targets: readonly Target[];
}

/** Work of no unit that was going on and that no event asks for again: it begins by looking at what is there. */
export type TasksOf = (restored: Restored) => readonly NewJob[];

/** Queues the work of no unit. Returns how many jobs there are. */
export async function restoreTasks(store: RunStore, tasksOf: TasksOf, restored: Restored): Promise<number> {
  const jobs = tasksOf(restored);
  for (const job of jobs) await store.enqueue(job);
  return jobs.length;
}
