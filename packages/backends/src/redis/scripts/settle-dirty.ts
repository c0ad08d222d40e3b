import { hints, step } from './fragments/step.ts';

/**
 * Arguments: service, runId, v. Ends the rendering of revision v: the run is due again when it moved on or when an event
 * asked for it meanwhile, else its mark goes.
 */
export const settleDirty = `${step}${hints}
local dirty = P .. 'dirty:' .. A.service
local asked = redis.call('SREM', P .. 'again:' .. A.service, A.runId) == 1
local v = tonumber(redis.call('HGET', P .. 'run:' .. A.runId, 'v') or '0')
if v > A.v or (asked and v > 0) then
  redis.call('ZADD', dirty, now, A.runId)
  wake(A.service, 'runs')
else
  redis.call('ZREM', dirty, A.runId)
end
return conclude('OK')
`;
