import { step } from './fragments/step.ts';

/**
 * Arguments: repository (absent: all), limit, before (absent: from the newest). Run ids are UUIDv7, so their order is
 * that of time. Replies the fields of each run; those that expired are passed over.
 */
export const listRuns = `${step}
local index, found = A.repository and P .. 'runs:' .. A.repository or P .. 'runs', {}
local from = A.before and '(' .. A.before or '+'
while #found < A.limit do
  local page = redis.call('ZREVRANGEBYLEX', index, from, '-', 'LIMIT', 0, 100)
  for _, run in ipairs(page) do
    local fields = redis.call('HGETALL', P .. 'run:' .. run)
    if #fields > 0 and #found < A.limit then found[#found + 1] = fields end
  end
  if #page < 100 then break end
  from = '(' .. page[#page]
end
return found
`;
