-- dump: a part of what a tracker holds, for `embargoctl export'.  Reads only,
-- and each issue as a whole.
--
-- ARGV: "ids"; "tables"; "issue" and its name; "hash" and a key; "table", its
-- name, the first hash and how many; "alerts", the entry that they stand behind
-- and how many; "group"
-- Gives pieces: { name, when it expires, fields, scores, circle, entries },
-- fields and scores as names and values in turn; of "ids" and "tables" the
-- names.  Of a table there is a piece, perhaps without fields, as long as there
-- are hashes; digests are hexadecimal there.
local what, name = ARGV[1], ARGV[2]
local pieces = {}

local wrong = foreign()
if wrong then
	return wrong
end

local function expiry(key)
	local secs = redis.call('TTL', key)
	return secs > 0 and tonumber(redis.call('TIME')[1]) + secs or 0
end

local function dump_hash(key)
	local fields = redis.call('HGETALL', base .. key)
	if #fields > 0 then
		pieces[1] = { key, 0, fields, {}, {}, {} }
	end
end

local function unpack_digest(bytes)
	return (string.gsub(bytes, '.', function(c)
		return string.format('%02x', string.byte(c))
	end))
end

-- Of messages "ID:", then the digest of the content and a letter; of seals a
-- digest.
local function print_entry(t, value)
	if t ~= MESSAGES then
		return unpack_digest(value)
	end
	local colon = string.find(value, ':', 1, true)
	return string.sub(value, 1, colon) .. unpack_digest(string.sub(value,
	    colon + 1, colon + 8)) .. string.sub(value, colon + 9)
end

local function dump_issue(id)
	local fields = redis.call('HGETALL', base .. 'issue:' .. id)
	local circle = {}
	local flat = redis.call('HGETALL', base .. 'circle:' .. id)
	for i = 1, #flat, 2 do
		circle[#circle + 1] = flat[i]
	end
	if #fields > 0 then
		pieces[1] = { id, 0, fields, scores_of(id), circle,
		    redis.call('XRANGE', base .. 'log:' .. id, '-', '+') }
	end
end

-- Where whoever mails alerts has come to: before the first one that was taken
-- and not mailed, so that it is mailed at least once.
local function dump_group()
	if redis.call('EXISTS', base .. 'alerts') == 0 then
		return
	end
	for _, group in ipairs(redis.call('XINFO', 'GROUPS', base ..
	    'alerts')) do
		local last, is_ours = nil, false
		for i = 1, #group, 2 do
			is_ours = is_ours or (group[i] == 'name' and
			    group[i + 1] == 'mail')
			last = group[i] == 'last-delivered-id' and
			    group[i + 1] or last
		end
		local oldest = is_ours and redis.call('XPENDING', base ..
		    'alerts', 'mail')[2]
		if oldest then
			local ms = string.match(oldest, '^(%d+)')
			last = string.format('%.0f-0', tonumber(ms) - 1)
		end
		if is_ours then
			pieces[1] = { 'mail', 0, { 'last-delivered-id', last },
			    {}, {}, {} }
		end
	end
end

-- The entries of a table do not depend on how many hashes it has; one that
-- moves meanwhile moves to a hash with a higher number, and is not missed.
local function dump_table(t, first, count)
	local fields, expires_at = {}, 0
	for i = first, math.min(first + count, width(t)) - 1 do
		local key = base .. t .. ':' .. i
		local flat = redis.call('HGETALL', key)
		for k = 1, #flat, 2 do
			fields[#fields + 1] = unpack_digest(flat[k])
			fields[#fields + 1] = print_entry(t, flat[k + 1])
		end
		expires_at = math.max(expires_at, #flat > 0 and expiry(key) or
		    0)
	end
	if first < width(t) then
		pieces[1] = { t, expires_at, fields, {}, {}, {} }
	end
end

local function list_tables()
	local all, names = redis.call('HGETALL', TABLES), {}
	for i = 1, #all, 2 do
		if string.sub(all[i], 1, 2) ~= 'n:' then
			names[#names + 1] = all[i]
		end
	end
	table.sort(names)
	return names
end

if what == 'ids' then
	return redis.call('ZRANGE', base .. 'issues', 0, -1)
elseif what == 'tables' then
	return list_tables()
elseif what == 'issue' then
	dump_issue(name)
elseif what == 'hash' then
	dump_hash(name)
elseif what == 'table' then
	dump_table(name, tonumber(ARGV[3]), tonumber(ARGV[4]))
elseif what == 'alerts' then
	local entries = redis.call('XRANGE', base .. 'alerts', '(' .. name,
	    '+', 'COUNT', ARGV[3])
	if #entries > 0 then
		pieces[1] = { 'alerts', 0, {}, {}, {}, entries }
	end
else
	dump_group()
end
return pieces
