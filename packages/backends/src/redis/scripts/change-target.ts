import { jobs } from './fragments/jobs.ts';
import { lease } from './fragments/lease.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { targets } from './fragments/targets.ts';

/**
 * Arguments: lease, target. Writes a target in the middle of a job, which goes on under its lease.
 * Replies `finished`, `fenced`, `target_moved` or `quarantined`; the last three wrote nothing.
 */
export const changeTarget = `${step}${runs}${jobs}${lease}${targets}
local job = held(A.lease)
if not job then return 'fenced' end
local refused = refusal(A.target)
if refused then return refused end
writeTarget(A.target, job.id)
return conclude('finished')
`;
