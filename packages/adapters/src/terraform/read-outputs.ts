import { OrchestraError } from '@orchestra/runtime';
import type { Mask } from './create-mask.ts';
import type { RunTool } from './run-tool.ts';

/** Where the value of a sensitive output stands. */
export interface OutputReference {
  /** The program whose state it is. */
  tool: string;
  /** Names the state. */
  state: string;
  /** The name of the output in that state. */
  output: string;
}

/** Outputs as they may be kept: the values of sensitive ones are not in here. */
export interface RecordedOutputs {
  /** Those that are not sensitive, by name; what is no text as JSON. */
  values: Record<string, string>;
  sensitive: readonly OutputReference[];
}

type Place = Pick<OutputReference, 'tool' | 'state'>;

/** Reads the outputs of a state. One that holds the value of a passed variable is sensitive, whatever the configuration says. */
export async function readOutputs(run: RunTool, { mask, ...place }: Place & { mask: Mask }): Promise<RecordedOutputs> {
  const values: Record<string, string> = {};
  const sensitive: OutputReference[] = [];
  for (const [output, { sensitive: isMarked, value }] of Object.entries(await readState(run))) {
    const text = textOf(value);
    if (isMarked === true || mask.whole(text) !== text) sensitive.push({ ...place, output });
    else values[output] = text;
  }
  return { values, sensitive };
}

/** Reads the value that a reference names. @throws OrchestraError `NOT_FOUND`: it is of another state, or not there any more */
export async function resolveOutput(run: RunTool, reference: OutputReference, place: Place): Promise<string> {
  demandOwn(reference, place);
  const { state, output } = reference;
  const found = Object.entries(await readState(run)).find(([name]) => name === output);
  if (found === undefined) throw new OrchestraError('NOT_FOUND', `The state of ${state} has no output ${output}`);
  return textOf(found[1].value);
}

/** @throws OrchestraError `NOT_FOUND`, not retriable, for a reference into another state */
export function demandOwn({ tool, state, output }: OutputReference, place: Place): void {
  if (tool === place.tool && state === place.state) return;
  throw new OrchestraError('NOT_FOUND', `The output ${output} is in the state of ${state} (${tool}), not in this one`);
}

async function readState(run: RunTool): Promise<Record<string, { sensitive?: boolean; value?: unknown }>> {
  const { stdout } = await run(['output', '-json', '-no-color'], [0], 'nothing');
  const outputs: Record<string, { sensitive?: boolean; value?: unknown }> = JSON.parse(stdout);
  return outputs;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
