import { OrchestraError, renderProposal, type InfrastructureSlice, type ProposalSlice } from '@orchestra/contracts';
import { whileUnwished } from '@orchestra/runtime';
import { ownSlice } from '../decide.ts';
import type { Task } from '../gather-work.ts';
import { nothingPlanned } from '../nothing-planned.ts';
import type { ProposedFile, Work } from '../ports.ts';
import { composeRequest, toolOf } from './compose-request.ts';
import { judgeFiles } from './judge-files.ts';
import { renderPatch } from './render-patch.ts';

/**
 * Asks a language model for the configuration that the folder lacks, if file and settings say so: once for each generation of a
 * unit. Whatever becomes of it, this returns, and the unit ends as it would have without it.
 *
 * @returns the slice with what people see of it; undefined: nothing was to be asked
 */
export async function propose(task: Task, work: Work): Promise<InfrastructureSlice | undefined> {
  const { context, ports, infrastructure, environment } = task;
  const own = ownSlice(context.run.slices.iac[environment], context.job.generation);
  if (infrastructure.proposal !== true || context.wishes().length > 0) return undefined;
  const before = own?.proposal;
  const { generation } = context.job;
  const isMissing = before !== undefined || (await isConfigurationMissing(task, work));
  if (!isMissing) return undefined;
  const sliceOf = (proposal: ProposalSlice): InfrastructureSlice => ({
    ...(own ?? { ...nothingPlanned, generation }),
    proposal,
  });
  const end = async (proposal: ProposalSlice) => {
    const said = renderProposal({ run: context.run.runId, environment, proposal });
    await context.output(`${said.join('\n')}\n`);
    return sliceOf(proposal);
  };
  if (before !== undefined && before.state !== 'asking') return sliceOf(before);
  if (before !== undefined) return end(none(generation, 'interrupted', 'The worker died while the model was asked'));
  const { model } = ports.proposing;
  if ('missing' in model) {
    return end(none(generation, 'no_model', `The settings of iac lack ${model.missing.join(' and ')}`));
  }
  // Written first: a question costs money and leaves the house, so a crash must not repeat it.
  const asking = sliceOf({ ...none(generation, 'asking', null), state: 'asking' });
  await context.note({ [environment]: asking }, [
    { what: 'a model is asked for a proposal', reason: 'no_configuration', facts: {} },
  ]);
  return end(await ask(task, work));
}

async function isConfigurationMissing({ ports, infrastructure }: Task, { workspace, folder }: Work): Promise<boolean> {
  const has = infrastructure.tool === 'cloudformation' ? /^template\.(ya?ml|json)$/ : /\.(tf|tofu)(\.json)?$/;
  const names = await ports.proposing.listFiles(workspace, folder).catch(() => null);
  return names !== null && !names.some((name) => has.test(name));
}

async function ask(task: Task, work: Work): Promise<ProposalSlice> {
  const { context, ports } = task;
  const { generation } = context.job;
  try {
    const files = await whileUnwished(context, (signal) => askModel(task, work, signal));
    const decision = judgeFiles(files, { folder: work.folder, tool: toolOf(task.infrastructure) });
    if (decision.kind === 'refuse') return none(generation, decision.reason, decision.message);
    const patch = renderPatch(decision.files);
    const wanted = decision.files.map(({ path }) => path);
    const touched = await ports.proposing.checkPatch(work.workspace, patch);
    if (touched.join('\n') !== wanted.join('\n'))
      return none(generation, 'patch_refused', 'git reads the patch differently');
    const { digest, sizeBytes } = await context.artifacts.put(Buffer.from(patch));
    return { generation, state: 'made', reason: 'proposed', message: null, digest, files: wanted, sizeBytes };
  } catch (error) {
    return explain(error, generation);
  }
}

async function askModel(
  { context, ports, infrastructure, environment }: Task,
  { workspace }: Work,
  signal: AbortSignal,
): Promise<readonly ProposedFile[]> {
  const { model, lookAround, hide } = ports.proposing;
  if ('missing' in model) return [];
  const { deployment } = await context.plan();
  const found = await lookAround(workspace);
  return model.propose(composeRequest({ environment, infrastructure, deployment, found, hide }), signal);
}

// An error of ours is no reason to end otherwise either: the unit has its outcome already.
function explain(error: unknown, generation: number): ProposalSlice {
  if (!(error instanceof OrchestraError)) return none(generation, 'given_up', 'It was given up');
  if (error.code === 'REQUEST_INVALID') return none(generation, 'patch_refused', error.message);
  return none(generation, error.code.toLowerCase(), error.message);
}

function none(generation: number, reason: string, message: string | null): ProposalSlice {
  return { generation, state: 'none', reason, message, digest: null, files: [], sizeBytes: 0 };
}
