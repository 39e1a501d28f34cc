-- gather: what was refused in the hours that are over becomes one alert.
-- Atomic, so that each message is told of exactly once.
--
-- ARGV: now
-- Gives how many messages the alert is about, 0 for none.
local now = tonumber(ARGV[1])
local HOUR, DAY, MOST = 3600, 86400, 20
local key = base .. 'refused'
local this_hour = now - now % HOUR

local wrong = foreign()
if wrong then
	return wrong
end

-- "2026-11-25", by arithmetic on years that begin in March.
local function day_of(at)
	local z = math.floor(at / DAY) + 719468
	local era = math.floor(z / 146097)
	local doe = z - era * 146097
	local yoe = math.floor((doe - math.floor(doe / 1460) +
	    math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
	local doy = doe - (365 * yoe + math.floor(yoe / 4) -
	    math.floor(yoe / 100))
	local mp = math.floor((5 * doy + 2) / 153)
	local month = mp < 10 and mp + 3 or mp - 9
	return string.format('%04d-%02d-%02d', yoe + era * 400 +
	    (month <= 2 and 1 or 0), month, doy - math.floor((153 * mp + 2) /
	    5) + 1)
end

local function hour_of(at)
	return string.format('%02d:00', at % DAY / HOUR)
end

-- The last hour goes without saying its day.
local function print_span(from, to)
	if to == this_hour and from == to - HOUR then
		return hour_of(from) .. ' to ' .. hour_of(to)
	end
	return day_of(from) .. ' ' .. hour_of(from) .. ' to ' .. day_of(to) ..
	    ' ' .. hour_of(to)
end

-- All that is over: "cleartext to distros from example.org" and its number.
local function collect()
	local flat = redis.call('HGETALL', key)
	local numbers, total, from, to = {}, 0, nil, nil
	for i = 1, #flat, 2 do
		local hour, reason, list, domain = string.match(flat[i],
		    '^(%d+) (%S+) (%S+) (%S+)$')
		hour = tonumber(hour)
		if not hour then
			redis.call('HDEL', key, flat[i])
		elseif hour < this_hour then
			local what = reason .. ' to ' .. list .. ' from ' ..
			    domain
			local n = tonumber(flat[i + 1])
			numbers[what] = (numbers[what] or 0) + n
			total = total + n
			from = math.min(from or hour, hour)
			to = math.max(to or 0, hour + HOUR)
			redis.call('HDEL', key, flat[i])
		end
	end
	return numbers, total, from, to
end

local function print_numbers(numbers)
	local order, said, more = {}, {}, 0
	for what in pairs(numbers) do
		order[#order + 1] = what
	end
	table.sort(order, function(a, b)
		if numbers[a] ~= numbers[b] then
			return numbers[a] > numbers[b]
		end
		return a < b
	end)
	for i, what in ipairs(order) do
		if i <= MOST then
			said[i] = what .. ' (' .. numbers[what] .. ')'
		else
			more = more + numbers[what]
		end
	end
	return table.concat(said, ', ') ..
	    (more > 0 and ', and ' .. more .. ' more' or '')
end

local numbers, total, from, to = collect()
if total > 0 then
	alert('refused', '', now, 0, '', total .. (total == 1 and ' message' or
	    ' messages') .. ' refused from ' .. print_span(from, to) ..
	    ' UTC: ' .. print_numbers(numbers) .. '.  A report may be among '
	    .. 'them: the mail log has their senders.')
end
return total
