import { jobs } from './fragments/jobs.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: runId, repository, ref, commit, identity (JSON), delivery, content, job, hopsLimit, maxSupersedes, notes,
 * actor, head.
 *
 * A known delivery or content: the delivery becomes one more name of that run, nothing else is written. Otherwise takes
 * the next sequence of the repository, creates the run and its first job, and sets the wish `superseded` on the older
 * unfinished runs of the ref that may still yield. After `maxSupersedes` in a row the newest of them is spared for good.
 *
 * Replies `known`, run id; or `admitted`, run id, sequence, superseded run ids.
 */
export const admit = `${step}${runs}${jobs}${wishes}
local function remember(kind, id) redis.call('SET', P .. kind .. ':' .. id, A.runId, 'PX', A.retentionMs) end

local known = redis.call('GET', P .. 'delivery:' .. A.delivery) or redis.call('GET', P .. 'content:' .. A.content)
if known then
  redis.call('SET', P .. 'delivery:' .. A.delivery, known, 'PX', A.retentionMs)
  return conclude({ 'known', known })
end
-- Where the ref stands may settle it: what was found is not made twice, and what was decided on may be old.
local heads, standing = P .. 'heads:' .. A.repository, nil
if A.head then
  standing = redis.call('HGET', heads, A.ref)
  standing = standing and cjson.decode(standing) or {}
  if A.head.by == 'found' and standing.commit ~= A.head.expected then
    return conclude({ 'known', standing.runId or '' })
  end
  local isOlder = standing.found and A.head.pushedAtMs and A.head.pushedAtMs <= standing.at
  if A.head.by == 'told' and standing.found and standing.runId and (isOlder or standing.commit == A.commit) then
    for _, name in ipairs({ 'delivery:' .. A.delivery, 'content:' .. A.content }) do
      redis.call('SET', P .. name, standing.runId, 'PX', A.retentionMs)
    end
    return conclude({ 'known', standing.runId })
  end
end
if runExists(A.runId) then return redis.error_reply('ARGUMENT_INVALID admission.identity.runId is taken') end

-- Indexes outlive the runs that expired. Each admission looks at ten more of them: the oldest alone may all be pinned.
local function sweep(sequence)
  local numbers = P .. 'numbers:' .. A.repository
  local first, keys = sequence * 10 % math.max(1, redis.call('ZCARD', numbers)), {}
  local found = redis.call('ZRANGE', numbers, first, first + 9)
  for i, run in ipairs(found) do keys[i] = P .. 'run:' .. run end
  if #found == 0 or redis.call('EXISTS', unpack(keys)) == #found then return end
  for _, run in ipairs(found) do
    if not runExists(run) then
      redis.call('ZREM', P .. 'numbers:' .. A.repository, run)
      redis.call('ZREM', P .. 'runs:' .. A.repository, run)
      redis.call('ZREM', P .. 'runs', run)
    end
  end
end

local function isWatching(slice)
  local readable, value = pcall(cjson.decode, slice or '')
  return readable and type(value) == 'table' and value.state == 'watching'
end

-- A run whose deployments are all past their rollout changes nothing any more: it is left to its watch.
local function mayYield(run)
  local key, deploys = P .. 'run:' .. run, 0
  local planned = redis.call('HGET', key, 'planned')
  for _, unit in ipairs(planned and cjson.decode(planned) or {}) do
    local target = string.match(unit, '^deploy/(.+)$')
    if target then
      deploys = deploys + 1
      local r = redis.call('HMGET', key, 'st:' .. unit, 'sl:deploy:' .. target)
      if not (r[1] and TERMINAL[cjson.decode(r[1]).status]) and not isWatching(r[2]) then return true end
    end
  end
  return deploys == 0
end

local function olderRuns(ref)
  local found = {}
  for _, run in ipairs(redis.call('ZREVRANGE', P .. 'open:' .. ref, 0, -1)) do
    local r = redis.call('HMGET', P .. 'run:' .. run, 'generation', 'spared')
    local wish = { wish = 'superseded', generation = tonumber(r[1] or '0'), reason = 'newer_push', actor = A.actor }
    if r[1] and not r[2] and not isWished(run, wish) and mayYield(run) then
      found[#found + 1] = { run = run, wish = wish }
    end
  end
  return found
end

-- The spared run stays spared, or the next push would end what this one let live.
local function supersede(ref)
  local older, counter, superseded = olderRuns(ref), P .. 'supersedes:' .. ref, {}
  local row = tonumber(redis.call('GET', counter) or '0')
  if #older > 0 and row >= A.maxSupersedes then
    redis.call('HSET', P .. 'run:' .. table.remove(older, 1).run, 'spared', 1)
    row = 0
  end
  for _, found in ipairs(older) do
    addWish(found.run, found.wish)
    superseded[#superseded + 1] = found.run
  end
  if #superseded > 0 then row = row + 1 end
  redis.call('SET', counter, row, 'PX', A.retentionMs)
  return superseded
end

remember('delivery', A.delivery)
remember('content', A.content)
if A.head then
  local head = { commit = A.commit, runId = A.runId, found = A.head.by == 'found', at = now }
  redis.call('HSET', heads, A.ref, cjson.encode(head))
end
local sequence = redis.call('INCR', P .. 'seq:' .. A.repository)
sweep(sequence)
redis.call('HSET', P .. 'run:' .. A.runId, 'identity', A.identity, 'repository', A.repository, 'ref', A.ref,
  'sequence', sequence, 'generation', 1, 'v', 0, 'open', 0, 'createdAt', now, 'hopsLimit', A.hopsLimit)
redis.call('ZADD', P .. 'runs', 0, A.runId)
redis.call('ZADD', P .. 'runs:' .. A.repository, 0, A.runId)
redis.call('ZADD', P .. 'numbers:' .. A.repository, sequence, A.runId)
changed[A.runId] = true
addNotes(A.runId, A.notes)
createJob(A.job)
local superseded = supersede(refOf(A.repository, A.ref))
redis.call('ZADD', P .. 'open:' .. refOf(A.repository, A.ref), sequence, A.runId)
return conclude({ 'admitted', A.runId, sequence, superseded })
`;
