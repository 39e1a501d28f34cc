/*
 * conf: the configuration file; see conf.h.
 *
 * One walk over libconfig's tree for each group, led by the tables of
 * conf_key.c: what a table does not name is an error.  Values are parsed by
 * type in conf_value.c; here stand the groups and the checks across keys.
 */
#include <libconfig.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/conf.h"
#include "edge/conf_check.h"
#include "edge/conf_key.h"
#include "edge/conf_value.h"

static bool
fail(struct conf_reader *r, const config_setting_t *at, const char *key,
    const char *what)
{
	fault_set(r->fault, FAULT_CONFIG, "%s:%d: %s: %s", r->path,
	    at == NULL ? 1 : (int)config_setting_source_line(at), key, what);
	return false;
}

/* The same, at the line of a key of s where the file has it. */
static bool
fail_key(struct conf_reader *r, const config_setting_t *s, const char *key,
    const char *what)
{
	const config_setting_t *at = s == NULL ? NULL :
	    config_setting_get_member(s, key);

	return fail(r, at == NULL ? s : at, key, what);
}

static const struct conf_key *
find_key(const struct conf_group *group, const char *name)
{
	size_t i;

	for (i = 0; i < group->n; i++)
		if (strcmp(group->keys[i].name, name) == 0)
			return &group->keys[i];
	return NULL;
}

static bool
refuse_unknown(struct conf_reader *r, const struct conf_group *group,
    const config_setting_t *s)
{
	char what[400] = "unknown key; known here are";
	size_t len = strlen(what), i;

	if (group == &conf_redis &&
	    strncmp(config_setting_name(s), "tls", 3) == 0)
		return fail(r, s, config_setting_name(s), "no TLS in this "
		    "version: use a tunnel, see embargo-milter.conf(5)");
	for (i = 0; i < group->n && len < sizeof(what); i++)
		len += (size_t)snprintf(what + len, sizeof(what) - len,
		    " %s", group->keys[i].name);
	return fail(r, s, config_setting_name(s), what);
}

/* The text of a scalar, as the parsers want it. */
static const char *
scalar(const config_setting_t *s, char *number, size_t size)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		return config_setting_get_string(s);
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(number, size, "%lld",
		    config_setting_get_int64(s));
		return number;
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(s) ? "true" : "false";
	default:
		return NULL;
	}
}

static bool
is_quoted_type(enum conf_type type)
{
	return type != CONF_BOOL && type != CONF_INT && type != CONF_COUNT &&
	    type != CONF_SIZE;
}

/* Is the libconfig type one that this key may have? */
static bool
has_type(const config_setting_t *s, enum conf_type type)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		return type != CONF_BOOL && type != CONF_INT &&
		    type != CONF_COUNT;
	case CONFIG_TYPE_BOOL:
		return type == CONF_BOOL;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return !is_quoted_type(type) && type != CONF_BOOL;
	default:
		return false;
	}
}

/* One key with all its values, each given to conf_value_set(). */
static bool
read_key(struct conf_reader *r, const config_setting_t *s,
    const struct conf_key *key, void *base)
{
	const config_setting_t *one;
	char number[24];
	const char *text;
	int i, n;

	if (!conf_value_is_array(key->type)) {
		text = has_type(s, key->type) ?
		    scalar(s, number, sizeof(number)) : NULL;
		return conf_value_set(r, key, base, text) ||
		    fail(r, s, key->name, r->what);
	}
	if (config_setting_type(s) == CONFIG_TYPE_STRING)
		return conf_value_set(r, key, base,
		    config_setting_get_string(s)) ||
		    fail(r, s, key->name, r->what);
	if (!config_setting_is_array(s) && !config_setting_is_list(s))
		return conf_value_set(r, key, base, NULL) ||
		    fail(r, s, key->name, r->what);
	n = config_setting_length(s);
	for (i = 0; i < n; i++) {
		one = config_setting_get_elem(s, (unsigned)i);
		if (!conf_value_set(r, key, base, has_type(one, key->type) ?
		    config_setting_get_string(one) : NULL))
			return fail(r, one, key->name, r->what);
	}
	return true;
}

/* Defaults of all keys that the file does not name. */
static bool
read_defaults(struct conf_reader *r, const config_setting_t *s,
    const struct conf_group *group, void *base)
{
	const struct conf_key *key;
	size_t i;

	for (i = 0; i < group->n; i++) {
		key = &group->keys[i];
		if (key->type == CONF_SPECIAL || key->fallback == NULL ||
		    (s != NULL &&
		    config_setting_get_member(s, key->name) != NULL))
			continue;
		if (!conf_value_set_default(r, key, base))
			return fail(r, s, key->name, r->what);
	}
	return true;
}

