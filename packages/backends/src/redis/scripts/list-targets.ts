import { step } from './fragments/step.ts';

/** No arguments. Replies key, version and document of every target, by key. */
export const listTargets = `${step}
local found = {}
for _, key in ipairs(redis.call('ZRANGE', P .. 'targets', 0, -1)) do
  local t = redis.call('HMGET', P .. 'target:' .. key, 'version', 'target')
  if t[1] then found[#found + 1] = { key, t[1], t[2] } end
end
return found
`;
