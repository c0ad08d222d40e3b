import { describe, expect, it } from '@jest/globals';
import type { TestCase } from '@orchestra/adapters/reports';
import { joinTries } from './join-tries.ts';

function aCase(name: string, status: TestCase['status'] = 'passed', file: string | null = 'a.test.js'): TestCase {
  return { name, file, status, message: status === 'failed' ? 'because' : null };
}

function statuses(...tries: TestCase[][]): Record<string, string> {
  return Object.fromEntries(joinTries(tries).map(({ name, status }) => [name, status]));
}

describe('joinTries', () => {
  it('gives the cases of one try as they are, also several of one name', () => {
    const cases = [aCase('one'), aCase('one', 'failed'), aCase('two', 'skipped'), aCase('three', 'flaky')];

    expect(joinTries([cases])).toEqual(cases);
  });

  it('gives nothing for nothing', () => {
    expect(joinTries([])).toEqual([]);
  });

  it.each<[string, TestCase['status'][], string]>([
    ['flaky: failed, then passed', ['failed', 'passed'], 'flaky'],
    ['flaky, also when it passes again', ['failed', 'passed', 'passed'], 'flaky'],
    ['failed: passed, then failed', ['passed', 'failed'], 'failed'],
    ['failed: failed, passed, failed', ['failed', 'passed', 'failed'], 'failed'],
    ['failed in every try', ['failed', 'failed'], 'failed'],
    ['failed: failed, then skipped', ['failed', 'skipped'], 'failed'],
    ['flaky: failed, passed, skipped', ['failed', 'passed', 'skipped'], 'flaky'],
    ['passed in every try', ['passed', 'passed'], 'passed'],
  ])('calls a case %s', (_what, results, status) => {
    expect(statuses(...results.map((result) => [aCase('one', result)]))).toEqual({ one: status });
  });

  it('has no message for a flaky case', () => {
    expect(joinTries([[aCase('one', 'failed')], [aCase('one')]])).toMatchObject([{ status: 'flaky', message: null }]);
  });

  it('keeps what passed before, when a runner repeats only what failed', () => {
    expect(statuses([aCase('one'), aCase('two', 'failed')], [aCase('two')])).toEqual({ one: 'passed', two: 'flaky' });
  });

  it('does not forget a failed case that was never seen again', () => {
    expect(statuses([aCase('one'), aCase('two', 'failed')], [aCase('one')])).toEqual({ one: 'passed', two: 'failed' });
  });

  it('tells cases of one name in several files apart', () => {
    const tries = [[aCase('one', 'failed', 'a')], [aCase('one', 'passed', 'b')]];

    expect(joinTries(tries).map(({ status }) => status)).toEqual(['failed', 'passed']);
  });

  it('calls a file flaky that could not be loaded, and then ran', () => {
    const file = '/workspace/test/a.test.js';
    const broken = aCase('test/a.test.js', 'failed', file);

    expect(statuses([broken], [aCase('one', 'passed', file)])).toEqual({ 'test/a.test.js': 'flaky', one: 'passed' });
    expect(statuses([broken], [aCase('one', 'passed', 'other')])).toMatchObject({ 'test/a.test.js': 'failed' });
    expect(statuses([broken], [broken])).toEqual({ 'test/a.test.js': 'failed' });
  });
});
