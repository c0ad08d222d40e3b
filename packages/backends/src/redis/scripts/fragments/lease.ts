/**
 * The fence: `held(lease)` is the job while this token works at it, else nil. A lease that is over but not reaped still
 * holds, because its token is the newest.
 */
export const lease = `
local function held(lease)
  local key = P .. 'job:' .. lease.jobId
  local j = redis.call('HMGET', key, 'status', 'token', 'service', 'generation', 'bound', 'runId', 'unit')
  if j[1] ~= 'running' or tonumber(j[2]) ~= lease.token or j[3] ~= lease.service then return nil end
  return { id = lease.jobId, key = key, service = j[3], generation = tonumber(j[4]), bound = j[5] == '1',
    run = j[6] or nil, unit = j[7] or nil }
end

-- Takes the job out of its worker's hands; 'status' is what it becomes.
local function letGo(job, status)
  redis.call('HSET', job.key, 'status', status)
  redis.call('HDEL', job.key, 'token', 'owner')
  redis.call('ZREM', P .. 'lease:' .. job.service, job.id)
end

local function requeue(job, due)
  letGo(job, 'queued')
  redis.call('ZADD', P .. 'ready:' .. job.service, due, job.id)
  wake(job.service, 'jobs')
  if job.run and job.unit then
    writeUnit(job.run, job.unit, { generation = job.generation, status = 'queued' })
  end
end
`;

/** What a job writes about its run: its status and its slice, unless the unit has moved on to a newer generation. */
export const report = `
local function isOutdated(job)
  return job.unit and generationOf(job.run, job.unit) > job.generation
end

local function patchOwnSlice(job, slice)
  if not job.run or not runExists(job.run) or isOutdated(job) then return end
  if patchSlice(job.run, job.service, slice) then changed[job.run] = true end
end

local function writeOwnUnit(job, u)
  if job.run and job.unit then writeUnit(job.run, job.unit, u) end
end
`;
