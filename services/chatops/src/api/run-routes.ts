import type { ServiceContext } from '@orchestra/runtime';
import { z } from 'zod';
import { explainRun } from '../explain-run.ts';
import { findRun, readUnattended, showRun } from './find-run.ts';
import { defineRoute, type Route } from './route.ts';
import { nothing, overall, repositoryName, runName, shownRun, unattended } from './shapes.ts';

const listQuery = z.strictObject({
  repository: repositoryName.optional(),
  branch: z.string().min(1).max(255).optional(),
  status: z.string().min(1).max(30).optional().describe('Overall status'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.string().min(1).max(64).optional().describe('Id of a run: only older ones'),
});

type ListQuery = z.output<typeof listQuery>;

const read = { method: 'get', role: 'viewer', body: nothing } as const;

/** Reading runs. */
export const runRoutes: readonly Route[] = [
  defineRoute({
    ...read,
    path: '/runs',
    summary: 'Runs, newest first',
    parameters: nothing,
    query: listQuery,
    answer: z.object({ runs: z.array(shownRun), next: z.string().nullable().describe('For `before`; null: no more') }),
    work: ({ query, context }) => listRuns(query, context),
  }),
  defineRoute({
    ...read,
    path: '/runs/{run}',
    summary: 'One run: its state and overall status',
    parameters: runName,
    query: nothing,
    answer: shownRun.extend({ unattended }),
    work: async ({ path, context }) => {
      const run = await findRun(path.run, context);
      return { ...showRun(run), unattended: await readUnattended(run, context) };
    },
  }),
  defineRoute({
    ...read,
    path: '/runs/{run}/history',
    summary: 'Everything that happened in a run: events, decisions, acts of people',
    parameters: runName,
    query: nothing,
    answer: z.object({ history: z.array(z.looseObject({ id: z.string(), what: z.string() })) }),
    work: async ({ path, context }) => {
      const { runId } = await findRun(path.run, context);
      return { history: await context.store.readHistory(runId) };
    },
  }),
  defineRoute({
    ...read,
    path: '/runs/{run}/jobs',
    summary: 'The jobs of a run and where they stand',
    parameters: runName,
    query: nothing,
    answer: z.object({ jobs: z.array(z.looseObject({ jobId: z.string(), status: z.string() })) }),
    work: async ({ path, context }) => {
      const { runId } = await findRun(path.run, context);
      const jobs = await context.store.readJobs(runId);
      // What a job was given may be large, and is in the history.
      return { jobs: jobs.map(({ payload: _payload, ...job }) => job) };
    },
  }),
  defineRoute({
    ...read,
    path: '/runs/{run}/why',
    summary: 'The chain of events behind the state of a run',
    parameters: runName,
    query: nothing,
    answer: z.object({
      overall,
      about: z.string().nullable().describe('The unit that decided the state'),
      steps: z.array(z.looseObject({ id: z.string(), what: z.string() })).readonly(),
      waits: z.array(z.looseObject({ unit: z.string(), missing: z.array(z.string()).readonly() })).readonly(),
      unattended,
      text: z.string(),
    }),
    work: async ({ path, context }) => {
      const run = await findRun(path.run, context);
      return explainRun(await context.store.readHistory(run.runId), run, await readUnattended(run, context));
    },
  }),
];

interface Listed {
  runs: ReturnType<typeof showRun>[];
  next: string | null;
}

const pageSize = 100;
// A filter that hardly anything fits must not read the whole store.
const pagesAtMost = 10;

async function listRuns(query: ListQuery, { store }: ServiceContext): Promise<Listed> {
  const { repository = null, limit, before = null } = query;
  const runs: Listed['runs'] = [];
  let position = before;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const found = await store.listRuns({ repository, limit: pageSize, before: position });
    const fitting = found.map(showRun).filter((shown) => fits(shown, query));
    const taken = fitting.slice(0, limit - runs.length);
    runs.push(...taken);
    if (taken.length < fitting.length) return { runs, next: taken.at(-1)?.run.runId ?? position };
    if (found.length < pageSize) return { runs, next: null };
    position = found.at(-1)?.runId ?? null;
  }
  return { runs, next: position };
}

function fits({ run, overall: { status } }: Listed['runs'][number], query: ListQuery): boolean {
  return (query.branch ?? run.branch) === run.branch && (query.status ?? status) === status;
}
