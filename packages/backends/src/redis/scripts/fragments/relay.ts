/**
 * `holdRelay(service, relay)` takes or extends the right to publish; false while another owner has it. `lastPosition(key)`
 * is the position that was given last in an outbox, also when its record is gone.
 */
export const relay = `
local function holdRelay(service, relay)
  local key = P .. 'relay:' .. service
  local r = redis.call('HMGET', key, 'owner', 'until')
  if r[1] and r[1] ~= relay.owner and tonumber(r[2]) > now then return false end
  redis.call('HSET', key, 'owner', relay.owner, 'until', now + relay.ms)
  return true
end

local function lastPosition(key)
  if redis.call('EXISTS', key) == 0 then return '0-0' end
  local facts = redis.call('XINFO', 'STREAM', key)
  for i = 1, #facts, 2 do
    if facts[i] == 'last-generated-id' then return facts[i + 1] end
  end
end
`;
