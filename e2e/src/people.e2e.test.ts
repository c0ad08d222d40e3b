import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  installFakeTerraform,
  startFakeGithub,
  startFakeSlack,
  type FakeGithub,
  type FakeSlack,
  type SlackMessage,
} from '@orchestra/testkit';
import { startPlatform, type PlatformUnderTest } from './platform.ts';
import { named } from './scenarios.ts';
import { playScenario, type Story } from './story.ts';

const triggered = named('triggered-to-staging');
const asked = named('people-asked');
const approved = named('approved-to-production');
const voided = named('approval-void');
const malformed = named('11-malformed-pipeline-file');
const destroyed = named('infrastructure-destroyed');
const held = [named('frozen-window'), named('services-in-a-group')];
let github: FakeGithub;
let slack: FakeSlack;
let platform: PlatformUnderTest;
let tools: string;

beforeAll(async () => {
  [github, slack] = await Promise.all([startFakeGithub(), startFakeSlack()]);
  tools = await mkdtemp(join(tmpdir(), 'orchestra-e2e-tools-'));
  await chmod(tools, 0o755);
  await installFakeTerraform(tools);
  const environment = {
    ...process.env,
    GITHUB_TOKEN: 'token',
    GITHUB_API_URL: github.url,
    SLACK_TOKEN: 'xoxb-token',
    SLACK_API_URL: slack.apiUrl,
    SLACK_CHANNEL: 'C0DEFAULT',
    PUBLIC_URL: 'https://orchestra.test',
    // One Terraform on every machine; what it does is held to the real one by the suite of its driver.
    PATH: [tools, process.env['PATH']].join(delimiter),
    SANDBOX_TOOLS: [tools, process.env['SANDBOX_TOOLS']].filter((folder) => folder !== undefined).join(delimiter),
  };
  platform = await startPlatform({ distributed: false, environment });
});

afterAll(async () => {
  await platform.stop();
  await Promise.all([github.close(), slack.close(), rm(tools, { recursive: true })]);
});

describe('people and the platform', () => {
  it(`${triggered.name}: ${triggered.story}`, async () => {
    const story = await playScenario(triggered, platform);

    const { run } = await platform.api.readRun(runIdOf(story, 'asked'));
    expect(run).toMatchObject({ trigger: 'MANUAL', environmentLimit: 'staging' });
    expect(Object.keys(run.units).filter((unit) => unit.includes('production'))).toEqual([]);
  });

  it(`${asked.name}: ${asked.story}`, async () => {
    const story = await playScenario(asked, platform);

    const bad = await messagesOf(story, 'bad', {
      main: /rolled back/,
      thread: /rollback\/production\/shop[^]*error_ratio/,
    });
    expect(bad).toMatchObject([{ channel: 'C0SHOP' }]);
    expect(bad[0]?.edits).toBeGreaterThan(0);
    expect(await statusOf(story, 'bad', 'failure')).toContain('rolled back');

    await messagesOf(story, 'third', {
      main: /failure/,
      thread: /too little data[^]*approve[^]*A person took it back/,
    });
    await messagesOf(story, 'fourth', {
      main: /success/,
      thread: /^[^\n]*too little data[^\n]*\n[^\n]*approve[^\n]*$/,
    });
    expect(await statusOf(story, 'fourth', 'success')).toContain('success');
  });

  it(`${approved.name}: ${approved.story}`, async () => {
    const story = await playScenario(approved, platform);

    const thread = /0 of 2 approvals \(nobody\)[^]*orchestra approve/;
    const main = /pre-flight of production\/shop: can go back to r1; risk[^]*2 of 2 approvals \(grace, linus\)/;
    expect(await messagesOf(story, 'second', { main, thread })).toHaveLength(1);
  });

  it(`${voided.name}: ${voided.story}`, async () => {
    const story = await playScenario(voided, platform);

    const thread = /the approval of grace in run #1 is void: it was for another artifact/;
    expect(await messagesOf(story, 'second', { main: /approvals of production\/shop/, thread })).toHaveLength(1);
  });

  it(`${destroyed.name}: ${destroyed.story}`, async () => {
    const story = await playScenario(destroyed, platform);

    // The second question is answered at once, maybe before the channel is told of it.
    const thread = /destroys terraform_data.queue[^]*Destroying the infrastructure of[^]*it is gone/;
    expect(await messagesOf(story, 'second', { main: /success|rolled back/, thread })).toHaveLength(1);
  });

  it.each(held)('$name: $story', async (scenario) => {
    const { runs } = await playScenario(scenario, platform);

    expect(runs.size).toBe(2);
  });

  it(`${malformed.name}, as the forge and the channel show it: ${malformed.story}`, async () => {
    const story = await playScenario(malformed, platform);

    const thread = /cannot run[^]*bild[^]*retry_failed/;
    expect(await messagesOf(story, 'first', { main: /failure/, thread })).toMatchObject([{ channel: 'C0DEFAULT' }]);
    expect(await statusOf(story, 'first', 'failure')).toContain('Unknown key `bild`');
  });
});

function runIdOf({ runs }: Story, run: string): string {
  return runs.get(run)?.runId ?? '';
}

/** The messages of the channel about a run, once they and the thread under them say so. */
async function messagesOf(
  story: Story,
  run: string,
  { main, thread }: { main: RegExp; thread: RegExp },
): Promise<SlackMessage[]> {
  const page = `/runs/${runIdOf(story, run)}|`;
  const seen = await eventually({
    see: () => {
      const mains = slack.messages.filter((each) => each.thread === null && each.text.includes(page));
      return { mains, replies: slack.messages.filter((each) => mains.some(({ ts }) => ts === each.thread)) };
    },
    until: ({ mains, replies }) =>
      mains.some(({ text }) => main.test(text)) && thread.test(replies.map(({ text }) => text).join('\n')),
  });
  return seen.mains;
}

/** What the forge shows for all of a run, once it is in this state. */
async function statusOf({ runs }: Story, run: string, state: string): Promise<string | undefined> {
  const commit = runs.get(run)?.push.after;
  const shown = await eventually({
    see: () => github.statuses.findLast((status) => status.commit === commit && status.context === 'orchestra'),
    until: (status) => status?.state === state,
  });
  return shown?.description;
}
