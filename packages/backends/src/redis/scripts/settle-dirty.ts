import { rendering } from './fragments/rendering.ts';
import { hints, step } from './fragments/step.ts';

/** Arguments: service, runId, v. Ends the rendering of revision v. */
export const settleDirty = `${step}${hints}${rendering}
if settleRun(A.service, A.runId, A.v) then wake(A.service, 'runs') end
return conclude('OK')
`;
