-- common: stands before each of the other scripts.
--
-- KEYS[1] is the tracker's prefix, "embargo:{distros}:"; every key begins with
-- it, so that a cluster keeps a tracker in one slot.
local base = KEYS[1]
local SCHEMA = '1'

-- An error when the database holds what is not ours, else nil.
local function foreign()
	local schema = redis.call('GET', base .. 'schema')
	if schema and schema ~= SCHEMA then
		return redis.error_reply('EMBARGO schema ' .. schema ..
		    ' in the database, ' .. SCHEMA .. ' expected')
	elseif not schema and redis.call('EXISTS', base .. 'issues') == 1 then
		return redis.error_reply('EMBARGO issues without a schema in '
		    .. 'the database: not ours, or damaged')
	end
	return nil
end

-- An entry of an issue's own log.
local function note(id, at, what, who, text)
	redis.call('XADD', base .. 'log:' .. id, '*', 'at', at, 'what', what,
	    'by', who, 'text', text)
end

-- An alert, in the stream and on the channel of the same name.
local function alert(kind, id, at, due, state, text)
	redis.call('XADD', base .. 'alerts', 'MAXLEN', '~', 100000, '*',
	    'kind', kind, 'issue', id, 'at', at, 'due_at', due,
	    'state', state, 'text', text)
	redis.call('PUBLISH', base .. 'alerts', cjson.encode({ kind = kind,
	    issue = id, at = tonumber(at), due_at = tonumber(due),
	    state = state, text = text }))
end

-- An open issue has a new date (0: none): look at it from the beginning.
-- Issues without a date stand last in `due`.
local function watch(id, now, due)
	redis.call('HSET', base .. 'issue:' .. id, 'looked_at', 0)
	redis.call('ZADD', base .. 'due', due > 0 and due or '+inf', id)
	redis.call('ZADD', base .. 'warn', now, id)
end

