-- guard: does other mail answer an open issue and leave its circle?  Nothing is
-- written unless it does and is to be refused.
--
-- The circle of an issue, in the hash circle:ID: digests of those who wrote to
-- its lists, and "@NAME" for each of these lists, whose members belong to it.
-- What the list was only referred to is not its own: replies to a public
-- message that a report mentions are nobody's leak.
--
-- ARGV: now, 1 if it will be refused (0: the list is on trial), digests of its
-- Message-ID ("" for none) and of its sender, the names of the tracker's lists,
-- the recipients, then the digests of the messages that it answers
-- Each recipient is 16 digits of the digest of its mailbox, 8 of its domain's,
-- and for each list of the tracker 1 for a member, else 0.
-- Gives { } or { issue, date }.
local now, is_refused = tonumber(ARGV[1]), ARGV[2] == '1'
local own, sender, recipients = ARGV[3], ARGV[4], ARGV[6]
local first_ancestor = 7
local lists = {}
for name in string.gmatch(ARGV[5], '%S+') do
	lists[#lists + 1] = '@' .. name
end
local WIDTH = 24 + #lists

local function circle_of(id)
	local flat = redis.call('HGETALL', base .. 'circle:' .. id)
	local list = redis.call('HGET', base .. 'issue:' .. id, 'list')
	local circle = { ['@' .. (list or '')] = true }
	for i = 1, #flat, 2 do
		circle[flat[i]] = true
	end
	return circle
end

local function is_inside(circle, recipient)
	local inside = circle[string.sub(recipient, 1, 16)]
	for i, list in ipairs(lists) do
		inside = inside or (circle[list] and
		    string.sub(recipient, 24 + i, 24 + i) == '1')
	end
	return inside
end

-- How many recipients are outside, of how many domains.
local function count_outside(id)
	local circle = circle_of(id)
	local outside, domains, seen = 0, 0, {}
	for at = 1, #recipients, WIDTH do
		local one = string.sub(recipients, at, at + WIDTH - 1)
		local domain = string.sub(one, 17, 24)
		if not is_inside(circle, one) then
			outside = outside + 1
			domains = domains + (seen[domain] and 0 or 1)
			seen[domain] = true
		end
	end
	return outside, domains
end

-- Does the mail carry this issue out of its circle?
local function leaves(id)
	local key = base .. 'issue:' .. id
	if not is_open(redis.call('HGET', key, 'state')) then
		return false
	end
	local outside, domains = count_outside(id)
	if outside > 0 and is_refused then
		local mark = redis.sha1hex(sender .. recipients)
		-- whatever fails here, the mail must not pass
		pcall(tell_leak, id, now, string.sub(mark, 1, 16), 'Other mail '
		    .. 'that answers this issue was refused: of its recipients '
		    .. outside .. ' (in ' .. domains .. ' domains) take no '
		    .. 'part in it.  Find the sender in the mail log and ask '
		    .. 'who else knows.')
	end
	return outside > 0
end

local wrong = foreign()
if wrong then
	return wrong
end
local looked = {}
local copied, content = lookup(own)
if copied and content ~= '' then
	looked[copied] = true	-- a copy of its own message is no answer
end
for i = first_ancestor, #ARGV do
	local id, seen = lookup(ARGV[i])
	if id and seen ~= '' and not looked[id] then
		looked[id] = true
		if leaves(id) then
			return { id, tonumber(redis.call('HGET', base ..
			    'issue:' .. id, 'due_at') or 0) }
		end
	end
end
return {}
