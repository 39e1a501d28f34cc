-- list: read issues, in one round trip when they are few.
--
-- ARGV[1]  "open" (by deadline, those without one last), "all" (by opening
--          time), "due" (whose time to be looked at has come by ARGV[2]), or
--          ARGV[2] and on: "these", if they exist, or the "rest" of a list
-- Gives the time of the next look ("" for none), the hashes of the first
-- issues, and the names of the others, to be asked for with "rest".
local which, value = ARGV[1], ARGV[2]
local AT_ONCE = 80
local ids, next_look = {}, ''

local wrong = foreign()
if wrong then
	return wrong
end

if which == 'these' or which == 'rest' then
	for i = 2, #ARGV do
		ids[#ids + 1] = ARGV[i]
	end
elseif which == 'all' then
	ids = redis.call('ZRANGE', base .. 'issues', 0, -1)
elseif which == 'open' then
	ids = redis.call('ZRANGE', base .. 'due', 0, -1)
else
	ids = redis.call('ZRANGEBYSCORE', base .. 'warn', '-inf', value,
	    'LIMIT', 0, AT_ONCE)
	local after = redis.call('ZRANGEBYSCORE', base .. 'warn', '(' .. value,
	    '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
	next_look = after[2] or ''
end

-- An issue on a list whose data is gone: it must not look like none at all.
local function gone(id)
	if which == 'these' then
		return nil
	elseif which ~= 'due' then
		return { 'id', id, 'state', 'embargoed', 'needs_human', '1' }
	end
	redis.call('ZREM', base .. 'warn', id)
	alert('needs-human', id, value, 0, 'embargoed', 'The data of this '
	    .. 'issue is gone from Redis: restore a backup.')
	return nil
end

local hashes, others = {}, {}
for i, id in ipairs(ids) do
	if i > AT_ONCE then
		others[#others + 1] = id
	else
		local hash = redis.call('HGETALL', base .. 'issue:' .. id)
		hashes[#hashes + 1] = #hash > 0 and hash or gone(id)
	end
end
return { next_look, hashes, others }
