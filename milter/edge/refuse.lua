-- refuse: a message was refused: count it, and keep for the alert of its hour
-- what that may tell.
--
-- ARGV: counter, the hour (its beginning), reason, list, the sender's domain
-- ("": count only)
local counter, hour, reason, list = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local domain = ARGV[5]
local key, MOST = base .. 'refused', 1000

local wrong = foreign()
if wrong then
	return wrong
end
redis.call('HINCRBY', base .. 'counters', counter, 1)
if domain == '' then
	return 1
end
local head = hour .. ' ' .. reason .. ' ' .. list .. ' '
-- whoever thinks up domains must not fill the memory
if redis.call('HLEN', key) >= MOST and
    redis.call('HEXISTS', key, head .. domain) == 0 then
	domain = '...'
end
redis.call('HINCRBY', key, head .. domain, 1)
return 1
