-- list: read issues in one round trip.
--
-- KEYS[1]  the tracker's prefix
-- ARGV[1]  "open" (by deadline, then those without one), "all" (by opening
--          time), "due" (whose time to be looked at has come by ARGV[2]), or
--          "one" (ARGV[2])
-- Gives the time of the next look ("" for none) and the issues' hashes.
local base = KEYS[1]
local which, value = ARGV[1], ARGV[2]
local ids, out = {}, {}

if which == 'one' then
	ids = { value }
elseif which == 'due' then
	ids = redis.call('ZRANGEBYSCORE', base .. 'warn', '-inf', value,
	    'LIMIT', 0, 200)
elseif which == 'all' then
	ids = redis.call('ZRANGE', base .. 'issues', 0, -1)
else
	ids = redis.call('ZRANGE', base .. 'due', 0, -1)
	for _, id in ipairs(redis.call('ZRANGE', base .. 'issues', 0, -1)) do
		local state = redis.call('HGET', base .. 'issue:' .. id,
		    'state')
		if (state == 'embargoed' or state == 'semi-public') and
		    not redis.call('ZSCORE', base .. 'due', id) then
			ids[#ids + 1] = id
		end
	end
end
local next_look = ''
if which == 'due' then
	local after = redis.call('ZRANGEBYSCORE', base .. 'warn', '(' .. value,
	    '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
	next_look = after[2] or ''
end
out[1] = next_look
for _, id in ipairs(ids) do
	local hash = redis.call('HGETALL', base .. 'issue:' .. id)
	if #hash > 0 then
		out[#out + 1] = hash
	elseif which == 'due' then
		redis.call('ZREM', base .. 'warn', id)
	end
end
return out
