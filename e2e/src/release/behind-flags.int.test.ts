import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFlagdFile, type Effect } from '@orchestra/testkit';
import { z } from 'zod';
import { closeAfterEach } from './close-after-each.ts';
import { startFlagReceiver } from './flag-receiver.ts';
import { startFlagUsers, type FlagUsers } from './flag-users.ts';
import { unit, type PlanChange } from './release-plan.ts';
import { servingIn, startReleaseWorld, type ReleaseWorld } from './release-world.ts';

const open = closeAfterEach();

/** A world in which a first release serves that has nothing behind a flag. */
async function givenRelease(flags: Readonly<Record<string, string>>): Promise<ReleaseWorld> {
  const world = await startReleaseWorld(null, flags);
  open.push(async () => world[Symbol.asyncDispose]());
  const first = await world.push({ version: 'v1', deployment: { strategy: 'immediate' }, observability: unwatched });
  expect(await world.ended(first, unit.deploy)).toMatchObject({ status: 'success' });
  return world;
}

async function givenUsers(world: ReleaseWorld, read: Parameters<typeof startFlagUsers>[0]['read']): Promise<FlagUsers> {
  const users = startFlagUsers({ url: await world.url(), read });
  open.push(async () => users.stop());
  return users;
}

// Nobody uses it yet.
const unwatched = { enabled: false };

// Half of the users have what is new: one look at a busy machine is enough to see it fail.
const quickly = { stepWatchMs: 1_000, minSamples: 1, failureLimit: 1, maxWaitMs: 60_000 };

function behind(flag: string, how: 'works' | 'fails'): PlanChange {
  const version = how === 'works' ? 'v2' : 'v3';
  return {
    version,
    failEvery: 0,
    service: { flag, env: { VERSION: version, BEHIND_FLAG: how } },
    deployment: { strategy: 'feature_flag', steps: [{ weightPercent: 50 }, { weightPercent: 100 }] },
    observability: quickly,
  };
}

const told = z.object({ phase: z.string(), weightPercent: z.number() });

/** For how many percent of the users each step of a run was. */
async function stepsOf({ backends }: ReleaseWorld, runId: string): Promise<number[]> {
  const history = await backends.store.readHistory(runId);
  const moves = history.filter(({ what }) => what === 'deployment_triggered').map(({ detail }) => told.parse(detail));
  return moves.filter(({ phase }) => phase === 'STEP').map(({ weightPercent }) => weightPercent);
}

/** When the traffic went back to a release. */
function backAt(changes: readonly Effect[], release: string): number {
  const back = changes.findLast(({ weights }) => weights?.[release] === 100);
  return Date.parse(back?.at ?? '');
}

describe('releases behind a feature flag', () => {
  it('come dark, reach more users by steps, and a breach takes the flag from all of them before the traffic moves', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orchestra-flags-'));
    open.push(async () => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'production.json');
    const world = await givenRelease({ FLAGD_FILE: join(folder, '{environment}.json') });
    const read = async (flag: string) => {
      const flagd = await readFlagdFile(file);
      return (user: string) => flagd.isOn(flag, user);
    };

    const buyers = await givenUsers(world, () => read('checkout'));
    const good = await world.push(behind('checkout', 'works'));
    expect(await world.ended(good, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    await buyers.stop();

    expect(await stepsOf(world, good)).toEqual([0, 50, 100]);
    expect(buyers.counts).toEqual([0, expect.any(Number), 100]);
    expect(buyers.failed).toEqual({ old: 0, new: 0 });
    expect([...buyers.newBodies]).toEqual(['v2']);

    const seekers = await givenUsers(world, () => read('search'));
    const bad = await world.push(behind('search', 'fails'));
    expect(await world.ended(bad, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.ended(bad, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    await seekers.stop();

    expect(await stepsOf(world, bad)).toEqual([0, 50]);
    expect(seekers.counts).toEqual([0, expect.any(Number), 0]);
    expect(seekers.failed).toEqual({ old: 0, new: expect.any(Number) });
    expect(servingIn(await world.target())).toBe('r2');
    expect(Math.floor((await stat(file)).mtimeMs)).toBeLessThanOrEqual(backAt(await world.changes(), 'r2'));
    // What was released before keeps its users.
    const hasCheckout = await read('checkout');
    expect(['ada', 'grace', 'linus'].filter(hasCheckout)).toEqual(['ada', 'grace', 'linus']);
  });

  it('tell a webhook of each step, and of a breach before anything else is changed', async () => {
    const receiver = await startFlagReceiver();
    open.push(() => receiver.close());
    const world = await givenRelease({ FLAGS_WEBHOOK_URL: receiver.url });
    receiver.look.at = world;
    const percent = () => receiver.moves.at(-1)?.percent ?? 0;
    const users = await givenUsers(world, async () => (user) => Number(user.slice('user-'.length)) < percent());

    const bad = await world.push(behind('search', 'fails'));
    expect(await world.ended(bad, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    await users.stop();

    const dark = { flag: 'search', shares: { r2: 100 } };
    expect(receiver.moves).toMatchObject([
      { ...dark, percent: 0 },
      { ...dark, percent: 50 },
      { ...dark, percent: 0 },
    ]);
    expect(users.failed).toEqual({ old: 0, new: expect.any(Number) });
    expect(await world.shares()).toEqual({ r1: 100 });
    const afterwards = (await world.changes()).slice(receiver.moves.at(-1)?.changes);
    expect(afterwards.map(({ kind, weights }) => [kind, weights])).toEqual([
      ['claim', null],
      ['deploy_step', { r1: 100 }],
      ['retire', null],
    ]);
  });
});
