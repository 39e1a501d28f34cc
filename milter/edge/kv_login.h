/*
 * kv_login: a name and a password for a server, kept in memory.
 *
 * Only kv_master.c and kv_sentinel.c include this.
 */
#ifndef EDGE_KV_LOGIN_H
#define EDGE_KV_LOGIN_H

#include "edge/kv_line.h"

#define KV_PASSWORD_SIZE 512

struct kv_login {
	const char	*username;			/* NULL: the default */
	char		 password[KV_PASSWORD_SIZE];	/* "": no log-in */
};

/*
 * The password is the first line of the file at path; NULL: none.  key is the
 * configuration's, for the fault.
 */
bool	kv_login_init(struct kv_login *login, const char *username,
	    const char *key, const char *path, struct fault *fault)
	    __attribute__((warn_unused_result));
void	kv_login_clear(struct kv_login *login);

/* AUTH on a new line, where there is a password. */
bool	kv_login_send(const struct kv_login *login, struct kv_line *line,
	    int64_t until_ms, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
