import { bindings } from './wishes.ts';

/**
 * Making jobs and making them ready. `createJob(job)` does nothing when the job exists; a job that is due at once
 * queues its unit, and under a wish that binds it nothing waits. `rouse(id, service)` makes a waiting job due now.
 */
export const jobs = `${bindings}
local function fieldsOf(job)
  local fields = { 'service', job.service, 'generation', job.generation, 'handler', job.handler, 'payload', job.payload,
    'cause', job.cause, 'causes', list(job.causes), 'hops', job.hops, 'maxAttempts', job.maxAttempts, 'maxMs', job.maxMs,
    'bound', job.bound and 1 or 0, 'attempt', 0, 'fresh', 1, 'stalls', 0, 'parks', 0, 'createdAt', now }
  for _, name in ipairs({ 'runId', 'unit', 'traceparent' }) do
    if job[name] then
      fields[#fields + 1] = name
      fields[#fields + 1] = job[name]
    end
  end
  return fields
end

local function createJob(job)
  local key = P .. 'job:' .. job.jobId
  if redis.call('EXISTS', key) == 1 then return false end
  local waits = job.delayMs > 0 or job.inputs
  local sleeps = waits and #wishesOf({ run = job.runId, bound = job.bound, generation = job.generation, unit = job.unit }) == 0
  local due = sleeps and now + job.delayMs or now
  redis.call('HSET', key, 'status', sleeps and 'parked' or 'queued', unpack(fieldsOf(job)))
  redis.call('ZADD', P .. 'ready:' .. job.service, due, job.jobId)
  if sleeps then redis.call('ZADD', P .. 'parked:' .. job.service, due, job.jobId) end
  wake(job.service, 'jobs')
  if not job.runId or not runExists(job.runId) then return true end

  redis.call('RPUSH', P .. 'jobs:' .. job.runId, job.jobId)
  touched[job.runId] = true
  if job.unit and not waits then
    writeUnit(job.runId, job.unit, { generation = job.generation, status = 'queued' })
  end
  return true
end

local function rouse(id, service)
  redis.call('HSET', P .. 'job:' .. id, 'status', 'queued')
  redis.call('HDEL', P .. 'job:' .. id, 'parkReason', 'answerKey')
  redis.call('ZREM', P .. 'parked:' .. service, id)
  redis.call('ZADD', P .. 'ready:' .. service, now, id)
  wake(service, 'jobs')
end

local function setMemo(id, memo)
  if memo then redis.call('HSET', P .. 'job:' .. id, 'memo', memo) else redis.call('HDEL', P .. 'job:' .. id, 'memo') end
end
`;
