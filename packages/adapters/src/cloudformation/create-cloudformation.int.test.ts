import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeCloudformation, type CloudformationReply, type FakeCloudformation } from '@orchestra/testkit';
import type { RecordedOutputs } from '../terraform/index.ts';
import { createCloudformation, type Cloudformation } from './create-cloudformation.ts';
import {
  credentials,
  failedEvent,
  givenStack,
  name,
  outputs,
  refusal,
  stack,
  type GivenStack,
} from './given-stack.fixture.ts';

const changeSetId = `arn:aws:cloudformation:eu-west-1:123456789012:changeSet/orchestra-1/0b1c2d3e`;

const noStack = refusal(`Stack with id ${name} does not exist`);
const created = { result: `<Id>${changeSetId}</Id><StackId>arn:aws:cloudformation:eu-west-1:1:stack/s/1</StackId>` };
const deleting = change('Remove', 'Orders', 'AWS::SQS::Queue');
const replacing = change('Modify', 'Db', 'AWS::RDS::DBInstance', '<Replacement>Conditional</Replacement>');

let given: GivenStack;
let fake: FakeCloudformation;
let cloudformation: Cloudformation;

beforeEach(async () => {
  fake = await startFakeCloudformation({
    DescribeStacks: [noStack],
    CreateChangeSet: [created],
    DescribeChangeSet: [inProgress(), described(change('Add', 'Bucket', 'AWS::S3::Bucket'))],
    ExecuteChangeSet: [{ result: '' }],
  });
  given = await givenStack(fake);
  ({ cloudformation } = given);
});
afterEach(() => given.close());

describe('plan', () => {
  it('makes a change set of a stack that is not there, and saves its name', async () => {
    const call = await given.template({ 'parameters.json': '{"Size": 2, "Name": "shop"}' });

    const planned = await cloudformation.plan(call);

    expect(planned).toMatchObject({ toAdd: 1, toChange: 0, toDestroy: 0, changesAnything: true });
    expect(planned.changes).toMatchObject([{ address: 'Bucket', type: 'AWS::S3::Bucket', kind: 'add' }]);
    expect(given.asked('CreateChangeSet')[0]).toMatchObject({
      StackName: name,
      ChangeSetType: 'CREATE',
      TemplateBody: 'Resources: {}\n',
      'Parameters.member.1.ParameterKey': 'Size',
      'Parameters.member.1.ParameterValue': '2',
    });
    const saved: unknown = JSON.parse(await readFile(join(call.workspace, planned.planFile), 'utf8'));
    expect(saved).toEqual({ stackName: name, changeSetId, kind: 'CREATE' });
  });

  it('counts what goes and what may be made anew as destroyed, over all pages', async () => {
    fake.replies['DescribeStacks'] = [stack('UPDATE_COMPLETE')];
    fake.replies['DescribeChangeSet'] = [described(deleting, '<NextToken>n2</NextToken>'), described(replacing)];

    const planned = await cloudformation.plan(await given.template());

    expect(planned).toMatchObject({ toAdd: 1, toDestroy: 2, destroys: ['Orders', 'Db'], replaces: ['Db'] });
    expect(given.asked('CreateChangeSet')[0]).toMatchObject({ ChangeSetType: 'UPDATE' });
  });

  it.each([
    ["The submitted information didn't contain changes. Submit different information to create a change set."],
    ['No updates are to be performed.'],
  ])('sees that nothing changes: %s', async (why) => {
    fake.replies['DescribeChangeSet'] = [failed(why)];

    expect(await cloudformation.plan(await given.template())).toMatchObject({ changesAnything: false, changes: [] });
  });

  it.each([
    ['a change set that failed', { DescribeChangeSet: [failed('Unresolved resource dependencies')] }, 'Unresolved'],
    ['a stack that is busy', { DescribeStacks: [stack('UPDATE_IN_PROGRESS')] }, 'busy'],
    ['a template that is refused', { CreateChangeSet: [refusal('Template format error')] }, 'Template format error'],
  ])('says what is wrong with %s', async (_what, replies, message) => {
    Object.assign(fake.replies, replies);

    await expect(cloudformation.plan(await given.template())).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a folder that leads out of the workspace, and one without a template', async () => {
    const call = await given.template();
    await symlink(given.root, join(call.workspace, 'out'));
    await mkdir(join(call.workspace, 'empty'));

    await expect(cloudformation.plan({ ...call, folder: 'out' })).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    await expect(cloudformation.plan({ ...call, folder: 'empty' })).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
    });
  });
});

