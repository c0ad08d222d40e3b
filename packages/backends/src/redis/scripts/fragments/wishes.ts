/**
 * Which wishes bind a job: those of its run, when the job is bound, has no newer generation than the wish, and its unit is
 * among the wish's units (no units: all).
 */
export const bindings = `
local function readWishes(run)
  local stored = redis.call('HGET', P .. 'run:' .. run, 'wishes')
  return stored and cjson.decode(stored) or {}
end

local function has(units, unit)
  for _, name in ipairs(units) do
    if name == unit then return true end
  end
  return false
end

local function binds(wish, job)
  if not job.bound or job.generation > wish.generation then return false end
  return not wish.units or (job.unit ~= nil and has(wish.units, job.unit))
end

local function wishesOf(job)
  local found = {}
  if not job.run or not job.bound then return found end
  for _, wish in ipairs(readWishes(job.run)) do
    if binds(wish, job) then found[#found + 1] = wish end
  end
  return found
end
`;

/** Setting a wish makes every job that it binds and that waits for anything ready, in the same step. */
export const wishes = `
local function isSameUnits(one, other)
  if not one or not other then return one == other end
  if #one ~= #other then return false end
  for _, unit in ipairs(one) do
    if not has(other, unit) then return false end
  end
  return true
end

local function isWished(run, wish)
  for _, old in ipairs(readWishes(run)) do
    if old.wish == wish.wish and old.generation >= wish.generation and isSameUnits(old.units, wish.units) then
      return true
    end
  end
  return false
end

local function isAsleep(id, status, service)
  if status ~= 'queued' then return status == 'parked' end
  local due = redis.call('ZSCORE', P .. 'ready:' .. service, id)
  return due and tonumber(due) > now
end

local function addWish(run, wish)
  local all = readWishes(run)
  wish.at = now
  all[#all + 1] = wish
  redis.call('HSET', P .. 'run:' .. run, 'wishes', cjson.encode(all))
  changed[run] = true
  for _, id in ipairs(redis.call('LRANGE', P .. 'jobs:' .. run, 0, -1)) do
    local j = redis.call('HMGET', P .. 'job:' .. id, 'status', 'bound', 'generation', 'unit', 'service')
    local job = { bound = j[2] == '1', generation = tonumber(j[3]), unit = j[4] or nil }
    if binds(wish, job) and isAsleep(id, j[1], j[5]) then rouse(id, j[5]) end
  end
end
`;
