import { step } from './fragments/step.ts';

/**
 * Arguments: service, except. Replies the milliseconds until the next job is due whose handler is not in `except`; -1: none is
 * known among the first 100.
 */
export const nextDue = `${step}
local isFull = {}
for _, handler in ipairs(A.except) do isFull[handler] = true end
local first = redis.call('ZRANGE', P .. 'ready:' .. A.service, 0, #A.except == 0 and 0 or 99, 'WITHSCORES')
for i = 1, #first, 2 do
  local handler = #A.except > 0 and redis.call('HGET', P .. 'job:' .. first[i], 'handler')
  if not handler or not isFull[handler] then return math.max(0, tonumber(first[i + 1]) - now) end
end
return -1
`;
