import { jobs } from './fragments/jobs.ts';
import { lease, report } from './fragments/lease.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { targets } from './fragments/targets.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: lease, reason, message, delayMs, memo, answerKey, status, slice {set, remove}, target.
 *
 * A job may not sleep when what it would wait for is here: a wish that binds it, an answer that came first, or a wake
 * that reached it while it worked (which is used up by being told).
 *
 * Replies `parked`, `fenced`, `wished`, `answered`, `target_moved` or `quarantined`; only the first wrote anything else.
 */
export const park = `${step}${runs}${jobs}${lease}${report}${wishes}${targets}
local job = held(A.lease)
if not job then return 'fenced' end
if A.reason ~= 'returning' and #wishesOf(job) > 0 then return 'wished' end
if A.answerKey and job.run and redis.call('HEXISTS', P .. 'answers:' .. job.run, A.answerKey) == 1 then
  return 'answered'
end
if redis.call('HDEL', job.key, 'wakeMemo') == 1 then return 'answered' end
local refused = refusal(A.target)
if refused then return refused end

letGo(job, 'parked')
setMemo(job.id, A.memo)
redis.call('HINCRBY', job.key, 'parks', 1)
redis.call('HSET', job.key, 'parkReason', A.reason)
if A.answerKey then redis.call('HSET', job.key, 'answerKey', A.answerKey) end
if A.delayMs then redis.call('ZADD', P .. 'ready:' .. job.service, now + A.delayMs, job.id) end
redis.call('ZADD', P .. 'parked:' .. job.service, A.delayMs and now + A.delayMs or '+inf', job.id)
if A.delayMs then wake(job.service, 'jobs') end
patchOwnSlice(job, A.slice)
writeOwnUnit(job, { generation = job.generation, status = A.status, reason = A.reason, message = A.message })
writeTarget(A.target, job.id)
return conclude('parked')
`;
