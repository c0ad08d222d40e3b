import { describe, expect, it } from '@jest/globals';
import { planUnits, type UnitState } from '@orchestra/contracts';
import { decideOrder } from './decide-order.ts';

const plan = {
  gateDeadlineMs: 1,
  deployment: {
    provider: 'local',
    strategy: 'immediate',
    steps: [{ weightPercent: 100 }],
    environments: ['production'],
    services: [
      {
        name: 'shop',
        command: [],
        port: 1,
        env: {},
        replicas: 1,
        healthPath: '/',
        metricsPath: null,
        readyTimeoutMs: 1,
      },
    ],
    stepTimeoutMs: 1,
    onInconclusive: 'ask',
  },
} as const;
const plannedUnits = planUnits({ plan, environmentLimit: null });

function unit(status: UnitState['status']): UnitState {
  return { generation: 1, status, reason: null, message: null, at: '', startedAt: null, endedAt: null };
}

const run = { plannedUnits, units: {}, endedAt: null };

describe('decideOrder', () => {
  it('asks gitops to cancel a run', () => {
    expect(decideOrder({ action: 'CANCEL' }, run)).toMatchObject({ kind: 'send', addressee: 'gitops', unit: null });
  });

  it('does not cancel what has ended', () => {
    expect(decideOrder({ action: 'CANCEL' }, { ...run, endedAt: 'x' })).toMatchObject({
      kind: 'refuse',
      reason: 'ended',
    });
  });

  it.each([
    ['test', 'test'],
    ['code_analysis/source', 'code-analysis'],
    ['iac/production', 'iac'],
    ['deploy/production/shop', 'deploy'],
    ['observe/production/shop', 'observability'],
  ])('asks the owner of %s to retry it: %s', (name, addressee) => {
    const decision = decideOrder({ action: 'RETRY', unit: name, force: false }, run);

    expect(decision).toMatchObject({ kind: 'send', addressee, unit: name });
  });

  it('names environment and service of a target', () => {
    const decision = decideOrder({ action: 'APPROVE', unit: 'deploy/production/shop' }, run);

    expect(decision).toMatchObject({ environment: 'production', service: 'shop' });
  });

  it('retries what others were skipped for when no unit is named', () => {
    const units = {
      build: unit('success'),
      'code_analysis/artifact': unit('skipped'),
      test: unit('failure'),
      'iac/production': unit('skipped'),
    };

    expect(decideOrder({ action: 'RETRY', unit: null, force: false }, { ...run, units })).toMatchObject({
      unit: 'test',
    });
  });

  it('asks gitops for another run, also of one that has ended', () => {
    expect(decideOrder({ action: 'RUN' }, { ...run, endedAt: 'x' })).toMatchObject({
      kind: 'send',
      addressee: 'gitops',
    });
  });

  it('asks deploy to promote to an environment that the run reaches', () => {
    expect(decideOrder({ action: 'PROMOTE', environment: 'production' }, run)).toMatchObject({
      addressee: 'deploy',
      environment: 'production',
      unit: 'deploy/production/shop',
    });
    expect(decideOrder({ action: 'PROMOTE', environment: 'moon' }, run)).toMatchObject({ reason: 'not_reached' });
  });

  it.each([
    { unit: null, reason: 'nothing_to_retry' },
    { unit: 'deploy/moon/shop', reason: 'unit_unknown' },
  ])('refuses to retry $unit: $reason', ({ unit: name, reason }) => {
    expect(decideOrder({ action: 'RETRY', unit: name, force: false }, run)).toMatchObject({ kind: 'refuse', reason });
  });
});

function watch(service: string) {
  const name = `observe/production/${service}`;
  return { unit: name, service: 'observability' as const, after: [], gate: null, gateDeadlineMs: 1 };
}

describe('an order to watch for longer', () => {
  const going = {
    generation: 1,
    status: 'running' as const,
    reason: null,
    message: null,
    at: '',
    startedAt: null,
    endedAt: null,
  };
  const watches = [watch('web'), watch('api')];

  it('means the only watch that goes on', () => {
    const watched = { plannedUnits: watches, units: { 'observe/production/web': going }, endedAt: null };

    expect(decideOrder({ action: 'EXTEND_WATCH', unit: null, seconds: 60 }, watched)).toMatchObject({
      kind: 'send',
      addressee: 'observability',
      unit: 'observe/production/web',
    });
  });

  it.each([
    { what: 'none', units: {} },
    { what: 'two', units: { 'observe/production/web': going, 'observe/production/api': going } },
  ])('names one where $what go on', ({ units }) => {
    const watched = { plannedUnits: watches, units, endedAt: null };

    expect(decideOrder({ action: 'EXTEND_WATCH', unit: null, seconds: 60 }, watched)).toMatchObject({ kind: 'refuse' });
    expect(decideOrder({ action: 'EXTEND_WATCH', unit: 'observe/production/api', seconds: 60 }, watched)).toMatchObject(
      {
        kind: 'send',
      },
    );
  });
});
