import { step } from './fragments/step.ts';

/** Arguments: service, limit. Replies the oldest records, each with its position in the stream. */
export const readOutbox = `${step}
if A.limit == 0 then return {} end
return redis.call('XRANGE', P .. 'outbox:' .. A.service, '-', '+', 'COUNT', A.limit)
`;
