import { OrchestraError, type InfrastructurePlan } from '@orchestra/contracts';
import type { JobContext } from '@orchestra/runtime';
import type { InfrastructureTool, Ports, Work } from './ports.ts';
import { renderNamespace } from './render-namespace.ts';

export type Context = JobContext<'iac'>;

/** What an attempt at the infrastructure of one environment has at hand. */
export interface Task {
  context: Context;
  ports: Ports;
  tool: InfrastructureTool;
  infrastructure: InfrastructurePlan;
  environment: string;
}

/** The source of a run, and what becomes of what the tool says. */
interface Given extends Pick<Task, 'ports' | 'infrastructure' | 'environment'> {
  context: Pick<Context, 'run' | 'artifacts' | 'plan' | 'output' | 'signal'>;
}

/** Works in a fresh workspace with the pushed source, which is gone afterwards. */
export async function inWorkspace<T>(
  { context, ports, infrastructure, environment }: Given,
  work: (work: Work) => Promise<T>,
): Promise<T> {
  const digest = context.run.slices.gitops.source?.snapshotDigest;
  if (!digest) throw new OrchestraError('ARTIFACT_MISSING', 'The run has no source snapshot');
  const workspace = await ports.openWorkspace();
  try {
    await ports.unpack(await context.artifacts.open(digest), workspace.path);
    await writeTemplate({ context, ports, infrastructure, environment }, workspace.path);
    return await work({
      workspace: workspace.path,
      folder: infrastructure.path,
      repository: context.run.repository,
      environment,
      timeoutMs: infrastructure.planTimeoutMs,
      signal: context.signal,
      onOutput: (text) => void context.output(text),
    });
  } finally {
    await workspace.close();
  }
}

// What a team has not written is planned from a template, if the file asks for one: the same text in every attempt.
async function writeTemplate({ context, ports, infrastructure, environment }: Given, workspace: string): Promise<void> {
  const { tool, template, path } = infrastructure;
  if (template === undefined || tool === 'cloudformation') return;
  const { deployment } = await context.plan();
  const namespace = deployment?.namespaces?.[environment] ?? null;
  const text = renderNamespace({ repository: context.run.repository, environment, namespace }, template);
  const isWritten = await ports.writeConfiguration(workspace, path, text);
  if (isWritten) await context.output(`The folder ${path} has no configuration: a namespace with a quota is planned\n`);
}
