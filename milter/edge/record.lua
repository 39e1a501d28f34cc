-- record: one accepted message to a list: find its issue or open one, apply
-- the date policy, write everything down.  Atomic; the same message again
-- counts nothing and gets the same answer.
--
-- What makes it hard to tell a message's issue (the tests have these numbers):
--  1 a reply comes before its parent: every ancestor is remembered with the
--    issue, so that the parent joins it
--  2 the ancestors are in different issues: the nearest known one decides, the
--    other is noted ("also") and left to an operator's merge
--  3 the MTA retries, or a nested list's copy comes as well: known by
--    Message-ID and content, nothing is counted
--  4 there is no Message-ID: the content stands for it
--  5 a Message-ID comes with another content: a message of its own, noted
--  6 hostile ids (over-long, control characters, itself as ancestor,
--    thousands): left out or harmless, the newest 32 count
--  7 the thread moved to a sister list: lists of one tracker share this index
--  8 an old thread is used for a new report: an operator moves the message
--  9 a member knows better: Embargo-Issue wins over ancestors
-- 10 two daemons at once: the script is atomic
-- 11 a reply that names its parent alone opens an issue before the parent is
--    there, and the parent belongs to another: the issue joins that one, and
--    what it said of dates counts as a proposal.  Only an issue without a
--    report of its own ("orphan") does; all else is 2
--
-- ARGV: see the names below; the digests of the seals follow (what no two
-- messages share: ciphertext, signatures), then those of the ancestors, nearest
-- first
-- Gives { "ok", issue, status, date, assumed, capped, over_max, needs_human,
-- kind, hour_assumed } or { "refused", reason }; a refused message has changed
-- nothing.
local now = tonumber(ARGV[1])
local list, prefix, year = ARGV[2], ARGV[3], ARGV[4]
local own, body, sender, subject = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local date_kind, date_at = ARGV[9], tonumber(ARGV[10])
local date_reason = ARGV[11]
local from_member = ARGV[12] == '1'
local max, missing, over_max, changes = tonumber(ARGV[13]), ARGV[14],
    ARGV[15], ARGV[16]
local is_clear = ARGV[17] == '1'
local bearer, nseals = pack(ARGV[18]), tonumber(ARGV[19])
local said = { state = ARGV[20], url = ARGV[21], cve = ARGV[22],
    exploit = ARGV[23], issue = ARGV[24], problem = ARGV[25] }
local exploit_max = tonumber(ARGV[26])
local hour_assumed = ARGV[27] == '1'
-- a digest of the author's mailbox; the lists of the tracker that it came to
local author, lists = ARGV[28], ARGV[29]
-- who is told of a new issue; "" for nobody
local reply_to = ARGV[30]
-- of a message of the past: when it is recorded, else 0; nothing is told
local recorded_at = tonumber(ARGV[31])
-- would it be refused?  Nothing is written
local is_rehearsal = ARGV[32] == '1'
local first_seal = 33
local first_ancestor = first_seal + nseals
local content = pack(string.sub(body, 1, 16))
local KINDS = { n = 'new', r = 'reply', m = 'moved' }
if recorded_at > 0 then
	alert = function() end
end

