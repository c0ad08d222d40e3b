import { jobs } from './fragments/jobs.ts';
import { lease } from './fragments/lease.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/** Arguments: lease, delayMs, error. Ends the attempt; the next claim counts one more. Under a wish nothing waits. Replies `queued` or `fenced`. */
export const retryLater = `${step}${runs}${jobs}${lease}
local job = held(A.lease)
if not job then return 'fenced' end
requeue(job, #wishesOf(job) > 0 and now or now + A.delayMs)
redis.call('HSET', job.key, 'error', A.error, 'fresh', 1)
return conclude('queued')
`;
