-- backlog: for how many seconds the oldest alert that was not mailed has been
-- waiting; -1 when none is.  Reads only.
local stream, GROUP = base .. 'alerts', 'mail'

local wrong = foreign()
if wrong then
	return wrong
end

-- A flat list of names and values.
local function value_of(flat, name)
	for i = 1, #flat, 2 do
		if flat[i] == name then
			return flat[i + 1]
		end
	end
	return nil
end

-- The last entry that somebody took; nil when nobody mails.
local function last_taken()
	if redis.call('EXISTS', stream) == 0 then
		return nil
	end
	for _, group in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
		if value_of(group, 'name') == GROUP then
			return value_of(group, 'last-delivered-id')
		end
	end
	return nil
end

local last = last_taken()
if not last then
	return -1
end
local oldest = redis.call('XPENDING', stream, GROUP)[2]
if not oldest then
	local entry = redis.call('XRANGE', stream, '(' .. last, '+', 'COUNT',
	    1)[1]
	oldest = entry and entry[1]
end
if not oldest then
	return -1
end
return tonumber(redis.call('TIME')[1]) -
    math.floor(tonumber(string.match(oldest, '^%d+')) / 1000)
