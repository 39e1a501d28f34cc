/*
 * ical: content lines and durations of iCalendar (RFC 5545).
 */
#ifndef CORE_ICAL_H
#define CORE_ICAL_H

#include "core/buf.h"

/*
 * A content line, folded at 75 octets, never within a character, with CRLF
 * (section 3.1).  line is UTF-8 and already escaped (escape_ical()).  False
 * when out is full.
 */
bool	ical_put_line(struct span line, struct buf *out)
	    __attribute__((warn_unused_result));

/* "20261201T140000Z" (section 3.3.5); dst holds ICAL_TIME_SIZE bytes. */
#define ICAL_TIME_SIZE 24
void	ical_print_time(int64_t at, char *dst);

/*
 * Before an event: "-P7D", "-PT2H", "-P1DT30M", "PT0S" (section 3.3.6); dst
 * holds ICAL_DURATION_SIZE bytes.
 */
#define ICAL_DURATION_SIZE 104
void	ical_print_before(int64_t secs, char *dst);

#endif
