import { GetTemplateCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { parse } from 'yaml';
import { demandOwn, type OutputReference, type RecordedOutputs } from '../terraform/index.ts';
import { findStack, type Asking } from './stack.ts';

/** The word for the tool in references. */
export const program = 'cloudformation';

/** The outputs of a stack. One whose template names a parameter with `NoEcho` is sensitive: the API shows its value. */
export async function readOutputs(asking: Asking, stack: Stack | null): Promise<RecordedOutputs> {
  const outputs = (stack?.Outputs ?? []).map(
    ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
  );
  const isSensitive = outputs.length === 0 ? () => false : await findSensitive(asking, stack);
  return {
    values: Object.fromEntries(outputs.filter(([output]) => !isSensitive(output))),
    sensitive: outputs
      .filter(([output]) => isSensitive(output))
      .map(([output]) => ({ tool: program, state: asking.stackName, output })),
  };
}

/** Reads the value that a reference names. @throws OrchestraError `NOT_FOUND`: it is of another stack, or not there any more */
export async function resolveOutput(asking: Asking, reference: OutputReference): Promise<string> {
  demandOwn(reference, { tool: program, state: asking.stackName });
  const { state, output } = reference;
  const found = (await findStack(asking))?.Outputs?.find(({ OutputKey }) => OutputKey === output);
  if (found?.OutputValue === undefined) {
    throw new OrchestraError('NOT_FOUND', `The stack ${state} has no output ${output}`);
  }
  return found.OutputValue;
}

// The API gives asterisks in place of a parameter with NoEcho, and says of no output what it is made of.
async function findSensitive(asking: Asking, stack: Stack | null): Promise<(output: string) => boolean> {
  const hidden = (stack?.Parameters ?? [])
    .filter(({ ParameterValue = '' }) => /^\*+$/.test(ParameterValue))
    .map(({ ParameterKey = '' }) => ParameterKey);
  if (hidden.length === 0) return () => false;
  const written = await readTemplateOutputs(asking);
  return (output) => {
    const value = written?.[output];
    if (value === undefined) return true;
    const names = new Set(JSON.stringify(value).match(/[A-Za-z0-9]+/g));
    return hidden.some((name) => names.has(name));
  };
}

// Null: nobody knows what the outputs are made of. What was applied stays applied, so this is no error.
async function readTemplateOutputs({ client, stackName }: Asking): Promise<Record<string, unknown> | null> {
  try {
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: stackName }));
    const template: { Outputs?: Record<string, unknown> } = parse(TemplateBody, { logLevel: 'silent' });
    return template.Outputs ?? null;
  } catch {
    return null;
  }
}
