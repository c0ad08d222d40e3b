import { step } from './fragments/step.ts';

/** Arguments: repository, ref, expected, commit. Replies `noted`, or `other` when the ref stands elsewhere. */
export const noteHead = `${step}
local key = P .. 'heads:' .. A.repository
local standing = redis.call('HGET', key, A.ref)
local commit = standing and cjson.decode(standing).commit or nil
if commit ~= A.expected then return 'other' end
if A.commit then redis.call('HSET', key, A.ref, cjson.encode({ commit = A.commit, found = true, at = now }))
else redis.call('HDEL', key, A.ref) end
return 'noted'
`;
