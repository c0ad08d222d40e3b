import { step } from './fragments/step.ts';

/**
 * Arguments: service. Replies ready, age of the oldest ready, leased, parked, outbox, and age of the oldest record.
 */
export const stats = `${step}
local ready, outbox = P .. 'ready:' .. A.service, P .. 'outbox:' .. A.service
local first = redis.call('ZRANGE', ready, 0, 0, 'WITHSCORES')
local oldest = redis.call('XRANGE', outbox, '-', '+', 'COUNT', 1)
local due = first[2] and tonumber(first[2])
local storedAt = now
for i, word in ipairs(oldest[1] and oldest[1][2] or {}) do
  if i % 2 == 1 and word == 'at' then storedAt = tonumber(oldest[1][2][i + 1]) end
end
return { redis.call('ZCOUNT', ready, '-inf', now), due and math.max(0, now - due) or 0,
  redis.call('ZCARD', P .. 'lease:' .. A.service), redis.call('ZCOUNT', P .. 'parked:' .. A.service, '(' .. now, '+inf'),
  redis.call('XLEN', outbox), math.max(0, now - storedAt) }
`;
