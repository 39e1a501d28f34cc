/*
 * crd_label: ties dates to labels; see crd_label.h.
 *
 * The text is read in windows of tokens that overlap, so memory is bounded and
 * the work linear: a label is looked at in the middle of exactly one window,
 * with all that can belong to it on both sides.
 */
#include <stdlib.h>

#include "core/buf.h"
#include "core/crd_label.h"

#define WINDOW_TOKENS	2048
#define MARGIN_TOKENS	128	/* more than any label looks at, either side */
#define FORWARD_TOKENS	40
#define BACKWARD_TOKENS	12
#define CHAIN_TOKENS	12
#define MAX_UNKNOWN	8	/* words between a label and its date */

struct window {
	struct crd_token	 tokens[WINDOW_TOKENS + CRD_SCAN_PAD];
	size_t			 n;
	struct crd_item		 items[WINDOW_TOKENS];
	int			 nitems;
};

/* What was found so far in all windows. */
struct finding {
	const struct crd_context	*context;
	struct crd			 sure;		/* CRD_NONE: not yet */
	int64_t				 sure_day;
	struct crd			 doubt;		/* CRD_HUMAN, hard */
	struct crd			 soft;		/* CRD_HUMAN, soft */
};

/* What stands between a label and its date. */
struct between {
	int	unknown;
	bool	negated;
	bool	is_event;	/* "discussed", "sent": another date's verb */
	bool	has_utc;
	bool	has_colon;
	bool	has_is;
	bool	is_empty;	/* nothing but punctuation */
	bool	is_same;	/* "same ... as", "see XSA-1" */
	int	time;		/* an item with the time alone, or -1 */
	int	soft;		/* a duration or relative date, or -1 */
};

static void
add_doubt(struct finding *f, const char *reason)
{
	struct crd crd;

	crd_eval_human(reason, &crd);
	if (crd_eval_is_soft(&crd) && f->soft.kind == CRD_NONE)
		f->soft = crd;
	else if (!crd_eval_is_soft(&crd) && f->doubt.kind == CRD_NONE)
		f->doubt = crd;
}

static void
add_item(struct finding *f, const struct crd_fields *fields, bool zone_is_utc)
{
	struct crd_context context = *f->context;
	struct crd crd;
	int64_t day;

	context.zone_is_utc |= zone_is_utc;
	crd_eval(fields, &context, &crd, &day);
	if (crd.kind == CRD_HUMAN) {
		add_doubt(f, crd.reason);
		return;
	}
	if (f->sure.kind == CRD_NONE || (f->sure.hour_assumed &&
	    !crd.hour_assumed && day == f->sure_day)) {
		f->sure = crd;
		f->sure_day = day;
	} else if (crd.at != f->sure.at &&
	    !(crd.hour_assumed && day == f->sure_day))
		add_doubt(f, crd_reason_two);
}

