-- record: one accepted message to a list: find its issue or open one, apply
-- the date policy, write everything down.  Atomic; the same message again
-- changes nothing and gets the same answer.
--
-- KEYS[1]  the tracker's prefix, "embargo:{distros}:"
-- ARGV     see the names below; the digests of the ancestors follow
local base = KEYS[1]
local now = tonumber(ARGV[1])
local list, prefix, year = ARGV[2], ARGV[3], ARGV[4]
local own, content, sender, subject = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local date_kind, date_at = ARGV[9], tonumber(ARGV[10])
local date_reason = ARGV[11]
local from_member = ARGV[12] == '1'
local max, missing, over_max, changes = tonumber(ARGV[13]), ARGV[14],
    ARGV[15], ARGV[16]
local first_ancestor = 17
local SCHEMA = '1'

local function slot(digest)
	return base .. 'm:' .. string.sub(digest, 1, 3), string.sub(digest, 4)
end

-- "2026-0007:5f0c...": the issue without its prefix, and the content digest
-- of the message; nothing behind the colon when it was only referred to.
local function lookup(digest)
	local key, field = slot(digest)
	local value = redis.call('HGET', key, field)
	if not value then
		return nil
	end
	local id, seen = string.match(value, '^(.-):(.*)$')
	return prefix .. '-' .. id, seen
end

