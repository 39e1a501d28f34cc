-- common: stands before each of the other scripts.
--
-- KEYS[1] is the tracker's prefix, "embargo:{distros}:"; every key begins with
-- it, so that a cluster keeps a tracker in one slot.
local base = KEYS[1]
local SCHEMA = 2

-- UPGRADES[n] is a function that turns what version n has written into version
-- n + 1, quickly, for the tracker waits.  The first script of a newer program
-- calls it; programs of older versions refuse to work from then on.
local UPGRADES = {}

local function refuse(what)
	return redis.error_reply('EMBARGO ' .. what)
end

-- Brings the database to our version; an error when that cannot be done.
local function upgrade(schema)
	local version = tonumber(schema) or 0
	while version < SCHEMA and UPGRADES[version] do
		UPGRADES[version]()
		version = redis.call('INCR', base .. 'schema')
	end
	if version == SCHEMA then
		return nil
	end
	return refuse('schema ' .. schema .. ' in the database, ' .. SCHEMA ..
	    ' expected' .. (version > SCHEMA and ': this program is too old'
	    or ''))
end

-- An error when the database holds what is not ours, else nil.  What is left of
-- one that was wiped must not be taken for one that is new.
local function foreign()
	local schema = redis.call('GET', base .. 'schema')
	local issues = redis.call('EXISTS', base .. 'issues')
	if schema == tostring(SCHEMA) and issues > 0 then
		return nil
	end
	local others = redis.call('EXISTS', base .. 'due', base .. 'warn')
	if not schema and (issues + others > 0 or
	    redis.call('HGET', base .. 'counters', 'accepted')) then
		return refuse('issues without a schema in the database: not '
		    .. 'ours, or damaged; restore it')
	end
	local wrong = schema and upgrade(schema)
	if not wrong and issues == 0 and others > 0 then
		wrong = refuse('the list of issues is gone from the database: '
		    .. 'restore it')
	end
	return wrong
end

-- An entry of an issue's own log.
local function note(id, at, what, who, text)
	redis.call('XADD', base .. 'log:' .. id, '*', 'at', at, 'what', what,
	    'by', who, 'text', text)
end

-- An alert, in the stream and on the channel of the same name.
local function alert(kind, id, at, due, state, text)
	redis.call('XADD', base .. 'alerts', 'MAXLEN', '~', 100000, '*',
	    'kind', kind, 'issue', id, 'at', at, 'due_at', due,
	    'state', state, 'text', text)
	redis.call('PUBLISH', base .. 'alerts', cjson.encode({ kind = kind,
	    issue = id, at = tonumber(at), due_at = tonumber(due),
	    state = state, text = text }))
end

-- An open issue has a new date (0: none): look at it from the beginning.
-- Issues without a date stand last in `due`.
local function watch(id, now, due)
	redis.call('HSET', base .. 'issue:' .. id, 'looked_at', 0)
	redis.call('HDEL', base .. 'issue:' .. id, 'ack:*', 'ack:overdue',
	    'ack:no-date', 'ack:posting-missing')
	redis.call('ZADD', base .. 'due', due > 0 and due or '+inf', id)
	redis.call('ZADD', base .. 'warn', now, id)
end

local function is_open(state)
	return state == 'embargoed' or state == 'semi-public'
end

-- embargo-warnd is to look at the issue again.
local function look_again(id, now)
	redis.call('ZADD', base .. 'warn', now, id)
end

-- A merged issue stands for the one it was merged into.  The other result is
-- whether the first of them is there.
local function follow(id)
	local found
	for _ = 1, 8 do
		local seen = redis.call('HMGET', base .. 'issue:' .. id, 'id',
		    'merged_into')
		found = found or seen[1]
		if not seen[2] then
			break
		end
		id = seen[2]
	end
	return id, found and true
end

