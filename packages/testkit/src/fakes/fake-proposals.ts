import { once } from 'node:events';
import type { ProposalRequest, Proposals, ProposedFile } from '@orchestra/adapters/openai';
import { OrchestraError } from '@orchestra/contracts';

export interface FakeProposals extends Proposals {
  asked: ProposalRequest[];
  /** What the model writes. */
  files: readonly ProposedFile[];
  /** What happens to the next questions instead, in this order; null: no answer, ever. */
  next: (Error | null)[];
}

/** A model that writes what it is told to. */
export function createFakeProposals(): FakeProposals {
  const fake: FakeProposals = {
    asked: [],
    files: [{ path: 'main.tf', content: 'terraform {\n  required_version = ">= 1.6"\n}\n' }],
    next: [],
    async propose(request, signal) {
      signal.throwIfAborted();
      fake.asked.push(request);
      const instead = fake.next.shift();
      if (instead === undefined) return fake.files;
      if (instead !== null) throw instead;
      await once(signal, 'abort');
      throw signal.reason;
    },
  };
  return fake;
}

/** The errors of a model that is down, and of one that refuses. */
export const modelErrors = {
  down: new OrchestraError('MODEL_UNAVAILABLE', 'The model did not answer in time', { retriable: true }),
  refuses: new OrchestraError('MODEL_REFUSED', 'The model refused to propose anything'),
};
