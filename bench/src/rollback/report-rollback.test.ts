import { describe, expect, it } from '@jest/globals';
import { isKept } from '../render-report.ts';
import type { TakenBack } from './bad-release.ts';
import { reportOf } from './report-rollback.ts';

function takenBack(fromSampleMs: number, fromErrorMs: number): TakenBack {
  return { fromSampleMs, fromErrorMs, detectMs: 0, actMs: 0, errors: 1, meddledBeforeMs: null };
}

const patches = {
  first: [900, 40],
  alerts: [{ patchedMs: [100, 200, 300], readyMs: [100, 200, 300] }],
  undos: [{ patchedMs: [400], readyMs: [800] }],
};

describe('the report of rollback', () => {
  const detection = {
    watched: [takenBack(10_000, 15_000), takenBack(21_000, 26_000)],
    killed: [takenBack(20_000, 25_000)],
    alerted: [takenBack(90_000, 100_000), takenBack(100_000, 104_000)],
  };
  const { figures, targets } = reportOf(detection, patches);

  it('holds the slowest turn against its limit, not the middle one', () => {
    expect(targets.map(({ value, limit }) => [value, limit])).toEqual([
      [300, 1_000],
      [21, 20],
      [20, 30],
    ]);
    expect(targets.map(isKept)).toEqual([true, false, true]);
  });

  it('gives ratios of what users met, and of patches', () => {
    expect(figures.filter(([what]) => what === 'ratios').map(([, text]) => text)).toEqual([
      '0.20 and 0.25',
      '0.50 and 0.25',
    ]);
  });
});
