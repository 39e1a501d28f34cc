-- list: read issues, in one round trip when they are few.
--
-- ARGV[1]  "open" (by deadline, those without one last), "all" (by opening
--          time), "due" (whose time to be looked at has come by ARGV[2]), or
--          "these" (ARGV[2] and on)
-- Gives the time of the next look ("" for none), the hashes of the first
-- issues, and the names of the others, to be asked for with "these".
local which, value = ARGV[1], ARGV[2]
local AT_ONCE = 80
local ids, next_look = {}, ''

local wrong = foreign()
if wrong then
	return wrong
end

if which == 'these' then
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

local hashes, others = {}, {}
for i, id in ipairs(ids) do
	if i > AT_ONCE then
		others[#others + 1] = id
	else
		local hash = redis.call('HGETALL', base .. 'issue:' .. id)
		if #hash > 0 then
			hashes[#hashes + 1] = hash
		elseif which == 'due' then
			redis.call('ZREM', base .. 'warn', id)
		end
	end
end
return { next_look, hashes, others }
