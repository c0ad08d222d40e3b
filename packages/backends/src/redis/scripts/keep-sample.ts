import { step } from './fragments/step.ts';

/** Arguments: target, day, minute (of the day), sample, keptMs. The first sample of a minute stands: `kept`, else `taken`. A day expires as one. */
export const keepSample = `${step}
local key = P .. 'samples:' .. A.target .. ' ' .. A.day
if redis.call('HSETNX', key, A.minute, A.sample) == 0 then return 'taken' end
redis.call('PEXPIRE', key, A.keptMs)
return 'kept'
`;