describe('apply', () => {
  it('executes exactly the change set that was saved, and returns the outputs', async () => {
    const first = await cloudformation.plan(await given.template());
    const saved = await readFile(join(given.root, 'workspace', first.planFile));
    const done = stack('CREATE_COMPLETE', outputs({ Url: 'https://shop' }));
    fake.replies['DescribeStacks'] = [noStack, stack('CREATE_IN_PROGRESS'), done];
    const again = await given.template({}, 'again');

    const planFile = await cloudformation.restore(saved, again);

    expect(await cloudformation.apply(planFile, again)).toEqual({ values: { Url: 'https://shop' }, sensitive: [] });
    expect(given.asked('ExecuteChangeSet')[0]).toMatchObject({ ChangeSetName: changeSetId });
    expect(given.shown()).toContain(`${name}: CREATE_COMPLETE`);
  });

  it('says why a stack went back', async () => {
    fake.replies['DescribeStacks'] = [stack('UPDATE_ROLLBACK_COMPLETE')];
    fake.replies['DescribeStackEvents'] = [failedEvent('CREATE_FAILED', 'Quota')];

    await expect(applySaved()).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining('Bucket: Quota'),
    });
  });

  it('refuses a change set that can no longer be executed', async () => {
    fake.replies['ExecuteChangeSet'] = [
      { status: 400, code: 'InvalidChangeSetStatus', message: 'ChangeSet is in status OBSOLETE' },
    ];

    await expect(applySaved()).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining('OBSOLETE'),
    });
  });

  it('does not know the end when the API says nothing more', async () => {
    fake.replies['DescribeStacks'] = [refusal('The security token included in the request is expired')];

    await expect(applySaved()).rejects.toMatchObject({ code: 'INFRASTRUCTURE_CUT' });
  });

  it('does not know the end at its time limit', async () => {
    fake.replies['DescribeStacks'] = [stack('UPDATE_IN_PROGRESS')];

    await expect(applySaved({ timeoutMs: 30 })).rejects.toMatchObject({ code: 'COMMAND_TIMED_OUT' });
  });

  it('cancels an update once when it is interrupted', async () => {
    const stop = new AbortController();
    fake.replies['DescribeStacks'] = [stack('UPDATE_IN_PROGRESS')];
    fake.replies['CancelUpdateStack'] = [{ result: '' }];
    const onOutput = () => stop.abort();

    await expect(applySaved({ signal: stop.signal, onOutput })).rejects.toMatchObject({ code: 'INFRASTRUCTURE_CUT' });

    expect(given.asked('CancelUpdateStack')).toHaveLength(1);
  });

  it('cannot cancel a stack that is being made, and does not try', async () => {
    const stop = new AbortController();
    fake.replies['DescribeStacks'] = [stack('CREATE_IN_PROGRESS')];
    const around = { signal: stop.signal, onOutput: () => stop.abort() };

    await expect(applySaved(around, 'CREATE')).rejects.toMatchObject({ code: 'INFRASTRUCTURE_CUT' });

    expect(given.asked('CancelUpdateStack')).toEqual([]);
  });

  it('refuses a plan of another stack', async () => {
    const call = await given.template();
    const saved = { stackName: 'orchestra-other', changeSetId, kind: 'UPDATE' };
    const planFile = await cloudformation.restore(Buffer.from(JSON.stringify(saved)), call);

    await expect(cloudformation.apply(planFile, call)).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
    expect(given.asked('ExecuteChangeSet')).toEqual([]);
  });
});

