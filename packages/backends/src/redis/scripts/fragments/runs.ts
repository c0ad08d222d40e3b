/**
 * Writing to runs. `writeUnit` and `changed[run] = true` note what a step changed; `conclude(reply)` then raises the
 * revision once, marks the run for the renderers, sees whether it ended or was opened again, and sends the hints.
 *
 * A unit's status is ignored when the unit has a newer generation, or a terminal status in the same one. The field
 * `open` counts the units that are not terminal, so that the end of a run is seen without reading it all.
 */
export const runs = `
local TERMINAL = { success = true, not_needed = true, failure = true, error = true, skipped = true,
  cancelled = true, timed_out = true, unknown = true }
local RENDERERS = { 'gitops', 'chatops' }
local changed, touched = {}, {}

local function runExists(run) return redis.call('EXISTS', P .. 'run:' .. run) == 1 end

local function generationOf(run, unit)
  local stored = redis.call('HGET', P .. 'run:' .. run, 'st:' .. unit)
  return stored and cjson.decode(stored).generation or 0
end

local function isWritable(was, u)
  if not was then return true end
  if was.generation ~= u.generation then return was.generation < u.generation end
  if TERMINAL[was.status] then return false end
  return was.status ~= u.status or was.reason ~= u.reason or was.message ~= u.message
end

local function writeUnit(run, unit, u)
  local key, field = P .. 'run:' .. run, 'st:' .. unit
  local stored = redis.call('HMGET', key, 'v', field)
  if not stored[1] then return end
  local was = stored[2] and cjson.decode(stored[2]) or nil
  if not isWritable(was, u) then return end

  local startedAt = was and was.generation == u.generation and was.startedAt or nil
  if u.status == 'running' and not startedAt then startedAt = now end
  local ends = TERMINAL[u.status]
  redis.call('HSET', key, field, cjson.encode({ generation = u.generation, status = u.status, reason = u.reason,
    message = u.message, at = now, startedAt = startedAt, endedAt = ends and now or nil }))
  local wasOpen = was and not TERMINAL[was.status]
  if wasOpen and ends then redis.call('HINCRBY', key, 'open', -1) end
  if not wasOpen and not ends then redis.call('HINCRBY', key, 'open', 1) end
  changed[run] = true
end

-- Rows of a slice, one field a key, so that two jobs of a service never overwrite each other.
local function patchSlice(run, service, slice)
  local key, prefix = P .. 'run:' .. run, 'sl:' .. service .. ':'
  local rows, any = {}, false
  for name, value in pairs(slice.set) do
    rows[#rows + 1] = prefix .. name
    rows[#rows + 1] = value
  end
  for i = 1, #rows, 100 do redis.call('HSET', key, unpack(rows, i, math.min(i + 99, #rows))) end
  for _, name in ipairs(slice.remove) do any = redis.call('HDEL', key, prefix .. name) == 1 or any end
  return any or #rows > 0
end

local function writeHistory(run, entries)
  for _, entry in ipairs(entries) do
    if redis.call('SADD', P .. 'known:' .. run, entry.id) == 1 then
      redis.call('RPUSH', P .. 'history:' .. run, now .. ' ' .. entry.json)
      touched[run] = true
    end
  end
end

local function addNotes(run, notes)
  local key = P .. 'run:' .. run
  for _, note in ipairs(notes) do
    if redis.call('HEXISTS', key, 'note:' .. note) == 0 then
      redis.call('HSET', key, 'note:' .. note, redis.call('HINCRBY', key, 'noted', 1))
      changed[run] = true
    end
  end
end

-- An ended run expires unless a target pins it; an open one never does. With 'NX' only keys without an expiry get one.
local function keep(run, ...)
  local expires = redis.call('HEXISTS', P .. 'run:' .. run, 'endedAt') == 1
    and redis.call('EXISTS', P .. 'pins:' .. run) == 0
  local keys = {}
  for _, kind in ipairs({ 'run', 'jobs', 'gates', 'inputs', 'seen', 'answers', 'history', 'known' }) do
    keys[#keys + 1] = P .. kind .. ':' .. run
  end
  for _, id in ipairs(redis.call('LRANGE', P .. 'jobs:' .. run, 0, -1)) do keys[#keys + 1] = P .. 'job:' .. id end
  for _, key in ipairs(keys) do
    if expires then redis.call('PEXPIRE', key, A.retentionMs, ...) else redis.call('PERSIST', key) end
  end
end

local function refOf(repository, ref) return repository .. ' ' .. ref end

local function isEnded(key, open, planned)
  if not planned or open > 0 then return false end
  for _, unit in ipairs(cjson.decode(planned)) do
    if redis.call('HEXISTS', key, 'st:' .. unit) == 0 then return false end
  end
  return true
end

local function hasDeployed(run, planned)
  for _, unit in ipairs(cjson.decode(planned)) do
    local stored = string.sub(unit, 1, 7) == 'deploy/' and redis.call('HGET', P .. 'run:' .. run, 'st:' .. unit)
    if stored and cjson.decode(stored).status == 'success' then return true end
  end
  return false
end

local function judgeEnd(run)
  local key = P .. 'run:' .. run
  local r = redis.call('HMGET', key, 'open', 'planned', 'endedAt', 'repository', 'ref', 'sequence')
  local ended = isEnded(key, tonumber(r[1]), r[2])
  local ref = refOf(r[4], r[5])
  if ended and not r[3] then
    redis.call('HSET', key, 'endedAt', now)
    redis.call('ZREM', P .. 'open:' .. ref, run)
    if hasDeployed(run, r[2]) then redis.call('DEL', P .. 'supersedes:' .. ref) end
    keep(run)
  elseif not ended and r[3] then
    redis.call('HDEL', key, 'endedAt')
    redis.call('ZADD', P .. 'open:' .. ref, r[6], run)
    keep(run)
  end
end

local function conclude(reply)
  for run in pairs(changed) do
    redis.call('HINCRBY', P .. 'run:' .. run, 'v', 1)
    for _, service in ipairs(RENDERERS) do
      redis.call('ZADD', P .. 'dirty:' .. service, 'NX', now, run)
      wake(service, 'runs')
    end
    judgeEnd(run)
    touched[run] = true
  end
  for run in pairs(touched) do
    if redis.call('HEXISTS', P .. 'run:' .. run, 'endedAt') == 1 then keep(run, 'NX') end
  end
  for hint in pairs(woken) do redis.call('PUBLISH', P .. 'wake:' .. hint, '') end
  return reply
end
`;
