-- take: the next entry of a stream that is to be mailed, for one instance of
-- embargo-warnd and no other.  Atomic.
--
-- Whoever takes an entry has the lease to see to it.  An entry that was not
-- acknowledged by then, because its mail failed or its instance died, is taken
-- again; the pauses double with each time, up to the longest.
--
-- ARGV: "alerts" or "replies", the lease and the longest pause in milliseconds
-- Gives { entry's id, how often it was taken, its names and values }, or { }.
local stream = base .. ARGV[1]
local lease, longest = tonumber(ARGV[2]), tonumber(ARGV[3])
-- One consumer for all: who has an entry, and since when, tells its lease.
local GROUP, CONSUMER, AT_ONCE = 'mail', 'embargo-warnd', 1000
local DAY_MS = 86400000

local wrong = foreign()
if wrong then
	return wrong
end

-- Who begins to mail gets what was told in the last day, and no archive.
local function begin()
	local ms = tonumber(redis.call('TIME')[1]) * 1000 - DAY_MS
	redis.call('XGROUP', 'CREATE', stream, GROUP,
	    string.format('%.0f-0', ms), 'MKSTREAM')
end

local function read_new()
	return redis.pcall('XREADGROUP', 'GROUP', GROUP, CONSUMER, 'COUNT', 1,
	    'STREAMS', stream, '>')
end

local function take_new()
	local got = read_new()
	if got and got.err and string.find(got.err, 'NOGROUP', 1, true) then
		begin()
		got = read_new()
	end
	if got and got.err then
		return got
	end
	local entry = got and got[1][2][1]
	return entry and { entry[1], 1, entry[2] }
end

local function take_old()
	local pending = redis.call('XPENDING', stream, GROUP, 'IDLE', lease,
	    '-', '+', AT_ONCE)
	for _, one in ipairs(pending) do
		local id, idle, times = one[1], one[3], one[4]
		if idle >= math.min(lease * 2 ^ (times - 1), longest) then
			local got = redis.call('XCLAIM', stream, GROUP,
			    CONSUMER, lease, id)
			if got[1] then
				return { id, times + 1, got[1][2] }
			end
			-- cut off the stream meanwhile
			redis.call('XACK', stream, GROUP, id)
		end
	end
	return nil
end

return take_new() or take_old() or {}
