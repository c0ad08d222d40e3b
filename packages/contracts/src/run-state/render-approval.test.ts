import { describe, expect, it } from '@jest/globals';
import { renderApproval, renderPreflight } from './render-approval.ts';
import type { ApprovalSlice } from './slices.ts';

const approval: ApprovalSlice = {
  generation: 1,
  state: 'waiting',
  digest: 'sha256:d',
  artifact: 'sha256:a',
  configuration: 'sha256:c',
  count: 2,
  approvers: [],
  groups: ['sre'],
  author: 'linus',
  askedAt: '2026-01-01T00:00:00.000Z',
  until: '2026-01-02T00:00:00.000Z',
  approved: [{ actor: 'ada', at: '2026-01-01T01:00:00.000Z', note: null }],
  voided: [{ actor: 'grace', reason: 'artifact_changed', run: 3 }],
};

describe('renderApproval', () => {
  it('says what is approved by whom, what is missing, and what is void', () => {
    expect(renderApproval(approval)).toEqual([
      '1 of 2 approvals (ada) for sha256:a',
      '1 missing, of the group sre, not of the author linus, until 2026-01-02T00:00:00.000Z',
      'the approval of grace in run #3 is void: it was for another artifact',
    ]);
  });

  it('says how it ended', () => {
    expect(renderApproval({ ...approval, state: 'granted', voided: [] })).toEqual([
      '1 of 2 approvals (ada) for sha256:a',
      'granted',
    ]);
  });
});

describe('renderPreflight', () => {
  const preflight = { eligible: false, reason: 'schema_migration', to: 'r1', risk: 57, configuration: ['.env'] };

  it('says whether there is a way back, the risk with its terms, and what configuration changed', () => {
    const terms = [{ term: 'no_way_back', points: 30 }];

    expect(renderPreflight({ ...preflight, terms })).toEqual([
      'no way back by itself: schema_migration',
      'risk 57 of 100 (no_way_back 30)',
      'configuration changed: .env',
    ]);
  });

  it('says what it can go back to', () => {
    const safe = { ...preflight, reason: 'can_go_back', terms: [], configuration: [], risk: 0 };

    expect(renderPreflight(safe)).toEqual(['can go back to r1', 'risk 0 of 100']);
  });
});
