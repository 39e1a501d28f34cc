-- change: what an operator does to an issue, with its log entry.  Atomic.
--
-- ARGV: now, issue, operation ("date", "state", "reopen", "note"), who, value
-- (the date, the state), text (a URL, a note)
-- Gives "ok" or "missing".
local now, id, op, who = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local value, text = ARGV[5], ARGV[6]
local key = base .. 'issue:' .. id

local wrong = foreign()
if wrong then
	return wrong
end
local state = redis.call('HGET', key, 'state')
if not state then
	return 'missing'
end
local due = redis.call('HGET', key, 'due_at') or '0'

local function is_open(name)
	return name == 'embargoed' or name == 'semi-public'
end

local function set_date()
	redis.call('HSET', key, 'due_at', value)
	redis.call('HDEL', key, 'assumed', 'capped', 'over_max',
	    'needs_human')
	if is_open(state) then
		watch(id, now, tonumber(value))
	end
	note(id, now, 'moved', who, due .. ' ' .. value)
	if value ~= due then
		alert('moved', id, now, value, state, 'The embargo date has '
		    .. 'changed: tell the members who prepare updates.')
	end
end

local function set_state()
	redis.call('HSET', key, 'state', value)
	if value == 'public' then
		redis.call('HSETNX', key, 'public_at', now)
	end
	if text ~= '' then
		redis.call('HSET', key, 'url', text)
	end
	if not is_open(value) then
		redis.call('ZREM', base .. 'due', id)
		redis.call('ZREM', base .. 'warn', id)
	elseif not is_open(state) then
		watch(id, now, tonumber(due))
	end
	note(id, now, value, who, text)
	if value == 'broken' then
		alert('broken', id, now, due, value, 'The embargo is broken: '
		    .. 'publish now.')
	end
end

local function reopen()
	redis.call('HSET', key, 'state', 'embargoed')
	redis.call('HDEL', key, 'public_at', 'url')
	watch(id, now, tonumber(due))
	note(id, now, 'reopened', who, state)
end

if op == 'date' then
	set_date()
elseif op == 'state' then
	set_state()
elseif op == 'reopen' then
	reopen()
else
	note(id, now, 'note', who, text)
end
redis.call('HINCRBY', key, 'revision', 1)
return 'ok'
