/**
 * Gates. A gate is a parked job with inputs. For each input it waits for the outcome of the newest generation, not newer
 * than its own, in which that unit was made: generation 1, and each retry that made it anew. A bad outcome closes it, all
 * good ones open it, and a decided gate never changes. `verdictOf` also serves a claim that finds it undecided.
 */
export const gates = `
local PASSES = { success = true, not_needed = true }

local function newestMade(run, unit, generation)
  local newest = 1
  local made = redis.call('HGET', P .. 'run:' .. run, 'made:' .. unit) or ''
  for text in string.gmatch(made, '%d+') do
    local g = tonumber(text)
    if g <= generation and g > newest then newest = g end
  end
  return newest
end

local function gather(gate)
  local found = { arrived = {}, events = {}, missing = {}, bad = false }
  for _, unit in ipairs(gate.inputs) do
    local field = newestMade(gate.run, unit, gate.generation) .. ' ' .. unit
    local stored = redis.call('HGET', P .. 'inputs:' .. gate.run, field)
    if stored then
      local input = cjson.decode(stored)
      found.arrived[#found.arrived + 1] = stored
      found.events[#found.events + 1] = input.eventId
      found.bad = found.bad or not PASSES[input.status]
    else
      found.missing[#found.missing + 1] = unit
    end
  end
  return found
end

local function storeVerdict(id, gate, verdict)
  redis.call('HSET', P .. 'job:' .. id, 'causes', list(verdict.found.events), 'verdict',
    '{"state":"' .. verdict.state .. '","arrived":[' .. table.concat(verdict.found.arrived, ',') .. '],"missing":' ..
    list(verdict.found.missing) .. '}')
  redis.call('HDEL', P .. 'gates:' .. gate.run, id)
end

local function readGate(id)
  local j = redis.call('HMGET', P .. 'job:' .. id, 'inputs', 'verdict', 'runId', 'generation', 'service', 'status')
  if not j[1] or j[2] then return nil end
  return { inputs = cjson.decode(j[1]), run = j[3], generation = tonumber(j[4]), service = j[5], status = j[6] }
end

local function evaluate(id, gate)
  local found = gather(gate)
  if not found.bad and #found.missing > 0 then return end
  storeVerdict(id, gate, { state = found.bad and 'closed' or 'opened', found = found })
  rouse(id, gate.service)
end

local function armGate(job)
  if not createJob(job) then return end
  redis.call('HSET', P .. 'job:' .. job.jobId, 'inputs', list(job.inputs), 'gateDueAt', now + job.delayMs,
    'parkReason', 'gate')
  redis.call('HSET', P .. 'gates:' .. job.runId, job.jobId, job.service)
  writeUnit(job.runId, job.unit, { generation = job.generation, status = 'waiting', reason = 'gate' })
  evaluate(job.jobId, readGate(job.jobId))
end
`;
