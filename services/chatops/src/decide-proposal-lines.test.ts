import { describe, expect, it } from '@jest/globals';
import type { InfrastructureSlice, ProposalSlice } from '@orchestra/contracts';
import { aRun } from '@orchestra/testkit';
import { decideMessages } from './decide-messages.ts';
import { explainRun } from './explain-run.ts';

const made: ProposalSlice = {
  generation: 1,
  state: 'made',
  reason: 'proposed',
  message: null,
  digest: 'sha256:d',
  files: ['infra/main.tf'],
  sizeBytes: 10,
};

function runWith(proposal?: ProposalSlice) {
  const counts = { toAdd: 0, toChange: 0, toDestroy: 0, destroys: [], outputs: {} };
  const plan: InfrastructureSlice = { tool: null, phase: 'planned', generation: 1, planDigest: null, ...counts };
  const { slices } = aRun();
  const production = proposal === undefined ? plan : { ...plan, proposal };
  return aRun({
    plannedUnits: [{ unit: 'iac/production', service: 'iac', after: [], gate: null, gateDeadlineMs: 1 }],
    slices: { ...slices, iac: { production } },
  });
}

function textOf(proposal?: ProposalSlice): string {
  const { main } = decideMessages(runWith(proposal), ['start']);
  return (main ?? [])
    .map((line) => line.map((part) => ('ours' in part ? part.ours : part.foreign)).join(''))
    .join('\n');
}

describe('the message of a run with a proposal', () => {
  it('says that it is for people, and how they get it', () => {
    const text = textOf(made);

    expect(text).toContain(':memo: A proposal for people');
    expect(text).toContain('Nothing applies it');
    expect(text).toContain('orchestra proposal ');
  });

  it('says why there is none, and nothing where none was asked for', () => {
    const none: ProposalSlice = { ...made, state: 'none', reason: 'no_model', message: 'OPENAI_MODEL is missing' };

    expect(textOf(none)).toContain('No proposal for the infrastructure of production: OPENAI_MODEL is missing');
    expect(textOf()).not.toContain('roposal');
  });

  it('is also said by why', () => {
    expect(explainRun([], runWith(made), []).text).toContain('A proposal for people');
  });
});
