import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/**
 * Arguments: runId, repository, ref, names, identity (JSON), sequence, generation, createdAt, deadlineAt, endedAt, hopsLimit (times
 * in milliseconds), planned {names, json}, units [{unit, json, open}], made [{unit, generations}], slices [{field, value}],
 * notes, history [{id, json, at}], seen (members).
 *
 * Writes a run as it was folded. A run that has ended is not due for anybody who renders. Replies `restored`.
 */
export const restoreRun = `${step}${runs}
if runExists(A.runId) then return redis.error_reply('ARGUMENT_INVALID run.identity.runId is taken') end

local key, open = P .. 'run:' .. A.runId, 0
local function put(...) redis.call('HSET', key, ...) end
put('identity', A.identity, 'repository', A.repository, 'ref', A.ref, 'sequence', A.sequence,
  'generation', A.generation, 'v', 1, 'createdAt', A.createdAt, 'hopsLimit', A.hopsLimit)
if A.deadlineAt then put('deadlineAt', A.deadlineAt) end
if A.endedAt then put('endedAt', A.endedAt) end
if #A.planned.names > 0 then put('planned', list(A.planned.names), 'plan', A.planned.json) end
for _, unit in ipairs(A.units) do
  put('st:' .. unit.unit, unit.json)
  if unit.open then open = open + 1 end
end
put('open', open)
for _, row in ipairs(A.made) do put('made:' .. row.unit, row.generations) end
for _, row in ipairs(A.slices) do put(row.field, row.value) end
for place, note in ipairs(A.notes) do put('note:' .. note, place, 'noted', place) end
for _, entry in ipairs(A.history) do
  if redis.call('SADD', P .. 'known:' .. A.runId, entry.id) == 1 then
    redis.call('RPUSH', P .. 'history:' .. A.runId, entry.at .. ' ' .. entry.json)
  end
end
for _, name in ipairs(A.names) do redis.call('SET', P .. name, A.runId, 'PX', A.retentionMs) end
for _, member in ipairs(A.seen) do redis.call('ZADD', P .. 'seen:' .. A.runId, now, member) end

redis.call('ZADD', P .. 'runs', 0, A.runId)
redis.call('ZADD', P .. 'runs:' .. A.repository, 0, A.runId)
redis.call('ZADD', P .. 'numbers:' .. A.repository, A.sequence, A.runId)
local counter = P .. 'seq:' .. A.repository
if A.sequence > tonumber(redis.call('GET', counter) or '0') then redis.call('SET', counter, A.sequence) end
if A.endedAt then keep(A.runId) else
  redis.call('ZADD', P .. 'open:' .. refOf(A.repository, A.ref), A.sequence, A.runId)
  for _, service in ipairs(RENDERERS) do redis.call('ZADD', P .. 'dirty:' .. service, now, A.runId) end
end
return 'restored'
`;
