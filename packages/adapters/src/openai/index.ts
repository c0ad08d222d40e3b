export { openaiEnv, openProposals } from './openai-env.ts';
export { createOpenaiProposals, type OpenaiOptions } from './openai-proposals.ts';
export type { ProposalRequest, Proposals, ProposedFile } from './proposals.ts';
