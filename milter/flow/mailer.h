/*
 * mailer: alerts reach operators by mail, and reporters hear of their issue.
 *
 * What waits in the streams is handed to sendmail, an entry at a time; it is
 * acknowledged only when sendmail took it.  With alerts.encrypt_to a mail is
 * encrypted to all of these keys or goes without its details, never in clear
 * with them, and never not at all.
 */
#ifndef FLOW_MAILER_H
#define FLOW_MAILER_H

#include "core/fault.h"
#include "core/settings.h"
#include "edge/store.h"

/* All zero: nothing has happened yet.  Each is logged when it changes. */
struct mailer {
	bool	is_failing;	/* sendmail did not take the last mail */
	bool	is_bare;	/* a key cannot be used */
	bool	is_waiting;	/* for gpg */
};

/*
 * Mail what is there, a bounded number at once; more_out: there may be more.
 * False when the store is in trouble; what could not be mailed waits.
 */
bool	mailer_pass(struct mailer *m, struct store *store,
	    const struct settings *settings, int64_t now, bool *more_out,
	    struct fault *fault) __attribute__((warn_unused_result));

#endif
