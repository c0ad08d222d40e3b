import { describe, expect, it } from '@jest/globals';
import { plain } from './paint.ts';
import { renderBeforeRelease } from './render-before-release.ts';

describe('renderBeforeRelease', () => {
  it('has the pre-flight and the approvals as sections of their own', () => {
    const preflight = {
      generation: 1,
      eligible: true,
      reason: 'can_go_back',
      to: 'r1',
      risk: 12,
      terms: [{ term: 'changed_lines', points: 12 }],
      configuration: [],
    };
    const approval = {
      generation: 1,
      state: 'waiting' as const,
      digest: 'sha256:d',
      artifact: 'sha256:a',
      configuration: 'sha256:c',
      count: 2,
      approvers: ['ada', 'grace'],
      groups: [],
      author: null,
      askedAt: '2026-01-01T00:00:00.000Z',
      until: '2026-01-02T00:00:00.000Z',
      approved: [{ actor: 'ada', at: '2026-01-01T01:00:00.000Z', note: 'fine\nby me' }],
      voided: [],
    };

    expect(renderBeforeRelease('production/web', { preflight, approval }, plain)).toEqual([
      'pre-flight of production/web:',
      '  can go back to r1',
      '  risk 12 of 100 (changed_lines 12)',
      'approvals of production/web: waiting',
      '  1 of 2 approvals (ada) for sha256:a',
      '  1 missing, of ada or grace, until 2026-01-02T00:00:00.000Z',
      '  ada at 2026-01-01T01:00:00.000Z: fine by me',
      '  an answer is for sha256:d',
    ]);
    expect(renderBeforeRelease('production/web', {}, plain)).toEqual([]);
  });
});
