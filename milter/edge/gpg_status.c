/*
 * gpg_status: what gpg tells of an operation; see gpg_status.h.
 */
#include <stdio.h>
#include <string.h>

#include "edge/gpg_status.h"

/* "<fingerprint> ... <fingerprint of the primary key>" */
static void
note_valid(struct gpg_status *s, const char *args)
{
	const char *last = strrchr(args, ' ');

	if (s->nvalid == GPG_STATUS_SIGNATURES || last == NULL)
		return;
	snprintf(s->made[s->nvalid], SIGNER_SIZE, "%.*s",
	    (int)strcspn(args, " "), args);
	snprintf(s->primary[s->nvalid++], SIGNER_SIZE, "%s", last + 1);
}

/* "<fingerprint> <fingerprint of the primary key> <trust>" */
static void
note_key(struct gpg_status *s, const char *args)
{
	args += strcspn(args, " ");
	args += strspn(args, " ");
	snprintf(s->key_used, SIGNER_SIZE, "%.*s",
	    (int)strcspn(args, " "), args);
}

/* Does this line say that gpg has begun with the data? */
static bool
is_about_data(const char *keyword)
{
	static const char *const words[] = { "ENC_TO", "NODATA", "NEWSIG",
	    "ERRSIG", "BADARMOR", "UNEXPECTED" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(keyword, words[i]) == 0)
			return true;
	return false;
}

void
gpg_status_note(struct gpg_status *s, const char *keyword, const char *args)
{
	s->has_read = s->has_read || is_about_data(keyword);
	if (strcmp(keyword, "BADSIG") == 0 || strcmp(keyword, "EXPSIG") == 0)
		s->has_bad_signature = true;
	else if (strcmp(keyword, "VALIDSIG") == 0)
		note_valid(s, args);
	else if (strcmp(keyword, "DECRYPTION_KEY") == 0)
		note_key(s, args);
	else if (strcmp(keyword, "SIG_ID") == 0 && s->sig_id[0] == '\0')
		snprintf(s->sig_id, SEAL_SIZE, "%s", args);
}

const char *
gpg_status_primary(const struct gpg_status *s, const char *made)
{
	size_t i;

	for (i = 0; made != NULL && i < s->nvalid; i++)
		if (strcmp(s->made[i], made) == 0)
			return s->primary[i];
	return "";
}
