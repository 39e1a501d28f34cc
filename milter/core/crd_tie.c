/*
 * crd_tie: the date that belongs to a label; see crd_tie.h and crd_label.h.
 */
#include "core/crd_tie.h"

#define FORWARD_TOKENS	40
#define BACKWARD_TOKENS	12
#define ROW_TOKENS	40

/* A word that tells of an event, whose date it may be. */
static bool
is_event(const struct crd_token *t)
{
	static const char *const names[] = { "sent", "told", "asked", "broke",
	    "broken", "leaked", "met", "report", "wrote", "found", "got",
	    "when", "because", "if", "while", "once", "before", "decide",
	    "announce", "discuss", "tell", "talk", "meeting", "took",
	    "place" };
	size_t i;

	if (t->class != CRD_OTHER)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(t->text, names[i]))
			return true;
	return t->text.len > 4 && !t->upper &&
	    text_is_nocase(text_sub(t->text, t->text.len - 2, 2), "ed");
}

static void
note_between(const struct crd_token *t, struct crd_between *b)
{
	if (t->class != CRD_PUNCT)
		b->is_empty = false;
	b->is_hidden |= t->class == CRD_PUNCT && t->value < ' ';
	b->is_old |= t->class == CRD_OLD;
	b->has_colon |= crd_scan_is(t, ':') || crd_scan_is(t, '=');
	b->has_is |= t->class == CRD_IS || text_is_nocase(t->text, "as");
	b->negated |= t->class == CRD_NOT;
	b->is_same |= t->class == CRD_SAME;
	b->is_event |= is_event(t);
	if (t->class == CRD_ZONE &&
	    crd_word_zone(t->value)->offset_mins[0] == 0)
		b->has_utc = true;
	if (t->class == CRD_OTHER || t->class == CRD_COUNT ||
	    t->class == CRD_SAME || t->class == CRD_NEXT ||
	    t->class == CRD_EVENT || t->class == CRD_UNIT) {
		b->unknown++;
		/* another clause: "no word on the CRD, the meeting is on" */
		b->is_event |= b->has_comma && !b->has_colon;
	}
	b->has_comma |= crd_scan_is(t, ',');
	b->has_and |= text_is_nocase(t->text, "and");
	if (t->class == CRD_NUMBER && t->ndigits < 3 && b->unknown == 0 &&
	    crd_scan_is(&t[1], '/') && crd_scan_is_tight(&t[1]) &&
	    t[2].class == CRD_NUMBER && t[2].ndigits < 3)
		b->has_fraction = true;
}

/* "XSA-155", "CVE-2026-1": an issue's name at i. */
static bool
is_issue_name(const struct crd_token *t, size_t i)
{
	return t[i].class == CRD_OTHER && t[i].text.len >= 2 && t[i].upper &&
	    crd_scan_is(&t[i + 1], '-') && crd_scan_is_tight(&t[i + 1]) &&
	    t[i + 2].class == CRD_NUMBER;
}

static size_t
find_line(const struct crd_token *t, size_t i)
{
	while (i > 0 && t[i].nl == 0)
		i--;
	while (crd_scan_is(&t[i], '-') || crd_scan_is(&t[i], '|') ||
	    crd_scan_is(&t[i], '[') || crd_scan_is(&t[i], '('))
		i++;
	return i;
}

static bool
is_table_row(const struct crd_token *t, size_t i)
{
	size_t end;

	while (i > 0 && t[i].nl == 0)
		i--;
	for (end = i + ROW_TOKENS; i < end && t[i].class != CRD_END; i++) {
		if (crd_scan_is(&t[i], '|'))
			return true;
		if (t[i + 1].nl > 0)
			break;
	}
	return false;
}

/* May the search for a date go from the label over token j? */
static bool
is_passable(const struct crd_window *w, size_t label, size_t j,
    const struct crd_between *b)
{
	const struct crd_token *t = w->tokens;
	enum crd_demand demand;

	if (t[j].class == CRD_END || crd_scan_is_stop(t, j) ||
	    text_is_nocase(t[j].text, "null"))
		return false;
	if (t[j].nl > 1 && (!b->is_empty || t[j].item < 0 ||
	    (!b->has_colon && find_line(t, label) != label)))
		return false;
	if (t[j].nl > 0 && is_table_row(t, label))
		return false;
	if (crd_scan_is_break(t, j) && t[find_line(t, label)].item >= 0 &&
	    t[j].item >= 0)
		return false;	/* a time line's next entry */
	if (t[j].nl > 0 && crd_scan_is(&t[j], '-') && !b->is_empty)
		return false;
	if (crd_scan_begins_key(t, j) ||
	    (t[j].class == CRD_LABEL && !b->is_empty))
		return false;
	return t[j].item >= 0 || (t[j].class != CRD_EMBARGO &&
	    t[j].class != CRD_QUALIFIER) || b->has_colon ||
	    crd_phrase_find(t, w->n, j, &demand) == 0;
}

/* The date behind the label [label, end), or -1; notes what is between. */
int
crd_tie_forward(const struct crd_window *w, size_t label, size_t end,
    struct crd_between *b)
{
	const struct crd_token *t = w->tokens;
	size_t j;
	int item;

