import type { ProposalSlice } from './slices.ts';

interface Proposed {
  /** The id of the run, or another name that commands take. */
  run: string;
  environment: string;
  proposal: ProposalSlice;
}

/** What people are told of a proposal of a language model, in sentences of one line each. File names are foreign text. */
export function renderProposal({ run, environment, proposal }: Proposed): string[] {
  const { state, reason, message, files } = proposal;
  switch (state) {
    case 'asking':
      return [`A language model is asked for a proposal for the infrastructure of ${environment}`];
    case 'none':
      return [`No proposal for the infrastructure of ${environment}: ${message ?? reason}`];
    case 'made':
      return [
        `A proposal for people, by a language model, for the infrastructure of ${environment}: ${files.join(', ')}`,
        `Nothing applies it. Read it as you read what a stranger wrote: orchestra proposal ${run} --environment ${environment} > proposal.patch && git apply proposal.patch`,
      ];
  }
}
