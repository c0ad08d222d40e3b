import { claiming } from './fragments/claiming.ts';
import { gates } from './fragments/gates.ts';
import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: service, owner, leaseMs, except, maxStalls. Replies nil, or job id, token, the job's fields, the wishes
 * (JSON), the run's fields as this step leaves them.
 */
export const claim = `${step}${runs}${jobs}${wishes}${gates}${claiming}
local claimed = claimFirst(A)
if not claimed then return nil end
conclude()
return renderClaimed(claimed)
`;