	for (j = end; j < end + FORWARD_TOKENS; j++) {
		if (!is_passable(w, label, j, b))
			return -1;
		item = t[j].item;
		if (item < 0) {
			b->is_same |= t[j].class == CRD_LIKE &&
			    is_issue_name(t, j + 1 +
			    text_is_nocase(t[j + 1].text, "for"));
			note_between(&t[j], b);
			continue;
		}
		if (w->items[item].fields.kind == CRD_ITEM_DATE)
			return item;
		if (w->items[item].fields.kind == CRD_ITEM_TIME)
			b->time = b->time < 0 ? item : b->time;
		else if (b->soft < 0)
			b->soft = item;
		j = w->items[item].to - 1;
	}
	return -1;
}

/* Does the entry of a time line end behind its label, but for "(18:00 UTC)"? */
static bool
is_whole_entry(const struct crd_window *w, size_t end)
{
	const struct crd_token *t = &w->tokens[end];

	return t->class == CRD_END || t->nl > 0 || crd_scan_is(t, '(') ||
	    crd_scan_is(t, ',') || crd_scan_is(t, '|') || crd_scan_is(t, '/') ||
	    crd_scan_is(t, ')') || crd_scan_is(t, '[') || crd_scan_is(t, '-') ||
	    crd_scan_is_stop(w->tokens, end) || t->item >= 0 ||
	    text_is_nocase(t->text, "at") || text_is_nocase(t->text, "for");
}

/* Does a sentence begin at the date at i, or at the "on" before it? */
static bool
begins_sentence(const struct crd_token *t, size_t i)
{
	if (i > 0 && (text_is_nocase(t[i - 1].text, "on") ||
	    text_is_nocase(t[i - 1].text, "at")))
		i--;
	if (i > 0 && crd_scan_is(&t[i - 1], '-'))
		i--;
	return i == 0 || crd_scan_is_break(t, i) || crd_scan_is_stop(t, i - 1);
}

/* "2026-07-20 the issue was embargoed": no end of an embargo. */
static bool
is_beginning(const struct crd_token *t, size_t label, size_t end,
    const struct crd_between *b)
{
	return t[label].class == CRD_EMBARGO && end == label + 1 &&
	    !b->is_empty;
}

/* The date before the label [label, end), or -1. */
int
crd_tie_backward(const struct crd_window *w, size_t label, size_t end)
{
	const struct crd_token *t = w->tokens;
	struct crd_between b = { .is_empty = true, .time = -1, .soft = -1 };
	const struct crd_item *item;
	size_t j, line = find_line(t, label);
	bool is_until;

	if (crd_scan_is_break(t, label))
		return -1;
	for (j = label; j > 0 && j + BACKWARD_TOKENS > label; j--) {
		if (t[j - 1].item >= 0)
			break;
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1))
			return -1;
		note_between(&t[j - 1], &b);
	}
	if (j == 0 || t[j - 1].item < 0 || b.negated || b.is_hidden ||
	    t[j].nl > 1)
		return -1;
	item = &w->items[t[j - 1].item];
	if (item->fields.kind != CRD_ITEM_DATE || item->to != j)
		return -1;
	is_until = item->from > 0 && t[item->from - 1].class == CRD_UNTIL &&
	    t[label].class == CRD_EMBARGO;
	if (b.unknown > 0 && !is_until)
		return -1;
	if (is_until || (b.has_is && (t[label].class != CRD_EMBARGO ||
	    end > label + 1)) || (t[label].class == CRD_EMBARGO &&
	    t[end - 1].class == CRD_UNTIL && !b.has_colon &&
	    (!b.has_comma || begins_sentence(t, item->from))))
		return t[j - 1].item;
	if (crd_scan_is(&t[label - 1], '(') && crd_scan_is(&t[end], ')'))
		return t[j - 1].item;
	return item->from == line && is_whole_entry(w, end) &&
	    !is_beginning(t, label, end, &b) ? t[j - 1].item : -1;
}

static bool
is_talk(const struct crd_token *t)
{
	static const char *const names[] = { "proposed", "suggested",
	    "requested", "agreed", "decided", "confirmed", "updated",
	    "revised", "chosen", "changed" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(t->text, names[i]))
			return true;
	return is_event(t);
}

/*
 * "We discussed the CRD on 2026-07-20", "CRD agreed on 2026-07-20": the day of
 * the talk, not the CRD.
 */
bool
crd_tie_is_told(const struct crd_window *w, size_t label, size_t end, int item)
{
	const struct crd_token *t = w->tokens;
	size_t at = w->items[item].from, j;

	if (at == end || !text_is_nocase(t[at - 1].text, "on") ||
	    t[end - 1].class == CRD_UNTIL)
		return false;
	if ((at - 1 > end && is_talk(&t[at - 2])) ||
	    text_is_nocase(t[end - 1].text, "embargoed"))
		return true;
	for (j = label; j > 0 && j + 6 > label; j--) {
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1))
			return false;
		if (j < label ? is_talk(&t[j - 1]) : is_event(&t[j - 1]))
			return true;
	}
	return false;
}

/* "... with the CRD\n2026-07-24 we ...": a line of its own begins there. */
bool
crd_tie_is_next_line(const struct crd_window *w, size_t label, size_t end,
    int item, const struct crd_between *b)
{
	const struct crd_token *t = w->tokens;
	size_t to = w->items[item].to;

	return b->is_empty && !b->has_colon && t[end - 1].class != CRD_UNTIL &&
	    t[w->items[item].from].nl > 0 && find_line(t, label) != label &&
	    t[to].nl == 0 && !crd_scan_is_stop(t, to);
}
