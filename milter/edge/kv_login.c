/*
 * kv_login: a name and a password for a server; see kv_login.h.
 */
#include <stdio.h>
#include <string.h>

#include "edge/kv_login.h"

bool
kv_login_init(struct kv_login *login, const char *username, const char *key,
    const char *path, struct fault *fault)
{
	FILE *file;
	bool ok;

	memset(login, 0, sizeof(*login));
	login->username = username;
	if (path == NULL)
		return true;
	file = fopen(path, "r");
	ok = file != NULL &&
	    fgets(login->password, KV_PASSWORD_SIZE, file) != NULL;
	if (file != NULL)
		fclose(file);
	if (!ok) {
		fault_set(fault, FAULT_CONFIG, "redis.%s %s cannot be read",
		    key, path);
		return false;
	}
	login->password[strcspn(login->password, "\r\n")] = '\0';
	if (login->password[0] != '\0')
		return true;
	fault_set(fault, FAULT_CONFIG, "redis.%s %s: its first line is empty",
	    key, path);
	return false;
}

void
kv_login_clear(struct kv_login *login)
{
	explicit_bzero(login, sizeof(*login));
}

bool
kv_login_send(const struct kv_login *login, struct kv_line *line,
    int64_t until_ms, struct fault *fault)
{
	struct kv_reply *reply;
	struct span args[3];
	size_t n = 0;

	if (login->password[0] == '\0')
		return true;
	args[n++] = text_span("AUTH");
	if (login->username != NULL)
		args[n++] = text_span(login->username);
	args[n++] = text_span(login->password);
	if (!kv_line_ask(line, until_ms, args, n, &reply, fault))
		return false;
	kv_reply_free(&reply);
	return true;
}
