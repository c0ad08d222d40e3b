import { describe, expect, it } from '@jest/globals';
import { environmentReleasesName, judgeRun, readTargetUnit, unitNames } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import { listObjects } from '@orchestra/testkit/neighbours';
import { closeAfterEach } from './close-after-each.ts';
import { givenClusterWorld } from './given-cluster-world.ts';
import { giveOrder } from './give-order.ts';
import { unit } from './release-plan.ts';
import type { ReleaseWorld } from './release-world.ts';
import { useCluster } from './use-cluster.ts';

const open = closeAfterEach();
const api = { environment: 'production', service: 'api' };
const staging = { environment: 'staging', service: 'web' };
const twoOf = { count: 2, approvers: ['ada', 'grace', 'linus'], groups: [], allowAuthor: false, expiresMs: 600_000 };
const cluster = useCluster();

/** The moves of a run, as `web STEP`, in the order in which they were told. */
async function movesOf(world: ReleaseWorld, runId: string): Promise<string[]> {
  const history = await world.backends.store.readHistory(runId);
  const told = history.filter(({ kind, what }) => kind === 'event' && what === 'deployment_triggered');
  return told.map(({ unit: name, detail }) => {
    const phase = typeof detail === 'object' && detail !== null && 'phase' in detail ? String(detail.phase) : '';
    return `${readTargetUnit(name ?? '')?.service ?? ''} ${phase}`;
  });
}

/** Waits until a run sleeps at the gate of production. */
async function untilItWaits(world: ReleaseWorld, runId: string, waitsFor: string) {
  const run = await eventually({
    see: async () => world.run(runId),
    until: ({ slices, units }) =>
      slices.deploy['production/web']?.waitsFor === waitsFor && units[unit.deploy]?.status === 'waiting',
    timeoutMs: 120_000,
  });
  return run.slices.deploy['production/web'];
}

async function untilDecided(world: ReleaseWorld, runId: string, decided: { what: string; reason: string }) {
  await eventually({
    see: async () => world.backends.store.readHistory(runId),
    until: (history) => history.some(({ what, reason }) => what === decided.what && reason === decided.reason),
    timeoutMs: 60_000,
  });
}

const yes = { action: 'APPROVE', addressee: 'deploy', unit: unit.deploy } as const;

/** A person agrees to what a run asks about, and that is known. Says what it asks about. */
async function agree(world: ReleaseWorld, runId: string, actor: string): Promise<string> {
  const asked = (await untilItWaits(world, runId, 'approval'))?.approval;
  await giveOrder(world.backends, { ...yes, runId, actor, digest: asked?.digest ?? null });
  await eventually({
    see: async () => (await world.run(runId)).slices.deploy['production/web']?.approval?.approved ?? [],
    until: (approved) => approved.some((one) => one.actor === actor),
    timeoutMs: 60_000,
  });
  return asked?.digest ?? '';
}

async function freeze(world: ReleaseWorld, action: 'FREEZE' | 'UNFREEZE'): Promise<void> {
  await giveOrder(world.backends, { action, addressee: 'deploy', runId: null });
  await eventually({
    see: async () => (await world.target({ ...api, service: environmentReleasesName })).releases?.frozen ?? null,
    until: (frozen) => (frozen !== null) === (action === 'FREEZE'),
    timeoutMs: 60_000,
  });
}

/** The digests that the pods of a namespace run. */
async function digestsIn(namespace: string | undefined): Promise<string[]> {
  const place = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: namespace ?? '' };
  const found = JSON.stringify(await listObjects(cluster.url, place)).matchAll(/"image":"[^"@]*@(sha256:[^"]+)"/g);
  return [...new Set([...found].map(([, digest = '']) => digest))];
}

