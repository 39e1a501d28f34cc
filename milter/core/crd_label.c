/*
 * crd_label: ties dates to labels; see crd_label.h.
 *
 * The text is read in windows of tokens that overlap, so memory is bounded and
 * the work linear: a label is looked at in the middle of exactly one window,
 * with all that can belong to it on both sides.
 */
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/crd_turn.h"

#define MARGIN_TOKENS	128	/* more than any label looks at, either side */
#define CHAIN_TOKENS	12
#define MAX_UNKNOWN	8	/* words between a label and its date */

/* What was found so far in all windows. */
struct finding {
	const struct crd_context	*context;
	struct crd			 sure;		/* CRD_NONE: not yet */
	int64_t				 sure_day;
	struct crd			 doubt;		/* CRD_HUMAN, hard */
	struct crd			 soft;		/* CRD_HUMAN, soft */
	struct crd			 past;		/* in a time line */
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

/* "(18:00 UTC)" behind a label whose date stood before it. */
static void
add_time_behind(const struct crd_window *w, size_t end,
    struct crd_fields *fields)
{
	const struct crd_token *t = w->tokens;
	size_t j;

	for (j = end; j < end + 6 && t[j].class != CRD_END && t[j].nl < 2 &&
	    !crd_scan_is_stop(t, j); j++) {
		if (t[j].item < 0 && crd_scan_is_break(t, j))
			return;
		if (t[j].item < 0)
			continue;
		if (w->items[t[j].item].fields.kind == CRD_ITEM_TIME) {
			fields->clock[0] = w->items[t[j].item].fields.clock[0];
			fields->nclocks = 1;
			fields->lost_time = false;
		}
		return;
	}
}

/* Behind it stands the date that counts. */
static bool
is_otherwise(const struct crd_token *t)
{
	static const char *const names[] = { "but", "now", "instead", "rather",
	    "however", "prefer", "wants", "want" };
	size_t k;

	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (text_is_nocase(t->text, names[k]))
			return true;
	return false;
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
	return t->class == CRD_PUNCT && t->value > ' ' &&
	    strchr(",/-&:=>.", t->value) != NULL;
}

/*
 * "2026-08-03 or 2026-08-10", "from A to B", "A for the kernel, B for the
 * rest": all of them are labelled.
 */
static void
add_chain(const struct crd_window *w, int item, struct finding *f)
{
	const struct crd_token *t = w->tokens;
	size_t from = w->items[item].to, j;
	bool all = true, inside = true, other = false, in_parens = false;
	int next;

	for (j = from; j < from + CHAIN_TOKENS; j++) {
		if (t[j].class == CRD_END || crd_scan_is_break(t, j) ||
		    crd_scan_is_stop(t, j))
			return;
		next = t[j].item;
		if (next >= 0 &&
		    w->items[next].fields.kind == CRD_ITEM_DATE) {
			if (!crd_turn_is_replaced(t, j) &&
			    ((in_parens ? inside : all) || other ||
			    text_is_nocase(t[w->items[next].to].text, "for")))
				add_item(f, &w->items[next].fields, false);
			return;
		}
		if (crd_scan_is(&t[j], '(') || crd_scan_is(&t[j], ')')) {
			in_parens = t[j].value == '(';
			inside = all;
			continue;
		}
		inside = inside && is_chain_word(&t[j]);
		all = all && (in_parens || is_chain_word(&t[j]));
		other |= is_otherwise(&t[j]);
	}
}

/*
 * "CRD:\n  1.2: A\n  1.3: B": the date stands in a line of its own, with words
 * before it, and so does one in the next line.
 */
static void
add_list(const struct crd_window *w, size_t label, int item, struct finding *f)
{
	const struct crd_token *t = w->tokens;
	size_t line = w->items[item].from, j;
	int lines = 0;

	while (line > label && t[line].nl == 0)
		line--;
	if (line == label || line == w->items[item].from ||
	    crd_scan_is(&t[line], '(') || w->items[item].from - line < 2)
		return;
	for (j = w->items[item].to; j < w->items[item].to + 2 * CHAIN_TOKENS &&
	    t[j].class != CRD_END && t[j].nl < 2; j++) {
		lines += t[j].nl;
		if (lines > 1 || (lines == 1 && t[j].nl == 1 && t[j].item >= 0))
			return;
		if (lines == 1 && t[j].item >= 0 &&
		    w->items[t[j].item].fields.kind == CRD_ITEM_DATE) {
			add_item(f, &w->items[t[j].item].fields, false);
			return;
		}
	}
}

static void
add_dated(const struct crd_window *w, size_t label, size_t end, int item,
    const struct crd_between *b, struct finding *f)
{
	struct crd_fields fields = w->items[item].fields;
	size_t from = w->items[item].from;
	const char *reason = crd_turn_find(w, label, end, item, b->has_comma);

	if (fields.nclocks == 0 && b->time >= 0) {
		fields.clock[0] = w->items[b->time].fields.clock[0];
		fields.nclocks = 1;
		fields.lost_time = false;
	}
	if (b->is_hidden)
		add_doubt(f, crd_reason_unreadable);
	else if (reason != NULL)
		add_doubt(f, reason);
	else if (b->is_old)
		add_doubt(f, crd_reason_previous);
	else if (b->negated)
		add_doubt(f, "statement is negated");
	else if (b->is_event || b->is_same)
		add_doubt(f, "date may belong to something else");
	else if (b->soft >= 0 && crd_turn_is_start(w->tokens, from))
		add_doubt(f, crd_reason_duration);
	else {
		add_item(f, &fields, b->has_utc);
		add_chain(w, item, f);
		add_list(w, label, item, f);
		if (text_is_nocase(w->tokens[from - 1].text, "from") ||
		    text_is_nocase(w->tokens[from - 1].text, "was"))
			add_doubt(f, crd_reason_previous);
	}
}

/* The date stands before the label; a past one in a time line is history. */
static void
add_before(const struct crd_window *w, size_t label, size_t end, int item,
    struct finding *f)
{
	struct crd_fields fields = w->items[item].fields;
	const char *reason = crd_turn_find(w, label, end, item, false);
	struct crd crd;