-- Tables of digests that cost the same for a hundred entries and for millions
-- (linear hashing).  Table T is spread over the hashes T:0, T:1, ... with about
-- FILL entries each, so that Redis keeps them packed: each FILL new entries
-- bring one more hash, which takes what is its own from another one.  How many
-- hashes and entries there are stands in the hash `tables`, as T and n:T.
-- Digests come as hexadecimal text and are kept as bytes.
local FILL = 16
local TABLES = base .. 'tables'
local widths = {}	-- numbers of hashes; 0: there is no such table
local packed = {}

-- Asks for several tables at once; the others are asked for when needed.
local function load_tables(...)
	local found = redis.call('HMGET', TABLES, ...)
	for i, t in ipairs({ ... }) do
		widths[t] = tonumber(found[i] or 0)
	end
end

local function width(t)
	if not widths[t] then
		load_tables(t)
	end
	return widths[t]
end

-- The bytes that hexadecimal text stands for; its length is a multiple of 8.
local function pack(hex)
	local bytes = packed[hex]
	if not bytes then
		bytes = ''
		for i = 1, #hex, 8 do
			bytes = bytes .. struct.pack('>I4', tonumber(
			    string.sub(hex, i, i + 7), 16))
		end
		packed[hex] = bytes
	end
	return bytes
end

-- The smallest power of two above b.
local function power_above(b)
	local _, power = math.frexp(b)
	return 2 ^ power
end

-- The hash for some bytes among b hashes: their beginning modulo the power of
-- two above, or, where that hash does not exist yet, below.
local function place(t, bytes, b)
	local size = power_above(b)
	local i = struct.unpack('>I4', bytes) % size
	return base .. t .. ':' .. (i < b and i or i - size / 2)
end

local function get(t, digest)
	local b = width(t)
	if b == 0 or digest == '' then
		return nil
	end
	local bytes = pack(digest)
	return redis.call('HGET', place(t, bytes, b), bytes)
end

-- Moves the entries of one hash to another.
local function move_entries(from, into, entries, names)
	if #names > 0 then
		redis.call('HSET', into, unpack(entries))
		redis.call('HDEL', from, unpack(names))
	end
end

