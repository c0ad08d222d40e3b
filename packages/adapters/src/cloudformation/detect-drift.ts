import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { pollFor, type Asking } from './stack.ts';

/** The logical ids of what is no longer as the stack has it. */
export async function detectDrift(asking: Asking): Promise<string[]> {
  const { client, stackName, call } = asking;
  const endsAt = performance.now() + call.timeoutMs;
  const { StackDriftDetectionId: id } = await client.send(new DetectStackDriftCommand({ StackName: stackName }));
  const found = await pollFor(asking, endsAt, async () => {
    const seen = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }));
    return seen.DetectionStatus === 'DETECTION_IN_PROGRESS' ? null : seen;
  });
  if (found.DetectionStatus !== 'DETECTION_COMPLETE') {
    const why = found.DetectionStatusReason ?? 'no reason given';
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The drift could not be detected: ${why}`);
  }
  if (found.StackDriftStatus === 'IN_SYNC') return [];
  return listDrifted(asking);
}

async function listDrifted({ client, stackName }: Asking): Promise<string[]> {
  const { StackResourceDrifts = [] } = await client.send(
    new DescribeStackResourceDriftsCommand({
      StackName: stackName,
      StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
    }),
  );
  const names = StackResourceDrifts.map(({ LogicalResourceId = '' }) => LogicalResourceId);
  return names.length === 0 ? ['(not named)'] : names;
}