	if (fields.nclocks == 0)
		add_time_behind(w, end, &fields);
	crd_eval(&fields, f->context, &crd, NULL);
	if (reason != NULL)
		add_doubt(f, reason);
	else if (crd.kind == CRD_DATE && crd.at < f->context->reference)
		f->past = crd;
	else
		add_item(f, &fields, false);
}

/* A duration before the label: "90-day embargo", "14 days of the embargo". */
static int
find_duration_before(const struct crd_window *w, size_t label)
{
	const struct crd_token *t = w->tokens;
	size_t j;

	for (j = label; j > 0 && j + 6 > label; j--) {
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1) ||
		    text_is_nocase(t[j - 1].text, "after") ||
		    text_is_nocase(t[j - 1].text, "before"))
			return -1;
		if (t[j - 1].item >= 0)
			return w->items[t[j - 1].item].fields.kind ==
			    CRD_ITEM_DURATION ? t[j - 1].item : -1;
	}
	return -1;
}

static bool
is_plain_year(const struct crd_token *t)
{
	return t->ndigits == 4 && t->value > 2000 && t->value < 2100 &&
	    !crd_scan_is_tight(t);
}

/* "5 de agosto de 2026" at j: a day, unknown words, a year. */
static bool
is_foreign_date(const struct crd_token *t, size_t j)
{
	size_t k, words = 0;

	if (t[j].class != CRD_NUMBER || t[j].ndigits > 2)
		return false;
	for (k = j + 1; k < j + 6 && t[k].class != CRD_NUMBER; k++) {
		if (t[k].class == CRD_END || t[k].nl > 1)
			return false;
		words += t[k].class == CRD_OTHER;
	}
	return words > 0 && is_plain_year(&t[k]);
}

/* "Augst 5th, 2026" at j */
static bool
is_misspelt_date(const struct crd_token *t, size_t j)
{
	size_t k = j + 2;

	if (t[j].class != CRD_OTHER || t[j + 1].class != CRD_NUMBER ||
	    t[j + 1].ndigits > 2 || crd_scan_is_tight(&t[j + 1]))
		return false;
	while (t[k].class == CRD_ORDINAL || crd_scan_is(&t[k], ','))
		k++;
	return is_plain_year(&t[k]);
}

/* A date in words that nobody here knows, or "2026" tight before such. */
static bool
has_unreadable_date(const struct crd_token *t, size_t i)
{
	size_t j;

	for (j = i; j < i + CHAIN_TOKENS && t[j].class != CRD_END &&
	    t[j].nl < 2 && !crd_scan_is_stop(t, j); j++)
		if (is_foreign_date(t, j) || is_misspelt_date(t, j) ||
		    (t[j].ndigits == 4 &&
		    t[j + 1].text.len > 0 && t[j + 1].text.data[0] < ' ' &&
		    crd_scan_is_tight(&t[j + 1])))
			return true;
	return false;
}

