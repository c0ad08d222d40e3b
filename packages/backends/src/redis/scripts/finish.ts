import { jobs } from './fragments/jobs.ts';
import { lease, report } from './fragments/lease.ts';
import { relay } from './fragments/relay.ts';
import { runs } from './fragments/runs.ts';
import { step } from './fragments/step.ts';
import { targets } from './fragments/targets.ts';
import { wishes } from './fragments/wishes.ts';

/**
 * Arguments: lease, status, reason, message, slice {set, remove}, outbox (without values), history, jobs, wish, plan,
 * target, notes, relay {owner, ms}. ARGV[2] and on: the values of the outbox, as bytes.
 *
 * Fence, then target, then quarantine; then everything of the attempt's end in one step. What the run says is written
 * before anything can be published, so whoever gets the last event sees the end.
 *
 * Who names itself as `relay` takes or extends the right to publish, and is told where the records lie; it needs no hint.
 *
 * Replies a list: `finished`, `fenced`, `target_moved` or `quarantined` (the last three wrote nothing); and for a relay
 * the last position before its records and theirs.
 */
export const finish = `${step}${runs}${jobs}${lease}${report}${wishes}${targets}${relay}
local job = held(A.lease)
if not job then return { 'fenced' } end
local refused = refusal(A.target)
if refused then return { refused } end
local run = job.run and runExists(job.run) and job.run or nil
local open = run and redis.call('HEXISTS', P .. 'run:' .. run, 'endedAt') == 0

-- A plan is written once in a generation by whoever makes it; an older one gives way to a retry's.
local function writePlan(plan)
  local key = P .. 'run:' .. run
  if redis.call('HEXISTS', key, 'planned') == 1 and job.generation == 1 then return end
  redis.call('HSET', key, 'planned', list(plan.names), 'plan', plan.json, 'hopsLimit', plan.hopsLimit,
    'deadlineAt', now + plan.deadlineMs)
  changed[run] = true
  if job.generation == 1 then return end
  -- All of a push that is made anew is made anew, also what the retry did not know of.
  for _, unit in ipairs(plan.names) do
    local made = redis.call('HGET', key, 'made:' .. unit) or ''
    if not string.find(',' .. made .. ',', ',' .. job.generation .. ',', 1, true) then
      redis.call('HSET', key, 'made:' .. unit, made == '' and job.generation or made .. ',' .. job.generation)
    end
  end
end

local function wishFor(w)
  local wish = { wish = w.wish, generation = job.generation, reason = w.reason }
  if open and not isWished(run, wish) then addWish(run, wish) end
end

local function publishLater()
  if #A.outbox == 0 then return end
  local key, positions = P .. 'outbox:' .. job.service, {}
  local isOurs = A.relay and holdRelay(job.service, A.relay)
  local after = isOurs and lastPosition(key)
  for i, record in ipairs(A.outbox) do
    positions[i] = redis.call('XADD', key, '*', 'id', record.id, 'topic', record.topic, 'key', record.key,
      'headers', record.headers, 'at', now, 'value', ARGV[i + 1])
  end
  if isOurs then return after, positions end
  wake(job.service, 'outbox')
end

letGo(job, 'done')
redis.call('HDEL', job.key, 'wakeMemo')
if run then
  patchOwnSlice(job, A.slice)
  if A.plan then writePlan(A.plan) end
  if A.status then
    writeOwnUnit(job, { generation = job.generation, status = A.status, reason = A.reason, message = A.message })
  end
  addNotes(run, A.notes)
  writeHistory(run, A.history)
  if A.wish then wishFor(A.wish) end
else
  redis.call('PEXPIRE', job.key, A.retentionMs)
end
writeTarget(A.target, job.id)
local after, positions = publishLater()
for _, following in ipairs(A.jobs) do createJob(following) end
return conclude({ 'finished', after, positions })
`;
