/*
 * check_socket: can Postfix reach the filter's socket, and nobody else?
 *
 * Whoever can speak to the filter can have it record issues that no mail
 * brought.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "ctl/check.h"
#include "ctl/postfix.h"

#define MAX_GROUPS 64
#define LOOPBACKS "@127.0.0.1", "@localhost", "@[::1]", "@::1"

struct account {
	uid_t	uid;
	gid_t	groups[MAX_GROUPS];
	int	ngroups;
};

/* bits: of rwx, as of the others. */
static bool
may(const struct account *a, const struct stat *st, mode_t bits)
{
	int i;

	if (a->uid == st->st_uid)
		return (st->st_mode >> 6 & bits) == bits;
	for (i = 0; i < a->ngroups; i++)
		if (a->groups[i] == st->st_gid)
			return (st->st_mode >> 3 & bits) == bits;
	return (st->st_mode & bits) == bits;
}

/* What stands in the way of the account, "" for nothing. */
static void
find_obstacle(const struct account *a, const char *path, char *dst,
    size_t size)
{
	char *copy = buf_strdup(path), *at = copy;
	struct stat st;

	dst[0] = '\0';
	while (dst[0] == '\0' && (at = strchr(at + 1, '/')) != NULL) {
		*at = '\0';
		if (stat(copy, &st) != 0 || !may(a, &st, 1))
			snprintf(dst, size, "%s", copy);
		*at = '/';
	}
	if (dst[0] == '\0' && (stat(path, &st) != 0 || !may(a, &st, 6)))
		snprintf(dst, size, "%s", path);
	free(copy);
}

/* Postfix's own account; false without one. */
static bool
find_account(struct account *out)
{
	struct postfix postfix;
	struct passwd *pw;
	struct fault ignored;
	char *owner;

	if (!postfix_load(&postfix, &ignored))
		return false;
	owner = postfix_value(&postfix, NULL, "mail_owner");
	pw = getpwnam(owner);
	out->ngroups = MAX_GROUPS;
	if (pw != NULL) {
		out->uid = pw->pw_uid;
		if (getgrouplist(owner, pw->pw_gid, out->groups,
		    &out->ngroups) < 0)
			out->ngroups = MAX_GROUPS;
	}
	free(owner);
	postfix_clear(&postfix);
	return pw != NULL;
}

static bool
answers(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	ok = fd >= 0 && connect(fd, (const struct sockaddr *)&address,
	    sizeof(address)) == 0;
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

/* Another user's folder, or one where all may write, could hold any socket. */
static void
say_folders(struct check *c, const char *path, uid_t owner)
{
	char *copy = buf_strdup(path), *at;
	char remedy[CHECK_TEXT_SIZE];
	bool good = true, is_open = false;
	struct stat st;

	while (good && (at = strrchr(copy, '/')) != NULL && at != copy) {
		*at = '\0';
		good = stat(copy, &st) == 0;
		is_open = good && (st.st_mode & 02) != 0 &&
		    (st.st_mode & S_ISVTX) == 0;
		good = good && !is_open && (st.st_uid == 0 ||
		    st.st_uid == owner);
	}
	snprintf(remedy, sizeof(remedy), "%s %s", is_open ? "chmod o-w" :
	    "chown root", copy);
	check_say(c, "socket", good ? NULL : remedy, "%s%s", good ?
	    "nobody else can put another in its place" :
	    "others could put another in its place: see ", good ? "" : copy);
	free(copy);
}

static void
say_postfix(struct check *c, const char *path)
{
	char obstacle[CHECK_TEXT_SIZE / 3], remedy[CHECK_TEXT_SIZE];
	struct account postfix;

	if (!find_account(&postfix))
		return;
	find_obstacle(&postfix, path, obstacle, sizeof(obstacle));
	snprintf(remedy, sizeof(remedy), "chgrp postfix %s && chmod g+rwx %s",
	    obstacle, obstacle);
	check_say(c, "socket", obstacle[0] == '\0' ? NULL : remedy, "%s%s",
	    obstacle[0] == '\0' ? "Postfix may use it" :
	    "Postfix has no way through ", obstacle);
}

static void
say_unix(struct check *c, const char *path)
{
	static const struct account nobody = { (uid_t)-2, { (gid_t)-2 }, 1 };
	const struct settings *s = c->ctl->settings;
	char obstacle[CHECK_TEXT_SIZE / 2];
	struct passwd *pw = s->user == NULL ? NULL : getpwnam(s->user);
	struct stat st;

	if (lstat(path, &st) != 0 || !S_ISSOCK(st.st_mode)) {
		check_say(c, "socket", "systemctl start embargo-milter",
		    "%s is not there", path);
		return;
	}
	check_say(c, "socket", answers(path) ? NULL : "systemctl restart "
	    "embargo-milter", "%s: %s", path, answers(path) ?
	    "the filter listens" : "nobody listens");
	say_folders(c, path, pw == NULL ? geteuid() : pw->pw_uid);
	find_obstacle(&nobody, path, obstacle, sizeof(obstacle));
	check_say(c, "socket", obstacle[0] != '\0' ? NULL : "socket_mode = "
	    "\"0660\" in the configuration, systemctl restart embargo-milter",
	    "others may %suse it", obstacle[0] != '\0' ? "not " : "");
	say_postfix(c, path);
}

void
check_socket(struct check *c)
{
	static const char *const loopbacks[] = { LOOPBACKS };
	const char *socket = c->ctl->settings->socket;
	size_t i;

	if (strncmp(socket, "inet", 4) != 0) {
		say_unix(c, socket[0] == '/' ? socket :
		    strchr(socket, ':') + 1);
		return;
	}
	for (i = 0; i < sizeof(loopbacks) / sizeof(loopbacks[0]); i++)
		if (strstr(socket, loopbacks[i]) != NULL)
			break;
	check_say(c, "socket", i < sizeof(loopbacks) / sizeof(loopbacks[0]) ?
	    NULL : "socket = \"unix:...\", or a packet filter that lets only "
	    "the MTA in", "%s: whoever reaches it may use it", socket);
}
