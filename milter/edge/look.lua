-- look: embargo-warnd has looked at an issue: record its alerts and when to
-- look next, unless the issue changed since it was read or another instance was
-- faster.  Atomic, so that each alert is written exactly once.
--
-- ARGV: now, issue, revision, next look (0: none), then for each alert: kind,
-- due_at, text
-- Gives 1 when it was recorded, 0 when the issue is no longer as it was read.
local now, id, revision, next_at = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key = base .. 'issue:' .. id

local wrong = foreign()
if wrong then
	return wrong
end
if redis.call('HGET', key, 'revision') ~= revision then
	return 0
end
local state = redis.call('HGET', key, 'state')
for i = 5, #ARGV, 3 do
	alert(ARGV[i], id, now, ARGV[i + 1], state, ARGV[i + 2])
	note(id, now, 'alert', 'embargo-warnd', ARGV[i])
end
redis.call('HSET', key, 'looked_at', now, 'watched_at', now,
    'exploit_looked_at', now)
redis.call('HINCRBY', key, 'revision', 1)
if next_at > 0 then
	redis.call('ZADD', base .. 'warn', next_at, id)
else
	redis.call('ZREM', base .. 'warn', id)
end
return 1
