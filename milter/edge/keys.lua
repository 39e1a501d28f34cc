-- keys: alerts of keys that come to their end, each stage of it once however
-- many instances look.  Atomic.
--
-- A key is known by its fingerprint and its end: one that was extended begins
-- anew, and hosts whose keyrings differ do not contradict each other.
--
-- ARGV: now, then for each key: name and end, stage (0: none yet, then rising),
-- 1 if there is another in its place, its end as a time, the alert's text
local now = ARGV[1]

local wrong = foreign()
if wrong then
	return wrong
end
for i = 2, #ARGV, 5 do
	local name, stage = ARGV[i], tonumber(ARGV[i + 1])
	local known = redis.call('HGET', base .. 'keys', name)
	-- what ended before we first looked, and was replaced, is no news
	local is_silent = stage == 0 or (ARGV[i + 2] == '1' and not known)
	if stage > tonumber(known or -1) then
		redis.call('HSET', base .. 'keys', name, stage)
		if not is_silent then
			alert('key-expiring', '', now, ARGV[i + 3], '',
			    ARGV[i + 4])
		end
	end
end
return 1
