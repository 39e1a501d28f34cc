/*
 * gpg_home: gpg works as the owner of its keys; see gpg_home.h.
 */
#include <config.h>

#include <sys/stat.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/gpg_home.h"
#include "edge/hide.h"

static bool
become(const struct stat *owner)
{
	struct passwd *pw = getpwuid(owner->st_uid);
	gid_t group = pw == NULL ? owner->st_gid : pw->pw_gid;
	int done = pw == NULL ? setgroups(0, NULL) :
	    initgroups(pw->pw_name, group);

	if (done != 0 || setgid(group) != 0 || setuid(owner->st_uid) != 0)
		return false;
	hide();
	return true;
}

bool
gpg_enter_home(const char *home, struct fault *fault)
{
	struct stat st;

	/* without a home gpg itself has something to say */
	if (geteuid() == 0 && stat(home, &st) == 0 && st.st_uid != 0 &&
	    !become(&st)) {
		fault_set(fault, FAULT_SITE, "gpg: cannot become the owner of "
		    "%s: %s", home, strerror(errno));
		return false;
	}
	if (setenv("GNUPGHOME", home, 1) == 0)
		return true;
	fault_set(fault, FAULT_SITE, "gpg: %s", strerror(errno));
	return false;
}
