import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeCloudformation, type CloudformationReply, type FakeCloudformation } from '@orchestra/testkit';
import { createCloudformation, type Cloudformation } from './create-cloudformation.ts';

const name = 'orchestra-acme-shop-production';
const changeSetId = `arn:aws:cloudformation:eu-west-1:123456789012:changeSet/orchestra-1/0b1c2d3e`;
const credentials = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-key' };

const noStack: CloudformationReply = {
  status: 400,
  code: 'ValidationError',
  message: `Stack with id ${name} does not exist`,
};
const created = { result: `<Id>${changeSetId}</Id><StackId>arn:aws:cloudformation:eu-west-1:1:stack/s/1</StackId>` };
const deleting = change('Remove', 'Orders', 'AWS::SQS::Queue');
const replacing = change('Modify', 'Db', 'AWS::RDS::DBInstance', '<Replacement>Conditional</Replacement>');

let root: string;
let fake: FakeCloudformation;
let cloudformation: Cloudformation;
let shown: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cloudformation-'));
  shown = '';
  fake = await startFakeCloudformation({
    DescribeStacks: [noStack],
    CreateChangeSet: [created],
    DescribeChangeSet: [inProgress(), described(change('Add', 'Bucket', 'AWS::S3::Bucket'))],
    ExecuteChangeSet: [{ result: '' }],
  });
  const made = createCloudformation({ passed: { ...credentials, AWS_ENDPOINT_URL: fake.url }, pollMs: 5 });
  if (made === null) throw new Error('No region or credentials');
  cloudformation = made;
});
afterEach(async () => {
  await fake.close();
  await rm(root, { recursive: true, force: true });
});

describe('plan', () => {
  it('makes a change set of a stack that is not there, and saves its name', async () => {
    const call = await givenTemplate({ 'parameters.json': '{"Size": 2, "Name": "shop"}' });

    const planned = await cloudformation.plan(call);

    expect(planned).toMatchObject({ toAdd: 1, toChange: 0, toDestroy: 0, changesAnything: true });
    expect(planned.changes).toMatchObject([{ address: 'Bucket', type: 'AWS::S3::Bucket', kind: 'add' }]);
    expect(asked('CreateChangeSet')).toMatchObject({
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

    const planned = await cloudformation.plan(await givenTemplate());

    expect(planned).toMatchObject({ toAdd: 1, toDestroy: 2, destroys: ['Orders', 'Db'], replaces: ['Db'] });
    expect(asked('CreateChangeSet')).toMatchObject({ ChangeSetType: 'UPDATE' });
  });

  it.each([
    ["The submitted information didn't contain changes. Submit different information to create a change set."],
    ['No updates are to be performed.'],
  ])('sees that nothing changes: %s', async (why) => {
    fake.replies['DescribeChangeSet'] = [failed(why)];

    expect(await cloudformation.plan(await givenTemplate())).toMatchObject({ changesAnything: false, changes: [] });
  });

  it.each([
    ['a change set that failed', { DescribeChangeSet: [failed('Unresolved resource dependencies')] }, 'Unresolved'],
    ['a stack that is busy', { DescribeStacks: [stack('UPDATE_IN_PROGRESS')] }, 'busy'],
    ['a template that is refused', { CreateChangeSet: [refusal('Template format error')] }, 'Template format error'],
  ])('says what is wrong with %s', async (_what, replies, message) => {
    Object.assign(fake.replies, replies);

    await expect(cloudformation.plan(await givenTemplate())).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a folder that leads out of the workspace, and one without a template', async () => {
    const call = await givenTemplate();
    await symlink(root, join(call.workspace, 'out'));
    await mkdir(join(call.workspace, 'empty'));

    await expect(cloudformation.plan({ ...call, folder: 'out' })).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    await expect(cloudformation.plan({ ...call, folder: 'empty' })).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
    });
  });
});

