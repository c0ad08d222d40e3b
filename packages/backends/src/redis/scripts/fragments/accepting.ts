/**
 * `acceptEvent()` takes the event of the arguments in: service, eventId, runId, job, arm, input, follow. Gives
 * `accepted`, `dup` or `run_unknown`; the last two wrote nothing.
 */
export const accepting = `
local function followRun()
  local dirty = P .. 'dirty:' .. A.service
  local due = redis.call('ZSCORE', dirty, A.runId)
  if due and tonumber(due) > now then
    redis.call('SADD', P .. 'again:' .. A.service, A.runId)
  else
    redis.call('ZADD', dirty, now, A.runId)
  end
  wake(A.service, 'runs')
end

local function offerInput(input)
  redis.call('HSETNX', P .. 'inputs:' .. A.runId, input.generation .. ' ' .. input.unit, input.json)
  local armed = redis.call('HGETALL', P .. 'gates:' .. A.runId)
  for i = 1, #armed, 2 do
    local gate = armed[i + 1] == A.service and readGate(armed[i])
    if gate and gate.generation >= input.generation then evaluate(armed[i], gate) end
  end
end

local function acceptEvent()
  local seen, member = P .. 'seen:' .. (A.runId or '-'), A.service .. ' ' .. A.eventId
  if redis.call('ZSCORE', seen, member) then return 'dup' end
  if A.runId and not runExists(A.runId) then return 'run_unknown' end
  redis.call('ZADD', seen, now, member)
  if A.runId then touched[A.runId] = true else redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - A.retentionMs) end
  if A.job then createJob(A.job) end
  for _, gate in ipairs(A.arm) do armGate(gate) end
  if A.input then offerInput(A.input) end
  if A.follow and A.runId then followRun() end
  return 'accepted'
end
`;
