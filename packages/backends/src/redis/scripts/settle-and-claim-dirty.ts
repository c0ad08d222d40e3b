import { rendering } from './fragments/rendering.ts';
import { step } from './fragments/step.ts';

/**
 * Arguments: service, runId, v, leaseMs. `settleDirty` with `claimDirty` right behind it, in one step; nobody is woken for
 * what whoever asks finds next. Replies nil, or the fields of the claimed run.
 */
export const settleAndClaimDirty = `${step}${rendering}
settleRun(A.service, A.runId, A.v)
return claimRun(A.service, A.leaseMs)
`;