/* A word that tells of an event, whose date it may be. */
static bool
is_event(const struct crd_token *t)
{
	static const char *const names[] = { "sent", "told", "asked", "broke",
	    "broken", "leaked", "met", "report", "wrote", "found", "got",
	    "when", "because", "if", "while", "once", "before" };
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
note_between(const struct crd_token *t, struct between *b)
{
	if (t->class != CRD_PUNCT)
		b->is_empty = false;
	if (t->class == CRD_PUNCT && t->value < ' ')
		b->negated = true;
	b->has_colon |= crd_scan_is(t, ':') || crd_scan_is(t, '=');
	b->has_is |= t->class == CRD_IS || text_is_nocase(t->text, "as");
	b->negated |= t->class == CRD_NOT;
	b->is_same |= t->class == CRD_SAME;
	b->is_event |= is_event(t);
	if (t->class == CRD_ZONE && crd_word_zone(t->value)->offset_mins[0] == 0)
		b->has_utc = true;
	if (t->class == CRD_OTHER || t->class == CRD_COUNT ||
	    t->class == CRD_SAME || t->class == CRD_NEXT ||
	    t->class == CRD_EVENT || t->class == CRD_UNIT)
		b->unknown++;
}

/* "XSA-155", "CVE-2026-1": an issue's name at i. */
static bool
is_issue_name(const struct crd_token *t, size_t i)
{
	return t[i].class == CRD_OTHER && t[i].text.len >= 2 && t[i].upper &&
	    crd_scan_is(&t[i + 1], '-') && crd_scan_is_tight(&t[i + 1]) &&
	    t[i + 2].class == CRD_NUMBER;
}

/* Does a line that begins at i say "Key: ..." of its own? */
static bool
begins_key(const struct crd_token *t, size_t i)
{
	size_t at;

	if (t[i].nl == 0 || t[i].class == CRD_PUNCT ||
	    t[i].class == CRD_NUMBER || t[i].class == CRD_DAY)
		return false;
	for (at = i + 1; at < i + 4 && t[at].nl == 0; at++)
		if (crd_scan_is(&t[at], ':'))
			return true;
	return false;
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

/* May the search for a date go from the label over token j? */
static bool
is_passable(const struct window *w, size_t label, size_t j,
    const struct between *b)
{
	const struct crd_token *t = w->tokens;
	enum crd_demand demand;

	if (t[j].class == CRD_END || crd_scan_is_stop(t, j))
		return false;
	if (t[j].nl > 1 && (!b->is_empty || t[j].item < 0))
		return false;
	if (t[j].nl > 0 && t[find_line(t, label)].item >= 0 && t[j].item >= 0)
		return false;	/* a time line's next entry */
	if (t[j].nl > 0 && crd_scan_is(&t[j], '-') && !b->is_empty)
		return false;
	if (begins_key(t, j) || (t[j].class == CRD_LABEL && !b->is_empty))
		return false;
	return t[j].item >= 0 || (t[j].class != CRD_EMBARGO &&
	    t[j].class != CRD_QUALIFIER) || b->has_colon ||
	    crd_phrase_find(t, w->n, j, &demand) == 0;
}

/* The date behind the label [label, end), or -1; notes what is between. */
static int
find_forward(const struct window *w, size_t label, size_t end,
    struct between *b)
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
			    is_issue_name(t, j + 1);
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
is_whole_entry(const struct window *w, size_t end)
{
	const struct crd_token *t = &w->tokens[end];

	return t->class == CRD_END || t->nl > 0 || crd_scan_is(t, '(') ||
	    crd_scan_is(t, ',') || crd_scan_is(t, '|') || crd_scan_is(t, '/') ||
	    crd_scan_is(t, ')') || crd_scan_is(t, '[') ||
	    crd_scan_is_stop(w->tokens, end) || t->item >= 0 ||
	    text_is_nocase(t->text, "at") || text_is_nocase(t->text, "for");
}

/* The date before the label [label, end), or -1. */
static int
find_backward(const struct window *w, size_t label, size_t end)
{
	const struct crd_token *t = w->tokens;
	struct between b = { .is_empty = true, .time = -1, .soft = -1 };
	const struct crd_item *item;
	size_t j, line = find_line(t, label);
	bool is_until;

	if (t[label].nl > 0)
		return -1;
	for (j = label; j > 0 && j + BACKWARD_TOKENS > label; j--) {
		if (t[j - 1].item >= 0)
			break;
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1))
			return -1;
		note_between(&t[j - 1], &b);
	}
	if (j == 0 || t[j - 1].item < 0 || b.negated || t[j].nl > 1)
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
	    t[end - 1].class == CRD_UNTIL && !b.has_colon))
		return t[j - 1].item;
	if (crd_scan_is(&t[label - 1], '(') && crd_scan_is(&t[end], ')'))
		return t[j - 1].item;
	return item->from == line && is_whole_entry(w, end) ?
	    t[j - 1].item : -1;
}

/* "(18:00 UTC)" behind a label whose date stood before it. */
static void
add_time_behind(const struct window *w, size_t end, struct crd_fields *fields)
{
	const struct crd_token *t = w->tokens;
	size_t j;

	for (j = end; j < end + 6 && t[j].class != CRD_END && t[j].nl == 0 &&
	    !crd_scan_is_stop(t, j); j++) {
		if (t[j].item < 0)
			continue;
		if (w->items[t[j].item].fields.kind == CRD_ITEM_TIME) {
			fields->clock[0] = w->items[t[j].item].fields.clock[0];
			fields->nclocks = 1;
		}
		return;
	}
}

