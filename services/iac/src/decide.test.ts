import { describe, expect, it } from '@jest/globals';
import { usualInfrastructureRules, type InfrastructureRules } from '@orchestra/contracts';
import { decideApply, ownSlice } from './decide.ts';
import type { PlannedChange } from './ports.ts';

const nothing = { toDestroy: 0, destroys: [], changes: [], changesAnything: true };
const changeOf = (type: string): PlannedChange => ({ address: `${type}.a`, type, kind: 'change', attributes: [] });
const destroying = { ...nothing, toDestroy: 1, destroys: ['db.orders'], changes: [changeOf('db')] };

describe('decideApply', () => {
  it.each([
    { when: 'nothing changes', plan: { ...nothing, changesAnything: false }, rules: {}, said: ['pass', 'no_changes'] },
    { when: 'an output changes', plan: nothing, rules: { approval: 'changes' }, said: ['apply', 'plan_changes'] },
    { when: 'it changes', plan: { ...nothing, changes: [changeOf('db')] }, rules: {}, said: ['apply', 'plan_changes'] },
    {
      when: 'it changes and people want to see each change',
      plan: { ...nothing, changes: [changeOf('db')] },
      rules: { approval: 'changes' },
      said: ['ask', 'plan_changes'],
    },
    { when: 'it destroys', plan: destroying, rules: {}, said: ['ask', 'plan_destroys'] },
    {
      when: 'destroying is denied',
      plan: destroying,
      rules: { denyDestroy: true },
      said: ['refuse', 'destroy_denied'],
    },
    { when: 'the type is denied', plan: destroying, rules: { denyTypes: ['db'] }, said: ['refuse', 'type_denied'] },
    { when: 'the types are denied', plan: destroying, rules: { denyTypes: ['d*'] }, said: ['refuse', 'type_denied'] },
    {
      when: 'another type is denied',
      plan: destroying,
      rules: { denyTypes: ['d', 'dbs'] },
      said: ['ask', 'plan_destroys'],
    },
    {
      when: 'it changes too much',
      plan: { ...nothing, changes: [changeOf('a'), changeOf('b')] },
      rules: { maxChanges: 1 },
      said: ['refuse', 'too_many_changes'],
    },
    {
      when: 'it changes as much as it may',
      plan: { ...nothing, changes: [changeOf('a')] },
      rules: { maxChanges: 1 },
      said: ['apply', 'plan_changes'],
    },
  ])('says $said when $when', ({ plan, rules, said }) => {
    const { kind, reason } = decideApply({ plan, rules: withUsual(rules) });

    expect([kind, reason]).toEqual(said);
  });

  it('names what a refused plan would destroy', () => {
    const decision = decideApply({ plan: destroying, rules: withUsual({ denyDestroy: true }) });

    expect(decision).toHaveProperty('message', expect.stringContaining('db.orders'));
  });
});

describe('ownSlice', () => {
  const slice = { tool: 'tofu', planDigest: null, toAdd: 0, toChange: 0, toDestroy: 0, destroys: [], outputs: {} };

  it('gives what this generation has written only', () => {
    const made = { ...slice, phase: 'applying' as const, generation: 1 };

    expect(ownSlice(made, 1)).toBe(made);
    expect(ownSlice(made, 2)).toBeNull();
    expect(ownSlice(undefined, 1)).toBeNull();
  });
});

function withUsual(rules: object): InfrastructureRules {
  return { ...usualInfrastructureRules, ...rules };
}
