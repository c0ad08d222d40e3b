import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSlackChat } from '@orchestra/adapters/slack';
import {
  parsePipelineFile,
  type MessageSlice,
  type RunState,
  type SourceSlice,
  type UnitState,
} from '@orchestra/contracts';
import type { ServiceContext } from '@orchestra/runtime';
import { aContext, aRun, createMemoryArtifacts, startFakeSlack, type FakeSlack } from '@orchestra/testkit';
import { portsForTests } from './ports-for-tests.fixture.ts';
import type { Ports } from './ports.ts';
import { renderMessages } from './render-messages.ts';
import { plannedUnits } from './seeded-store.fixture.ts';

const file = `
project: { name: shop }
build: { tool: command, command: "true" }
chatops: { enabled: true, platform: slack, channel: C1, notify_on: [start, success, failure] }
`;
const artifacts = createMemoryArtifacts();
let slack: FakeSlack;
let ports: Ports;

beforeEach(async () => {
  slack = await startFakeSlack();
  const chat = createSlackChat({ token: 'xoxb-test', apiUrl: slack.apiUrl, requestMs: 500, retries: 0 });
  ports = portsForTests({ chat, publicUrl: 'https://ci.example.com' });
});

afterEach(() => slack.close());

async function sourceOf(text: string): Promise<SourceSlice> {
  const parsed = parsePipelineFile(text);
  const problems = parsed.ok ? [] : parsed.problems;
  const digest = parsed.ok ? (await artifacts.put(Buffer.from(JSON.stringify(parsed.plan)))).digest : null;
  return {
    planDigest: digest,
    snapshotDigest: null,
    baseCommit: null,
    changedFiles: null,
    problems,
    warnings: [],
    licenses: [],
  };
}

async function aRunOf(text: string, units: RunState['units']): Promise<RunState> {
  const run = aRun({ plannedUnits, units, message: 'Fix <!channel> & co' });
  return { ...run, slices: { ...run.slices, gitops: { source: await sourceOf(text) } } };
}

function unit(status: UnitState['status'], message: string | null = null): UnitState {
  return { generation: 1, status, reason: null, message, at: '', startedAt: null, endedAt: null };
}

async function render(run: RunState): Promise<RunState> {
  const context: ServiceContext = {
    ...aContext('chatops', { artifacts }),
    stopping: new AbortController().signal,
    ready: () => ({ ready: true, problems: [] }),
  };
  const slice = (await renderMessages(run, context, ports)) as Record<string, MessageSlice>;
  return { ...run, slices: { ...run.slices, chatops: { ...run.slices.chatops, ...slice } } };
}

describe('renderMessages', () => {
  it('posts one message of a run, edits it in place, and answers in its thread', async () => {
    const begun = await render(await aRunOf(file, { gitops: unit('success'), build: unit('running') }));
    const failed = await render({ ...begun, v: 2, units: { ...begun.units, build: unit('failure', 'exit code 1') } });
    await render({ ...failed, v: 3 });

    expect(slack.messages).toMatchObject([
      { channel: 'C1', thread: null, edits: 1, text: expect.stringContaining(':x: build') },
      { channel: 'C1', thread: slack.messages[0]?.ts, edits: 0, text: expect.stringContaining('exit code 1') },
    ]);
  });

  it('goes on to show a run that it was to speak of once, when nothing more of that kind happens', async () => {
    const onlyFailures = file.replace('[start, success, failure]', '[failure]');
    const failed = await render(await aRunOf(onlyFailures, { build: unit('failure') }));
    await render({ ...failed, v: 2, generation: 2, units: { build: { ...unit('success'), generation: 2 } } });

    expect(slack.messages).toMatchObject([{ edits: 1, text: expect.stringContaining(':white_check_mark: build') }, {}]);
  });

  it('escapes what others wrote, and links to its own page', async () => {
    const run = await render(await aRunOf(file, { gitops: unit('running') }));

    expect(slack.messages[0]?.text).toContain('Fix &lt;!channel&gt; &amp; co');
    expect(slack.messages[0]?.text).toContain(`<https://ci.example.com/runs/${run.runId}|Details>`);
  });

  it('finds its message again when it died before it could write it down', async () => {
    const run = await aRunOf(file, { gitops: unit('running') });
    await render(run);
    await render(run);

    expect(slack.messages).toHaveLength(1);
  });

  it('tells the problems of an invalid file in the default channel', async () => {
    ports = { ...ports, defaultChannel: 'C0' };
    await render(await aRunOf('projekt: 1\n', { gitops: unit('failure', 'bad file') }));

    expect(slack.messages.map(({ channel, text }) => [channel, text])).toEqual([
      ['C0', expect.any(String)],
      ['C0', expect.stringContaining('*The commit cannot run*')],
    ]);
  });

  it.each([
    { when: 'chatops is off', text: file.replace('enabled: true', 'enabled: false') },
    { when: 'the plan is not known yet', text: null },
    { when: 'an invalid file names no channel', text: 'projekt: 1\n' },
  ])('says nothing when $when', async ({ text }) => {
    const run = text === null ? aRun({ plannedUnits }) : await aRunOf(text, { gitops: unit('failure') });

    await render(run);

    expect(slack.seen).toEqual([]);
  });

  it('does not ask again for what Slack refuses', async () => {
    const refusal = { status: 200, body: { ok: false, error: 'channel_not_found' } };
    slack.next.push(refusal, refusal);
    const told = await render(await aRunOf(file, { gitops: unit('running') }));
    const asked = slack.seen.length;

    await render({ ...told, v: 2, units: { gitops: unit('success') } });

    expect(slack.seen).toHaveLength(asked);
  });

  it('comes again when Slack does not answer', async () => {
    slack.next.push({ status: 503 }, { status: 503 });

    await expect(render(await aRunOf(file, { gitops: unit('running') }))).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
      retriable: true,
    });
  });
});
