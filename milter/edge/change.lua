-- change: what an operator does to an issue, with its log entry.  Atomic.
--
-- KEYS[1]  the tracker's prefix
-- ARGV     now, issue, operation, who, value, text
local base = KEYS[1]
local now, id, op, who = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local value, text = ARGV[5], ARGV[6]
local key = base .. 'issue:' .. id

if redis.call('EXISTS', key) == 0 then
	return 'missing'
end
local old_due = redis.call('HGET', key, 'due_at') or '0'
local old_state = redis.call('HGET', key, 'state')

local function note(what, detail)
	redis.call('XADD', base .. 'log:' .. id, '*', 'at', now, 'what', what,
	    'by', who, 'text', detail)
end

local function watch(due)
	redis.call('HSET', key, 'looked_at', 0)
	redis.call('ZADD', base .. 'warn', now, id)
	if tonumber(due) > 0 then
		redis.call('ZADD', base .. 'due', due, id)
	end
end

local function alert(kind, due, state, detail)
	redis.call('XADD', base .. 'alerts', 'MAXLEN', '~', 100000, '*',
	    'kind', kind, 'issue', id, 'at', now, 'due_at', due,
	    'state', state, 'text', detail)
	redis.call('PUBLISH', base .. 'alerts', cjson.encode({ kind = kind,
	    issue = id, at = now, due_at = tonumber(due), state = state,
	    text = detail }))
end

if op == 'date' then
	redis.call('HSET', key, 'due_at', value)
	redis.call('HDEL', key, 'assumed', 'capped', 'over_max',
	    'needs_human')
	if old_state == 'embargoed' or old_state == 'semi-public' then
		watch(value)
	end
	note('moved', old_due .. ' ' .. value)
	alert('moved', value, old_state, 'The embargo date has changed: tell '
	    .. 'the members who prepare updates.')
elseif op == 'state' then
	redis.call('HSET', key, 'state', value)
	if value == 'public' then
		redis.call('HSET', key, 'public_at', now)
	end
	if text ~= '' then
		redis.call('HSET', key, 'url', text)
	end
	if value == 'semi-public' then
		watch(old_due)
	else
		redis.call('ZREM', base .. 'due', id)
		redis.call('ZREM', base .. 'warn', id)
	end
	note(value, text)
	if value == 'broken' then
		alert('broken', old_due, value, 'The embargo is broken: '
		    .. 'publish now.')
	end
elseif op == 'reopen' then
	redis.call('HSET', key, 'state', 'embargoed')
	redis.call('HDEL', key, 'public_at', 'url')
	watch(old_due)
	note('reopened', old_state)
else
	note('note', text)
end
redis.call('HINCRBY', key, 'revision', 1)
return 'ok'
