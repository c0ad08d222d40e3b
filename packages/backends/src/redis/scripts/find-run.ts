import { step } from './fragments/step.ts';

/** Arguments: repository, sequence. Replies the run id, or nil when there is none or it expired. */
export const findRun = `${step}
local run = redis.call('ZRANGEBYSCORE', P .. 'numbers:' .. A.repository, A.sequence, A.sequence)[1]
if run and redis.call('EXISTS', P .. 'run:' .. run) == 1 then return run end
return nil
`;