local function remember(digest, id, seen)
	local key, field = slot(digest)
	redis.call('HSET', key, field,
	    string.sub(id, #prefix + 2) .. ':' .. seen)
end

local function note(id, what, text)
	redis.call('XADD', base .. 'log:' .. id, '*', 'at', now, 'what', what,
	    'by', 'message ' .. string.sub(own, 1, 12), 'text', text)
end

local function alert(kind, id, due, state, text)
	redis.call('XADD', base .. 'alerts', 'MAXLEN', '~', 100000, '*',
	    'kind', kind, 'issue', id, 'at', now, 'due_at', due,
	    'state', state, 'text', text)
	redis.call('PUBLISH', base .. 'alerts', cjson.encode({ kind = kind,
	    issue = id, at = now, due_at = due, state = state, text = text }))
end

local function load(id)
	local flat = redis.call('HGETALL', base .. 'issue:' .. id)
	local issue = {}
	for i = 1, #flat, 2 do
		issue[flat[i]] = flat[i + 1]
	end
	return issue
end

local function answer(id, status, retry)
	local issue = load(id)
	if status ~= 'moved' and issue.state ~= 'embargoed' then
		status = issue.state
	end
	return { 'ok', id, status, tonumber(issue.due_at or 0),
	    tonumber(issue.assumed or 0), tonumber(issue.capped or 0),
	    tonumber(issue.over_max or 0), tonumber(issue.needs_human or 0),
	    retry }
end

local function refuse(reason)
	redis.call('HINCRBY', base .. 'counters', 'refused:' .. reason, 1)
	return { 'refused', reason }
end

-- The date of the issue is now `at`: watch it from the beginning.
local function set_date(id, at)
	redis.call('HSET', base .. 'issue:' .. id, 'due_at', at,
	    'looked_at', 0)
	if at > 0 then
		redis.call('ZADD', base .. 'due', at, id)
	else
		redis.call('ZREM', base .. 'due', id)
	end
	redis.call('ZADD', base .. 'warn', now, id)
end

local function set(id, ...)
	redis.call('HSET', base .. 'issue:' .. id, ...)
end

-- A date within the policy, what is to be noted of it, or nil and a reason.
local function allowed(at, limit)
	if at <= limit then
		return at, ''
	end
	if over_max == 'cap' then
		return limit, 'capped'
	elseif over_max == 'reject' then
		return nil, 'over-max'
	end
	return at, 'over_max'
end

local schema = redis.call('GET', base .. 'schema')
if not schema then
	redis.call('SET', base .. 'schema', SCHEMA)
elseif schema ~= SCHEMA then
	return redis.error_reply('EMBARGO schema ' .. schema ..
	    ' in the database, ' .. SCHEMA .. ' expected')
end

-- Was this very message recorded before?  A Message-ID that comes with
-- another content is another message, known by its content.
local id, seen = lookup(own)
local odd_id = false
if id and seen ~= '' and seen ~= content then
	odd_id = true
	own = string.sub(content .. content, 1, #own)
	id, seen = lookup(own)
end
if id and seen == content then
	local first = redis.call('HGET', base .. 'issue:' .. id, 'first')
	return answer(id, first == own and 'new' or 'reply', 1)
end

-- Its issue: the nearest known ancestor's, or the one of the replies that came
-- before it.
local also
for i = first_ancestor, #ARGV do
	local known = lookup(ARGV[i])
	if known and not id then
		id = known
	elseif known and known ~= id then
		also = known
	end
end

local stated = date_kind == 'date' and date_at > now
if date_kind == 'date' and not stated then
	date_kind, date_reason = 'human', 'the date is in the past'
end
local status, is_new = 'reply', not id

if is_new then
	status = 'new'
	if missing == 'reject' and not stated then
		return refuse('missing-date')
	end
	local at, flag = 0, ''
	if stated then
		at, flag = allowed(date_at, now + max)
		if not at then
			return refuse('over-max')
		end
	elseif missing ~= 'leave' then
		at, flag = now + max, 'assumed'
	end
	local number = redis.call('HINCRBY', base .. 'counters',
	    'issues:' .. year, 1)
	id = string.format('%s-%s-%04d', prefix, year, number)
	set(id, 'id', id, 'state', 'embargoed', 'opened_at', now, 'list',
	    list, 'messages', 0, 'revision', 0, 'first', own, 'reporter',
	    sender)
	if subject ~= '' then
		set(id, 'subject', subject)
	end
	redis.call('ZADD', base .. 'issues', now, id)
	set_date(id, at)
	note(id, 'opened', list)
	if at > 0 then
		note(id, 'date', at .. (flag ~= '' and ' ' .. flag or ''))
	end
	if flag ~= '' then
		set(id, flag, 1)
	end
	if flag == 'over_max' or flag == 'capped' then
		alert('over-max', id, at, 'embargoed', 'The reporter proposes '
		    .. 'a date later than the list allows: agree on an '
		    .. 'earlier one with embargoctl set-date.')
	end
	if date_kind == 'none' then
		alert('no-date', id, at, 'embargoed', 'The report proposes no '
		    .. 'date: ask the reporter for date and time.')
	end
elseif stated then
	local issue = load(id)
	local due = tonumber(issue.due_at or 0)
	local limit = tonumber(issue.opened_at) + max
	local open = issue.state == 'embargoed' or issue.state == 'semi-public'
	local first = (issue.assumed == '1' or due == 0) and date_at <= limit
	local may = first or changes == 'anyone' or
	    (changes == 'members' and from_member)
	if open and date_at ~= due and may then
		local at, flag = allowed(date_at, limit)
		if not at then
			return refuse('over-max')
		end
		set_date(id, at)
		redis.call('HDEL', base .. 'issue:' .. id, 'assumed', 'capped',
		    'over_max', 'needs_human')
		if flag ~= '' then
			set(id, flag, 1)
			alert('over-max', id, at, issue.state, 'A date later '
			    .. 'than the list allows: agree on an earlier one '
			    .. 'with embargoctl set-date.')
		end
		note(id, 'moved', due .. ' ' .. at)
		alert('moved', id, at, issue.state, 'The embargo date has '
		    .. 'changed: tell the members who prepare updates.')
		status = 'moved'
	elseif open and date_at == due and issue.assumed == '1' then
		redis.call('HDEL', base .. 'issue:' .. id, 'assumed')
		note(id, 'date', due .. ' stated')
	elseif open and date_at ~= due then
		note(id, 'proposed', tostring(date_at))
		alert('proposed', id, date_at, issue.state, 'Another date is '
		    .. 'proposed: decide and use embargoctl set-date.')
	end
end

if date_kind == 'human' then
	set(id, 'needs_human', 1)
	note(id, 'needs-human', date_reason)
	alert('needs-human', id, tonumber(redis.call('HGET', base .. 'issue:'
	    .. id, 'due_at') or 0), 'embargoed', 'A date is meant but cannot '
	    .. 'be taken (' .. date_reason .. '): read the mail and use '
	    .. 'embargoctl set-date.')
end
if odd_id then
	note(id, 'duplicate-id', 'a known Message-ID with another content')
end
if also then
	note(id, 'also', also)
end

remember(own, id, content)
for i = first_ancestor, #ARGV do
	if not lookup(ARGV[i]) then
		remember(ARGV[i], id, '')
	end
end
redis.call('HINCRBY', base .. 'issue:' .. id, 'messages', 1)
redis.call('HINCRBY', base .. 'issue:' .. id, 'revision', 1)
set(id, 'last_at', now)
if not is_new and redis.call('HGET', base .. 'issue:' .. id, 'reporter') ~=
    sender then
	redis.call('HSETNX', base .. 'issue:' .. id, 'answered_at', now)
end
redis.call('HINCRBY', base .. 'counters', 'accepted', 1)
return answer(id, status, 0)
