/**
 * How every script begins. KEYS[1] is the identity marker: it names the slot and the prefix of all keys. ARGV[1] is one
 * JSON object in which null fields are left out, because cjson's null counts as true in Lua.
 *
 * Gives `P` (prefix), `A` (arguments), `now` (milliseconds: Redis' own time and an offset that only tests set),
 * `wake(service, what)`, and `list(texts)` for JSON lists (cjson writes an empty table as an object).
 */
export const step = `
local P = string.sub(KEYS[1], 1, -5)
if redis.call('EXISTS', KEYS[1]) == 0 then return redis.error_reply('NOT_INITIALIZED no identity marker') end
local A = cjson.decode(ARGV[1])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(redis.call('GET', P .. 'clock:offset') or '0')

local woken = {}
local function wake(service, what) woken[service .. ':' .. what] = true end

local function list(texts)
  if #texts == 0 then return '[]' end
  return cjson.encode(texts)
end
`;

/**
 * How a script without changes to a run ends: `conclude(reply)` sends the hints. Scripts that change runs take `runs`
 * instead, whose `conclude` does more.
 */
export const hints = `
local function conclude(reply)
  for hint in pairs(woken) do redis.call('PUBLISH', P .. 'wake:' .. hint, '') end
  return reply
end
`;
