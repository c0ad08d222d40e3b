import { relay } from './fragments/relay.ts';
import { step } from './fragments/step.ts';

/** Arguments: service, owner, ms. Takes or extends the right to publish. Replies 1, or 0 while another owner has it. */
export const takeRelay = `${step}${relay}
return holdRelay(A.service, A) and 1 or 0
`;
