import { gates } from './fragments/gates.ts';
import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: service, owner, leaseMs, except, maxStalls.
 *
 * Takes the first of up to 100 due jobs whose handler is not in `except`, so that a handler at its limit does not starve
 * the others. Gives a new token and a lease; counts an attempt only when the job is new or was queued by `retryLater`.
 * A gate that is still undecided is decided here: its time is over, or a wish woke it.
 *
 * Replies nil, or job id, token, the job's fields, the wishes (JSON), the run's fields as this step leaves them.
 */
export const claim = `${step}${runs}${jobs}${wishes}${gates}
local ready = P .. 'ready:' .. A.service

local function nextId()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', ready, '-inf', now, 'LIMIT', 0, 100)) do
    local handler = redis.call('HGET', P .. 'job:' .. id, 'handler')
    if handler and not has(A.except, handler) then return id end
    if not handler then
      redis.call('ZREM', ready, id)
      redis.call('ZREM', P .. 'parked:' .. A.service, id)
    end
  end
  return nil
end

local id = nextId()
if not id then return nil end
local key = P .. 'job:' .. id
local j = redis.call('HMGET', key, 'runId', 'generation', 'unit', 'bound', 'fresh', 'stalls', 'gateDueAt', 'wakeMemo')
local job = { run = j[1] or nil, generation = tonumber(j[2]), unit = j[3] or nil, bound = j[4] == '1' }
local token = redis.call('INCR', P .. 'fence')

redis.call('ZREM', ready, id)
redis.call('ZREM', P .. 'parked:' .. A.service, id)
redis.call('ZADD', P .. 'lease:' .. A.service, now + A.leaseMs, id)
if j[8] then setMemo(id, j[8] ~= '' and j[8] or nil) end
redis.call('HSET', key, 'status', 'running', 'token', token, 'owner', A.owner)
redis.call('HDEL', key, 'fresh', 'parkReason', 'answerKey', 'wakeMemo')
if j[5] then redis.call('HINCRBY', key, 'attempt', 1) end

local gate = readGate(id)
if gate then
  storeVerdict(id, gate, { state = tonumber(j[7]) <= now and 'timed_out' or 'wished', found = gather(gate) })
end
local found = wishesOf(job)
if tonumber(j[6]) >= A.maxStalls then
  found[#found + 1] = { wish = 'stalled', generation = job.generation, reason = 'stalls_used_up', at = now }
end
if job.run and job.unit then writeUnit(job.run, job.unit, { generation = job.generation, status = 'running' }) end
conclude()
return { id, token, redis.call('HGETALL', key), list(found),
  job.run and redis.call('HGETALL', P .. 'run:' .. job.run) or {} }
`;
