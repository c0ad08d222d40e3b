import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/** Arguments: service, runId, slice {set, remove}. A renderer's own rows; the revision stays, or it would chase itself. */
export const writeRendered = `${step}${runs}
if runExists(A.runId) then patchSlice(A.runId, A.service, A.slice) end
return conclude('OK')
`;