describe('services and environments in a cluster', () => {
  it('bring a group in one after the other, and take it back in the reverse order when the last one fails', async () => {
    const { world, metrics, namespaces } = await givenClusterWorld(cluster.url, { open });
    const needs = ['api'];
    const first = await world.push({ version: 'v1', needs });
    expect(await world.ended(first, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await movesOf(world, first)).toEqual(['api STEP', 'api RELEASED', 'web STEP', 'web RELEASED']);

    metrics.errors.set('web r2', 0.4);
    const second = await world.push({ version: 'v2', needs });

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    expect((await movesOf(world, second)).slice(0, 4)).toEqual(['api STEP', 'api STEP', 'api RELEASED', 'web STEP']);
    expect(await world.shares()).toEqual({ r1: 100 });
    expect(await world.shares(api)).toEqual({ r1: 100 });
    expect(await world.target(api)).toMatchObject({ current: 'r1', rollbacks: [{ from: 'r2', to: 'r1' }] });
    expect(judgeRun(await world.run(second))).toMatchObject({ kind: 'ended', status: 'rolled_back' });
    const fronts = await listObjects(cluster.url, {
      apiVersion: 'v1',
      kind: 'Service',
      namespace: namespaces['production'] ?? '',
    });
    // One counter numbers all writes of a cluster.
    const byLastWrite = fronts
      .map(({ metadata }) => ({ name: metadata?.name, at: Number(metadata?.resourceVersion) }))
      .toSorted((left, right) => left.at - right.at);
    expect(byLastWrite.map(({ name }) => name)).toEqual(['web', 'api']);
  }, 180_000);

  it('bring to production what staging had once people agree to it, and no yes to older bytes counts', async () => {
    const environments = ['staging', 'production'];
    const { world, namespaces } = await givenClusterWorld(cluster.url, { open, environments });
    const asking = {
      deployment: { environments, strategy: 'immediate' as const, approvals: { production: twoOf } },
      // How a release is watched, others tell.
      observability: { enabled: false },
    };
    const first = await world.push({ version: 'v1', commit: 'a'.repeat(40), ...asking });
    const older = await agree(world, first, 'grace');

    const commit = 'b'.repeat(40);
    const second = await world.push({ version: 'v2', commit, ...asking });

    expect(await world.ended(first, unit.deploy)).toEqual({ status: 'cancelled', reason: 'superseded' });
    const asked = (await untilItWaits(world, second, 'approval'))?.approval;
    expect(asked).toMatchObject({ approved: [], voided: [{ actor: 'grace', reason: 'artifact_changed' }] });
    await giveOrder(world.backends, { ...yes, runId: second, actor: 'linus', digest: older });
    await untilDecided(world, second, { what: 'command refused', reason: 'other_version' });
    expect(await world.ended(second, unitNames.deploy('staging', 'web'))).toMatchObject({ status: 'success' });
    expect(await world.shares(staging)).toEqual({ r2: 100 });
    expect(await digestsIn(namespaces['production'])).toEqual([]);

    await agree(world, second, 'grace');
    await agree(world, second, 'linus');

    expect(await world.ended(second, unit.deploy)).toMatchObject({ status: 'success' });
    expect(await world.shares()).toEqual({ r1: 100 });
    const digests = await digestsIn(namespaces['production']);
    expect(digests).toEqual([`sha256:${commit.padEnd(64, '0')}`]);
    expect(await digestsIn(namespaces['staging'])).toEqual(digests);
  }, 180_000);

  it('change nothing in a frozen environment, and go back there all the same', async () => {
    const { world, namespaces } = await givenClusterWorld(cluster.url, { open });
    const first = await world.push({ version: 'v1' });
    expect(await world.ended(first, unit.deploy)).toMatchObject({ status: 'success' });
    await freeze(world, 'FREEZE');

    const second = await world.push({ version: 'v2' });

    expect(await untilItWaits(world, second, 'freeze')).toMatchObject({ state: 'waiting', release: null });
    expect(await world.shares()).toEqual({ r1: 100 });
    expect(await digestsIn(namespaces['production'])).toHaveLength(1);

    await freeze(world, 'UNFREEZE');

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.shares()).toEqual({ r2: 100 });

    await freeze(world, 'FREEZE');
    await giveOrder(world.backends, { action: 'ROLLBACK', addressee: 'rollback', runId: second });

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'ordered' });
    expect(await world.shares()).toEqual({ r1: 100 });
  }, 180_000);
});
