/*
 * crd_turn: what is said round a label and its date; see crd_turn.h.
 */
#include "core/crd_turn.h"

#define NEAR_TOKENS	7
#define CLAUSE_TOKENS	24	/* from an "if" to what depends on it */
#define TRAILING_TOKENS	4

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char crd_reason_previous[] = "names a previous date";

static bool
is_among(const struct crd_token *t, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_is_nocase(t->text, names[i]))
			return true;
	return false;
}

/* "moved to", "postponed" at i; not "moved from", which names an old date. */
static bool
is_moved(const struct crd_token *t, size_t i)
{
	static const char *const away[] = { "postponed", "delayed", "pushed" };
	static const char *const moved[] = { "moved", "changed", "extended",
	    "shifted", "rescheduled" };
	static const char *const to[] = { "to", "by", "until", "again" };

	if (text_is_nocase(t[i + 1].text, "from"))
		return false;
	return is_among(&t[i], away, COUNT(away)) ||
	    (is_among(&t[i], moved, COUNT(moved)) &&
	    is_among(&t[i + 1], to, COUNT(to)));
}

/* "not", "no longer", but neither "(no objections)" nor "(not BST)". */
static bool
is_denial(const struct crd_token *t, size_t i)
{
	static const char *const no[] = { "longer", "good", "later", "earlier",
	    "sooner", "option" };

	if (t[i].class != CRD_NOT || t[i + 1].class == CRD_ZONE)
		return false;
	return !text_is_nocase(t[i].text, "no") ||
	    is_among(&t[i + 1], no, COUNT(no));
}

/* Does the sentence go on about the date behind i: "is", "will be", "(no"? */
static bool
is_about(const struct crd_token *t, size_t i)
{
	static const char *const names[] = { "does", "do", "seems", "looks",
	    "sounds", "unfortunately", "really", "now" };

	return t[i].class == CRD_IS || t[i].class == CRD_FILLER ||
	    t[i].class == CRD_NOT || is_among(&t[i], names, COUNT(names));
}

/* "... is too early", "... does not work", "(cancelled)" behind i. */
static bool
is_revoked(const struct crd_token *t, size_t i)
{
	static const char *const names[] = { "cancelled", "canceled",
	    "slipped", "slips", "void", "obsolete", "withdrawn", "outdated",
	    "impossible", "unrealistic", "too", "early", "soon", "late", "moot",
	    "missed", "off", "conflicts", "clashes", "collides", "problematic",
	    "difficult", "rejected", "dropped", "turned", "infeasible",
	    "unfeasible", "passed", "nack", "nacked", "nak", "vetoed" };
	size_t j;
	bool begun = false;

	for (j = i; j < i + NEAR_TOKENS && t[j].class != CRD_END &&
	    !crd_scan_is_break(t, j) && t[j].item < 0 &&
	    !crd_scan_is_stop(t, j); j++) {
		if (is_among(&t[j], names, COUNT(names)) || is_moved(t, j) ||
		    (j < i + 2 && is_denial(t, j)))
			return true;
		if (begun ? crd_scan_is(&t[j], ',') :
		    t[j].class != CRD_PUNCT && !is_about(t, j))
			return false;
		begun |= t[j].class != CRD_PUNCT;
	}
	return false;
}

/* "We cannot agree with the", "forget the", "no need for an" before i. */
static bool
is_against(const struct crd_token *t, size_t i)
{
	static const char *const strong[] = { "forget", "ignore", "cancel",
	    "drop", "reject", "disagree", "object", "oppose", "doubt",
	    "nack", "nak", "veto" };
	static const char *const weak[] = { "agree", "accept", "meet", "make",
	    "support", "need", "want", "require", "reason" };
	size_t j;
	bool verb = false;

	for (j = i; j > 0 && j + NEAR_TOKENS > i; j--) {
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1) ||
		    text_is_nocase(t[j - 1].text, "before") ||
		    t[j - 1].class == CRD_UNTIL ||
		    (!verb && crd_scan_is(&t[j - 1], ',')))
			return false;
		if (is_among(&t[j - 1], strong, COUNT(strong)) ||
		    (verb && t[j - 1].class == CRD_NOT))
			return true;
		verb |= is_among(&t[j - 1], weak, COUNT(weak));
	}
	return false;
}

/* The first token of what qualifies the label: "our new", "the proposed". */
static size_t
skip_qualifiers(const struct crd_token *t, size_t label)
{
	while (label > 0 && t[label].nl == 0 &&
	    t[label - 1].class == CRD_QUALIFIER)
		label--;
	return label;
}

static bool
is_old(const struct crd_token *t, size_t label)
{
	label = skip_qualifiers(t, label);
	return label > 0 && t[label - 1].class == CRD_OLD;
}

