import { step } from './fragments/step.ts';

/** Arguments: target, day, minute (of the day), sample, keptMs. The first sample of a minute stands. A day expires as one. */
export const keepSample = `${step}
local key = P .. 'samples:' .. A.target .. ' ' .. A.day
if redis.call('HSETNX', key, A.minute, A.sample) == 1 then redis.call('PEXPIRE', key, A.keptMs) end
return 'OK'
`;