/* Words between two dates that are both meant. */
static bool
is_chain_word(const struct crd_token *t)
{
	static const char *const names[] = { "or", "and", "to", "until",
	    "through", "till", "alternatively", "then", "is", "will",
	    "be" };
	size_t k;

	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (text_is_nocase(t->text, names[k]))
			return true;
	return crd_scan_is(t, ',') || crd_scan_is(t, '/') ||
	    crd_scan_is(t, '-') || crd_scan_is(t, '&') || crd_scan_is(t, ':');
}

/*
 * "2026-08-03 or 2026-08-10", "from A to B", "A for the kernel, B for the
 * rest": all of them are labelled.
 */
static void
add_chain(const struct window *w, int item, struct finding *f)
{
	const struct crd_token *t = w->tokens;
	size_t from = w->items[item].to, j;
	bool all = true;
	int next;

	for (j = from; j < from + CHAIN_TOKENS; j++) {
		if (t[j].class == CRD_END || t[j].nl > 0 ||
		    crd_scan_is_stop(t, j))
			return;
		next = t[j].item;
		if (next >= 0 &&
		    w->items[next].fields.kind == CRD_ITEM_DATE) {
			if (j > from && (all || text_is_nocase(
			    t[w->items[next].to].text, "for")))
				add_item(f, &w->items[next].fields, false);
			return;
		}
		all = all && is_chain_word(&t[j]);
	}
}

static bool
is_old(const struct window *w, size_t label)
{
	while (label > 0 && w->tokens[label - 1].class == CRD_QUALIFIER &&
	    w->tokens[label].nl == 0)
		label--;
	return label > 0 && w->tokens[label - 1].class == CRD_OLD;
}

static void
add_dated(const struct window *w, size_t label, int item,
    const struct between *b, struct finding *f)
{
	struct crd_fields fields = w->items[item].fields;

	if (fields.nclocks == 0 && b->time >= 0) {
		fields.clock[0] = w->items[b->time].fields.clock[0];
		fields.nclocks = 1;
	}
	if (is_old(w, label))
		add_doubt(f, "names a previous date");
	else if (b->negated)
		add_doubt(f, "statement is negated");
	else if (b->is_event || b->is_same)
		add_doubt(f, "date may belong to something else");
	else {
		add_item(f, &fields, b->has_utc);
		add_chain(w, item, f);
	}
}

/* A duration before the label: "90-day embargo", "14 days of the embargo". */
static int
find_duration_before(const struct window *w, size_t label)
{
	const struct crd_token *t = w->tokens;
	size_t j;

	for (j = label; j > 0 && j + 6 > label; j--) {
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1))
			return -1;
		if (t[j - 1].item >= 0)
			return w->items[t[j - 1].item].fields.kind ==
			    CRD_ITEM_DURATION ? t[j - 1].item : -1;
	}
	return -1;
}

/* A label that no date was found for: does it say when in some other way? */
static void
add_undated(const struct window *w, size_t label, size_t end,
    enum crd_demand demand, const struct between *b, struct finding *f)
{
	const struct crd_token *t = &w->tokens[end];
	bool is_strong = demand == CRD_DEMAND_LOOSE ||
	    w->tokens[label].class == CRD_EMBARGO;

	if (is_strong && find_duration_before(w, label) >= 0)
		add_doubt(f, crd_reason_duration);
	else if (b->soft >= 0 && is_strong && (demand == CRD_DEMAND_LOOSE ||
	    w->items[b->soft].fields.kind == CRD_ITEM_DURATION))
		add_item(f, &w->items[b->soft].fields, false);
	else if (b->is_same && (demand == CRD_DEMAND_LOOSE || b->has_colon))
		add_doubt(f, crd_reason_other);
	else if (b->time >= 0 && demand == CRD_DEMAND_LOOSE &&
	    t->nl == 0 && b->unknown == 0)
		add_doubt(f, "time without a date");
	else if ((crd_scan_is(t, ':') || crd_scan_is(t, '=')) &&
	    (t[1].class == CRD_NUMBER || (t[1].text.len > 0 &&
	    t[1].text.data[0] < ' ') || t[1].class == CRD_MONTH))
		add_doubt(f, crd_reason_unreadable);
}

