/*
 * charset: does ASCII stand for itself in a charset?  See charset.h.
 */
#include "core/charset.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* With digits, hyphens, "r" and "u" behind them. */
static const char *const families[] = {
	"us-ascii", "ascii", "utf-8", "utf8", "iso-8859-", "iso8859-",
	"iso_8859-", "iso8859_", "windows-12", "cp125", "koi8-", "gb2312",
	"gb_2312-", "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "euc-tw",
	"shift_jis", "tis-620", "macintosh", "x-mac-roman",
	"ansi_x3.4-1968", "x-unknown", "unknown-8bit", "ks_c_5601-1987",
	"binary",
};

static const char *const others[] = {
	"iso-8859-8-i", "iso-8859-8-e", "latin1", "latin-1", "usascii",
	"big5-hkscs", "iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2",
	"iso-2022-jp-3", "iso-2022-jp-2004", "iso-2022-kr", "iso-2022-cn",
	"iso-2022-cn-ext", "windows-31j", "windows-874", "windows-936",
	"windows-949", "x-windows-949", "cp437", "cp850", "cp852", "cp866",
	"cp874", "cp932", "cp936", "cp949", "cp950", "x-gbk", "x-sjis",
	"x-mac-cyrillic", "x-mac-ce", "viscii", "unknown", "646",
};

bool
charset_keeps_ascii(struct span name)
{
	size_t i;

	if (name.len > 20)
		return false;
	for (i = 0; i < COUNT(others); i++)
		if (text_is_nocase(name, others[i]))
			return true;
	for (i = 0; i < COUNT(families); i++)
		if (text_starts_nocase(name, families[i]))
			break;
	if (i == COUNT(families))
		return false;
	for (i = text_span(families[i]).len; i < name.len; i++)
		if (!text_is_digit(name.data[i]) && name.data[i] != '-' &&
		    text_lower(name.data[i]) != 'r' &&
		    text_lower(name.data[i]) != 'u')
			return false;
	return true;
}
