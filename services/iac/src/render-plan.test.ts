import { describe, expect, it } from '@jest/globals';
import { renderChanges, renderSummary } from './render-plan.ts';

const changed = { name: 'size', before: '1', after: '2' };
const added = { name: 'name', before: null, after: '"shop"' };

describe('renderChanges', () => {
  it.each([
    ['add', [added], '+ db.a: name = "shop"'],
    ['change', [changed], '~ db.a: size = 1 → 2'],
    ['replace', [changed], '-/+ db.a: size = 1 → 2'],
    ['destroy', [changed], '- db.a'],
    ['forget', [], 'forget db.a'],
  ] as const)('renders %s', (kind, attributes, line) => {
    expect(renderChanges([{ address: 'db.a', type: 'db', kind, attributes }])).toEqual([line]);
  });

  it('ends after a hundred', () => {
    const many = Array.from({ length: 103 }, (_none, index) => `db.n${index}`);
    const lines = renderChanges(many.map((address) => ({ address, type: 'db', kind: 'add', attributes: [] })));

    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('and 3 more');
  });
});

describe('renderSummary', () => {
  const slice = { tool: 'tofu', phase: 'planned', generation: 1, planDigest: null, outputs: {} } as const;

  it('tells what goes from what is made anew', () => {
    const counts = { toAdd: 2, toChange: 1, toDestroy: 2, destroys: ['db.a', 'db.b'], replaces: ['db.b'] };

    expect(renderSummary({ ...slice, ...counts })).toBe('+2 ~1 -2; destroys db.a; makes anew db.b');
    expect(renderSummary({ ...slice, ...counts, toDestroy: 0, destroys: [], replaces: [] })).toBe('+2 ~1 -0');
  });
});
