import { gates } from './fragments/gates.ts';
import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: runId, expected, remade, jobs, gates, deadlineMs, actor, history.
 *
 * Raises the generation: the units made anew wait in it, unfinished jobs of the older ones get the wish `superseded`, the
 * run is open again with a new deadline, and the first jobs and gates of the new generation are made.
 *
 * Replies `retried`, `moved` (the run has another generation) or `run_unknown`; the last two wrote nothing.
 */
export const retry = `${step}${runs}${jobs}${wishes}${gates}
local key = P .. 'run:' .. A.runId
local current = tonumber(redis.call('HGET', key, 'generation') or nil)
if not current then return 'run_unknown' end
if current ~= A.expected then return 'moved' end

local generation = current + 1
addWish(A.runId, { wish = 'superseded', generation = current, units = A.remade, reason = 'retry', actor = A.actor })
redis.call('HSET', key, 'generation', generation, 'deadlineAt', now + A.deadlineMs)
for _, unit in ipairs(A.remade) do
  local made = redis.call('HGET', key, 'made:' .. unit)
  redis.call('HSET', key, 'made:' .. unit, made and made .. ',' .. generation or generation)
  writeUnit(A.runId, unit, { generation = generation, status = 'waiting', reason = 'retry' })
end
for _, job in ipairs(A.jobs) do createJob(job) end
for _, gate in ipairs(A.gates) do armGate(gate) end
writeHistory(A.runId, A.history)
return conclude('retried')
`;
