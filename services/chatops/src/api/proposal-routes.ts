import type { RunState } from '@orchestra/contracts';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';
import { z } from 'zod';
import { findRun } from './find-run.ts';
import { defineRoute, type Route } from './route.ts';
import { nothing, runName } from './shapes.ts';

const shownProposal = z.object({
  environment: z.string(),
  files: z.array(z.string()).describe('New files, relative to the repository'),
  digest: z.string(),
  patch: z.string().describe('For `git apply`, by a person who has read it; written by a language model'),
});

type ShownProposal = z.output<typeof shownProposal>;

const maxBytes = 1024 ** 2;

/** What a language model has proposed where a configuration is missing. It is handed out, never applied. */
export const proposalRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/runs/{run}/proposals',
    role: 'viewer',
    summary: 'Patches that a language model has proposed for the infrastructure of environments; nothing applies them',
    parameters: runName,
    query: z.strictObject({ environment: z.string().min(1).max(100).optional().describe('Absent: all') }),
    body: nothing,
    answer: z.object({ proposals: z.array(shownProposal) }),
    work: async ({ path, query, context }) => {
      const proposals = await readProposals(await findRun(path.run, context), query.environment ?? null, context);
      if (proposals.length === 0) throw new OrchestraError('NOT_FOUND', 'Nothing was proposed in this run');
      return { proposals };
    },
  }),
];

async function readProposals(
  { slices }: RunState,
  wanted: string | null,
  { artifacts }: ServiceContext,
): Promise<ShownProposal[]> {
  const named = Object.entries(slices.iac).filter(([environment]) => wanted === null || environment === wanted);
  const shown = named.map(async ([environment, { proposal }]): Promise<ShownProposal[]> => {
    if (proposal === undefined || proposal.digest === null) return [];
    const patch = (await artifacts.read(proposal.digest, maxBytes)).toString('utf8');
    return [{ environment, files: [...proposal.files], digest: proposal.digest, patch }];
  });
  return (await Promise.all(shown)).flat();
}