/* "Fallback CRD" */
static bool
is_second_choice(const struct crd_token *t, size_t label)
{
	static const char *const names[] = { "fallback", "alternative",
	    "alternate", "backup", "optional" };

	label = skip_qualifiers(t, label);
	return label > 0 && is_among(&t[label - 1], names, COUNT(names));
}

/* Behind an "if" at i: courtesy, not a condition. */
static bool
is_courtesy(const struct crd_token *t, size_t i)
{
	static const char *const alone[] = { "possible", "feasible", "ok",
	    "okay", "acceptable", "convenient", "nobody", "everyone",
	    "everybody", "noone", "all", "anyone", "that's", "it's" };
	static const char *const works[] = { "works", "work", "is", "suits",
	    "fits", "helps", "sounds", "would", "are", "agree", "like", "can",
	    "could", "have", "prefer", "one", "objections", "objection" };
	static const char *const firsts[] = { "that", "this", "it", "you",
	    "there", "no" };

	return is_among(&t[i], alone, COUNT(alone)) ||
	    (is_among(&t[i], firsts, COUNT(firsts)) &&
	    is_among(&t[i + 1], works, COUNT(works)));
}

/* "if", "in case" at i, but no "let us know if", "appreciate it if". */
static bool
is_condition(const struct crd_token *t, size_t i)
{
	static const char *const asks[] = { "know", "it", "great", "nice",
	    "good", "grateful", "glad", "wonder", "ask", "tell", "even" };

	if (text_is_nocase(t[i].text, "case"))
		return i > 0 && text_is_nocase(t[i - 1].text, "in");
	return text_is_nocase(t[i].text, "if") && !is_courtesy(t, i + 1) &&
	    (i == 0 || !is_among(&t[i - 1], asks, COUNT(asks)));
}

/* "If it slips, the CRD will be ...", "... in case it slips" */
static bool
is_conditional(const struct crd_token *t, size_t from, size_t to)
{
	static const char *const inverted[] = { "should", "had", "were" };
	size_t j;

	for (j = from; j > 0 && j + CLAUSE_TOKENS > from; j--) {
		if (t[j].nl > 1 || crd_scan_is_stop(t, j - 1))
			break;
		if (is_condition(t, j - 1))
			return true;
	}
	if (j < from && is_among(&t[j], inverted, COUNT(inverted)) &&
	    (j == 0 || t[j].nl > 1 || crd_scan_is_stop(t, j - 1)))
		return true;
	for (j = to; j < to + TRAILING_TOKENS && t[j].class != CRD_END &&
	    t[j].nl < 2 && !crd_scan_is_stop(t, j); j++)
		if (is_condition(t, j))
			return true;
	return false;
}

/* "Two days after the CRD, on ...", "during the embargo, on ..." */
static bool
is_beside(const struct crd_token *t, size_t label, bool has_comma)
{
	static const char *const names[] = { "before", "after", "following",
	    "during", "since" };
	const struct crd_token *unit;
	size_t j = skip_qualifiers(t, label);

	while (j > 0 && (text_is_nocase(t[j - 1].text, "the") ||
	    text_is_nocase(t[j - 1].text, "our")))
		j--;
	if (j == 0 || t[j].nl > 1 || !is_among(&t[j - 1], names, COUNT(names)))
		return false;
	if (j == 1)
		return has_comma;
	unit = &t[j - 2];
	return has_comma || unit->class == CRD_UNIT ||
	    (unit->text.len == 1 && unit->class == CRD_OTHER);
}

/* "instead of 2026-08-05", "rather than" */
bool
crd_turn_is_replaced(const struct crd_token *tokens, size_t i)
{
	return i > 1 && ((text_is_nocase(tokens[i - 1].text, "of") &&
	    text_is_nocase(tokens[i - 2].text, "instead")) ||
	    (text_is_nocase(tokens[i - 1].text, "than") &&
	    text_is_nocase(tokens[i - 2].text, "rather")));
}

const char *
crd_turn_find(const struct crd_window *w, size_t label, size_t end, int item,
    bool has_comma)
{
	const struct crd_token *t = w->tokens;
	const struct crd_item *date = &w->items[item];
	size_t from = date->from < label ? date->from : label;
	size_t to = date->to > end ? date->to : end;

	if (is_old(t, label))
		return crd_reason_previous;
	if (is_against(t, from) || is_revoked(t, to) ||
	    crd_turn_is_replaced(t, date->from))
		return "statement is negated";
	if (is_second_choice(t, label) || is_beside(t, label, has_comma))
		return "date may belong to something else";
	if (is_conditional(t, from, to))
		return "statement is conditional";
	return NULL;
}

bool
crd_turn_is_start(const struct crd_token *tokens, size_t i)
{
	static const char *const names[] = { "from", "starting", "after",
	    "beginning", "since" };

	return i > 0 && is_among(&tokens[i - 1], names, COUNT(names));
}