/* All of a group but its special keys.  s may be NULL: only defaults. */
static bool
read_group(struct conf_reader *r, const config_setting_t *s,
    const struct conf_group *group, void *base)
{
	const struct conf_key *key;
	const config_setting_t *one;
	int i;

	if (s != NULL && !config_setting_is_group(s))
		return fail(r, s, group->name,
		    "accepted: a group { key = value; ... }");
	for (i = 0; s != NULL && i < config_setting_length(s); i++) {
		one = config_setting_get_elem(s, (unsigned)i);
		key = find_key(group, config_setting_name(one));
		if (key == NULL)
			return refuse_unknown(r, group, one);
		if (key->type != CONF_SPECIAL &&
		    !read_key(r, one, key, base))
			return false;
	}
	return read_defaults(r, s, group, base);
}

static bool
read_accept(struct conf_reader *r, const config_setting_t *s,
    struct list_settings *list)
{
	static const char wanted[] = "accepted: an array of \"pgp-mime\", "
	    "\"pgp-inline\", \"smime\"";
	const char *name;
	int i;

	if (s == NULL) {
		list->accept_pgp_mime = list->accept_pgp_inline = true;
		return true;
	}
	if (config_setting_length(s) == 0)
		return fail(r, s, "accept", wanted);
	for (i = 0; i < config_setting_length(s); i++) {
		name = config_setting_get_string_elem(s, i);
		if (name != NULL && strcmp(name, "pgp-mime") == 0)
			list->accept_pgp_mime = true;
		else if (name != NULL && strcmp(name, "pgp-inline") == 0)
			list->accept_pgp_inline = true;
		else if (name != NULL && strcmp(name, "smime") == 0)
			list->accept_smime = true;
		else
			return fail(r, s, "accept", wanted);
	}
	return true;
}

/* Is text fit for a Redis key and a log line? */
static bool
is_plain(const char *text)
{
	return text[0] != '\0' && strlen(text) <= 64 &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-") == strlen(text);
}

static bool
finish_list(struct conf_reader *r, const config_setting_t *s,
    struct list_settings *list)
{
	static const char plain[] =
	    "accepted: letters, digits, \".\", \"_\", \"-\"; at most 64";

	if (list->address.n == 0)
		return fail_key(r, s, "address", "missing; accepted: the "
		    "list's addresses, as [ \"list@example.org\" ]");
	if (list->key.n == 0)
		return fail_key(r, s, "key", "missing; accepted: fingerprints "
		    "of 40 or 64 hexadecimal digits");
	if (list->name == NULL)
		list->name = buf_strndup(text_sub(
		    text_span(list->address.v[0]), 0,
		    strcspn(list->address.v[0], "@")));
	if (list->tracker == NULL)
		list->tracker = buf_strdup(list->name);
	if (!is_plain(list->name))
		return fail_key(r, s, "name", plain);
	if (!is_plain(list->tracker))
		return fail_key(r, s, "tracker", plain);
	if (!is_plain(list->issue_prefix) || strlen(list->issue_prefix) > 16)
		return fail_key(r, s, "issue_prefix", "accepted: letters, "
		    "digits, \".\", \"_\", \"-\"; at most 16");
	if (list->signature != SIGNATURE_IGNORE && !list->decrypt)
		return fail_key(r, s, "signature", "needs decrypt = true: the "
		    "signature is inside; accepted without it: \"ignore\"");
	if (list->signature == SIGNATURE_MEMBER && list->members == NULL)
		return fail_key(r, s, "signature",
		    "\"member\" needs members = \"FILE\"");
	return true;
}

static bool
read_list(struct conf_reader *r, const config_setting_t *s,
    struct list_settings *list)
{
	return read_group(r, s, &conf_list, list) &&
	    read_accept(r, config_setting_get_member(s, "accept"), list) &&
	    read_group(r, config_setting_get_member(s, "embargo"),
	    &conf_embargo, &list->embargo) && finish_list(r, s, list);
}

static bool
share_address(const struct list_settings *x, const struct list_settings *y)
{
	size_t a, b;

	for (a = 0; a < x->address.n; a++)
		for (b = 0; b < y->address.n; b++)
			if (text_is_nocase(text_span(x->address.v[a]),
			    y->address.v[b]))
				return true;
	return false;
}

/* Names and addresses must tell lists apart. */
static bool
check_twins(struct conf_reader *r, const config_setting_t *s,
    const struct settings *settings, size_t n)
{
	const struct list_settings *new = &settings->lists[n], *old;
	size_t i;

	for (i = 0; i < n; i++) {
		old = &settings->lists[i];
		if (strcmp(old->name, new->name) == 0)
			return fail_key(r, s, "name", "used by two lists");
		if (strcmp(old->tracker, new->tracker) == 0 &&
		    strcmp(old->issue_prefix, new->issue_prefix) != 0)
			return fail_key(r, s, "issue_prefix",
			    "lists of one tracker need the same one");
		if (share_address(old, new))
			return fail_key(r, s, "address", "used by two lists");
	}
	return true;
}

static bool
read_lists(struct conf_reader *r, const config_setting_t *s,
    struct settings *settings)
{
	const config_setting_t *one;
	size_t n = 0, i;