/* A label that no date was found for: does it say when in some other way? */
static void
add_undated(const struct crd_window *w, size_t label, size_t end,
    enum crd_demand demand, const struct crd_between *b, struct finding *f)
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
	else if (b->has_fraction && is_strong)
		add_doubt(f, crd_reason_unreadable);
	else if (b->time >= 0 && demand == CRD_DEMAND_LOOSE &&
	    t->nl == 0 && b->unknown == 0)
		add_doubt(f, "time without a date");
	else if (demand == CRD_DEMAND_LOOSE && has_unreadable_date(t, 0))
		add_doubt(f, crd_reason_unreadable);
	else if ((crd_scan_is(t, ':') || crd_scan_is(t, '=')) &&
	    (t[1].class == CRD_NUMBER || (t[1].text.len > 0 &&
	    t[1].text.data[0] < ' ') || t[1].class == CRD_MONTH))
		add_doubt(f, crd_reason_unreadable);
}

static void
read_label(const struct crd_window *w, size_t label, size_t end,
    enum crd_demand demand, struct finding *f)
{
	struct crd_between b = { .is_empty = true, .time = -1, .soft = -1 };
	int ahead, behind;
	bool fits;

	b.is_same = label > 0 && w->tokens[label - 1].class == CRD_SAME;
	b.negated = label > 0 &&
	    text_is_nocase(w->tokens[label - 1].text, "no");
	ahead = crd_tie_forward(w, label, end, &b);
	fits = ahead >= 0 && (demand == CRD_DEMAND_LOOSE ?
	    b.unknown <= MAX_UNKNOWN || b.has_colon ||
	    w->tokens[w->items[ahead].from - 1].class == CRD_IS :
	    b.unknown == 0 && !b.is_event);
	behind = crd_tie_backward(w, label, end);
	if (fits && (crd_tie_is_told(w, label, end, ahead) ||
	    crd_tie_is_next_line(w, label, end, ahead, &b)))
		fits = false;
	if (behind >= 0 && (!fits ||
	    w->tokens[w->items[ahead].from].nl > 0 ||
	    ((b.has_comma || b.has_and) && !b.has_colon)))
		add_before(w, label, end, behind, f);
	else if (fits)
		add_dated(w, label, end, ahead, &b, f);
	else if (ahead < 0)
		add_undated(w, label, end, demand, &b, f);
	else if (b.soft >= 0 && w->tokens[label].class == CRD_EMBARGO &&
	    w->items[b.soft].fields.kind == CRD_ITEM_DURATION &&
	    crd_turn_is_start(w->tokens, w->items[ahead].from))
		add_doubt(f, crd_reason_duration);
}

/* Room for one more, in steps of powers of two; dates are rare. */
static struct crd_item *
grow(struct crd_item *items, size_t n)
{
	if (n != 0 && (n & (n - 1)) != 0)
		return items;
	return buf_realloc(items, n == 0 ? 1 : n * 2, sizeof(*items));
}

static void
find_items(struct crd_window *w)
{
	struct crd_item item;
	size_t i = 0, j;

	w->nitems = 0;
	while (i < w->n) {
		if (!crd_scan_item(w->tokens, i, &item)) {
			i++;
			continue;
		}
		for (j = item.from; j < item.to && j < w->n; j++)
			w->tokens[j].item = w->nitems;
		i = item.to;
		w->items = grow(w->items, (size_t)w->nitems);
		w->items[w->nitems++] = item;
	}
}

/* Most text has none, and then it does not matter which dates it names. */
static bool
has_label(const struct crd_window *w, size_t from, size_t to)
{
	enum crd_demand demand;
	size_t i;

	for (i = from; i < to; i++)
		if (crd_phrase_find(w->tokens, w->n, i, &demand) > 0)
			return true;
	return false;
}

static void
read_window(const struct crd_window *w, size_t from, size_t to,
    struct finding *f)
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
	struct crd_window *w = buf_alloc(sizeof(*w));
	struct span rest = text;
	size_t from = 0, to;

	w->items = NULL;
	do {
		w->n = crd_scan_tokens(&rest, w->tokens, CRD_WINDOW_TOKENS);
		to = rest.len > 0 ? w->n - MARGIN_TOKENS : w->n;
		if (has_label(w, from, to)) {
			find_items(w);
			read_window(w, from, to, &f);
		}
		from = MARGIN_TOKENS;
		if (rest.len > 0) {
			const uint8_t *back =
			    w->tokens[to - MARGIN_TOKENS].text.data;

			rest.len += (size_t)(rest.data - back);
			rest.data = back;
		}
	} while (rest.len > 0);
	free(w->items);
	free(w);
	if (f.doubt.kind != CRD_NONE)
		*crd_out = f.doubt;
	else if (f.sure.kind != CRD_NONE)
		*crd_out = f.sure;
	else if (f.soft.kind != CRD_NONE)
		*crd_out = f.soft;
	else
		*crd_out = f.past;
}
