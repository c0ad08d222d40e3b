import { describe, expect, it } from '@jest/globals';
import { decideApply, wasApplying } from './decide.ts';

const nothing = { toAdd: 0, toChange: 0, toDestroy: 0, destroys: [] };

describe('decideApply', () => {
  it.each([
    { when: 'the plan adds', plan: { ...nothing, toAdd: 1 }, kind: 'apply', reason: 'plan_changes' },
    { when: 'the plan changes in place', plan: { ...nothing, toChange: 2 }, kind: 'apply', reason: 'plan_changes' },
    { when: 'there is nothing to do', plan: nothing, kind: 'pass', reason: 'no_changes' },
  ])('says $kind when $when', ({ plan, kind, reason }) => {
    expect(decideApply({ plan })).toEqual({ kind, reason });
  });

  it('refuses a plan that destroys and names what would go, also when it adds as well', () => {
    const decision = decideApply({ plan: { ...nothing, toAdd: 3, toDestroy: 1, destroys: ['aws_db.orders'] } });

    expect(decision).toMatchObject({ kind: 'refuse', reason: 'plan_destroys' });
    expect(decision).toHaveProperty('message', expect.stringContaining('aws_db.orders'));
  });
});

describe('wasApplying', () => {
  const slice = { tool: 'tofu', planDigest: null, ...nothing, outputs: {}, generation: 1 };

  it('recognises an apply that died in this generation only', () => {
    expect(wasApplying({ ...slice, phase: 'applying' }, 1)).toBe(true);
    expect(wasApplying({ ...slice, phase: 'applying' }, 2)).toBe(false);
    expect(wasApplying({ ...slice, phase: 'applied' }, 1)).toBe(false);
    expect(wasApplying(undefined, 1)).toBe(false);
  });
});
