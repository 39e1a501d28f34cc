/*
 * log: one line to syslog or stderr; see log.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

#include "core/text.h"
#include "edge/log.h"

#define LINE_MAX_BYTES 1000

/* Set once, before threads. */
static const char *log_program = "embargo-milter";
static bool log_to_stderr = true;
static bool log_is_verbose;

void
log_open(const char *program, bool to_stderr, bool verbose)
{
	log_program = program;
	log_to_stderr = to_stderr;
	log_is_verbose = verbose;
	if (!to_stderr)
		openlog(program, LOG_PID, LOG_MAIL);
}

static void __attribute__((format(printf, 2, 0)))
write_line(int priority, const char *format, va_list ap)
{
	char raw[LINE_MAX_BYTES], clean[LINE_MAX_BYTES];
	char line[LINE_MAX_BYTES + 64];
	int len;

	vsnprintf(raw, sizeof(raw), format, ap);
	text_print(text_span(raw), clean, sizeof(clean));
	if (!log_to_stderr) {
		syslog(priority, "%s", clean);
		return;
	}
	len = snprintf(line, sizeof(line), "%s: %s\n", log_program, clean);
	if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
		return;
}

#define LOG_FUNCTION(name, priority)			\
void							\
name(const char *format, ...)				\
{							\
	va_list ap;					\
							\
	va_start(ap, format);				\
	write_line(priority, format, ap);		\
	va_end(ap);					\
}

LOG_FUNCTION(log_error, LOG_ERR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_notice, LOG_NOTICE)
LOG_FUNCTION(log_info, LOG_INFO)

void
log_debug(const char *format, ...)
{
	va_list ap;

	if (!log_is_verbose)
		return;
	va_start(ap, format);
	write_line(LOG_DEBUG, format, ap);
	va_end(ap);
}
