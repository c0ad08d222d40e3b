import { OrchestraError, type OutputReference, type Plan, type RunState } from '@orchestra/contracts';
import type { ArtifactStore } from '@orchestra/runtime';
import { inWorkspace } from './gather-work.ts';
import type { Ports } from './ports.ts';

export interface OutputWanted {
  run: RunState;
  plan: Plan;
  artifacts: ArtifactStore;
  ports: Ports;
  environment: string;
  output: string;
  signal: AbortSignal;
}

/**
 * The value of an output of a run. A sensitive one is read from the state at this moment, by the tool and with the source of
 * the run, and is nowhere but in what is returned: whoever gets it keeps it to themselves.
 *
 * @throws OrchestraError `NOT_FOUND`: the run has no such output, its tool is not here, or the state has it no more; as the tool
 */
export async function resolveOutput(wanted: OutputWanted): Promise<string> {
  const { run, plan, artifacts, ports, environment, output, signal } = wanted;
  const { outputs = {}, sensitiveOutputs = [] } = run.slices.iac[environment] ?? {};
  const known = Object.entries(outputs).find(([name]) => name === output);
  if (known !== undefined) return known[1];
  const reference = sensitiveOutputs.find((one) => one.output === output);
  const { infrastructure } = plan;
  if (reference === undefined || infrastructure === null) {
    const names = [...Object.keys(outputs), ...sensitiveOutputs.map((one) => one.output)].join(', ') || 'none';
    throw new OrchestraError('NOT_FOUND', `The run has no output ${output} in ${environment}; it has: ${names}`);
  }
  const tool = await ports.findTool(programs[reference.tool] ?? infrastructure.tool);
  if (tool === null) throw new OrchestraError('NOT_FOUND', `${reference.tool} is not here, or not connected`);
  // What the tool says of its preparations is of no use to whoever wants the value.
  const context = { run, artifacts, signal, plan: async () => plan, output: async () => {} };
  return inWorkspace({ context, ports, infrastructure, environment }, (work) => tool.resolveOutput(reference, work));
}

// The state is read by the program that wrote it, also where the file leaves the choice.
const programs: Readonly<Record<OutputReference['tool'], Parameters<Ports['findTool']>[0] | undefined>> = {
  terraform: 'terraform',
  tofu: 'opentofu',
  cloudformation: 'cloudformation',
};
