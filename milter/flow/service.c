/*
 * service: configuration, keys and store that connections share; see service.h.
 */
#include <pthread.h>
#include <stdlib.h>

#include "core/buf.h"
#include "edge/conf.h"
#include "edge/keyring.h"
#include "edge/members.h"
#include "flow/service.h"

struct service {
	char		*conf_path;
	pthread_mutex_t	 mutex;
	struct snapshot	*current;
};

static void
snapshot_free(struct snapshot **snapshot)
{
	struct snapshot *s = *snapshot;
	size_t i;

	*snapshot = NULL;
	if (s == NULL)
		return;
	for (i = 0; s->keys != NULL && i < s->settings->nlists; i++) {
		members_clear(&s->keys[i]);
		keyring_clear(&s->keys[i]);
		inside_free_canary(&s->canaries[i]);
	}
	free(s->keys);
	free(s->canaries);
	store_free(&s->store);
	conf_free(&s->settings);
	free(s);
}

/* What one list needs to know: its keys, its members, its canary. */
static bool
load_list(struct snapshot *s, size_t i, struct fault *fault)
{
	const struct list_settings *list = &s->settings->lists[i];

	return keyring_load(&s->settings->gnupg, &list->key, &s->keys[i],
	    fault) &&
	    (list->members == NULL ||
	    members_load(list->members, &s->keys[i], fault)) &&
	    (!list->decrypt || inside_new_canary(s->settings, list,
	    &s->canaries[i], fault));
}

static bool
snapshot_new(const char *conf_path, struct snapshot **snapshot_out,
    struct fault *fault)
{
	struct snapshot *s = buf_alloc_zero(1, sizeof(*s));
	const struct settings *settings;
	bool ok;
	size_t i;

	ok = conf_load(conf_path, &s->settings, fault);
	if (!ok)
		goto out;
	settings = s->settings;
	s->keys = buf_alloc_zero(settings->nlists, sizeof(*s->keys));
	s->canaries = buf_alloc_zero(settings->nlists, sizeof(*s->canaries));
	for (i = 0; ok && i < settings->nlists; i++)
		ok = load_list(s, i, fault);
	if (ok)
		ok = store_new(&settings->redis, &s->store, fault);
out:
	if (ok) {
		s->users = 1;
		*snapshot_out = s;
		s = NULL;
	}
	snapshot_free(&s);
	return ok;
}

bool
service_new(const char *conf_path, struct service **service_out,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct service *service;

	if (!snapshot_new(conf_path, &snapshot, fault))
		return false;
	service = buf_alloc_zero(1, sizeof(*service));
	service->conf_path = buf_strdup(conf_path);
	service->current = snapshot;
	pthread_mutex_init(&service->mutex, NULL);
	*service_out = service;
	return true;
}

struct snapshot *
service_hold(struct service *service)
{
	struct snapshot *s;

	pthread_mutex_lock(&service->mutex);
	s = service->current;
	s->users++;
	pthread_mutex_unlock(&service->mutex);
	return s;
}

void
service_drop(struct service *service, struct snapshot **snapshot)
{
	struct snapshot *s = *snapshot;
	bool last;

	*snapshot = NULL;
	if (s == NULL)
		return;
	pthread_mutex_lock(&service->mutex);
	last = --s->users == 0;
	pthread_mutex_unlock(&service->mutex);
	if (last)
		snapshot_free(&s);
}

bool
service_reload(struct service *service, struct fault *fault)
{
	struct snapshot *fresh, *old;

	if (!snapshot_new(service->conf_path, &fresh, fault))
		return false;
	pthread_mutex_lock(&service->mutex);
	old = service->current;
	service->current = fresh;
	pthread_mutex_unlock(&service->mutex);
	service_drop(service, &old);
	return true;
}

void
service_free(struct service **service)
{
	struct service *s = *service;

	*service = NULL;
	if (s == NULL)
		return;
	service_drop(s, &s->current);
	pthread_mutex_destroy(&s->mutex);
	free(s->conf_path);
	free(s);
}
