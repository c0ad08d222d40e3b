/**
 * Runs to render. `claimRun(service, leaseMs)` takes the first one that is due, and holds it by making it due again when
 * the lease is over; gives the run's fields, or nil. `settleRun(service, run, v)` ends the rendering of revision v: the run
 * is due again when it moved on or when an event asked for it meanwhile, which it says, else its mark goes.
 */
export const rendering = `
local function claimRun(service, leaseMs)
  local dirty = P .. 'dirty:' .. service
  for _, run in ipairs(redis.call('ZRANGEBYSCORE', dirty, '-inf', now, 'LIMIT', 0, 100)) do
    local fields = redis.call('HGETALL', P .. 'run:' .. run)
    if #fields > 0 then
      redis.call('ZADD', dirty, now + leaseMs, run)
      return fields
    end
    redis.call('ZREM', dirty, run)
  end
  return nil
end

local function settleRun(service, run, rendered)
  local dirty = P .. 'dirty:' .. service
  local asked = redis.call('SREM', P .. 'again:' .. service, run) == 1
  local v = tonumber(redis.call('HGET', P .. 'run:' .. run, 'v') or '0')
  local isDue = v > rendered or (asked and v > 0)
  if isDue then redis.call('ZADD', dirty, now, run) else redis.call('ZREM', dirty, run) end
  return isDue
end
`;
