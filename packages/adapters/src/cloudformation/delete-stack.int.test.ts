import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeCloudformation, type CloudformationReply, type FakeCloudformation } from '@orchestra/testkit';
import type { Cloudformation } from './create-cloudformation.ts';
import { failedEvent, givenStack, name, refusal, stack, stackId, type GivenStack } from './given-stack.fixture.ts';

// The plan asks once, and the deletion once before it begins.
const planned = stack('CREATE_COMPLETE');

let given: GivenStack;
let fake: FakeCloudformation;
let cloudformation: Cloudformation;

beforeEach(async () => {
  fake = await startFakeCloudformation({
    DescribeStacks: [planned],
    ListStackResources: [resources('Bucket', 'Queue')],
    DeleteStack: [{ result: '' }],
    DescribeStackEvents: [failedEvent('DELETE_FAILED', 'The bucket is not empty')],
  });
  given = await givenStack(fake);
  ({ cloudformation } = given);
});
afterEach(() => given.close());

describe('a plan that destroys all', () => {
  it('names every resource of the stack, and deletes nothing', async () => {
    expect(await cloudformation.plan(await deletion('first'))).toMatchObject({
      toAdd: 0,
      toDestroy: 2,
      destroys: ['Bucket', 'Queue'],
      replaces: [],
      changesAnything: true,
    });
    expect(given.asked('DeleteStack')).toEqual([]);
  });

  it('changes nothing where there is no stack', async () => {
    fake.replies['DescribeStacks'] = [refusal(`${name} does not exist`)];

    expect(await cloudformation.plan(await deletion('first'))).toMatchObject({ changesAnything: false, toDestroy: 0 });
  });

  it('deletes exactly the stack that was planned for, and waits until it is gone', async () => {
    const { planFile, call } = await restored();
    fake.replies['DescribeStacks'] = [planned, planned, stack('DELETE_IN_PROGRESS'), stack('DELETE_COMPLETE')];

    expect(await cloudformation.apply(planFile, call)).toEqual({ values: {}, sensitive: [] });
    expect(given.asked('DeleteStack')).toMatchObject([{ StackName: stackId }]);
  });

  it('refuses a stack that has changed since', async () => {
    const { planFile, call } = await restored();
    fake.replies['ListStackResources'] = [resources('Bucket', 'Queue', 'Database')];

    await expect(cloudformation.apply(planFile, call)).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining('not as it was'),
    });
    expect(given.asked('DeleteStack')).toEqual([]);
  });

  it('says why a stack could not be deleted', async () => {
    const { planFile, call } = await restored();
    fake.replies['DescribeStacks'] = [planned, planned, stack('DELETE_FAILED')];

    await expect(cloudformation.apply(planFile, call)).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining('Bucket: The bucket is not empty'),
    });
  });

  it('does not know what became of a deletion that takes too long', async () => {
    const { planFile, call } = await restored();
    fake.replies['DescribeStacks'] = [planned, planned, stack('DELETE_IN_PROGRESS')];
    await expect(cloudformation.apply(planFile, { ...call, timeoutMs: 1 })).rejects.toMatchObject({
      code: 'COMMAND_TIMED_OUT',
    });
  });
});

async function deletion(workspace: string) {
  return { ...(await given.template({}, workspace)), destroysAll: true };
}

async function restored() {
  const first = await deletion('first');
  const { planFile } = await cloudformation.plan(first);
  const saved = await readFile(join(first.workspace, planFile));
  const call = await deletion('second');
  return { planFile: await cloudformation.restore(saved, call), call };
}

function resources(...names: readonly string[]): CloudformationReply {
  const members = names.map(
    (each) =>
      `<member><LogicalResourceId>${each}</LogicalResourceId><PhysicalResourceId>p-${each}</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></member>`,
  );
  return { result: `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>` };
}
