-- move: one message goes to another issue, or to a new one.  Atomic.
--
-- ARGV: now, digest of the Message-ID, issue ("" for a new one), who, list,
-- prefix, year, most seconds of an embargo
-- Gives { "ok", issue } or { "missing", "message" or "issue" }.
local now, digest, id, who = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local list, prefix, year, max = ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8])

local wrong = foreign()
if wrong then
	return wrong
end
local value = get(MESSAGES, digest)
local from, rest = string.match(value or '', '^(.-)(:.*)$')
if not from then
	return { 'missing', 'message' }
end
from = follow(from)
if id == '' then
	id = create(prefix, year, now, list)
	redis.call('HSET', base .. 'issue:' .. id, 'due_at', now + max,
	    'assumed', 1)
	watch(id, now, now + max)
	note(id, now, 'opened', who, list)
	note(id, now, 'date', who, (now + max) .. ' assumed')
elseif redis.call('EXISTS', base .. 'issue:' .. id) == 0 then
	return { 'missing', 'issue' }
end
id = follow(id)
put(MESSAGES, digest, id .. rest)
if rest ~= ':' and from ~= id then
	redis.call('HINCRBY', base .. 'issue:' .. from, 'messages', -1)
	redis.call('HINCRBY', base .. 'issue:' .. id, 'messages', 1)
end
share_circle(from, id)	-- nobody knows any more whose message it was
local what = 'message ' .. string.sub(digest, 1, 12)
note(from, now, 'moved-out', who, what .. ' to ' .. id)
note(id, now, 'moved-in', who, what .. ' from ' .. from)
redis.call('HINCRBY', base .. 'issue:' .. from, 'revision', 1)
redis.call('HINCRBY', base .. 'issue:' .. id, 'revision', 1)
return { 'ok', id }
