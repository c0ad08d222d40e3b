import { driftSchema, findCurrent, parseTarget, targetKey, unitNames, type Target } from '@orchestra/contracts';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import { keepOrder, type Ordered } from './keep-order.ts';
import { defineRoute, type Call, type Route } from './route.ts';
import { nothing, ordered, repositoryName, targetName } from './shapes.ts';

const reason = z.string().max(500).nullish().describe('Why, for the audit log');
const rollbackBody = z.strictObject({
  release: z.string().min(1).max(100).nullish().describe('The release that has to go; absent: what serves'),
  reason,
});
const resolveBody = z.strictObject({ reason });
type RollbackCall = Call<z.output<typeof targetName>, unknown, z.output<typeof rollbackBody>>;
type ResolveCall = Call<z.output<typeof targetName>, unknown, z.output<typeof resolveBody>>;

/** What serves where, the orders about it, and what people ordered. */
export const targetRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/targets',
    role: 'viewer',
    summary: 'Every service in every environment: what serves, what served before, who has the lane',
    parameters: nothing,
    query: z.strictObject({ repository: repositoryName.optional() }),
    body: nothing,
    answer: z.object({
      targets: z.array(
        z.object({
          key: z.string(),
          version: z.int(),
          target: z.looseObject({
            environment: z.string(),
            current: z.looseObject({ release: z.string() }).nullable(),
            drift: z
              .looseObject({
                seenAt: z.string(),
                changes: driftSchema.shape.changes,
              })
              .optional()
              .describe('What somebody else has changed of it in the cluster; it is shown, and not changed back'),
          }),
        }),
      ),
    }),
    work: async ({ query, context }) => {
      const stored = await context.store.listTargets(query.repository ?? null);
      return {
        targets: stored.map(({ key, version, target }) => ({ key, version, target: show(parseTarget(target)) })),
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/targets/{repository}/{environment}/{service}/rollback',
    role: 'operator',
    summary: 'Takes the release back that serves',
    parameters: targetName,
    query: nothing,
    body: rollbackBody,
    answer: ordered,
    work: (call) => rollBack(call),
  }),
  defineRoute({
    method: 'post',
    path: '/targets/{repository}/{environment}/{service}/resolve',
    role: 'operator',
    summary: 'Frees a blocked target after a person has looked at it: what serves there goes on serving',
    parameters: targetName,
    query: nothing,
    body: resolveBody,
    answer: ordered,
    work: (call) => resolve(call),
  }),
  defineRoute({
    method: 'get',
    path: '/audit',
    role: 'admin',
    summary: 'What people asked for, newest first',
    parameters: nothing,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    body: nothing,
    answer: z.object({ audit: z.array(z.record(z.string(), z.string())) }),
    work: async ({ query, context }) => {
      return { audit: await context.store.readAudit(query.limit) };
    },
  }),
];

// The document names the current release; people want to see it.
function show({ drift, ...target }: Target): Omit<Target, 'current'> & { current: { release: string } | null } {
  // What was seen before a move tells nothing of what is there now.
  const isOfNow = drift?.release === target.current && drift.epoch === target.epoch;
  return { ...target, current: findCurrent(target), ...(isOfNow ? { drift } : {}) };
}

async function loadTarget({ path, context }: RollbackCall | ResolveCall): Promise<Target> {
  const stored = await context.store.readTarget(targetKey(path));
  if (stored === null) throw new OrchestraError('NOT_FOUND', 'Nothing was deployed to this target yet');
  return parseTarget(stored.target);
}

async function rollBack(call: RollbackCall): Promise<Ordered> {
  const { repository, environment, service } = call.path;
  const target = await loadTarget(call);
  const leaving = call.body.release ?? target.lane?.release ?? target.current;
  if (leaving === null) throw new OrchestraError('REQUEST_INVALID', 'Nothing serves there that could be taken back');
  const runId = runOf(target, leaving);
  if (runId === null) throw new OrchestraError('NOT_FOUND', `The target has no release ${leaving}`);
  return keepOrder(
    {
      action: 'ROLLBACK',
      addressee: 'rollback',
      repository,
      run: await call.context.store.readRun(runId),
      about: { unit: unitNames.rollback(environment, service), environment, service, release: leaving },
      digest: null,
      force: false,
      reason: call.body.reason ?? null,
    },
    call,
  );
}

// The answer belongs to the history of the run after which the target was blocked.
async function resolve(call: ResolveCall): Promise<Ordered> {
  const { repository, environment, service } = call.path;
  const { blocked } = await loadTarget(call);
  return keepOrder(
    {
      action: 'RESOLVE',
      addressee: 'deploy',
      repository,
      run: blocked === null ? null : await call.context.store.readRun(blocked.runId),
      about: { unit: unitNames.deploy(environment, service), environment, service, release: null },
      digest: null,
      force: false,
      reason: call.body.reason ?? null,
    },
    call,
  );
}

function runOf({ lane, history }: Target, name: string): string | null {
  if (lane?.release === name) return lane.runId;
  return history.find(({ release: each }) => each === name)?.runId ?? null;
}
