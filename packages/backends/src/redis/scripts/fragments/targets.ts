/**
 * Changing a target. `refusal(change)` says why not, before anything is written; `writeTarget(change, job)` writes the
 * next version, moves the pins, puts versions into quarantine (an entry that is in stays as it was) and wakes jobs. A job
 * that is running when it is woken is told so at its next park.
 */
export const targets = `
local function refusal(change)
  if not change then return nil end
  local version = tonumber(redis.call('HGET', P .. 'target:' .. change.key, 'version') or '0')
  if version ~= change.expected then return 'target_moved' end
  local refused = change.unlessQuarantined
  for _, key in ipairs(refused and refused.keys or {}) do
    if redis.call('HEXISTS', P .. 'quarantine:' .. refused.repository, key) == 1 then return 'quarantined' end
  end
  return nil
end

local function movePins(key, pins)
  local old = redis.call('HGET', P .. 'target:' .. key, 'pins')
  for _, run in ipairs(old and cjson.decode(old) or {}) do redis.call('SREM', P .. 'pins:' .. run, key) end
  for _, run in ipairs(pins) do redis.call('SADD', P .. 'pins:' .. run, key) end
  redis.call('HSET', P .. 'target:' .. key, 'pins', list(pins))
  for _, run in ipairs(old and cjson.decode(old) or {}) do keep(run) end
  for _, run in ipairs(pins) do keep(run) end
end

local function wakeJob(waked, own)
  local j = redis.call('HMGET', P .. 'job:' .. waked.jobId, 'status', 'service', 'inputs', 'verdict')
  if waked.jobId == own or j[2] ~= waked.service or (j[3] and not j[4]) then return end
  if j[1] == 'running' then
    redis.call('HSET', P .. 'job:' .. waked.jobId, 'wakeMemo', waked.memo or '')
  elseif j[1] == 'parked' then
    setMemo(waked.jobId, waked.memo)
    rouse(waked.jobId, waked.service)
  end
end

local function writeTarget(change, own)
  if not change then return end
  redis.call('HSET', P .. 'target:' .. change.key, 'version', change.expected + 1, 'target', change.target)
  redis.call('ZADD', P .. 'targets', 0, change.key)
  movePins(change.key, change.pins)
  for _, entry in ipairs(change.quarantine) do
    redis.call('HSETNX', P .. 'quarantine:' .. entry.repository, entry.key, entry.json)
  end
  for _, waked in ipairs(change.wake) do wakeJob(waked, own) end
end
`;
