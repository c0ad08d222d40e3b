import { describe, expect, it } from '@jest/globals';
import { isKept, renderReport } from './render-report.ts';

const machine = {
  cores: 2,
  processor: 'x',
  memoryGiB: 8,
  kernel: '6',
  node: '24.1.0',
  loadBefore: 0.5,
  loadAfter: 1.2,
};

describe('renderReport', () => {
  it('says in one line what was found, which target was missed, and where', () => {
    const line = renderReport(
      'hop',
      {
        figures: [['p50', '4.1 ms']],
        targets: [
          { what: 'p50 / bare', value: 1.2345, limit: 1.5, keeps: 'at_most' },
          { what: 'pushes / express', value: 0.4, limit: 0.5, keeps: 'at_least' },
        ],
        rounds: [],
        versions: { redis: '7.0' },
      },
      machine,
    );

    expect(line).toBe(
      'hop: p50 4.1 ms, p50 / bare 1.23 [<= 1.5: kept], pushes / express 0.4 [>= 0.5: MISSED] ' +
        '(2 cores, node 24.1.0, redis 7.0, load 0.5 to 1.2)',
    );
  });
});

describe('isKept', () => {
  it('takes nothing that could not be measured for kept', () => {
    expect(isKept({ what: 'x', value: Number.NaN, limit: 1, keeps: 'at_most' })).toBe(false);
    expect(isKept({ what: 'x', value: Number.NaN, limit: 1, keeps: 'at_least' })).toBe(false);
  });
});
