-- change: what an operator does to an issue, with its log entry.  Atomic.
--
-- ARGV: now, issue, operation ("date", "state", "reopen", "note", "exploit",
-- "cve", "merge", "ack", "admit", "expel"), who, value (the state, the alert,
-- the digest of an address), a time (the date; since when it is public, 0 for
-- now), text (a URL, a note, CVE ids, the other issue)
-- Gives "ok", "missing" or, of a merge, "itself".
local now, id, op, who = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local value, at, text = ARGV[5], ARGV[6], ARGV[7]
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

local function set_date()
	redis.call('HSET', key, 'due_at', at)
	redis.call('HDEL', key, 'assumed', 'capped', 'over_max',
	    'needs_human', 'hour_assumed')
	if is_open(state) then
		watch(id, now, tonumber(at))
	end
	note(id, now, 'moved', who, due .. ' ' .. at)
	if weekend(tonumber(at)) then
		note(id, now, 'remark', who, 'the date is a ' ..
		    weekend(tonumber(at)))
	end
	if at ~= due then
		alert('moved', id, now, at, state, 'The embargo date has '
		    .. 'changed: tell the members who prepare updates.')
	end
end

local function reopen()
	redis.call('HSET', key, 'state', 'embargoed')
	redis.call('HDEL', key, 'public_at', 'url', 'merged_into')
	watch(id, now, tonumber(due))
	note(id, now, 'reopened', who, state)
end

-- Does our date take the place of the other's?  One that is stated goes before
-- one that is assumed, the nearer of two of a kind before the other.
local function is_better(other)
	local theirs = tonumber(redis.call('HGET', other, 'due_at') or 0)
	local stated = redis.call('HGET', key, 'assumed') ~= '1'
	local they_stated = redis.call('HGET', other, 'assumed') ~= '1'
	if due == '0' or not is_open(redis.call('HGET', other, 'state')) then
		return false
	elseif theirs == 0 or stated ~= they_stated then
		return theirs == 0 or stated
	end
	return tonumber(due) < theirs
end

-- The issue's messages become those of another, whose clock starts at the
-- earlier of the two first posts.
local function merge(into)
	into = follow(into)
	local other = base .. 'issue:' .. into
	if redis.call('EXISTS', other) == 0 then
		return 'missing'
	elseif into == id then
		return 'itself'
	end
	join(id, into, now, who)
	if not is_better(other) then
		return 'ok'
	end
	local theirs = redis.call('HGET', other, 'due_at') or '0'
	redis.call('HSET', other, 'due_at', due)
	for _, mark in ipairs({ 'assumed', 'hour_assumed', 'capped',
	    'over_max' }) do
		if redis.call('HGET', key, mark) then
			redis.call('HSET', other, mark, 1)
		else
			redis.call('HDEL', other, mark)
		end
	end
	watch(into, now, tonumber(due))
	note(into, now, 'moved', who, theirs .. ' ' .. due)
	alert('moved', into, now, due, redis.call('HGET', other, 'state'),
	    'The embargo date has changed: tell the members who prepare '
	    .. 'updates.')
	return 'ok'
end

local function admit(is_in)
	local circle = base .. 'circle:' .. id
	if is_in then
		redis.call('HSET', circle, value, '')
	else
		redis.call('HDEL', circle, value)
	end
	note(id, now, is_in and 'admitted' or 'expelled', who, value)
end

local result = 'ok'
if op == 'date' then
	set_date()
elseif op == 'state' then
	set_state(id, now, who, value, text)
	if value == 'public' and at ~= '0' then
		redis.call('HSET', key, 'public_at', at)
	end
elseif op == 'reopen' then
	reopen()
elseif op == 'exploit' then
	set_exploit(id, now, who, at ~= '-1' and at or nil)
elseif op == 'cve' then
	add_cves(id, now, who, text)
elseif op == 'ack' then
	redis.call('HSET', key, 'ack:' .. value, now)
	note(id, now, 'ack', who, value)
elseif op == 'admit' or op == 'expel' then
	admit(op == 'admit')
elseif op == 'merge' then
	result = merge(text)
else
	note(id, now, 'note', who, text)
end
redis.call('HINCRBY', key, 'revision', 1)
return result
