import { describe, expect, it } from '@jest/globals';
import type { NotifyOn, RunState, UnitState } from '@orchestra/contracts';
import { aRun } from '@orchestra/testkit';
import { decideMessages, type Line } from './decide-messages.ts';
import { plannedUnits } from './seeded-store.fixture.ts';

function unit(status: UnitState['status'], message: string | null = null, reason: string | null = null): UnitState {
  return { generation: 1, status, reason, message, at: '', startedAt: null, endedAt: null };
}

function all(status: UnitState['status']): RunState['units'] {
  return Object.fromEntries(plannedUnits.map((planned) => [planned.unit, unit(status)]));
}

function textOf(lines: readonly Line[] | null): string {
  return (lines ?? [])
    .map((line) => line.map((part) => ('ours' in part ? part.ours : part.foreign)).join(''))
    .join('\n');
}

const run = aRun({ plannedUnits, units: { gitops: unit('running') } });

describe('decideMessages', () => {
  it.each([
    { notifyOn: 'start', state: run },
    { notifyOn: 'success', state: { ...run, units: all('success') } },
    { notifyOn: 'failure', state: { ...run, units: { ...all('success'), test: unit('failure') } } },
    {
      notifyOn: 'rollback',
      state: { ...run, units: { ...all('success'), 'rollback/production/shop': unit('success') } },
    },
    {
      notifyOn: 'approval',
      state: { ...run, units: { 'deploy/production/shop': unit('waiting', null, 'health_unclear') } },
    },
  ] as const)('speaks of a run at $notifyOn where people ask for it', ({ notifyOn, state }) => {
    expect(decideMessages(state, [notifyOn]).main).not.toBeNull();
  });

  it.each<NotifyOn>(['success', 'failure', 'rollback', 'approval'])(
    'keeps silent until there is something for %s',
    (notifyOn) => {
      expect(decideMessages(run, [notifyOn])).toEqual({ main: null, replies: [] });
    },
  );

  it('keeps silent when nobody asked', () => {
    expect(decideMessages({ ...run, units: all('failure') }, [])).toEqual({ main: null, replies: [] });
  });

  it('is not a failure to be superseded', () => {
    const wish = { wish: 'superseded', generation: 1, units: null, reason: '', actor: null, at: '' } as const;

    expect(decideMessages({ ...run, units: all('cancelled'), wishes: [wish] }, ['failure']).main).toBeNull();
  });

  it('shows where each stage stands', () => {
    const { main } = decideMessages({ ...run, units: { ...all('success'), test: unit('failure') } }, ['start']);

    expect(textOf(main)).toContain(':white_check_mark: build');
    expect(textOf(main)).toContain(':x: test');
  });

  it('answers once for each unit that went wrong by itself, and not for what was skipped', () => {
    const units = {
      ...all('success'),
      build: unit('failure', 'exit code 1'),
      test: unit('skipped'),
      'code_analysis/source': unit('cancelled'),
    };

    const { replies } = decideMessages({ ...run, units }, ['failure']);

    expect(replies.map(({ about }) => about)).toEqual(['build 1']);
    expect(textOf(replies[0]?.lines ?? [])).toContain('exit code 1');
  });

  it.each([
    { reason: 'health_unclear', says: 'approve' },
    { reason: 'target_blocked', says: 'orchestra resolve acme/shop production shop' },
  ])('asks a person once in the thread while a unit waits with $reason, and says how to go on', ({ reason, says }) => {
    const units = { ...all('success'), 'deploy/production/shop': unit('waiting', 'What now?', reason) };

    const { replies } = decideMessages({ ...run, units }, ['approval']);

    expect(replies.map(({ about }) => about)).toEqual([`deploy/production/shop 1 ${reason} 0`]);
    expect(textOf(replies[0]?.lines ?? [])).toContain('What now?');
    expect(textOf(replies[0]?.lines ?? [])).toContain(says);
  });

  it('calls nobody while a unit waits for its lane', () => {
    const units = { ...all('success'), 'deploy/production/shop': unit('waiting', null, 'lane') };

    expect(decideMessages({ ...run, units }, ['approval']).main).toBeNull();
  });

  it('says how a target is resolved of which nobody knows what serves', () => {
    const units = { ...all('success'), 'deploy/production/shop': unit('unknown', 'No answer', 'target_blocked') };

    const { replies } = decideMessages({ ...run, units }, ['failure']);

    expect(textOf(replies[0]?.lines ?? [])).toContain('orchestra resolve acme/shop production shop');
  });

  it('tells what a rollback compared', () => {
    const units = { ...all('success'), 'rollback/production/shop': unit('success', 'r1 serves again') };
    const compared = [
      { metric: 'error_rate', value: 0.2, threshold: 0.05, baseline: 0.01, verdict: 'BREACH' },
    ] as const;
    const slice = {
      decision: 'restore',
      reason: 'threshold_breached',
      fromRelease: 'r2',
      toRelease: 'r1',
      epoch: 3,
      outcome: 'SUCCESS',
      compared,
    } as const;
    const slices = { ...run.slices, rollback: { 'production/shop': slice } };

    const { replies } = decideMessages({ ...run, units, slices }, ['rollback']);

    expect(textOf(replies[0]?.lines ?? [])).toContain('error_rate: 0.2, threshold 0.05, before 0.01');
  });

  it('tells the problems of a pipeline file, the first ten of them', () => {
    const problems = Array.from({ length: 12 }, (_, index) => ({
      path: '',
      line: index + 1,
      column: 1,
      message: 'Unknown key',
      suggestion: null,
      frame: '> 1 | oops',
    }));
    const source = {
      planDigest: null,
      snapshotDigest: null,
      baseCommit: null,
      changedFiles: null,
      problems,
      warnings: [],
      licenses: [],
    };
    const units = { ...all('skipped'), gitops: unit('failure', 'bad file') };

    const { replies } = decideMessages({ ...run, units, slices: { ...run.slices, gitops: { source } } }, ['failure']);

    expect(replies.map(({ about }) => about)).toEqual(['problems']);
    expect(textOf(replies[0]?.lines ?? [])).toMatch(/`10:1` Unknown key\nand 2 more$/);
  });

  it('never calls foreign text ours', () => {
    const state = aRun({ ...run, message: '<!channel> *x*', author: '<@U1>', branch: '`x`' });

    const ours = (decideMessages(state, ['start']).main ?? [])
      .flat()
      .flatMap((part) => ('ours' in part ? [part.ours] : []));

    expect(ours.join('')).not.toMatch(/channel|U1|`x`/);
  });
});
