import { describe, expect, it } from '@jest/globals';
import { parsePlan } from './parse-plan.ts';

const nothing = {
  before: null,
  after: null,
  after_unknown: {},
  before_sensitive: false,
  after_sensitive: false,
};

describe('parsePlan', () => {
  it.each([
    [['create'], { toAdd: 1, toChange: 0, toDestroy: 0, destroys: [], replaces: [] }, 'add'],
    [['update'], { toAdd: 0, toChange: 1, toDestroy: 0, destroys: [], replaces: [] }, 'change'],
    [['delete'], { toAdd: 0, toChange: 0, toDestroy: 1, destroys: ['db.a'], replaces: [] }, 'destroy'],
    [['delete', 'create'], { toAdd: 1, toChange: 0, toDestroy: 1, destroys: ['db.a'], replaces: ['db.a'] }, 'replace'],
    [['create', 'delete'], { toAdd: 1, toChange: 0, toDestroy: 1, destroys: ['db.a'], replaces: ['db.a'] }, 'replace'],
    [['forget'], { toAdd: 0, toChange: 0, toDestroy: 0, destroys: [], replaces: [] }, 'forget'],
  ])('counts %j', (actions, counts, kind) => {
    const summary = parsePlan(planOf({ ...nothing, actions }));

    expect(summary).toEqual({ ...counts, changes: [{ address: 'db.a', type: 'db', kind, attributes: [] }] });
  });

  it.each([[['no-op']], [['read']]])('has no change for %j', (actions) => {
    expect(parsePlan(planOf({ ...nothing, actions })).changes).toEqual([]);
  });

  it('shows what differs, and of what is sensitive in any part only that it differs', () => {
    const change = {
      actions: ['update'],
      before: { size: 1, same: 'x', key: 'hunter2', nested: { password: 'hunter3', name: 'n' } },
      after: { size: 2, same: 'x', key: 'hunter4', nested: { password: 'hunter5', name: 'm' } },
      after_unknown: { id: true },
      before_sensitive: { nested: { password: true } },
      after_sensitive: { key: true },
    };

    const [described] = parsePlan(planOf(change)).changes;

    expect(described?.attributes).toEqual([
      { name: 'size', before: '1', after: '2' },
      { name: 'key', before: '[secret]', after: '[secret]' },
      { name: 'nested', before: '[secret]', after: '[secret]' },
      { name: 'id', before: null, after: '(known after apply)' },
    ]);
  });

  it('redacts everything of a resource that is sensitive as a whole', () => {
    const change = { ...nothing, actions: ['create'], after: { key: 'hunter2' }, after_sensitive: true };

    expect(JSON.stringify(parsePlan(planOf(change)))).not.toContain('hunter2');
  });

  it.each([
    ['no JSON', 'Terraform will perform'],
    ['another major version', JSON.stringify({ format_version: '2.0' })],
    ['a plan with errors', JSON.stringify({ format_version: '1.2', errored: true })],
  ])('refuses %s', (_what, text) => {
    expect(() => parsePlan(text)).toThrow(expect.objectContaining({ code: 'INFRASTRUCTURE_TOOL_FAILED' }));
  });
});

function planOf(change: object): string {
  const keysThatAreNew = { applyable: true };
  return JSON.stringify({
    format_version: '1.2',
    resource_changes: [{ address: 'db.a', type: 'db', change }],
    ...keysThatAreNew,
  });
}
