import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  type Change,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import { readInside, resolveInside } from '../archive/index.ts';
import { findStack, pollFor, type Asking } from './stack.ts';

/** What a saved plan holds: a change set is never changed, so its name stands for all that it does. */
export const savedSchema = z.object({
  stackName: z.string(),
  changeSetId: z.string(),
  kind: z.enum(['CREATE', 'UPDATE']),
});
export type SavedChangeSet = z.output<typeof savedSchema>;

/** A change set as CloudFormation has described it, all pages together. */
export interface MadeChangeSet {
  saved: SavedChangeSet;
  changes: readonly Change[];
  isEmpty: boolean;
}

// The longest template that is sent in a request, by the API reference.
const maxTemplateBytes = 51_200;
const templateNames = ['template.yaml', 'template.yml', 'template.json'];

/** Makes a change set of the template in the folder and waits until it is described. */
export async function planChangeSet(asking: Asking): Promise<MadeChangeSet> {
  const { client, stackName, call } = asking;
  const endsAt = performance.now() + call.timeoutMs;
  const kind = await kindOf(asking);
  const source = await readTemplate(asking);
  const unique = createHash('sha256').update(`${source.template} ${call.workspace}`).digest('hex').slice(0, 32);
  const { Id: changeSetId = '' } = await client.send(
    new CreateChangeSetCommand({
      StackName: stackName,
      ChangeSetName: `orchestra-${unique}`,
      ChangeSetType: kind,
      TemplateBody: source.template,
      Parameters: [...source.parameters],
      // What needs one is among the changes that the policy and people judge.
      Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    }),
  );
  const described = await pollFor(asking, endsAt, () => describe(asking, changeSetId));
  const saved = { stackName, changeSetId, kind };
  if (described.Status === 'CREATE_COMPLETE') {
    return { saved, changes: await readAll(asking, described, changeSetId), isEmpty: false };
  }
  const why = described.StatusReason ?? 'no reason given';
  if (/didn't contain changes|No updates are to be performed/.test(why)) return { saved, changes: [], isEmpty: true };
  throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The change set failed: ${why}`);
}

async function kindOf(asking: Asking): Promise<SavedChangeSet['kind']> {
  const status = (await findStack(asking))?.StackStatus ?? 'REVIEW_IN_PROGRESS';
  if (status === 'REVIEW_IN_PROGRESS') return 'CREATE';
  if (status.endsWith('_IN_PROGRESS')) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The stack ${asking.stackName} is busy: ${status}`);
  }
  return 'UPDATE';
}

async function describe({ client }: Asking, changeSetId: string): Promise<DescribeChangeSetCommandOutput | null> {
  const described = await client.send(new DescribeChangeSetCommand({ ChangeSetName: changeSetId }));
  return described.Status === 'CREATE_COMPLETE' || described.Status === 'FAILED' ? described : null;
}

async function readAll(
  { client }: Asking,
  first: DescribeChangeSetCommandOutput,
  changeSetId: string,
): Promise<Change[]> {
  const changes = [...(first.Changes ?? [])];
  for (let token = first.NextToken; token !== undefined;) {
    const page = await client.send(new DescribeChangeSetCommand({ ChangeSetName: changeSetId, NextToken: token }));
    changes.push(...(page.Changes ?? []));
    token = page.NextToken;
  }
  return changes;
}

const parametersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

async function readTemplate({ call }: Asking) {
  const folder = await resolveInside(call.workspace, call.folder);
  const files = await readdir(folder);
  const name = templateNames.find((each) => files.includes(each));
  if (name === undefined) {
    const message = `The folder of \`infrastructure.path\` has no ${templateNames.join(', ')}`;
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', message);
  }
  const template = (await readInside(folder, name, maxTemplateBytes)).toString('utf8');
  const given = files.includes('parameters.json')
    ? (await readInside(folder, 'parameters.json', maxTemplateBytes)).toString('utf8')
    : '{}';
  return { template, parameters: parseParameters(given) };
}

function parseParameters(text: string): readonly { ParameterKey: string; ParameterValue: string }[] {
  try {
    const parameters = Object.entries(parametersSchema.parse(JSON.parse(text)));
    return parameters.map(([key, value]) => ({ ParameterKey: key, ParameterValue: String(value) }));
  } catch (cause) {
    const message = 'parameters.json is no map of names and plain values';
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', message, { cause });
  }
}