describe('outputs', () => {
  const hidden =
    '<Parameters><member><ParameterKey>Password</ParameterKey><ParameterValue>****</ParameterValue></member></Parameters>';
  const values = { Url: 'https://shop', Dsn: 'db://u:hunter2@db' };
  const template =
    'Outputs:\n  Url: {Value: !GetAtt Site.Url}\n  Dsn: {Value: !Sub "db://u:${Password}@db"}\n  PasswordUrl: {Value: !Ref PasswordPage}\n';
  const dsn = { tool: 'cloudformation', state: name, output: 'Dsn' };

  beforeEach(() => {
    fake.replies['DescribeStacks'] = [stack('UPDATE_COMPLETE', hidden + outputs({ ...values, PasswordUrl: '/p' }))];
    fake.replies['GetTemplate'] = [{ result: `<TemplateBody>${template}</TemplateBody>` }];
  });

  it('are references where the template names a parameter that is not echoed', async () => {
    expect(await cloudformation.readOutputs(await given.template())).toEqual({
      values: { Url: 'https://shop', PasswordUrl: '/p' },
      sensitive: [dsn],
    });
  });

  it('are references, all of them, where nobody can see what they are made of', async () => {
    fake.replies['GetTemplate'] = [refusal('AccessDenied')];

    expect(await cloudformation.readOutputs(await given.template())).toMatchObject({
      values: {},
      sensitive: [{ output: 'Url' }, { output: 'Dsn' }, { output: 'PasswordUrl' }],
    });
  });

  it('are read from the stack by their reference', async () => {
    const call = await given.template();

    expect(await cloudformation.resolveOutput(dsn, call)).toBe('db://u:hunter2@db');
    for (const other of [{ output: 'Other' }, { state: 'orchestra-other' }, { tool: 'tofu' }]) {
      await expect(cloudformation.resolveOutput({ ...dsn, ...other }, call)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });
});

describe('probe', () => {
  it.each([
    ['IN_SYNC', '', []],
    ['DRIFTED', drifted('Bucket', 'MODIFIED'), ['Bucket']],
  ])('finds a stack %s', async (status, drifts, found) => {
    fake.replies['DetectStackDrift'] = [{ result: '<StackDriftDetectionId>d-1</StackDriftDetectionId>' }];
    fake.replies['DescribeStackDriftDetectionStatus'] = [
      detection('DETECTION_IN_PROGRESS'),
      detection('DETECTION_COMPLETE', status),
    ];
    fake.replies['DescribeStackResourceDrifts'] = [{ result: `<StackResourceDrifts>${drifts}</StackResourceDrifts>` }];

    expect(await cloudformation.probe(await given.template())).toEqual({ drifted: found });
  });

  it('says when it could not be detected', async () => {
    fake.replies['DetectStackDrift'] = [refusal('Drift detection cannot be performed in UPDATE_IN_PROGRESS')];

    await expect(cloudformation.probe(await given.template())).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
    });
  });
});

describe('createCloudformation', () => {
  it.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('is not there without %s', (missing) => {
    const passed = Object.fromEntries(Object.entries(credentials).filter(([key]) => key !== missing));

    expect(createCloudformation({ passed })).toBeNull();
  });
});

async function applySaved(around: object = {}, kind = 'UPDATE'): Promise<RecordedOutputs> {
  const call = { ...(await given.template()), ...around };
  const saved = { stackName: name, changeSetId, kind };
  return cloudformation.apply(await cloudformation.restore(Buffer.from(JSON.stringify(saved)), call), call);
}

function change(action: string, id: string, type: string, more = ''): string {
  const target =
    '<Details><member><Target><Attribute>Properties</Attribute><Name>Size</Name></Target></member></Details>';
  const inner = `<Action>${action}</Action><LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType>`;
  return `<member><Type>Resource</Type><ResourceChange>${inner}${more}${target}</ResourceChange></member>`;
}

function inProgress(): CloudformationReply {
  return { result: `<ChangeSetId>${changeSetId}</ChangeSetId><Status>CREATE_IN_PROGRESS</Status>` };
}

function described(changes: string, more = ''): CloudformationReply {
  return { result: `<Status>CREATE_COMPLETE</Status><Changes>${changes}</Changes>${more}` };
}

function failed(why: string): CloudformationReply {
  return { result: `<Status>FAILED</Status><StatusReason>${why}</StatusReason>` };
}

function detection(status: string, drift = 'NOT_CHECKED'): CloudformationReply {
  return { result: `<DetectionStatus>${status}</DetectionStatus><StackDriftStatus>${drift}</StackDriftStatus>` };
}

function drifted(id: string, status: string): string {
  return `<member><LogicalResourceId>${id}</LogicalResourceId><StackResourceDriftStatus>${status}</StackResourceDriftStatus></member>`;
}
