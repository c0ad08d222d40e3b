import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/**
 * Arguments: runId, answerKey, memo. The first answer stands, and wakes the jobs of the run that are parked on its key.
 * Replies `stored`, `already` or `run_unknown`; the last two wrote nothing.
 */
export const answer = `${step}${runs}${jobs}
if not runExists(A.runId) then return 'run_unknown' end
if redis.call('HSETNX', P .. 'answers:' .. A.runId, A.answerKey, A.memo) == 0 then return 'already' end
touched[A.runId] = true
for _, id in ipairs(redis.call('LRANGE', P .. 'jobs:' .. A.runId, 0, -1)) do
  local j = redis.call('HMGET', P .. 'job:' .. id, 'status', 'answerKey', 'service')
  if j[1] == 'parked' and j[2] == A.answerKey then
    setMemo(id, A.memo)
    rouse(id, j[3])
  end
end
return conclude('stored')
`;
