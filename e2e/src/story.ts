import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRepository,
  freePort,
  sendPush,
  startTraffic,
  type Push,
  type Repository,
  type Traffic,
} from '@orchestra/cli';
import type { JobRecord } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import { letOut, order, promote, rollBack, trigger } from './orders.ts';
import { freeze, unfreeze } from './freezes.ts';
import type { PlatformUnderTest } from './platform.ts';
import type { Environment, Scenario, Step } from './scenario.ts';
import { base, commitFolder } from './scenarios.ts';
import {
  expectBegan,
  expectEvents,
  expectHistory,
  expectSameArtifact,
  expectShown,
  expectSlice,
  expectTarget,
  expectUsers,
  expectWhy,
  waitForRun,
} from './expectations.ts';

/** Those who ask one environment, and what they had met when it was marked. */
export interface Users {
  traffic: Traffic;
  since: { total: number; errors: number };
}

/** What a story has told so far. */
export interface Story {
  platform: PlatformUnderTest;
  /** Full name of its repository. */
  name: string;
  repository: Repository;
  /** Where users reach the service. */
  ports: Readonly<Record<Environment, number>>;
  runs: Map<string, { runId: string; push: Push }>;
  users: Map<Environment, Users>;
}

/** Plays one scenario against a running platform, in a repository of its own. Returns what was told. */
export async function playScenario(scenario: Scenario, platform: PlatformUnderTest): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), `orchestra-e2e-${scenario.name}-`));
  const ports = { staging: await freePort(), production: await freePort() };
  // A name of its own: the same scenario plays in both forms, and may be played again.
  const name = `e2e/${scenario.name}-${randomBytes(4).toString('hex')}`;
  const path = join(platform.repositories, `${name}.git`);
  const files = [base, join(scenario.folder, 'repository')];
  const values = { PORT: String(ports.production), STAGING_PORT: String(ports.staging) };
  const repository = await createRepository({ folder, path, files, values });
  const story: Story = { platform, name, repository, ports, runs: new Map(), users: new Map() };
  try {
    for (const step of scenario.steps) await playStep(step, story, scenario);
    return story;
  } finally {
    stopTraffic(story);
    await rm(folder, { recursive: true, force: true });
  }
}

async function playStep(step: Step, story: Story, scenario: Scenario): Promise<void> {
  if ('push' in step) return push(step.push, story, scenario);
  if ('wait' in step) return waitForRun(story, step.wait);
  if ('traffic' in step) return changeTraffic(step.traffic, story);
  if ('mark' in step) return markUsers(story);
  if ('kill' in step) return killReplica(step.kill, story);
  if ('restart' in step) return story.platform.killAndRestart();
  if ('freeze' in step) return freeze(step.freeze, story);
  if ('unfreeze' in step) return unfreeze(step.unfreeze, story);
  return playOrder(step, story);
}

type OfPerson = Extract<
  Step,
  { trigger: unknown } | { order: unknown } | { promote: unknown } | { rollBack: unknown } | { letOut: unknown }
>;

async function playOrder(step: OfPerson | Expectation, story: Story): Promise<void> {
  if ('trigger' in step) return trigger(step.trigger, story);
  if ('order' in step) return order(step.order, story);
  if ('promote' in step) return promote(step.promote, story);
  if ('rollBack' in step) return rollBack(step.rollBack, story);
  if ('letOut' in step) return letOut(step.letOut, story);
  return expectStep(step, story);
}

type Expectation = Extract<
  Step,
  | { users: unknown }
  | { began: unknown }
  | { events: unknown }
  | { slice: unknown }
  | { shows: unknown }
  | { history: unknown }
  | { sameArtifact: unknown }
  | { why: unknown }
  | { target: unknown }
>;

async function expectStep(step: Expectation, story: Story): Promise<void> {
  if ('users' in step) return expectUsers(story, step.users);
  if ('began' in step) return expectBegan(story, step.began);
  if ('events' in step) return expectEvents(story, step.events);
  if ('slice' in step) return expectSlice(story, step.slice);
  if ('shows' in step) return expectShown(story, step.shows);
  if ('history' in step) return expectHistory(story, step.history);
  if ('sameArtifact' in step) return expectSameArtifact(story, step.sameArtifact);
  if ('why' in step) return expectWhy(story, step.why);
  return expectTarget(story, step.target);
}

async function killReplica(
  { service, holding }: Extract<Step, { kill: unknown }>['kill'],
  story: Story,
): Promise<void> {
  const pids = (await story.platform.processes()).filter(({ name }) => name === service).map(({ pid }) => pid);
  const held = holding === undefined ? pids[0] : await pidOfHolder(story, { service, run: holding });
  const pid = pids.find((each) => each === held);
  if (pid === undefined) throw new Error(`No process of ${service} to kill among ${pids.join(', ')}`);
  process.kill(pid, 'SIGKILL');
}

async function pidOfHolder(
  { platform, runs }: Story,
  { service, run }: { service: string; run: string },
): Promise<number> {
  const { jobs } = await platform.api.read<{ jobs: JobRecord[] }>(`/runs/${runs.get(run)?.runId ?? run}/jobs`);
  const holder = jobs.find((job) => job.service === service && job.status === 'running')?.owner;
  // An owner is service@host:pid.
  return Number(holder?.split(':').at(-1));
}

async function push(
  { as, commit, again }: Extract<Step, { push: unknown }>['push'],
  story: Story,
  scenario: Scenario,
): Promise<void> {
  const { repository, platform, name, runs } = story;
  const earlier = again === undefined ? undefined : runs.get(again)?.push;
  const made =
    earlier === undefined
      ? await repository.commit(as, commit === undefined ? undefined : commitFolder(scenario, commit))
      : await repository.resetTo(earlier.after);
  const { url, secret } = platform;
  const runId = await sendPush({ url, secret, push: { repository: name, ...made, message: as, author: 'ada' } });
  runs.set(as, { runId, push: made });
}

async function changeTraffic(wanted: Extract<Step, { traffic: unknown }>['traffic'], story: Story): Promise<void> {
  if (wanted === 'stop') return stopTraffic(story);
  const { perSecond, environment } = wanted;
  const traffic = startTraffic({ port: story.ports[environment], perSecond });
  story.users.set(environment, { traffic, since: { total: 0, errors: 0 } });
  await eventually({ see: () => traffic.total(), until: (total) => total > 0 });
}

function stopTraffic({ users }: Story): void {
  for (const { traffic } of users.values()) traffic.stop();
}

function markUsers({ users }: Story): void {
  for (const one of users.values()) one.since = { total: one.traffic.total(), errors: one.traffic.errors() };
}
