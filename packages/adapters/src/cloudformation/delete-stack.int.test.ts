import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeCloudformation, type CloudformationReply, type FakeCloudformation } from '@orchestra/testkit';
import { createCloudformation, type Cloudformation } from './create-cloudformation.ts';

const name = 'orchestra-acme-shop-preview';
const stackId = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1`;
const credentials = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-key' };

// The plan asks once, and the deletion once before it begins.
const planned = stack('CREATE_COMPLETE');

let root: string;
let fake: FakeCloudformation;
let cloudformation: Cloudformation;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cloudformation-deletion-'));
  fake = await startFakeCloudformation({
    DescribeStacks: [planned],
    ListStackResources: [resources('Bucket', 'Queue')],
    DeleteStack: [{ result: '' }],
    DescribeStackEvents: [{ result: `<StackEvents>${refusedEvent}</StackEvents>` }],
  });
  const made = createCloudformation({ passed: { ...credentials, AWS_ENDPOINT_URL: fake.url }, pollMs: 5 });
  if (made === null) throw new Error('No region or credentials');
  cloudformation = made;
});
afterEach(async () => {
  await fake.close();
  await rm(root, { recursive: true, force: true });
});

describe('a plan that destroys all', () => {
  it('names every resource of the stack, and deletes nothing', async () => {
    expect(await cloudformation.plan(await deletion('first'))).toMatchObject({
      toAdd: 0,
      toDestroy: 2,
      destroys: ['Bucket', 'Queue'],
      replaces: [],
      changesAnything: true,
    });
    expect(asked('DeleteStack')).toEqual([]);
  });

  it('changes nothing where there is no stack', async () => {
    fake.replies['DescribeStacks'] = [{ status: 400, code: 'ValidationError', message: `${name} does not exist` }];

    expect(await cloudformation.plan(await deletion('first'))).toMatchObject({ changesAnything: false, toDestroy: 0 });
  });

  it('deletes exactly the stack that was planned for, and waits until it is gone', async () => {
    const { planFile, call } = await restored();
    fake.replies['DescribeStacks'] = [planned, planned, stack('DELETE_IN_PROGRESS'), stack('DELETE_COMPLETE')];

    expect(await cloudformation.apply(planFile, call)).toEqual({});
    expect(asked('DeleteStack')).toMatchObject([{ StackName: stackId }]);
  });

  it('refuses a stack that has changed since', async () => {
    const { planFile, call } = await restored();
    fake.replies['ListStackResources'] = [resources('Bucket', 'Queue', 'Database')];

    await expect(cloudformation.apply(planFile, call)).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining('not as it was'),
    });
    expect(asked('DeleteStack')).toEqual([]);
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
  const path = join(root, workspace);
  await mkdir(path);
  const place = { workspace: path, folder: '.', stateName: 'acme/shop/preview', environment: 'preview' };
  return { ...place, destroysAll: true, timeoutMs: 20_000, signal: new AbortController().signal, onOutput: () => {} };
}

async function restored() {
  const first = await deletion('first');
  const { planFile } = await cloudformation.plan(first);
  const saved = await readFile(join(first.workspace, planFile));
  const call = await deletion('second');
  return { planFile: await cloudformation.restore(saved, call), call };
}

function stack(status: string): CloudformationReply {
  const parts = `<StackName>${name}</StackName><StackId>${stackId}</StackId><CreationTime>2026-01-01T00:00:00Z</CreationTime>`;
  return { result: `<Stacks><member>${parts}<StackStatus>${status}</StackStatus></member></Stacks>` };
}

function resources(...names: readonly string[]): CloudformationReply {
  const members = names.map(
    (each) =>
      `<member><LogicalResourceId>${each}</LogicalResourceId><PhysicalResourceId>p-${each}</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></member>`,
  );
  return { result: `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>` };
}

const refusedEvent =
  '<member><LogicalResourceId>Bucket</LogicalResourceId><ResourceStatus>DELETE_FAILED</ResourceStatus><ResourceStatusReason>The bucket is not empty</ResourceStatusReason><Timestamp>2099-01-01T00:00:00Z</Timestamp></member>';

function asked(action: string) {
  return fake.seen.filter((each) => each['Action'] === action);
}
