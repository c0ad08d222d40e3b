import { accepting } from './fragments/accepting.ts';
import { gates } from './fragments/gates.ts';
import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';

/**
 * Arguments: service, eventId, runId, job, arm, input {generation, unit, json}, follow, retentionMs.
 *
 * The first time: makes the job, arms the gates that are not armed yet, records the input (the first one of a unit and
 * generation stands) and offers it to every undecided gate of the service, in its own and every higher generation.
 * `follow` makes the run due for this renderer; while it is being rendered, it is due again afterwards.
 *
 * Replies `accepted`, `dup` or `run_unknown`; the last two wrote nothing.
 */
export const accept = `${step}${runs}${jobs}${gates}${accepting}
return conclude(acceptEvent())
`;
