import { step } from './fragments/step.ts';

/** Arguments: limit. Replies the newest entries of the audit log, newest first. */
export const readAudit = `${step}
if A.limit == 0 then return {} end
return redis.call('XREVRANGE', P .. 'audit', '+', '-', 'COUNT', A.limit)
`;
