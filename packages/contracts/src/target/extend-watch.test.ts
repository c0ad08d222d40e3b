import { describe, expect, it } from '@jest/globals';
import { judgeRelease } from './advance-rollout.ts';
import { extendedMs, extendWatch } from './extend-watch.ts';
import { released } from './targets.fixture.ts';

const order = { release: 'r1', commandId: 'c1', ms: 60_000, actor: 'ada' };

describe('the watch over a release that serves', () => {
  it('is made longer by each order, and by each once', () => {
    let target = released(1);
    for (const commandId of ['c1', 'c1', 'c2']) {
      const moved = extendWatch(target, { ...order, commandId });
      if (moved.kind === 'moved') target = moved.target;
    }

    expect(extendedMs(target, 'r1')).toBe(120_000);
    expect(extendedMs(target, 'r2')).toBe(0);
  });

  it('cannot be made longer after its last word', () => {
    const judged = judgeRelease(released(1), { release: 'r1', health: 'healthy', checks: [] });

    expect(judged.kind === 'moved' ? extendWatch(judged.target, order) : null).toEqual({
      kind: 'refused',
      reason: 'not_watched',
    });
    expect(extendWatch(released(1), { ...order, release: 'r9' })).toEqual({
      kind: 'refused',
      reason: 'release_unknown',
    });
  });
});
