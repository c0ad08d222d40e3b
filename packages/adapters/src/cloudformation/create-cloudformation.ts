import { rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import { readInside, resolveInside } from '../archive/index.ts';
import type { OutputReference, PlanSummary, RecordedOutputs } from '../terraform/index.ts';
import { deleteStack } from './delete-stack.ts';
import { detectDrift } from './detect-drift.ts';
import { executeChangeSet } from './execute-change-set.ts';
import { deletionSchema, planDeletion, type SavedDeletion } from './plan-deletion.ts';
import { planChangeSet, savedSchema, type SavedChangeSet } from './plan-change-set.ts';
import { program, readOutputs, resolveOutput } from './read-outputs.ts';
import { explainError, findStack, stackNameOf, type Asking, type Call } from './stack.ts';
import { countChanges, summariseChanges } from './summarise-changes.ts';

export interface CloudformationOptions {
  /**
   * `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where there are, `AWS_SESSION_TOKEN` and
   * `AWS_ENDPOINT_URL`; nothing else of an environment is looked at.
   */
  passed: Readonly<Record<string, string>>;
  /** Milliseconds between two questions. */
  pollMs?: number;
}

/**
 * CloudFormation through change sets: the plan is a change set, and only that is executed.
 *
 * All throw OrchestraError `INFRASTRUCTURE_TOOL_FAILED` for what the API refuses and for a stack that ended badly;
 * `INFRASTRUCTURE_CUT` and `COMMAND_TIMED_OUT` where the end is not known; as `resolveInside` for the folder.
 *
 * @see AWS CloudFormation API Reference, version 2010-05-15
 */
export interface Cloudformation {
  program: string;
  /** With `destroysAll` the plan is to delete the stack, for which there is no change set. */
  plan(call: Call & { destroysAll?: boolean }): Promise<PlanSummary & { changesAnything: boolean; planFile: string }>;
  /** Puts a saved plan into a fresh workspace. */
  restore(plan: Buffer, call: Call): Promise<string>;
  /** Executes exactly a saved change set and returns the outputs of the stack. */
  apply(planFile: string, call: Call): Promise<RecordedOutputs>;
  probe(call: Call): Promise<{ drifted: readonly string[] }>;
  readOutputs(call: Call): Promise<RecordedOutputs>;
  /** The value that a reference names, as the stack has it now. @throws OrchestraError `NOT_FOUND` */
  resolveOutput(reference: OutputReference, call: Call): Promise<string>;
}

const planName = 'orchestra.changeset.json';
const maxSavedBytes = 65_536;
const usualPollMs = 2000;

/** Connects to CloudFormation; null: the passed variables name no region, or no credentials. */
export function createCloudformation({ passed, pollMs = usualPollMs }: CloudformationOptions): Cloudformation | null {
  const client = connect(passed);
  if (client === null) return null;
  const asking = (call: Call): Asking => ({ client, stackName: stackNameOf(call.stateName), call, pollMs });
  return {
    program,
    plan: (call) => explained(async () => (call.destroysAll ? planToDelete(asking(call)) : plan(asking(call)))),
    restore: (saved, call) => save(saved, call),
    apply: (planFile, call) => explained(async () => apply(asking(call), await load(planFile, call))),
    probe: (call) => explained(async () => ({ drifted: await detectDrift(asking(call)) })),
    readOutputs: (call) => explained(async () => readOutputs(asking(call), await findStack(asking(call)))),
    resolveOutput: (reference, call) => explained(() => resolveOutput(asking(call), reference)),
  };
}

function connect(passed: Readonly<Record<string, string>>): CloudFormationClient | null {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = passed;
  if (region === undefined || accessKeyId === undefined || secretAccessKey === undefined) return null;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_ENDPOINT_URL: endpoint } = passed;
  return new CloudFormationClient({
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 5,
  });
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainError(error);
  }
}

async function plan(asking: Asking): ReturnType<Cloudformation['plan']> {
  const { saved, changes, isEmpty } = await planChangeSet(asking);
  const planFile = await save(Buffer.from(JSON.stringify(saved)), asking.call);
  return { ...summariseChanges(changes), changesAnything: !isEmpty, planFile };
}

async function planToDelete(asking: Asking): ReturnType<Cloudformation['plan']> {
  const { saved, changes } = await planDeletion(asking);
  const planFile = await save(Buffer.from(JSON.stringify(saved)), asking.call);
  return { ...countChanges(changes), changesAnything: saved.stackId !== '', planFile };
}

async function apply(asking: Asking, saved: SavedChangeSet | SavedDeletion): Promise<RecordedOutputs> {
  if (saved.kind !== 'DELETE') return readOutputs(asking, await executeChangeSet(asking, saved));
  await deleteStack(asking, saved);
  return { values: {}, sensitive: [] };
}

async function save(saved: Buffer, { workspace, folder }: Call): Promise<string> {
  const file = join(await resolveInside(workspace, folder), planName);
  // A file of this name in the repository may be a link.
  await rm(file, { force: true, recursive: true });
  await writeFile(file, saved, { flag: 'wx' });
  return posix.join(folder, planName);
}

async function load(planFile: string, { workspace, stateName }: Call): Promise<SavedChangeSet | SavedDeletion> {
  const text = (await readInside(workspace, planFile, maxSavedBytes)).toString('utf8');
  const saved = z.union([savedSchema, deletionSchema]).parse(JSON.parse(text));
  if (saved.stackName === stackNameOf(stateName)) return saved;
  throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The plan is of another stack');
}
