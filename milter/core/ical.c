/*
 * ical: content lines and durations of iCalendar; see ical.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/civil.h"
#include "core/ical.h"
#include "core/utf8.h"

#define LINE_BYTES 75	/* without CRLF, with the blank that continues one */

bool
ical_put_line(struct span line, struct buf *out)
{
	struct span bytes;
	size_t used = 0;
	uint32_t c;

	while (utf8_next(&line, &bytes, &c)) {
		if (used + bytes.len > LINE_BYTES) {
			if (!buf_add(out, "\r\n ", 3))
				return false;
			used = 1;
		}
		if (!buf_add(out, bytes.data, bytes.len))
			return false;
		used += bytes.len;
	}
	return buf_add(out, "\r\n", 2);
}

void
ical_print_time(int64_t at, char *dst)
{
	struct civil c;

	civil_of(at, &c);
	snprintf(dst, ICAL_TIME_SIZE, "%04d%02d%02dT%02d%02d%02dZ",
	    c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
	    c.minute % 100, c.second % 100);
}

/* "2H", or nothing for 0. */
static void
print_part(int64_t n, char unit, char *dst, size_t size)
{
	dst[0] = '\0';
	if (n > 0)
		snprintf(dst, size, "%" PRId64 "%c", n, unit);
}

void
ical_print_before(int64_t secs, char *dst)
{
	char days[24], hours[24], minutes[24], seconds[24];

	if (secs <= 0) {
		snprintf(dst, ICAL_DURATION_SIZE, "PT0S");
		return;
	}
	print_part(secs / 86400, 'D', days, sizeof(days));
	print_part(secs % 86400 / 3600, 'H', hours, sizeof(hours));
	print_part(secs % 3600 / 60, 'M', minutes, sizeof(minutes));
	print_part(secs % 60, 'S', seconds, sizeof(seconds));
	/* hours, minutes and seconds follow each other without a gap */
	if (hours[0] != '\0' && seconds[0] != '\0' && minutes[0] == '\0')
		snprintf(minutes, sizeof(minutes), "0M");
	snprintf(dst, ICAL_DURATION_SIZE, "-P%s%s%s%s%s", days,
	    secs % 86400 == 0 ? "" : "T", hours, minutes, seconds);
}