-- Hash number b takes what is its own from the one that has it; in pieces, for
-- who forges digests can make a hash long.
local function split(t, b)
	local size = power_above(b)
	local from = base .. t .. ':' .. b - size / 2
	local into = base .. t .. ':' .. b
	local flat = redis.call('HGETALL', from)
	local entries, names = {}, {}
	for i = 1, #flat, 2 do
		if struct.unpack('>I4', flat[i]) % size == b then
			names[#names + 1] = flat[i]
			entries[#entries + 1] = flat[i]
			entries[#entries + 1] = flat[i + 1]
		end
		if #names == 1000 then
			move_entries(from, into, entries, names)
			entries, names = {}, {}
		end
	end
	move_entries(from, into, entries, names)
	return into
end

-- Keeps an entry; in a table that expires, for so many seconds.
local function put(t, digest, value, seconds)
	local b, bytes = width(t), pack(digest)
	local key = place(t, bytes, b > 0 and b or 1)
	local is_new = redis.call('HSET', key, bytes, value) == 1
	if seconds then
		redis.call('EXPIRE', key, seconds)
	end
	if not is_new or
	    redis.call('HINCRBY', TABLES, 'n:' .. t, 1) <= FILL * b then
		return
	end
	if b > 0 then
		key = split(t, b)
		if seconds then
			redis.call('EXPIRE', key, seconds)
		end
	end
	widths[t] = b + 1
	redis.call('HSET', TABLES, t, b + 1)
end

-- Messages.  A value is "VS-2026-0007:", that is the issue, then 8 bytes of the
-- content digest and the kind of the message; nothing behind the colon when it
-- was only referred to.
local MESSAGES = 'msg'

local function lookup(digest)
	local value = get(MESSAGES, digest)
	if not value then
		return nil
	end
	local colon = string.find(value, ':', 1, true)
	local id, found = follow(string.sub(value, 1, colon - 1))
	if not found then
		return nil
	end
	return id, string.sub(value, colon + 1, colon + 8),
	    string.sub(value, colon + 9)
end

local function remember(digest, id, seen)
	put(MESSAGES, digest, id .. ':' .. seen)
end

-- Seals, which no two messages share, are kept for 90 to 120 days: a table for
-- each 30 days, which expires as a whole.
local PERIOD, PERIODS = 2592000, 4

local function seals_of(now, back)
	return 'seal:' .. math.floor(now / PERIOD) - back
end

-- Who bore this seal before, as bytes, or nil.
local function bearer_of(seal, now)
	for back = 0, PERIODS - 1 do
		local known = get(seals_of(now, back), seal)
		if known then
			return known
		end
	end
	return nil
end

-- Tables that have expired are forgotten.
local function forget_seals(now)
	local all = redis.call('HGETALL', TABLES)
	for i = 1, #all, 2 do
		local period = tonumber(string.match(all[i], 'seal:(%d+)$'))
		if period and period < math.floor(now / PERIOD) - PERIODS then
			redis.call('HDEL', TABLES, all[i])
		end
	end
end

local function set_bearer(seal, now, bearer)
	local t = seals_of(now, 0)
	if width(t) == 0 then
		forget_seals(now)
	end
	put(t, seal, bearer, PERIOD * (PERIODS + 1))
end

-- The entries of 4,096 hashes of version 1 go to a table.  The names ended with
-- the first three digits of the digests.
local function take_over(t, name, seconds, value_of)
	for i = 0, 4095 do
		local first = string.format('%03x', i)
		local key = base .. name .. first
		local flat = redis.call('HGETALL', key)
		for k = 1, #flat, 2 do
			put(t, first .. flat[k], value_of(flat[k + 1]), seconds)
			redis.call('HDEL', key, flat[k])
		end
	end
end

-- Version 1 had messages in m:XXX, seals in s:PERIOD:XXX, all in hexadecimal.
UPGRADES[1] = function()
	take_over(MESSAGES, 'm:', nil, function(value)
		local id, seen, kind = string.match(value, '^(.-:)(%x*)(%a?)$')
		return id .. pack(seen) .. kind
	end)
	local period = math.floor(tonumber(redis.call('TIME')[1]) / PERIOD)
	for one = period - PERIODS, period do
		take_over('seal:' .. one, 's:' .. one .. ':', PERIOD *
		    (PERIODS + 1), pack)
	end
end

-- Who takes part in an issue takes part in another as well.
local function share_circle(from, into)
	local circle = redis.call('HGETALL', base .. 'circle:' .. from)
	for i = 1, #circle, 2 do
		redis.call('HSET', base .. 'circle:' .. into, circle[i], '')
	end
end

-- Mail was kept from leaving the circle of an issue ('': it is not known
-- which).  The same again, as `mark` tells, is no news within the hour.
local function tell_leak(id, now, mark, text)
	local key = base .. 'leaks:' .. id
	local told = tonumber(redis.call('HGET', key, mark) or 0)
	if now - told < 3600 then
		return
	end
	redis.call('HSET', key, mark, now)
	redis.call('EXPIRE', key, 3600)
	local due, state = '0', ''
	if id ~= '' then
		due = redis.call('HGET', base .. 'issue:' .. id, 'due_at')
		state = redis.call('HGET', base .. 'issue:' .. id, 'state')
		note(id, now, 'leak-blocked', 'embargo-milter', text)
	end
	alert('leak-blocked', id, now, due or '0', state, text)
end

-- A new issue without a date yet.
local function create(prefix, year, now, list)
	local id
	repeat		-- also where the counter was lost
		local number = redis.call('HINCRBY', base .. 'counters',
		    'issues:' .. year, 1)
		id = string.format('%s-%s-%04d', prefix, year, number)
	until redis.call('EXISTS', base .. 'issue:' .. id) == 0
	redis.call('HSET', base .. 'issue:' .. id, 'id', id, 'state',
	    'embargoed', 'opened_at', now, 'list', list, 'messages', 0,
	    'revision', 0)
	redis.call('ZADD', base .. 'issues', now, id)
	redis.call('SETNX', base .. 'schema', SCHEMA)
	return id
end

-- Another state, with its log entry and what follows from it.
local function set_state(id, now, who, value, url)
	local key = base .. 'issue:' .. id
	local state = redis.call('HGET', key, 'state')
	local due = redis.call('HGET', key, 'due_at') or '0'
	redis.call('HSET', key, 'state', value)
	if value == 'public' then
		redis.call('HSETNX', key, 'public_at', now)
	end
	if url ~= '' then
		redis.call('HSET', key, 'url', url)
	end
	look_again(id, now)	-- posting and exploit have deadlines, too
	if not is_open(value) then
		redis.call('ZREM', base .. 'due', id)
	elseif not is_open(state) then
		watch(id, now, tonumber(due))
	end
	note(id, now, value, who, url)
	if value == 'broken' then
		alert('broken', id, now, due, value, 'The embargo is broken: '
		    .. 'publish now.')
	end
end

-- The exploit's deadline: 0 for none known yet, nil for no exploit.
local function set_exploit(id, now, who, at)
	local key = base .. 'issue:' .. id
	if at then
		redis.call('HSET', key, 'exploit_at', at)
	else
		redis.call('HDEL', key, 'exploit_at')
	end
	redis.call('HDEL', key, 'ack:exploit-overdue', 'exploit_looked_at')
	look_again(id, now)
	note(id, now, 'exploit', who, at and tostring(at) or 'none')
end

-- CVE ids divided by blanks; those that are new are added.
local function add_cves(id, now, who, cves)
	local key = base .. 'issue:' .. id
	local known = redis.call('HGET', key, 'cve') or ''
	local added = ''
	for cve in string.gmatch(cves, '%S+') do
		if not string.find(' ' .. known .. ' ', ' ' .. cve .. ' ', 1,
		    true) and #known < 2000 then
			known = known == '' and cve or known .. ' ' .. cve
			added = added == '' and cve or added .. ' ' .. cve
		end
	end
	if added ~= '' then
		redis.call('HSET', key, 'cve', known)
		note(id, now, 'cve', who, added)
	end
end

-- Is the date one of those that a field of the issue lists?
local function has_date(listed, at)
	return listed and string.find(' ' .. listed .. ' ', ' ' .. at .. ' ', 1,
	    true) ~= nil
end

local function list_date(id, field, listed, at)
	if not has_date(listed, at) and #(listed or '') < 400 then
		redis.call('HSET', base .. 'issue:' .. id, field,
		    (listed and listed .. ' ' or '') .. at)
	end
end

-- "Fri", "Sat", "Sun" for a time on one of these days, else nil.
local function weekend(at)
	return ({ [5] = 'Fri', [6] = 'Sat', [0] = 'Sun' })[
	    (math.floor(at / 86400) + 4) % 7]
end

-- The messages of an issue become those of another, whose clock starts at the
-- earlier of the two first posts.  Dates are the caller's matter.
local function join(id, into, now, who)
	local key, other = base .. 'issue:' .. id, base .. 'issue:' .. into
	local opened = tonumber(redis.call('HGET', key, 'opened_at'))
	local messages = tonumber(redis.call('HGET', key, 'messages') or 0)
	if opened < tonumber(redis.call('HGET', other, 'opened_at')) then
		redis.call('HSET', other, 'opened_at', opened)
		redis.call('ZADD', base .. 'issues', opened, into)
	end
	redis.call('HINCRBY', other, 'messages', messages)
	redis.call('HINCRBY', other, 'revision', 1)
	redis.call('HSET', key, 'merged_into', into, 'messages', 0)
	share_circle(id, into)
	note(into, now, 'merged', who, 'from ' .. id)
	set_state(id, now, who, 'invalid', '')
	note(id, now, 'merged', who, 'into ' .. into)
end

-- Where an issue stands in the sorted sets: their names and its scores in turn.
local function scores_of(id)
	local scores = {}
	for _, set in ipairs({ 'issues', 'due', 'warn' }) do
		local score = redis.call('ZSCORE', base .. set, id)
		if score then
			scores[#scores + 1] = set
			scores[#scores + 1] = score
		end
	end
	return scores
end
