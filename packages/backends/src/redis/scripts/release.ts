import { jobs } from './fragments/jobs.ts';
import { lease } from './fragments/lease.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/** Arguments: lease. Gives the job back, due at once; the attempt is not counted again. Replies `released` or `fenced`. */
export const release = `${step}${runs}${jobs}${lease}
local job = held(A.lease)
if not job then return 'fenced' end
requeue(job, now)
return conclude('released')
`;
