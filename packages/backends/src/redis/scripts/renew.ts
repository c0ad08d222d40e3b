import { lease } from './fragments/lease.ts';
import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/** Arguments: lease, leaseMs. Always extends a held lease. Replies nil when it is lost, else the wishes (JSON). */
export const renew = `${step}${runs}${jobs}${lease}${wishes}
local job = held(A.lease)
if not job then return nil end
redis.call('ZADD', P .. 'lease:' .. job.service, now + A.leaseMs, job.id)
return list(wishesOf(job))
`;
