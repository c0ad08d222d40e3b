import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { aRun } from '@orchestra/testkit';
import { createChangeLog, type Change } from './change-log.ts';

function seen(changes: readonly Change[] | null): string[] | null {
  return changes?.map(({ position, run }) => `${position} ${run.runId}@${run.v}`) ?? null;
}

function runs(...names: string[]): RunState[] {
  return names.map((name) => {
    const [runId = '', v = '1'] = name.split('@');
    return aRun({ runId, v: Number(v) });
  });
}

describe('the change log', () => {
  it('tells each new revision once, the oldest run first', () => {
    const log = createChangeLog();

    expect(seen(log.take(runs('b@1', 'a@1')))).toEqual(['1 a@1', '2 b@1']);
    expect(seen(log.take(runs('b@1', 'a@1')))).toEqual([]);
    expect(seen(log.take(runs('c@1', 'b@2', 'a@1')))).toEqual(['3 b@2', '4 c@1']);
  });

  it('tells what came after a position, the newest revision of each run', () => {
    const log = createChangeLog();
    log.take(runs('a@1'));
    log.take(runs('a@2'));
    log.take(runs('b@1', 'a@3'));

    expect(seen(log.since(1))).toEqual(['3 a@3', '4 b@1']);
    expect(seen(log.since(4))).toEqual([]);
    expect(seen(log.since(0))).toEqual(['3 a@3', '4 b@1']);
  });

  it.each([Number.NaN, -1, 5, 1.5])('does not know the position %s', (position) => {
    const log = createChangeLog();
    log.take(runs('a@1'));

    expect(log.since(position)).toBeNull();
  });

  it('forgets what is long ago, and says so', () => {
    const log = createChangeLog();
    for (let v = 1; v <= 1200; v += 1) log.take(runs(`a@${v}`));

    expect(log.since(100)).toBeNull();
    expect(seen(log.since(1199))).toEqual(['1200 a@1200']);
  });
});