/* "We discussed the CRD on 2026-07-20": the day of the talk, not the CRD. */
static bool
is_told(const struct window *w, size_t label, size_t end, int item)
{
	const struct crd_token *t = w->tokens;
	size_t at = w->items[item].from, j;

	if (at == end || !text_is_nocase(t[at - 1].text, "on") ||
	    t[end - 1].class == CRD_UNTIL)
		return false;
	for (j = label; j > 0 && j + 6 > label; j--) {
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1))
			return false;
		if (is_event(&t[j - 1]) || (j < label &&
		    (text_is_nocase(t[j - 1].text, "proposed") ||
		    text_is_nocase(t[j - 1].text, "suggested") ||
		    text_is_nocase(t[j - 1].text, "requested"))))
			return true;
	}
	return false;
}

static void
read_label(const struct window *w, size_t label, size_t end,
    enum crd_demand demand, struct finding *f)
{
	struct between b = { .is_empty = true, .time = -1, .soft = -1 };
	struct crd_fields fields;
	int ahead, behind;
	bool fits;

	b.is_same = label > 0 && w->tokens[label - 1].class == CRD_SAME;
	ahead = find_forward(w, label, end, &b);
	fits = ahead >= 0 && (demand == CRD_DEMAND_LOOSE ?
	    b.unknown <= MAX_UNKNOWN || b.has_colon :
	    b.unknown == 0 && !b.is_event);
	behind = find_backward(w, label, end);
	if (fits && !b.has_is && !b.has_colon && is_told(w, label, end, ahead))
		fits = false;
	if (behind >= 0 && (!fits ||
	    w->tokens[w->items[ahead].from].nl > 0 || !b.has_colon)) {
		fields = w->items[behind].fields;
		if (fields.nclocks == 0)
			add_time_behind(w, end, &fields);
		add_item(f, &fields, false);
	} else if (fits)
		add_dated(w, label, ahead, &b, f);
	else if (ahead < 0)
		add_undated(w, label, end, demand, &b, f);
}

static void
find_items(struct window *w)
{
	struct crd_item *item;
	size_t i = 0, j;

	w->nitems = 0;
	while (i < w->n) {
		item = &w->items[w->nitems];
		if (!crd_scan_item(w->tokens, i, item)) {
			i++;
			continue;
		}
		for (j = item->from; j < item->to && j < w->n; j++)
			w->tokens[j].item = w->nitems;
		i = item->to;
		w->nitems++;
	}
}

static void
read_window(const struct window *w, size_t from, size_t to, struct finding *f)
{
	enum crd_demand demand;
	size_t i = from, end;

	while (i < to) {
		end = w->tokens[i].item >= 0 ? 0 :
		    crd_phrase_find(w->tokens, w->n, i, &demand);
		if (end > 0)
			read_label(w, i, end, demand, f);
		i = end > i ? end : i + 1;
	}
}

void
crd_label_parse(struct span text, const struct crd_context *context,
    struct crd *crd_out)
{
	struct finding f = { .context = context };
	struct window *w = buf_alloc(sizeof(*w));
	struct span rest = text;
	size_t from = 0, to;

	do {
		w->n = crd_scan_tokens(&rest, w->tokens, WINDOW_TOKENS);
		find_items(w);
		to = rest.len > 0 ? w->n - MARGIN_TOKENS : w->n;
		read_window(w, from, to, &f);
		from = MARGIN_TOKENS;
		if (rest.len > 0) {
			const uint8_t *back =
			    w->tokens[to - MARGIN_TOKENS].text.data;

			rest.len += (size_t)(rest.data - back);
			rest.data = back;
		}
	} while (rest.len > 0);
	free(w);
	if (f.doubt.kind != CRD_NONE)
		*crd_out = f.doubt;
	else if (f.sure.kind != CRD_NONE)
		*crd_out = f.sure;
	else
		*crd_out = f.soft;
}
