import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type ChangedFile, type RolloutSlice, type RunState } from '@orchestra/contracts';
import type { HistoryEntry } from '@orchestra/runtime';
import { aContext, aRun, createMemoryArtifacts, receive } from '@orchestra/testkit';
import { alert, givenWorld } from '../world.fixture.ts';

const entry: HistoryEntry = {
  id: 'e1',
  at: '2026-01-01T00:00:00Z',
  kind: 'event',
  service: 'deploy',
  unit: 'deploy/production/web',
  generation: 1,
  what: 'deployment_triggered',
  reason: null,
  causes: [],
  detail: {},
};
const approval: HistoryEntry = {
  ...entry,
  id: 'e2',
  service: 'chatops',
  what: 'operator_command',
  detail: { action: 'APPROVE', actor: 'ada', unit: 'deploy/production/web', reason: 'looks *good*' },
};
const elsewhere: HistoryEntry = { ...entry, id: 'e3', unit: 'deploy/staging/web' };
const check = { metric: 'error_ratio', value: 0.2, threshold: 0.05, baseline: 0.01, verdict: 'BREACH' } as const;
const changed: ChangedFile = { path: 'src/shop.ts', addedLines: 1, deletedLines: 0 };

const aRollout: RolloutSlice = {
  release: 'r2',
  version: null,
  previousRelease: 'r1',
  strategy: 'canary',
  state: 'stepping',
  step: 1,
  steps: 1,
  weightPercent: 100,
  epoch: 4,
  url: null,
  waitsFor: null,
};

function givenRun(rollout: Partial<RolloutSlice> = {}): Partial<RunState> {
  const { slices } = aContext('rollback').run;
  const source = { planDigest: null, snapshotDigest: null, baseCommit: null, problems: [], warnings: [], licenses: [] };
  return {
    runId: 'run-2',
    sequence: 2,
    message: 'Sell more\n\nmuch more',
    slices: {
      ...slices,
      gitops: { source: { ...source, changedFiles: [changed] } },
      deploy: { 'production/web': { ...aRollout, ...rollout } },
    },
  };
}

async function rollBack(world = givenWorld(), rollout: Partial<RolloutSlice> = {}) {
  const artifacts = createMemoryArtifacts();
  world.state.history = [entry, approval, elsewhere];
  world.state.output = 'listening\nTypeError: price is undefined\nGET /\n';
  const data = { ...alert, checks: [check] };
  const result = await receive(world.service, {
    ...world.around,
    topic: 'observability_alert',
    data,
    artifacts,
    run: givenRun(rollout),
  });
  if (result?.kind !== 'end') throw new Error('it did not come to an end');
  const packet = result.slice?.['production/web']?.packet;
  const read = async (digest = '') => (await artifacts.read(digest, 1_000_000)).toString('utf8');
  return { result, packet, read };
}

describe('the decision packet', () => {
  it('says what happened, what was measured, which commits came, who said yes, and what failed first', async () => {
    const { packet, read, result } = await rollBack();

    expect(result.decided?.at(-1)).toEqual({ what: 'decision packet written', reason: 'kept', facts: packet });
    const places = { packetDigest: packet?.json, packetTextDigest: packet?.markdown };
    expect(result.events).toMatchObject([{ topic: 'rollback_event', data: places }]);
    expect(JSON.parse(await read(packet?.json))).toMatchObject({
      form: 1,
      repository: 'acme/shop',
      environment: 'production',
      service: 'web',
      asked: { by: 'alert' },
      decision: { kind: 'restore', reason: 'threshold_breached', to: 'r1' },
      outcome: { status: 'success', reason: 'threshold_breached' },
      leaving: { release: 'r2', version: 'sha256:2', commit: 'commit-2' },
      restored: { release: 'r1', version: 'sha256:1', commit: 'commit-1' },
      measured: [{ ...check, query: null }],
      timeline: [{ id: 'e1' }, { id: 'e2' }],
      commits: [{ sequence: 2, subject: 'Sell more' }],
      changedFiles: ['src/shop.ts'],
      configuration: [],
      approvals: [{ actor: 'ada', action: 'approve', unit: 'deploy/production/web' }],
      failingLines: ['TypeError: price is undefined'],
    });
  });

  it('is a page as well, on which foreign text stays text', async () => {
    const { packet, read } = await rollBack();

    const page = await read(packet?.markdown);

    expect(page).toContain('# Rolled back: acme/shop production/web');
    expect(page).toContain('error\\_ratio: breach, 0.2, threshold 0.05, before 0.01');
    expect(page).toContain('ada: approve `deploy/production/web`, looks \\*good\\*');
    expect(page).toContain('`TypeError: price is undefined`');
  });

  it('is kept of a refusal too', async () => {
    const refused = givenWorld();
    refused.state.target = { ...refused.state.target, blocked: { reason: 'looked', runId: 'run-1', at: 'then' } };
    const told = await rollBack(refused);
    expect(JSON.parse(await told.read(told.packet?.json))).toMatchObject({
      decision: { kind: 'refuse', reason: 'blocked' },
    });
  });

  it('holds up nothing when it cannot be written: the rollback is told without it', async () => {
    const world = givenWorld();
    world.ports.releases.output = () => Promise.reject(new OrchestraError('TARGET_UNREACHABLE', 'away'));

    const { result, packet } = await rollBack(world);

    expect(result).toMatchObject({ status: 'success', events: [{ data: { outcome: 'SUCCESS' } }] });
    expect(packet).toBeUndefined();
  });

  it('has what the release printed although its processes are removed with it, as pods are', async () => {
    const world = givenWorld();
    world.ports.releases.output = async () => {
      return world.state.done.some((one) => one.startsWith('retire')) ? '' : world.state.output;
    };

    const { packet, read } = await rollBack(world);

    expect(world.state.done.at(-1)).toMatch(/^retire/);
    expect(JSON.parse(await read(packet?.json))).toMatchObject({ failingLines: ['TypeError: price is undefined'] });
  });

  it('names of those who approved the release whose approval was counted', async () => {
    const world = givenWorld();
    const given = { actor: 'grace', at: '2026-01-01T00:01:00Z', note: 'looked at staging' };
    const asked = { generation: 1, state: 'granted', digest: 'sha256:q', artifact: 'sha256:a', count: 1 } as const;
    const how = { approvers: ['grace'], groups: [], author: null, askedAt: given.at, until: given.at, voided: [] };
    const granted = { ...asked, ...how, configuration: 'sha256:c', approved: [given] };

    const { packet, read } = await rollBack(world, { approval: granted });

    const { approvals } = JSON.parse(await read(packet?.json));
    expect(approvals).toEqual([
      { at: given.at, actor: 'grace', action: 'approve', unit: 'deploy/production/web', reason: given.note },
    ]);
  });

  it('stays that of the rollback when later alerts about the same release are refused', async () => {
    const world = givenWorld();
    const { slices } = aRun();
    const told = { decision: 'restore' as const, reason: 'threshold_breached', fromRelease: 'r2', toRelease: 'r1' };
    const slice = { ...told, epoch: 5, outcome: 'success', compared: [] };
    world.state.target = { ...world.state.target, lane: null };

    const result = await receive(world.service, {
      ...world.around,
      topic: 'observability_alert',
      data: alert,
      run: { runId: 'run-2', slices: { ...slices, rollback: { 'production/web': slice } } },
    });

    expect(result).toMatchObject({ reason: 'not_current', status: 'not_needed' });
    expect(result).not.toHaveProperty('slice');
  });
});
