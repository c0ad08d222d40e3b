import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/** Arguments: job. Creates it once. Replies `created` or `dup`. */
export const enqueue = `${step}${runs}${jobs}
return conclude(createJob(A.job) and 'created' or 'dup')
`;
