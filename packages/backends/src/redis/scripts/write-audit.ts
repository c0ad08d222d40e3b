import { step } from './fragments/step.ts';

/** Arguments: entry (JSON). Appends to the audit log, which does not expire. */
export const writeAudit = `${step}
redis.call('XADD', P .. 'audit', '*', 'entry', A.entry)
return 'OK'
`;
