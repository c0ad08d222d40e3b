/**
 * `claimFirst(asked)` takes the first of up to 100 due jobs whose handler is not in `except`, so that a handler at its
 * limit does not starve the others; asked are service, owner, leaseMs, except, maxStalls. Gives a new token and a lease;
 * counts an attempt only when the job is new or was queued by `retryLater`. A gate that is still undecided is decided
 * here: its time is over, or a wish woke it. `renderClaimed(claimed)` is the reply, after `conclude()`.
 */
export const claiming = `
local function nextId(asked)
  local ready = P .. 'ready:' .. asked.service
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', ready, '-inf', now, 'LIMIT', 0, 100)) do
    local handler = redis.call('HGET', P .. 'job:' .. id, 'handler')
    if handler and not has(asked.except, handler) then return id end
    if not handler then
      redis.call('ZREM', ready, id)
      redis.call('ZREM', P .. 'parked:' .. asked.service, id)
    end
  end
  return nil
end

local function claimFirst(asked)
  local id = nextId(asked)
  if not id then return nil end
  local key = P .. 'job:' .. id
  local j = redis.call('HMGET', key, 'runId', 'generation', 'unit', 'bound', 'fresh', 'stalls', 'gateDueAt', 'wakeMemo')
  local job = { run = j[1] or nil, generation = tonumber(j[2]), unit = j[3] or nil, bound = j[4] == '1' }
  local token = redis.call('INCR', P .. 'fence')

  redis.call('ZREM', P .. 'ready:' .. asked.service, id)
  redis.call('ZREM', P .. 'parked:' .. asked.service, id)
  redis.call('ZADD', P .. 'lease:' .. asked.service, now + asked.leaseMs, id)
  if j[8] then setMemo(id, j[8] ~= '' and j[8] or nil) end
  redis.call('HSET', key, 'status', 'running', 'token', token, 'owner', asked.owner)
  redis.call('HDEL', key, 'fresh', 'parkReason', 'answerKey', 'wakeMemo')
  if j[5] then redis.call('HINCRBY', key, 'attempt', 1) end

  local gate = readGate(id)
  if gate then
    storeVerdict(id, gate, { state = tonumber(j[7]) <= now and 'timed_out' or 'wished', found = gather(gate) })
  end
  local found = wishesOf(job)
  if tonumber(j[6]) >= asked.maxStalls then
    found[#found + 1] = { wish = 'stalled', generation = job.generation, reason = 'stalls_used_up', at = now }
  end
  if job.run and job.unit then writeUnit(job.run, job.unit, { generation = job.generation, status = 'running' }) end
  return { id = id, key = key, token = token, run = job.run, wishes = list(found) }
end

local function renderClaimed(claimed)
  return { claimed.id, claimed.token, redis.call('HGETALL', claimed.key), claimed.wishes,
    claimed.run and redis.call('HGETALL', P .. 'run:' .. claimed.run) or {} }
end
`;