	if (s != NULL && (config_setting_is_list(s) ||
	    config_setting_is_array(s)))
		n = (size_t)config_setting_length(s);
	if (n == 0)
		return fail(r, s, "lists", "missing; accepted: "
		    "( { address = [ ... ]; key = [ ... ]; }, ... )");
	settings->lists = buf_alloc_zero(n, sizeof(*settings->lists));
	for (i = 0; i < n; i++) {
		settings->nlists++;
		one = config_setting_get_elem(s, (unsigned)i);
		if (!read_list(r, one, &settings->lists[i]) ||
		    !check_twins(r, one, settings, i))
			return false;
	}
	return true;
}

static bool
read_redis(struct conf_reader *r, const config_setting_t *s,
    struct redis_settings *redis)
{
	const config_setting_t *at;
	const char *key, *what;

	if (!read_group(r, s, &conf_redis, redis))
		return false;
	if (!is_plain(redis->prefix))
		return fail(r, s, "prefix",
		    "accepted: letters, digits, \".\", \"_\", \"-\"");
	key = conf_check_redis(redis, s != NULL &&
	    config_setting_get_member(s, "address") != NULL, &what);
	if (key == NULL)
		return true;
	at = config_setting_get_member(s, key);
	return fail(r, at == NULL ? s : at, key, what);
}

/* After the lists. */
static bool
read_alerts(struct conf_reader *r, const config_setting_t *s,
    struct settings *settings)
{
	struct alert_settings *alerts = &settings->alerts;
	const char *key, *what, *domain;
	char from[300];
	bool has_from;

	if (!read_group(r, s, &conf_alerts, alerts))
		return false;
	has_from = alerts->mail_from != NULL;
	if (!has_from) {
		domain = strchr(settings->lists[0].address.v[0], '@');
		snprintf(from, sizeof(from), "embargo%s", domain);
		alerts->mail_from = buf_strdup(from);
	}
	key = conf_check_alerts(settings, has_from, &what);
	return key == NULL || fail_key(r, s, key, what);
}

static bool
read_all(struct conf_reader *r, const config_setting_t *root,
    struct settings *settings)
{
	return read_group(r, root, &conf_top, settings) &&
	    read_redis(r, config_setting_get_member(root, "redis"),
	    &settings->redis) &&
	    read_group(r, config_setting_get_member(root, "gnupg"),
	    &conf_gnupg, &settings->gnupg) &&
	    read_group(r, config_setting_get_member(root, "limits"),
	    &conf_limits, &settings->limits) &&
	    read_lists(r, config_setting_get_member(root, "lists"),
	    settings) &&
	    read_alerts(r, config_setting_get_member(root, "alerts"),
	    settings);
}

bool
conf_load(const char *path, struct settings **settings_out,
    struct fault *fault)
{
	struct settings *settings = buf_alloc_zero(1, sizeof(*settings));
	struct conf_reader reader = { path, fault, "" };
	config_t config;
	bool ok = false;

	config_init(&config);
	settings->file = buf_strdup(path);
	if (config_read_file(&config, path) != CONFIG_TRUE)
		fault_set(fault, FAULT_CONFIG, "%s:%d: %s", path,
		    config_error_line(&config),
		    config_error_type(&config) == CONFIG_ERR_FILE_IO ?
		    "cannot be read" : config_error_text(&config));
	else
		ok = read_all(&reader, config_root_setting(&config),
		    settings);
	config_destroy(&config);
	if (ok) {
		*settings_out = settings;
		settings = NULL;
	}
	conf_free(&settings);
	return ok;
}

bool
conf_is_socket(const char *text)
{
	return conf_value_is_socket(text);
}

struct settings *
conf_default(void)
{
	struct settings *settings = buf_alloc_zero(1, sizeof(*settings));
	struct fault fault;
	struct conf_reader reader = { "", &fault, "" };

	settings->file = buf_strdup("");
	settings->lists = buf_alloc_zero(1, sizeof(*settings->lists));
	settings->nlists = 1;
	if (!read_group(&reader, NULL, &conf_top, settings) ||
	    !read_group(&reader, NULL, &conf_limits, &settings->limits) ||
	    !read_group(&reader, NULL, &conf_list, settings->lists) ||
	    !read_group(&reader, NULL, &conf_embargo,
	    &settings->lists[0].embargo) ||
	    !read_accept(&reader, NULL, settings->lists))
		abort();
	settings->lists[0].name = buf_strdup("any");
	return settings;
}

static void
free_group(const struct conf_group *group, void *base)
{
	size_t i;

	for (i = 0; i < group->n; i++)
		conf_value_free(&group->keys[i], base);
}

static void
free_list(struct list_settings *list)
{
	size_t i;

	for (i = 0; i < list->certificate.n; i++)
		free(list->certificate.v[i]);
	free(list->certificate.v);
	free_group(&conf_list, list);
}

void
conf_free(struct settings **settings)
{
	struct settings *s = *settings;
	size_t i;

	*settings = NULL;
	if (s == NULL)
		return;
	for (i = 0; i < s->nlists; i++)
		free_list(&s->lists[i]);
	free(s->lists);
	free_group(&conf_alerts, &s->alerts);
	free(s->alerts.before_secs);
	free_group(&conf_redis, &s->redis);
	free_group(&conf_gnupg, &s->gnupg);
	free_group(&conf_top, s);
	free(s->file);
	free(s);
}
