import {
  CloudFormationServiceException,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { setTimeout as delay } from 'node:timers/promises';

/** Where and for how long CloudFormation is asked. */
export interface Call {
  /** Absolute path of the unpacked source. */
  workspace: string;
  /** The folder with the template, relative to the workspace. */
  folder: string;
  /** Names the stack, as `owner/name/environment`. */
  stateName: string;
  environment: string;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput(text: string): void;
}

/** A stack of CloudFormation, and how it is asked. */
export interface Asking {
  client: CloudFormationClient;
  stackName: string;
  call: Call;
  pollMs: number;
}

/** The name of the stack of an environment: letters, digits and hyphens, at most 128. */
export function stackNameOf(stateName: string): string {
  return `orchestra-${stateName.replaceAll(/[^A-Za-z0-9]+/g, '-')}`.slice(0, 128).replace(/-+$/, '');
}

/** The stack, or null where there is none yet. */
export async function findStack({ client, stackName }: Asking): Promise<Stack | null> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0] ?? null;
  } catch (error) {
    // The API has no code of its own for it.
    if (error instanceof CloudFormationServiceException && /does not exist/.test(error.message)) return null;
    throw error;
  }
}

/** Asks until an answer is one; null: ask again. @throws OrchestraError `COMMAND_TIMED_OUT`, `INFRASTRUCTURE_CUT` */
export async function pollFor<T>({ call, pollMs }: Asking, endsAt: number, ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    if (call.signal.aborted) throw new OrchestraError('INFRASTRUCTURE_CUT', 'Stopped from outside');
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > endsAt) throw new OrchestraError('COMMAND_TIMED_OUT', 'CloudFormation did not end in time');
    await delay(pollMs);
  }
}

/** The reasons of what failed since a moment, the first one first. */
export async function readFailures({ client, stackName }: Asking, since: Date): Promise<string[]> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stackName }));
  const failed = StackEvents.filter(
    ({ ResourceStatus = '', Timestamp }) =>
      ResourceStatus.endsWith('_FAILED') && Timestamp !== undefined && Timestamp >= since,
  );
  return failed
    .toReversed()
    .map(({ LogicalResourceId = '', ResourceStatusReason = '' }) => `${LogicalResourceId}: ${ResourceStatusReason}`);
}

/** An error of the API in our words. What it refuses, it has not done. */
export function explainError(error: unknown): OrchestraError {
  if (error instanceof OrchestraError) return error;
  if (error instanceof CloudFormationServiceException) {
    return new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `${error.name}: ${error.message}`, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new OrchestraError('INFRASTRUCTURE_CUT', `CloudFormation did not answer: ${message}`, { cause: error });
}
