import { renderProposal, type RunState } from '@orchestra/contracts';
import type { Line } from './decide-messages.ts';

/** What a language model has proposed where a configuration is missing, or why it has not; names of files are foreign. */
export function decideProposalLines({ runId, slices }: Pick<RunState, 'runId' | 'slices'>): Line[] {
  return Object.entries(slices.iac).flatMap(([environment, { proposal }]) =>
    proposal === undefined ? [] : renderProposal({ run: runId, environment, proposal }).map(lineOf),
  );
}

function lineOf(text: string, index: number): Line {
  return [{ ours: index === 0 ? ':memo: ' : '' }, { foreign: text }];
}
