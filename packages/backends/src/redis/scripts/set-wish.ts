import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: runId, wish, generation (absent: the run's), units (absent: all), reason, actor.
 *
 * Sets the wish and makes every parked job that it binds ready. Replies `set`, `already`, `run_unknown` or `ended`; the
 * last three wrote nothing.
 */
export const setWish = `${step}${runs}${jobs}${wishes}
local r = redis.call('HMGET', P .. 'run:' .. A.runId, 'generation', 'endedAt')
if not r[1] then return 'run_unknown' end
if r[2] then return 'ended' end
local wish = { wish = A.wish, generation = A.generation or tonumber(r[1]), units = A.units, reason = A.reason,
  actor = A.actor }
if isWished(A.runId, wish) then return 'already' end
addWish(A.runId, wish)
return conclude('set')
`;
