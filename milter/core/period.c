/*
 * period: a year, a month or a day; see period.h.
 */
#include "core/civil.h"
#include "core/period.h"

static bool
take_number(struct span *rest, size_t digits, int *n_out)
{
	size_t i;

	*n_out = 0;
	if (rest->len < digits)
		return false;
	for (i = 0; i < digits; i++) {
		if (!text_is_digit(rest->data[i]))
			return false;
		*n_out = *n_out * 10 + (rest->data[i] - '0');
	}
	*rest = text_sub(*rest, digits, rest->len - digits);
	return true;
}

/* "-11"; n_out stays as it is where nothing is left. */
static bool
take_part(struct span *rest, int *n_out)
{
	if (rest->len == 0)
		return true;
	if (rest->data[0] != '-')
		return false;
	*rest = text_sub(*rest, 1, rest->len - 1);
	return take_number(rest, 2, n_out);
}

bool
period_parse(struct span text, int64_t *from_out, int64_t *until_out)
{
	struct span rest = text;
	struct civil from = { 0 }, until;
	int month = 0, day = 0;

	if (!take_number(&rest, 4, &from.year) || !take_part(&rest, &month) ||
	    !take_part(&rest, &day) || rest.len > 0)
		return false;
	from.month = text.len > 4 ? month : 1;
	from.day = text.len > 7 ? day : 1;
	if (from.year >= 9999 ||
	    !civil_is_date(from.year, from.month, from.day))
		return false;
	until = from;
	if (text.len <= 4)
		until.year++;
	else if (text.len <= 7)
		until.month++;
	if (until.month > 12) {
		until.year++;
		until.month = 1;
	}
	*from_out = civil_seconds(&from);
	*until_out = civil_seconds(&until) + (text.len > 7 ? 86400 : 0);
	return true;
}
