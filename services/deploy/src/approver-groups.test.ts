import { describe, expect, it } from '@jest/globals';
import { approverEnv } from './approver-groups.ts';

describe('APPROVER_GROUPS', () => {
  it('names the groups of each person', () => {
    const { APPROVER_GROUPS: groups } = approverEnv.parse({
      APPROVER_GROUPS: 'ada:sre, ada:release managers,grace:sre',
    });

    expect([...groups]).toEqual([
      ['ada', ['sre', 'release managers']],
      ['grace', ['sre']],
    ]);
  });

  it('has no groups when it is not set', () => {
    expect(approverEnv.parse({}).APPROVER_GROUPS.size).toBe(0);
  });

  it.each(['ada', 'ada:', ':sre', 'ada:sre:more'])('refuses %s', (text) => {
    expect(approverEnv.safeParse({ APPROVER_GROUPS: text }).success).toBe(false);
  });
});
