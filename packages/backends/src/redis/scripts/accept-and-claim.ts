import { accepting } from './fragments/accepting.ts';
import { claiming } from './fragments/claiming.ts';
import { gates } from './fragments/gates.ts';
import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: those of `accept`, and in `claim` those of `claim`. Both in this order, in one step; only a new event is
 * followed by a claim. The workers are not woken for a job that is taken already: only for what sleeps or is left.
 *
 * Replies a list: `accepted`, `dup` or `run_unknown`; and the reply of `claim` where a job was due.
 */
export const acceptAndClaim = `${step}${runs}${jobs}${wishes}${gates}${accepting}${claiming}
local taken = acceptEvent()
if taken ~= 'accepted' then return { taken } end
local claimed = claimFirst(A.claim)
local sleeps = #A.arm > 0 or (A.job and A.job.delayMs > 0)
local isAll = claimed and not sleeps and redis.call('ZCOUNT', P .. 'ready:' .. A.service, '-inf', now) == 0
if isAll then woken[A.service .. ':jobs'] = nil end
conclude()
return { taken, claimed and renderClaimed(claimed) }
`;
