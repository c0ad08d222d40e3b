import { describe, expect, it } from '@jest/globals';
import type { RunState, UnitState } from '@orchestra/contracts';
import type { HistoryEntry } from '@orchestra/runtime';
import { aRun } from '@orchestra/testkit';
import { explainRun } from './explain-run.ts';
import { plannedUnits } from './seeded-store.fixture.ts';

function unit(status: UnitState['status'], reason: string | null = null, message: string | null = null): UnitState {
  return { generation: 1, status, reason, message, at: '2026-01-01T00:00:00Z', startedAt: null, endedAt: null };
}

function event(id: string, what: string, change: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id,
    at: '2026-01-01T10:20:30.400Z',
    kind: 'event',
    service: 'build',
    unit: what,
    generation: 1,
    what,
    reason: null,
    causes: [],
    detail: {},
    ...change,
  };
}

const history: HistoryEntry[] = [
  event('e1', 'code_push', { service: 'gitops', unit: 'gitops', causes: ['run'] }),
  event('e2', 'build_ready', { unit: 'build', causes: ['e1'] }),
  event('d1', 'flaky tests repeated', {
    kind: 'decision',
    service: 'test',
    unit: 'test',
    causes: ['e2'],
    reason: 'still_failing',
  }),
  event('e3', 'test_results', { service: 'test', unit: 'test', causes: ['e2'], reason: 'tests_failed' }),
  event('e4', 'code_analysis', { service: 'code-analysis', unit: 'code_analysis/source', causes: ['e1'] }),
];

function failed(change: Partial<RunState> = {}): RunState {
  const units = {
    gitops: unit('success'),
    build: unit('success'),
    'code_analysis/source': unit('success'),
    'code_analysis/artifact': unit('not_needed'),
    test: unit('failure', 'tests_failed', '2 of 10 tests failed'),
  };
  return aRun({ plannedUnits, units, sequence: 3, ...change });
}

describe('explainRun', () => {
  it('follows the ids from what decided the state back to the push, and leaves out what had no part in it', () => {
    const { about, steps } = explainRun(history, failed(), []);

    expect(about).toBe('test');
    expect(steps.map(({ id }) => id)).toEqual(['e1', 'e2', 'd1', 'e3']);
  });

  it('says it in words too', () => {
    expect(explainRun(history, failed(), []).text).toBe(
      [
        'Run 3 of acme/shop failed: test: tests_failed',
        'test: failure, 2 of 10 tests failed',
        '10:20:30.400 gitops: code_push gitops',
        '10:20:30.400 build: build_ready build',
        '10:20:30.400 test: flaky tests repeated test (still_failing)',
        '10:20:30.400 test: test_results test (tests_failed): 2 of 10 tests failed',
      ].join('\n'),
    );
  });

  it('does not say of an older generation what is true of the newest', () => {
    const units = { ...failed().units, build: { ...unit('success', null, 'built again'), generation: 2 } };

    const { steps } = explainRun(history, failed({ units }), []);

    expect(steps.find(({ id }) => id === 'e2')?.message).toBeNull();
  });

  it('explains a rollback rather than the failure that it followed', () => {
    const units = {
      ...failed().units,
      'deploy/production/shop': unit('failure'),
      'rollback/production/shop': unit('success'),
    };
    const more = [
      event('e5', 'observability_alert', { service: 'observability', unit: 'observe/production/shop', causes: ['e3'] }),
      event('e6', 'rollback_event', { service: 'rollback', unit: 'rollback/production/shop', causes: ['e5'] }),
    ];

    const { about, steps } = explainRun([...history, ...more], failed({ units }), []);

    expect(about).toBe('rollback/production/shop');
    expect(steps.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['code_push', 'observability_alert', 'rollback_event']),
    );
  });

  it('names what an open run waits for', () => {
    const units = { gitops: unit('success'), build: unit('running') };

    const { about, waits, text } = explainRun(history.slice(0, 1), failed({ units }), []);

    expect(about).toBeNull();
    expect(waits.find((wait) => wait.unit === 'test')).toMatchObject({ status: 'queued', missing: ['build'] });
    expect(text).toContain('test is queued; it waits for build');
  });

  it('says what a person can do about a unit that asks for one', () => {
    const units = { 'deploy/production/shop': unit('waiting', 'target_blocked', 'The target is blocked') };

    expect(explainRun([], failed({ units }), []).text).toContain(
      'After a look: orchestra resolve acme/shop production shop',
    );
  });

  it('shows the problems of a pipeline file', () => {
    const problem = { path: '', line: 3, column: 5, message: 'Unknown key', suggestion: null, frame: '> 3 | oops' };
    const base = failed({ units: { gitops: unit('failure', 'pipeline_file_invalid') } });
    const source = {
      planDigest: null,
      snapshotDigest: null,
      baseCommit: null,
      changedFiles: null,
      problems: [problem],
      warnings: [],
      licenses: [],
    };

    expect(explainRun([], { ...base, slices: { ...base.slices, gitops: { source } } }, []).text).toContain(
      '3:5 Unknown key',
    );
  });

  it('does not turn in circles where ids do', () => {
    const circle = [
      event('a', 'x', { unit: 'test', causes: ['b'] }),
      event('b', 'y', { unit: 'build', causes: ['a'] }),
    ];

    expect(explainRun(circle, failed(), []).steps).toHaveLength(2);
  });

  it('explains a run of which nothing is known yet', () => {
    expect(explainRun([], aRun(), [])).toMatchObject({ about: null, steps: [], overall: { status: 'queued' } });
  });

  it('names the units that nobody attends to', () => {
    const about = { unit: 'build', service: 'build', kind: 'not_taken', since: '2026-01-01T00:00:00Z' } as const;
    const text = 'build: nobody has picked this up for 40 s';
    const run = aRun({ plannedUnits, units: { gitops: unit('success') } });

    const explained = explainRun(history.slice(0, 1), run, [{ ...about, text }]);

    expect(explained.text.split('\n')).toContain(text);
    expect(explained.unattended).toMatchObject([{ unit: 'build', service: 'build' }]);
  });

  it('tells what was judged of a release beyond its thresholds', () => {
    const { slices } = aRun({});
    const judgement = {
      score: 80,
      warnings: [],
      comparisons: [],
      objectives: [],
      problems: ['web-1: OOMKilled\nboom'],
    };
    const watch = {
      release: 'r2',
      epoch: 4,
      step: 1,
      verdict: 'breach',
      samples: 3,
      checks: [],
      reason: null,
    } as const;
    const observability = { 'production/shop': { ...watch, judgement } };

    const { text } = explainRun(history, failed({ slices: { ...slices, observability } }), []);

    expect(text).toContain('production/shop: score 80 of 100\nproduction/shop: web-1: OOMKilled boom');
  });
});