-- Its author takes part in the issue, and so do the members of its lists.
local function let_in(id)
	local those = {}
	if author ~= '' then
		those = { author, '' }
	end
	for name in string.gmatch(lists, '%S+') do
		those[#those + 1] = '@' .. name
		those[#those + 1] = ''
	end
	redis.call('HSET', base .. 'circle:' .. id, unpack(those))
end

local function set(id, ...)
	redis.call('HSET', base .. 'issue:' .. id, ...)
end

local function by()
	return 'message ' .. string.sub(own, 1, 12)
end

local function log(id, what, text)
	note(id, now, what, by(), text)
end

-- May this message change what stands?
local function may_change()
	return changes == 'anyone' or (changes == 'members' and from_member)
end

local function load(id)
	local flat = redis.call('HGETALL', base .. 'issue:' .. id)
	local issue = {}
	for i = 1, #flat, 2 do
		issue[flat[i]] = flat[i + 1]
	end
	return issue
end

local function answer(id, issue, status, kind)
	if status ~= 'moved' and issue.state ~= 'embargoed' then
		status = issue.state
	end
	return { 'ok', id, status, tonumber(issue.due_at or 0),
	    tonumber(issue.assumed or 0), tonumber(issue.capped or 0),
	    tonumber(issue.over_max or 0), tonumber(issue.needs_human or 0),
	    kind, tonumber(issue.hour_assumed or 0) }
end

-- The date of the issue is now `at` (0: none), with the mark `flag` (or '');
-- it is watched from the beginning.
local function set_date(id, at, flag, state)
	redis.call('HDEL', base .. 'issue:' .. id, 'assumed', 'capped',
	    'over_max', 'needs_human', 'hour_assumed')
	set(id, 'due_at', at)
	if flag ~= '' then
		set(id, flag, 1)
	end
	if hour_assumed and at == date_at then
		set(id, 'hour_assumed', 1)
	end
	watch(id, now, at)
	if at > 0 and weekend(at) then
		log(id, 'remark', 'the date is a ' .. weekend(at))
	end
	if flag == 'over_max' or flag == 'capped' then
		alert('over-max', id, now, at, state, 'The date proposed is '
		    .. 'later than the list allows: agree on an earlier one '
		    .. 'with embargoctl set-date.')
	end
end

-- A date within the policy and its mark; nil when it is to be refused.
local function allowed(at, limit)
	if at <= limit then
		return at, ''
	elseif over_max == 'cap' then
		return limit, 'capped'
	elseif over_max == 'reject' then
		return nil
	end
	return at, 'over_max'
end

-- The first date of a new issue, with its mark; nil and the reason when the
-- message is to be refused.
local function first_date(stated)
	if stated then
		local at, flag = allowed(date_at, now + max)
		return at, at and flag or 'over-max'
	elseif missing == 'reject' then
		return nil, 'missing-date'
	elseif missing == 'leave' then
		return 0, ''
	end
	return now + max, 'assumed'
end

local function open_issue(at, flag)
	local id = create(prefix, year, now, list)
	set(id, 'reporter', sender)
	if subject ~= '' then
		set(id, 'subject', subject)
	end
	if #ARGV >= first_ancestor then
		set(id, 'orphan', 1)
	end
	log(id, 'opened', list)
	set_date(id, at, flag, 'embargoed')
	if date_kind == 'date' then
		set(id, 'stated', date_at)
	end
	if at > 0 then
		log(id, 'date', at .. (flag ~= '' and ' ' .. flag or ''))
	end
	if date_kind == 'none' then
		alert('no-date', id, now, at, 'embargoed', 'The report '
		    .. 'proposes no date: ask the reporter for date and time.')
	end
	return id
end

local function propose(id, issue)
	if has_date(issue.proposed, date_at) then
		return
	end
	list_date(id, 'proposed', issue.proposed, date_at)
	log(id, 'proposed', tostring(date_at))
	alert('proposed', id, now, date_at, issue.state, 'Another date is '
	    .. 'proposed: decide and use embargoctl set-date.')
end

-- A reply states the very date that was assumed, or its hour.
local function confirm(id, issue)
	if issue.assumed == '1' then
		redis.call('HDEL', base .. 'issue:' .. id, 'assumed',
		    'needs_human')
		list_date(id, 'stated', issue.stated, date_at)
		log(id, 'date', issue.due_at .. ' stated')
	end
	if issue.hour_assumed == '1' and not hour_assumed then
		redis.call('HDEL', base .. 'issue:' .. id, 'hour_assumed')
	end
end

-- What becomes of a date that a reply states: "nothing", "confirm", "propose",
-- "refuse", or "take" with the date that will stand and its mark.  Replies
-- repeat what the Subject said long ago: a date that was stated before moves
-- nothing, and is told once if it is no longer the date.  The report, when a
-- reply came before it, may say what it could have said as the first.
local function weigh_date(issue, is_report)
	local due = tonumber(issue.due_at or 0)
	local limit = tonumber(issue.opened_at) + max
	local same_day = math.floor(date_at / 86400) ==
	    math.floor(due / 86400)
	if not is_open(issue.state) then
		return 'nothing'
	elseif date_at == due then
		return 'confirm'
	elseif same_day and hour_assumed and issue.assumed ~= '1' then
		return 'nothing'	-- the day again, without its hour
	end
	-- an assumed date, or hour, gives way to the first that is stated
	local is_unset = issue.assumed == '1' or due == 0
	local is_first = (is_unset and (date_at <= limit or is_report)) or
	    (date_at <= limit and same_day and issue.hour_assumed == '1')
	local may = is_first or may_change()
	local at, flag = allowed(date_at, limit)
	if at == due and not (is_unset and may) then
		return 'nothing'
	elseif not may or has_date(issue.stated, date_at) then
		return 'propose'
	elseif not at then
		return 'refuse'
	end
	return 'take', at, flag
end

-- Gives the status, or nil: refused.
local function hear_date(id, is_report)
	local issue = load(id)
	local due = tonumber(issue.due_at or 0)
	local what, at, flag = weigh_date(issue, is_report)
	if what == 'refuse' then
		return nil
	elseif what == 'confirm' then
		confirm(id, issue)
	elseif what == 'propose' then
		propose(id, issue)
	end
	if what ~= 'take' then
		return 'reply'
	end
	set_date(id, at, flag, issue.state)
	list_date(id, 'stated', issue.stated, date_at)
	if at == due then	-- assumed so far, capped from now on
		log(id, 'date', at .. ' ' .. flag)
		return 'reply'
	end
	log(id, 'moved', due .. ' ' .. at)
	alert('moved', id, now, at, issue.state, 'The embargo date has '
	    .. 'changed: tell the members who prepare updates.')
	return 'moved'
end

-- Somebody who may not change the issue says that it should be; told once.
local function propose_change(id, what)
	local issue = load(id)
	local listed = issue.proposed_changes or ''
	local mark = '|' .. what .. '|'
	if string.find(listed, mark, 1, true) or #listed > 2000 then
		return
	end
	set(id, 'proposed_changes', listed .. mark)
	log(id, 'proposed', what)
	alert('proposed', id, now, tonumber(issue.due_at or 0), issue.state,
	    'A mail says that something should change (see its log): decide '
	    .. 'and use embargoctl.')
end

local function hear_state(id)
	local issue = load(id)
	local what = said.state .. (said.url ~= '' and ' ' .. said.url or '')
	if issue.state == said.state and (said.url == '' or
	    issue.url == said.url) then
		return
	elseif may_change() then
		set_state(id, now, by(), said.state, said.url)
	else
		propose_change(id, what)
	end
end

-- The first message of an issue says what it likes of CVE and exploit.
local function hear_exploit(id, is_new)
	local issue = load(id)
	local at = tonumber(said.exploit)
	local due = tonumber(issue.due_at or 0)
	if issue.exploit_at and tonumber(issue.exploit_at) == at then
		return
	elseif not is_new and not may_change() then
		propose_change(id, 'exploit ' .. said.exploit)
		return
	end
	set_exploit(id, now, by(), at)
	if due > 0 and at > due + exploit_max then
		alert('over-max', id, now, at, issue.state, 'The exploit is '
		    .. 'announced for later than the list allows: agree on an '
		    .. 'earlier date with embargoctl exploit.')
	end
end

local function hear_notice(id, is_new)
	if said.cve ~= '' then
		if is_new or may_change() then
			add_cves(id, now, by(), said.cve)
		else
			propose_change(id, said.cve)
		end
	end
	if said.exploit ~= '' then
		hear_exploit(id, is_new)
	end
	if said.state ~= '' then
		hear_state(id)
	end
end

-- What is meant but cannot be taken waits for a person.
local function need_human(id, reason)
	local issue = load(id)
	set(id, 'needs_human', 1)
	redis.call('HDEL', base .. 'issue:' .. id, 'ack:needs-human')
	look_again(id, now)
	log(id, 'needs-human', reason)
	alert('needs-human', id, now, tonumber(issue.due_at or 0), issue.state,
	    'Something is meant but cannot be taken (' .. reason .. '): read '
	    .. 'the mail and use embargoctl set-date.')
end

-- Would a message from anybody have said that there, too?
local function repeat_dates(issue, id)
	local at, member, assumed = date_at, from_member, hour_assumed
	from_member = false
	for one in string.gmatch((issue.stated or '') .. ' ' ..
	    (issue.proposed or ''), '%d+') do
		date_at = tonumber(one)
		hour_assumed = issue.hour_assumed == '1' and
		    one == issue.due_at
		hear_date(id, false)
	end
	date_at, from_member, hour_assumed = at, member, assumed
end

-- 11: the message belongs to issue `id`, its replies were in issue `lost`.
local function bring_home(lost, id)
	local issue, home = load(lost), load(id)
	if issue.orphan ~= '1' or issue.state ~= 'embargoed' or
	    not is_open(home.state) then
		log(id, 'also', lost)
		return
	end
	join(lost, id, now, by())
	local due = tonumber(issue.opened_at) + max
	if home.assumed == '1' and due < tonumber(home.due_at) then
		set(id, 'due_at', due)
		watch(id, now, due)
		log(id, 'date', due .. ' assumed')
	end
	repeat_dates(issue, id)
	if issue.cve then
		propose_change(id, issue.cve)
	end
	if issue.exploit_at then
		propose_change(id, 'exploit ' .. issue.exploit_at)
	end
	if issue.needs_human then
		need_human(id, 'see the log of ' .. lost)
	end
	if issue.answered_at or issue.reporter ~= home.reporter then
		redis.call('HSETNX', base .. 'issue:' .. id, 'answered_at',
		    now)
	end
end

-- A date in the past is none, unless it is one that the issue has had.
local function is_old_news(id)
	local issue = id and load(id) or {}
	return tonumber(issue.due_at or 0) == date_at or
	    has_date(issue.stated, date_at) or has_date(issue.proposed, date_at)
end

local new_seals = {}

local function is_replayed()
	for i = first_seal, first_ancestor - 1 do
		local known = bearer_of(ARGV[i], now)
		if known and known ~= bearer then
			return true
		elseif not known then
			new_seals[#new_seals + 1] = ARGV[i]
		end
	end
	return false
end

local function keep_seals()
	for _, seal in ipairs(new_seals) do
		set_bearer(seal, now, bearer)
	end
end

-- What came to pass before it was recorded is not told; of what is still to
-- come embargo-warnd begins to tell now.
local function settle(id)
	local issue = load(id)
	set(id, 'looked_at', recorded_at, 'watched_at', recorded_at,
	    'exploit_looked_at', recorded_at)
	if tonumber(issue.due_at or 0) <= recorded_at then
		set(id, 'ack:*', recorded_at)
	end
end

local wrong = foreign()
if wrong then
	return wrong
end

load_tables(MESSAGES, seals_of(now, 0), seals_of(now, 1), seals_of(now, 2),
    seals_of(now, 3))
if is_replayed() then
	return { 'refused', 'replayed' }
end

-- Was this very message recorded before?  A Message-ID that comes with
-- another content is another message, known by its content.
local placed, seen, kind = lookup(own)
local is_odd = false
if placed and seen ~= '' and seen ~= content then
	is_odd = true
	own = body
	placed, seen, kind = lookup(own)
end
if placed and seen == content then
	if is_rehearsal then
		return { 'ok', placed, 'reply' }
	end
	-- a write, so that WAIT means something for a retry as well
	redis.call('HINCRBY', base .. 'counters', 'retried', 1)
	let_in(placed)		-- it may have come to another list now
	return answer(placed, load(placed), KINDS[kind] or 'reply', 'retry')
end

-- Its issue: the one that a member names, else the nearest known ancestor's,
-- else the one of the replies that came before it.
local id, also
local function consider(known)
	if not known then
		return
	elseif not id then
		id = known
	elseif known ~= id then
		also = also or known
	end
end
if said.issue ~= '' and may_change() and
    redis.call('EXISTS', base .. 'issue:' .. said.issue) == 1 then
	consider(follow(said.issue))
end
local strangers = {}	-- ancestors that are not known yet
for i = first_ancestor, #ARGV do
	local known = lookup(ARGV[i])
	consider(known)
	if not known then
		strangers[#strangers + 1] = ARGV[i]
	end
end
local is_parent = seen == ''	-- of replies that came before it
if is_parent and not id then
	id = placed
end

local stated = date_kind == 'date' and date_at > now
if date_kind == 'date' and not stated and not is_old_news(id) then
	date_kind, date_reason = 'human', 'the date is in the past'
end
local is_new, status = not id, 'new'
local is_report = is_parent and #ARGV < first_ancestor
if is_new then
	local at, flag = first_date(stated)
	if not at then
		return { 'refused', flag }
	elseif is_rehearsal then
		return { 'ok', '-', status }
	end
	id = open_issue(at, flag)
elseif is_rehearsal then
	return stated and weigh_date(load(id), is_report) == 'refuse' and
	    { 'refused', 'over-max' } or { 'ok', id, 'reply' }
else
	status = not stated and 'reply' or hear_date(id, is_report)
	if not status then
		return { 'refused', 'over-max' }
	end
end

if date_kind == 'human' then
	need_human(id, date_reason)
end
hear_notice(id, is_new)
if said.problem ~= '' then
	need_human(id, said.problem)
end
if said.issue ~= '' and id ~= said.issue then
	log(id, 'proposed', 'issue ' .. said.issue)
end
if is_clear then
	local issue = load(id)
	log(id, 'cleartext', list)
	alert('cleartext', id, now, tonumber(issue.due_at or 0), issue.state,
	    'A message came in clear and was let through: ask its sender to '
	    .. 'encrypt.')
end
if is_odd then
	log(id, 'duplicate-id', 'a known Message-ID with another content')
end
if also then
	log(id, 'also', also)
end
if is_parent and placed ~= id then
	bring_home(placed, id)
elseif is_report then
	redis.call('HDEL', base .. 'issue:' .. id, 'orphan')
end

keep_seals()
let_in(id)
remember(own, id, content .. string.sub(status, 1, 1))
for _, ancestor in ipairs(strangers) do
	if ancestor ~= own then
		remember(ancestor, id, '')
	end
end
local issue = load(id)
set(id, 'messages', (issue.messages or 0) + 1, 'revision',
    (issue.revision or 0) + 1, 'last_at', math.max(issue.last_at or 0, now))
if issue['ack:no-progress'] then
	redis.call('HDEL', base .. 'issue:' .. id, 'ack:no-progress')
end
if not is_new and not issue.answered_at and issue.reporter ~= sender then
	set(id, 'answered_at', now)
end
if recorded_at > 0 then
	settle(id)
end
redis.call('HINCRBY', base .. 'counters', 'accepted', 1)
if is_new and reply_to ~= '' then
	redis.call('XADD', base .. 'replies', 'MAXLEN', '~', 1000, '*', 'to',
	    reply_to, 'issue', id, 'at', now, 'due_at', issue.due_at or 0,
	    'assumed', issue.assumed or 0)
end
return answer(id, issue, status, is_odd and 'duplicate' or
    (is_new and 'new') or 'reply')
