import { describe, expect, it } from '@jest/globals';
import { usualInfrastructureRules } from '@orchestra/contracts';
import { askAbout } from './question.ts';

const now = new Date('2026-01-01T00:00:00Z');
const rules = { ...usualInfrastructureRules, approvers: ['ada'], approvalTimeoutMs: 3_600_000 };
const content = { planDigest: 'sha256:p', commit: 'a'.repeat(40) };

describe('the question about a plan', () => {
  it('names by one digest the plan and the commit that it is of', () => {
    const { digest } = askAbout(content, rules, now);

    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(askAbout(content, rules, now).digest).toBe(digest);
    expect(askAbout({ ...content, commit: 'b'.repeat(40) }, rules, now).digest).not.toBe(digest);
    expect(askAbout({ ...content, planDigest: 'sha256:q' }, rules, now).digest).not.toBe(digest);
  });

  it('names who may answer, and until when', () => {
    expect(askAbout(content, rules, now)).toMatchObject({ approvers: ['ada'], until: '2026-01-01T01:00:00.000Z' });
  });
});
