import { describe, expect, it } from '@jest/globals';
import { planUnits } from '../units.ts';
import type { UnitState } from './run.ts';
import type { RolloutSlice, Slices } from './slices.ts';
import { explainUnattended, findUnattended, type JobStanding } from './unattended.ts';

const began = '2026-01-01T10:00:00.000Z';
const now = new Date('2026-01-01T10:00:40.000Z');
const deployment = { environments: ['production'], services: [{ name: 'shop' }] };
const plannedUnits = planUnits({
  plan: { deployment: deployment as never, gateDeadlineMs: 60_000 },
  environmentLimit: null,
});
const noSlices: Slices = {
  gitops: {},
  build: {},
  'code-analysis': {},
  test: {},
  iac: {},
  deploy: {},
  observability: {},
  rollback: {},
  chatops: {},
};

function unit(status: UnitState['status'], change: Partial<UnitState> = {}): UnitState {
  return { generation: 1, status, reason: null, message: null, at: began, startedAt: null, endedAt: null, ...change };
}

function job(name: string, change: Partial<JobStanding> = {}): JobStanding {
  return { service: 'build', unit: name, generation: 1, status: 'queued', dueAt: began, leaseEndsAt: null, ...change };
}

const attended = [job('code_analysis/source', { status: 'running', leaseEndsAt: '2026-01-01T10:00:50.000Z' })];

function find(units: Record<string, UnitState>, jobs: readonly JobStanding[] = attended, slices: Slices = noSlices) {
  const found = findUnattended({ plannedUnits, units: { gitops: unit('success'), ...units }, slices }, jobs, now);
  return found.filter(({ unit: name }) => name !== 'code_analysis/source').map((each) => explainUnattended(each, now));
}

describe('findUnattended', () => {
  it('names a unit whose inputs are there and whose service has made no job of them', () => {
    expect(find({})).toEqual(['build: nobody has picked this up for 40 s; does the service build run?']);
  });

  it.each([
    { when: 'waits for a worker', job: job('build') },
    { when: 'has a timer that is over', job: job('build', { status: 'parked' }) },
  ])('names a unit whose job $when', ({ job: open }) => {
    expect(find({ build: unit('queued') }, [open])).toMatchObject([/^build: nobody has picked this up for 40 s/]);
  });

  it('names a unit whose worker died', () => {
    const lost = job('build', { status: 'running', leaseEndsAt: '2026-01-01T10:00:10.000Z' });

    expect(find({ build: unit('running') }, [lost])).toEqual([
      'build: its worker was lost 30 s ago, and nobody has taken over; does the service build run?',
    ]);
  });

  it.each([
    { when: 'is worked at', job: job('build', { status: 'running', leaseEndsAt: '2026-01-01T10:01:00.000Z' }) },
    { when: 'is parked for a person', job: job('build', { status: 'parked', dueAt: null }) },
    { when: 'comes back later', job: job('build', { status: 'parked', dueAt: '2026-01-01T11:00:00.000Z' }) },
    { when: 'became due just now', job: job('build', { dueAt: '2026-01-01T10:00:31.000Z' }) },
  ])('leaves a unit alone whose job $when', ({ job: open }) => {
    expect(find({ build: unit('running') }, [open])).toEqual([]);
  });

  it('leaves a unit alone while an input is missing, and when it has ended', () => {
    expect(find({ build: unit('failure'), 'code_analysis/source': unit('running') })).toEqual([
      expect.stringContaining('code_analysis/artifact:'),
      expect.stringContaining('test:'),
    ]);
    expect(find({ build: unit('running') }, [...attended, job('build', { dueAt: null })])).toEqual([]);
  });

  it('counts from the last of the inputs', () => {
    const late = unit('success', { endedAt: '2026-01-01T10:00:20.000Z' });
    const units = { build: late, 'code_analysis/artifact': late, 'code_analysis/source': unit('success') };

    expect(find({ ...units, test: unit('success') })).toEqual([
      'iac/production: nobody has picked this up for 20 s; does the service iac run?',
    ]);
  });

  it('looks at the jobs of the newest generation only', () => {
    const units = { build: unit('waiting', { generation: 2 }) };

    expect(find(units, [...attended, job('build', { dueAt: null })])).toHaveLength(1);
    expect(find(units, [...attended, job('build', { generation: 2, dueAt: null })])).toEqual([]);
  });

  it('names a watch that does not begin while its rollout waits for a verdict', () => {
    const rollout = { state: 'judging' } as RolloutSlice;
    const slices = { ...noSlices, deploy: { 'production/shop': rollout } };
    const units = { build: unit('running'), 'deploy/production/shop': unit('waiting') };
    const jobs = ['build', 'deploy/production/shop'].map((name) => job(name, { status: 'parked', dueAt: null }));

    expect(find(units, jobs, slices)).toEqual([expect.stringContaining('observe/production/shop: nobody')]);
    expect(find(units, jobs)).toEqual([]);
  });
});

describe('findUnattended beside the plan', () => {
  it('names the reading of the push before there is a plan', () => {
    const jobs = [job('gitops', { service: 'gitops' })];
    const found = findUnattended({ plannedUnits: [], units: { gitops: unit('queued') }, slices: noSlices }, jobs, now);

    expect(found).toEqual([{ unit: 'gitops', service: 'gitops', kind: 'not_begun', since: began }]);
  });

  it('names a rollback that does not begin while its rollout fails', () => {
    const slices = { ...noSlices, deploy: { 'production/shop': { state: 'failing' } as RolloutSlice } };
    const units = { 'deploy/production/shop': unit('waiting') };
    const jobs = [job('deploy/production/shop', { service: 'deploy', status: 'parked', dueAt: null })];

    expect(findUnattended({ plannedUnits: [], units, slices }, jobs, now)).toEqual([
      { unit: 'rollback/production/shop', service: 'rollback', kind: 'not_taken', since: began },
    ]);
  });
});

describe('explainUnattended', () => {
  it('counts minutes from the second one on', () => {
    const about = { unit: 'build', service: 'build', kind: 'not_begun', since: began } as const;

    expect(explainUnattended(about, new Date('2026-01-01T10:03:59Z'))).toMatch(/for 3 min;/);
  });
});
