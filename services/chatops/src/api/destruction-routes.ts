import {
  infrastructureName,
  mayBeDestroyed,
  parseTarget,
  targetKey,
  unitNames,
  type RunState,
} from '@orchestra/contracts';
import { OrchestraError, readPlan, type ServiceContext } from '@orchestra/runtime';
import { z } from 'zod';
import { keepOrder } from './keep-order.ts';
import { defineRoute, type Call, type Route } from './route.ts';
import { nothing, ordered, repositoryName } from './shapes.ts';

const place = z.object({ repository: repositoryName, environment: z.string().min(1).max(100) });
const body = z.strictObject({ reason: z.string().max(500).nullish().describe('Why, for the audit log') });
const answer = ordered.extend({
  runId: z.string().describe('The run that applied it last, and that asks for the approval'),
});
type Place = z.output<typeof place>;

/** The order to destroy what stands below an environment that is made to be thrown away. */
export const destructionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/infrastructure/{repository}/{environment}/destroy',
    role: 'operator',
    summary: 'Plans to destroy the infrastructure of an ephemeral environment, and asks a person to approve that plan',
    parameters: place,
    query: nothing,
    body,
    answer,
    work: (call) => destroy(call),
  }),
];

async function destroy(call: Call<Place, unknown, z.output<typeof body>>): Promise<z.output<typeof answer>> {
  const { repository, environment } = call.path;
  const run = await findApplied(call.path, call.context);
  // iac decides, and asks the same again; who is told at once need not look for the answer.
  if (!mayBeDestroyed(await readPlan(run, call.context.artifacts), environment)) {
    const message = `${environment} is not made to be thrown away: its file does not say \`ephemeral: true\` of it`;
    throw new OrchestraError('REQUEST_INVALID', message);
  }
  const kept = await keepOrder(
    {
      action: 'DESTROY',
      addressee: 'iac',
      repository,
      run,
      about: { unit: unitNames.iac(environment), environment, service: null, release: null },
      digest: null,
      force: false,
      reason: call.body.reason ?? null,
    },
    call,
  );
  return { ...kept, runId: run.runId };
}

async function findApplied({ repository, environment }: Place, { store }: ServiceContext): Promise<RunState> {
  const stored = await store.readTarget(targetKey({ repository, environment, service: infrastructureName }));
  const applied = stored === null ? null : (parseTarget(stored.target).infrastructure?.applied ?? null);
  const run = applied === null ? null : await store.readRun(applied.runId);
  if (run === null) throw new OrchestraError('NOT_FOUND', `No run has applied the infrastructure of ${environment}`);
  return run;
}
