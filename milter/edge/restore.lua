-- restore: a piece of an export comes back, or is compared.  Atomic.
--
-- ARGV: "look" (compare only), "add" (what is there already stays) or
-- "replace"; the kind ("issue", "hash", "table", "alerts", "group"); its name;
-- when it expires (0: never); the rest: a number of fields and the fields, of
-- scores and the scores, of the circle, of entries and for each its id, the
-- number of its fields and these; each as its length, a colon and its bytes
-- Gives { "absent", "same" or "differs" as it was before, how many entries of a
-- stream came too late for it }.
local mode, kind, name, expires_at = ARGV[1], ARGV[2], ARGV[3],
    tonumber(ARGV[4])
local text, at = ARGV[5], 1
local late = 0

local wrong = foreign()
if wrong then
	return wrong
end

local function take()
	local len = string.match(text, '^(%d+):', at)
	local from = at + #len + 1
	at = from + tonumber(len)
	return string.sub(text, from, at - 1)
end

local function take_list()
	local list = {}
	for i = 1, tonumber(take()) do
		list[i] = take()
	end
	return list
end

local function take_entries()
	local entries = {}
	for i = 1, tonumber(take()) do
		local id = take()
		entries[i] = { id, take_list() }
	end
	return entries
end

local fields, scores, circle = take_list(), take_list(), take_list()
local entries = take_entries()

local function is_same_list(a, b)
	for i = 1, math.max(#a, #b) do
		if a[i] ~= b[i] then
			return false
		end
	end
	return true
end

-- A flat list of names and values against the same in any order.
local function is_same_map(a, b)
	local values = {}
	for i = 1, #a, 2 do
		values[a[i]] = a[i + 1]
	end
	for i = 1, #b, 2 do
		if values[b[i]] ~= b[i + 1] then
			return false
		end
	end
	return #a == #b
end

local function is_same_issue()
	local flat = redis.call('HGETALL', base .. 'circle:' .. name)
	local mine = {}
	for _, who in ipairs(circle) do
		mine[#mine + 1] = who
		mine[#mine + 1] = ''
	end
	local log = redis.call('XRANGE', base .. 'log:' .. name, '-', '+')
	for i = 1, math.max(#log, #entries) do
		if not log[i] or not entries[i] or
		    log[i][1] ~= entries[i][1] or
		    not is_same_list(log[i][2], entries[i][2]) then
			return false
		end
	end
	return is_same_map(redis.call('HGETALL', base .. 'issue:' .. name),
	    fields) and is_same_map(flat, mine) and
	    is_same_map(scores_of(name), scores)
end

local function write_issue()
	redis.call('DEL', base .. 'issue:' .. name, base .. 'log:' .. name,
	    base .. 'circle:' .. name, base .. 'leaks:' .. name)
	redis.call('ZREM', base .. 'due', name)
	redis.call('ZREM', base .. 'warn', name)
	redis.call('SETNX', base .. 'schema', SCHEMA)
	for i = 1, #fields, 2 do
		redis.call('HSET', base .. 'issue:' .. name, fields[i],
		    fields[i + 1])
	end
	for i = 1, #scores, 2 do
		redis.call('ZADD', base .. scores[i], scores[i + 1], name)
	end
	for _, who in ipairs(circle) do
		redis.call('HSET', base .. 'circle:' .. name, who, '')
	end
	for _, entry in ipairs(entries) do
		redis.call('XADD', base .. 'log:' .. name, entry[1],
		    unpack(entry[2]))
	end
end

local function restore_issue()
	local before = 'absent'
	if redis.call('EXISTS', base .. 'issue:' .. name) == 1 then
		before = is_same_issue() and 'same' or 'differs'
	end
	if before == 'absent' and mode ~= 'look' or
	    before == 'differs' and mode == 'replace' then
		write_issue()
	end
	return before
end

-- What only ever rises may be higher here.
local function is_risen(field, here, there)
	return name == 'counters' and (field == 'last_pass_at' or
	    string.find(field, '^issues:')) and
	    (tonumber(here) or 0) >= (tonumber(there) or 0)
end

-- Hashes are filled up field by field.
local function restore_hash()
	local key, before = base .. name, 'same'
	for i = 1, #fields, 2 do
		local here = redis.call('HGET', key, fields[i])
		local is_same = here and (here == fields[i + 1] or
		    is_risen(fields[i], here, fields[i + 1]))
		if not here and before == 'same' then
			before = 'absent'
		elseif here and not is_same then
			before = 'differs'
		end
		if mode ~= 'look' and (not here or mode == 'replace' and
		    not is_same) then
			redis.call('HSET', key, fields[i], fields[i + 1])
		end
	end
	if mode ~= 'look' then
		redis.call('SETNX', base .. 'schema', SCHEMA)
	end
	return before
end

-- As dump.lua has printed it.
local function read_entry(value)
	if name ~= MESSAGES then
		return pack(value)
	end
	local id, seen, letter = string.match(value, '^(.-:)(%x*)(%a?)$')
	return id .. pack(seen) .. letter
end

-- Tables are filled up entry by entry.
local function restore_table()
	local before, seconds = 'same', nil
	if expires_at > 0 then
		seconds = expires_at - tonumber(redis.call('TIME')[1])
	end
	for i = 1, seconds and seconds <= 0 and 0 or #fields, 2 do
		local here, value = get(name, fields[i]),
		    read_entry(fields[i + 1])
		if not here and before == 'same' then
			before = 'absent'
		elseif here and here ~= value then
			before = 'differs'
		end
		if mode ~= 'look' and (not here or mode == 'replace' and
		    here ~= value) then
			redis.call('SETNX', base .. 'schema', SCHEMA)
			put(name, fields[i], value, seconds)
		end
	end
	return before
end

local function is_later(id, than)
	local ms, n = string.match(id, '^(%d+)-(%d+)$')
	local other_ms, other_n = string.match(than, '^(%d+)-(%d+)$')
	if ms == other_ms then
		return tonumber(n) > tonumber(other_n)
	end
	return tonumber(ms) > tonumber(other_ms)
end

-- A stream grows at its end only.
local function restore_entries()
	local key, before = base .. 'alerts', 'same'
	for _, entry in ipairs(entries) do
		local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT',
		    1)[1]
		local is_new = not last or is_later(entry[1], last[1])
		if is_new then
			before = 'absent'
		elseif #redis.call('XRANGE', key, entry[1], entry[1]) == 0 then
			late = late + 1
		end
		if is_new and mode ~= 'look' then
			redis.call('XADD', key, entry[1], unpack(entry[2]))
		end
	end
	return before
end

local function restore_group()
	if redis.call('EXISTS', base .. 'alerts') == 1 and
	    #redis.call('XINFO', 'GROUPS', base .. 'alerts') > 0 then
		return 'same'
	end
	if mode ~= 'look' then
		redis.call('XGROUP', 'CREATE', base .. 'alerts', 'mail',
		    fields[2], 'MKSTREAM')
	end
	return 'absent'
end

local parts = { issue = restore_issue, hash = restore_hash,
    table = restore_table, alerts = restore_entries, group = restore_group }
local before = parts[kind]()
return { before, late }
