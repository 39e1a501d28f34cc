/*
 * fault: what went wrong; see fault.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/fault.h"
#include "core/text.h"

void
fault_set(struct fault *fault, enum fault_kind kind, const char *format, ...)
{
	char text[sizeof(fault->text)];
	va_list ap;

	fault->kind = kind;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	text_print(text_span(text), fault->text, sizeof(fault->text));
}
