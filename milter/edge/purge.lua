-- purge: forget issues that ended long ago, and what was theirs.  Each call is
-- atomic, and what one call has left the next finds.
--
-- An issue is old when it is closed and was so before the given time: when it
-- was published, or else when its log ends; an exploit that is due later keeps
-- it.  One that was merged goes with the issue that it was merged into.
--
-- ARGV: 1 to do it (0: only tell), the time; then "issue" and its name;
-- "messages", the first hash of their table and how many; "alerts", the entry
-- that they stand behind and how many
-- Gives how many issues, messages or alerts it is about; of messages also
-- whether these were the last hashes, of alerts the last entry that was looked
-- at ("" at the end).
local really, before, what = ARGV[1] == '1', tonumber(ARGV[2]), ARGV[3]

local wrong = foreign()
if wrong then
	return wrong
end

-- When the last entry of its log was written.
local function log_end(id)
	local entry = redis.call('XREVRANGE', base .. 'log:' .. id, '+', '-',
	    'COUNT', 1)[1]
	for i = 1, entry and #entry[2] or 0, 2 do
		if entry[2][i] == 'at' then
			return tonumber(entry[2][i + 1])
		end
	end
	return nil
end

local function is_gone(id)
	return redis.call('EXISTS', base .. 'issue:' .. id) == 0 and
	    not redis.call('ZSCORE', base .. 'issues', id)
end

local function is_old(id)
	local last = follow(id)
	local key = base .. 'issue:' .. last
	local state = redis.call('HGET', key, 'state')
	if not state then
		return is_gone(last)
	elseif is_open(state) then
		return false
	end
	local ended = tonumber(redis.call('HGET', key, 'public_at')) or
	    log_end(last)
	local exploit = tonumber(redis.call('HGET', key, 'exploit_at') or 0)
	return ended ~= nil and ended <= before and exploit <= before
end

local known = {}
local function is_of_old(id)
	if known[id] == nil then
		known[id] = is_gone(id) or is_old(id)
	end
	return known[id]
end

local function purge_issue(id)
	if not is_old(id) then
		return 0
	elseif really then
		redis.call('DEL', base .. 'issue:' .. id, base .. 'log:' .. id,
		    base .. 'circle:' .. id, base .. 'leaks:' .. id)
		for _, set in ipairs({ 'issues', 'due', 'warn' }) do
			redis.call('ZREM', base .. set, id)
		end
		redis.call('HINCRBY', base .. 'counters', 'purged', 1)
	end
	return 1
end

local function purge_hash(key)
	local flat, count = redis.call('HGETALL', key), 0
	for i = 1, #flat, 2 do
		if is_of_old(string.match(flat[i + 1], '^(.-):')) then
			count = count + 1
			if really then
				redis.call('HDEL', key, flat[i])
			end
		end
	end
	return count
end

-- The table keeps its hashes, which new messages fill again.
local function purge_messages(first, many)
	local count, last = 0, width(MESSAGES) - 1
	for i = first, math.min(first + many - 1, last) do
		count = count + purge_hash(base .. MESSAGES .. ':' .. i)
	end
	if really and count > 0 then
		redis.call('HINCRBY', TABLES, 'n:' .. MESSAGES, -count)
	end
	return { count, first + many > last and 1 or 0 }
end

local function purge_alerts(after, most)
	local entries = redis.call('XRANGE', base .. 'alerts', '(' .. after,
	    '+', 'COUNT', most)
	local count, last = 0, ''
	for _, entry in ipairs(entries) do
		last = entry[1]
		local issue = ''
		for i = 1, #entry[2], 2 do
			issue = entry[2][i] == 'issue' and entry[2][i + 1] or
			    issue
		end
		if issue ~= '' and is_of_old(issue) then
			count = count + 1
			if really then
				redis.call('XDEL', base .. 'alerts', last)
			end
		end
	end
	return { count, last }
end

if what == 'issue' then
	return purge_issue(ARGV[4])
elseif what == 'alerts' then
	return purge_alerts(ARGV[4], ARGV[5])
end
return purge_messages(tonumber(ARGV[4]), tonumber(ARGV[5]))
