/*
 * mediatype: is a content type one that programs write?  See mediatype.h.
 *
 * What mail is built of, and what people attach, encrypted, to a report.
 */
#include <stddef.h>
#include <string.h>

#include "core/mediatype.h"

static const char *const known[] = {
	"text/plain", "text/html", "text/csv", "text/markdown", "text/xml",
	"text/calendar", "text/css", "text/javascript", "text/rtf",
	"text/enriched", "text/vcard", "text/x-vcard", "text/directory",
	"text/x-patch", "text/x-diff", "text/x-log", "text/x-c",
	"text/x-csrc", "text/x-chdr", "text/x-c++src", "text/x-python",
	"text/x-script.python", "text/x-perl", "text/x-sh", "text/x-java",
	"text/x-tex", "text/rfc822-headers",
	"multipart/mixed", "multipart/alternative", "multipart/related",
	"multipart/signed", "multipart/encrypted", "multipart/parallel",
	"multipart/digest", "multipart/report", "multipart/appledouble",
	"message/rfc822", "message/global", "message/delivery-status",
	"application/octet-stream", "application/x-octet-stream",
	"application/unknown", "application/x-unknown",
	"application/pgp", "application/pgp-encrypted",
	"application/pgp-signature", "application/pgp-keys",
	"application/x-gpg", "application/gpg", "application/x-pgp",
	"application/pkcs7-mime", "application/x-pkcs7-mime",
	"application/pkcs7-signature", "application/x-pkcs7-signature",
	"application/pdf", "application/zip", "application/x-zip-compressed",
	"application/gzip", "application/x-gzip", "application/x-tar",
	"application/x-compressed-tar", "application/x-bzip",
	"application/x-bzip2", "application/x-xz", "application/zstd",
	"application/x-7z-compressed", "application/json", "application/xml",
	"application/rtf", "application/msword", "application/vnd.ms-excel",
	"application/vnd.ms-powerpoint", "application/vnd.tcpdump.pcap",
	"application/vnd.oasis.opendocument.text",
	"application/vnd.oasis.opendocument.spreadsheet",
	"application/vnd.oasis.opendocument.presentation",
	"application/vnd.openxmlformats-officedocument."
	    "wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument."
	    "spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument."
	    "presentationml.presentation",
	"application/javascript", "application/x-sh", "application/x-perl",
	"application/x-python", "application/x-executable",
	"application/x-sharedlib", "application/x-msdownload",
	"application/x-download", "application/force-download",
	"application/ms-tnef",
	"image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp",
	"image/tiff", "image/bmp", "image/heic",
	"audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/x-wav",
	"video/mp4", "video/mpeg", "video/quicktime", "video/webm",
	"video/ogg",
};

bool
mediatype_is_known(const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(type, known[i]) == 0)
			return true;
	return false;
}