describe('apply', () => {
  it('executes exactly the change set that was saved, and returns the outputs', async () => {
    const first = await cloudformation.plan(await givenTemplate());
    const saved = await readFile(join(root, 'workspace', first.planFile));
    const output = '<member><OutputKey>Url</OutputKey><OutputValue>https://shop</OutputValue></member>';
    fake.replies['DescribeStacks'] = [noStack, stack('CREATE_IN_PROGRESS'), stack('CREATE_COMPLETE', output)];
    const again = await givenTemplate({}, 'again');

    const planFile = await cloudformation.restore(saved, again);

    expect(await cloudformation.apply(planFile, again)).toEqual({ Url: 'https://shop' });
    expect(asked('ExecuteChangeSet')).toMatchObject({ ChangeSetName: changeSetId });
    expect(shown).toContain(`${name}: CREATE_COMPLETE`);
  });

  it('says why a stack went back', async () => {
    fake.replies['DescribeStacks'] = [stack('UPDATE_ROLLBACK_COMPLETE')];
    fake.replies['DescribeStackEvents'] = [{ result: `<StackEvents>${event('CREATE_FAILED', 'Quota')}</StackEvents>` }];

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

    expect(fake.seen.filter(({ Action }) => Action === 'CancelUpdateStack')).toHaveLength(1);
  });

  it('refuses a plan of another stack', async () => {
    const call = await givenTemplate();
    const saved = { stackName: 'orchestra-other', changeSetId, kind: 'UPDATE' };
    const planFile = await cloudformation.restore(Buffer.from(JSON.stringify(saved)), call);

    await expect(cloudformation.apply(planFile, call)).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
    expect(fake.seen.some(({ Action }) => Action === 'ExecuteChangeSet')).toBe(false);
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

    expect(await cloudformation.probe(await givenTemplate())).toEqual({ drifted: found });
  });

  it('says when it could not be detected', async () => {
    fake.replies['DetectStackDrift'] = [refusal('Drift detection cannot be performed in UPDATE_IN_PROGRESS')];

    await expect(cloudformation.probe(await givenTemplate())).rejects.toMatchObject({
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

async function givenTemplate(files: Readonly<Record<string, string>> = {}, folder = 'workspace') {
  const workspace = join(root, folder);
  await mkdir(join(workspace, 'infra'), { recursive: true });
  const all = { 'template.yaml': 'Resources: {}\n', ...files };
  for (const [file, text] of Object.entries(all)) await writeFile(join(workspace, 'infra', file), text);
  return {
    workspace,
    folder: 'infra',
    stateName: 'acme/shop/production',
    environment: 'production',
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onOutput: (text: string) => void (shown += text),
  };
}

async function applySaved(around: object = {}): Promise<Record<string, string>> {
  const call = { ...(await givenTemplate()), ...around };
  const saved = { stackName: name, changeSetId, kind: 'UPDATE' };
  return cloudformation.apply(await cloudformation.restore(Buffer.from(JSON.stringify(saved)), call), call);
}

function asked(action: string) {
  return fake.seen.find(({ Action }) => Action === action);
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

function refusal(message: string): CloudformationReply {
  return { status: 400, code: 'ValidationError', message };
}

function stack(status: string, outputs = ''): CloudformationReply {
  const inner = `<StackName>${name}</StackName><StackStatus>${status}</StackStatus><Outputs>${outputs}</Outputs>`;
  return { result: `<Stacks><member>${inner}<CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>` };
}

function event(status: string, reason: string): string {
  const inner = `<LogicalResourceId>Bucket</LogicalResourceId><ResourceStatus>${status}</ResourceStatus>`;
  return `<member>${inner}<ResourceStatusReason>${reason}</ResourceStatusReason><Timestamp>2999-01-01T00:00:00Z</Timestamp></member>`;
}

function detection(status: string, drift = 'NOT_CHECKED'): CloudformationReply {
  return { result: `<DetectionStatus>${status}</DetectionStatus><StackDriftStatus>${drift}</StackDriftStatus>` };
}

function drifted(id: string, status: string): string {
  return `<member><LogicalResourceId>${id}</LogicalResourceId><StackResourceDriftStatus>${status}</StackResourceDriftStatus></member>`;
}
