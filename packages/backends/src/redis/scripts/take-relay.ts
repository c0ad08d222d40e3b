import { step } from './fragments/step.ts';

/** Arguments: service, owner, ms. Takes or extends the right to publish. Replies 1, or 0 while another owner has it. */
export const takeRelay = `${step}
local key = P .. 'relay:' .. A.service
local r = redis.call('HMGET', key, 'owner', 'until')
if r[1] and r[1] ~= A.owner and tonumber(r[2]) > now then return 0 end
redis.call('HSET', key, 'owner', A.owner, 'until', now + A.ms)
return 1
`;
