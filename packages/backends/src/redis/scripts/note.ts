import { jobs } from './fragments/jobs.ts';
import { lease, report } from './fragments/lease.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/** Arguments: lease, slice {set, remove}, history. Reports while the job works. Replies `noted` or `fenced`. */
export const note = `${step}${runs}${jobs}${lease}${report}
local job = held(A.lease)
if not job then return 'fenced' end
patchOwnSlice(job, A.slice)
if job.run and runExists(job.run) then writeHistory(job.run, A.history) end
return conclude('noted')
`;
