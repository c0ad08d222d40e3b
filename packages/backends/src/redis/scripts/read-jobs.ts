import { step } from './fragments/step.ts';

/** Arguments: runId or jobId. Replies for each job its id, its fields, its due time and the end of its lease. */
export const readJobs = `${step}
local found = {}
local ids = A.runId and redis.call('LRANGE', P .. 'jobs:' .. A.runId, 0, -1) or { A.jobId }
for _, id in ipairs(ids) do
  local fields = redis.call('HGETALL', P .. 'job:' .. id)
  local service = redis.call('HGET', P .. 'job:' .. id, 'service')
  if service then
    found[#found + 1] = { id, fields, redis.call('ZSCORE', P .. 'ready:' .. service, id),
      redis.call('ZSCORE', P .. 'lease:' .. service, id) }
  end
end
return found
`;
