import { jobs } from './fragments/jobs.ts';
import { lease } from './fragments/lease.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/**
 * Arguments: service, limit. Returns jobs whose lease expired to the queue, counting a stall each, and forgets a few
 * sleepers whose run expired. Replies how many jobs were returned.
 */
export const reap = `${step}${runs}${jobs}${lease}
local leases, parked, reaped = P .. 'lease:' .. A.service, P .. 'parked:' .. A.service, 0

for _, id in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', '(' .. now, 'LIMIT', 0, A.limit)) do
  local key = P .. 'job:' .. id
  local j = redis.call('HMGET', key, 'generation', 'runId', 'unit')
  if j[1] then
    redis.call('HINCRBY', key, 'stalls', 1)
    requeue({ id = id, key = key, service = A.service, generation = tonumber(j[1]), run = j[2] or nil,
      unit = j[3] or nil }, now)
    reaped = reaped + 1
  else
    redis.call('ZREM', leases, id)
  end
end
for _, id in ipairs(redis.call('ZRANDMEMBER', parked, 5)) do
  if redis.call('EXISTS', P .. 'job:' .. id) == 0 then redis.call('ZREM', parked, id) end
end
return conclude(reaped)
`;
