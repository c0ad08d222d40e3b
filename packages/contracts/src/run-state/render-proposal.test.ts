import { describe, expect, it } from '@jest/globals';
import { renderProposal } from './render-proposal.ts';
import type { ProposalSlice } from './slices.ts';

const made: ProposalSlice = {
  generation: 1,
  state: 'made',
  reason: 'proposed',
  message: null,
  digest: `sha256:${'a'.repeat(64)}`,
  files: ['infra/main.tf', 'infra/variables.tf'],
  sizeBytes: 400,
};

describe('renderProposal', () => {
  it('says of a proposal that it is for people, and how they apply it', () => {
    const [what, how] = renderProposal({ run: 'run-1', environment: 'production', proposal: made });

    expect(what).toContain('infra/main.tf, infra/variables.tf');
    expect(how).toContain('Nothing applies it');
    expect(how).toContain('orchestra proposal run-1 --environment production > proposal.patch && git apply');
  });

  it('says why there is none, by the sentence or else the reason', () => {
    const none: ProposalSlice = { ...made, state: 'none', reason: 'no_model', digest: null, files: [] };
    const say = (message: string | null) =>
      renderProposal({ run: 'run-1', environment: 'staging', proposal: { ...none, message } });

    expect(say('OPENAI_MODEL is not set')).toEqual([
      'No proposal for the infrastructure of staging: OPENAI_MODEL is not set',
    ]);
    expect(say(null)).toEqual(['No proposal for the infrastructure of staging: no_model']);
  });
});
