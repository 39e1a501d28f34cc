-- look: embargo-warnd has looked at an issue: record its alerts and when to
-- look next, unless the issue changed since it was read or another instance was
-- faster.  Atomic, so that each alert is written exactly once.
--
-- KEYS[1]  the tracker's prefix
-- ARGV     now, issue, revision, next look (0: none), then for each alert:
--          kind, due_at, text
local base = KEYS[1]
local now, id, revision, next_at = tonumber(ARGV[1]), ARGV[2], ARGV[3],
    tonumber(ARGV[4])
local key = base .. 'issue:' .. id

if redis.call('HGET', key, 'revision') ~= revision then
	return 0
end
local state = redis.call('HGET', key, 'state')
for i = 5, #ARGV, 3 do
	redis.call('XADD', base .. 'alerts', 'MAXLEN', '~', 100000, '*',
	    'kind', ARGV[i], 'issue', id, 'at', now, 'due_at', ARGV[i + 1],
	    'state', state, 'text', ARGV[i + 2])
	redis.call('PUBLISH', base .. 'alerts', cjson.encode({
	    kind = ARGV[i], issue = id, at = now,
	    due_at = tonumber(ARGV[i + 1]), state = state,
	    text = ARGV[i + 2] }))
	redis.call('XADD', base .. 'log:' .. id, '*', 'at', now, 'what',
	    'alert', 'by', 'embargo-warnd', 'text', ARGV[i])
end
redis.call('HSET', key, 'looked_at', now)
redis.call('HINCRBY', key, 'revision', 1)
if next_at > 0 then
	redis.call('ZADD', base .. 'warn', next_at, id)
else
	redis.call('ZREM', base .. 'warn', id)
end
return 1
