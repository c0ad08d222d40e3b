import { rendering } from './fragments/rendering.ts';
import { step } from './fragments/step.ts';

/** Arguments: service, leaseMs. Takes the first run that is due for rendering. Replies nil, or the run's fields. */
export const claimDirty = `${step}${rendering}
return claimRun(A.service, A.leaseMs)
`;
