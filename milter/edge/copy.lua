-- copy: what the list manager sends out was refused: tell it, once for each
-- message, however many members it goes to.
--
-- ARGV: now, the list, the reason, digest of the Message-ID ("" for none), then
-- the digests of the messages that it answers
local now, list, reason, own = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]

local wrong = foreign()
if wrong then
	return wrong
end
local id
for i = 4, #ARGV do
	id = id or lookup(ARGV[i])
end
tell_leak(id or '', now, list .. ':' .. (own ~= '' and own or reason),
    'What the list manager of ' .. list .. ' sends out was refused as '
    .. reason .. ', as the list itself would do: see the mail log, and mend '
    .. 'what the manager adds or lets through.')
return 'ok'
