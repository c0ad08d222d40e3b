import { step } from './fragments/step.ts';

/**
 * Arguments: service, leaseMs. Takes the first run that is due for rendering, and holds it by making it due again when
 * the lease is over. Replies nil, or the run's fields.
 */
export const claimDirty = `${step}
local dirty = P .. 'dirty:' .. A.service
for _, run in ipairs(redis.call('ZRANGEBYSCORE', dirty, '-inf', now, 'LIMIT', 0, 100)) do
  local fields = redis.call('HGETALL', P .. 'run:' .. run)
  if #fields > 0 then
    redis.call('ZADD', dirty, now + A.leaseMs, run)
    return fields
  end
  redis.call('ZREM', dirty, run)
end
return nil
`;
