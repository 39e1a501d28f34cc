/*
 * service: configuration, keys and store that connections share; see service.h.
 */
#include <pthread.h>
#include <stdlib.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/conf.h"
#include "edge/keyring.h"
#include "edge/log.h"
#include "edge/members.h"
#include "edge/process.h"
#include "flow/service.h"

#define WATCH_SECS	60

struct service {
	char		*conf_path;
	pthread_mutex_t	 mutex;
	struct snapshot	*current;
	/* the watch over the canaries */
	pthread_t	 watcher;
	pthread_cond_t	 wake;
	bool		 has_watcher;
	bool		 must_stop;
	bool		 is_silent;	/* one did not sing at the last look */
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
	struct list_settings *list = &s->settings->lists[i];

	if (!keyring_load(&s->settings->gnupg, list, &s->keys[i], fault))
		return false;
	keyring_sort(&s->keys[i], list);
	return (list->members == NULL ||
	    members_load(list->members, &s->keys[i], fault)) &&
	    (!list->decrypt || inside_new_canary(s->settings, list,
	    &s->keys[i], &s->canaries[i], fault));
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
	for (i = 0; ok && i < settings->nlists; i++) {
		ok = load_list(s, i, fault);
		s->has_guard = s->has_guard || settings->lists[i].guard;
	}
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
	clock_cond_init(&service->wake);
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

bool
service_has_guard(struct service *service)
{
	struct snapshot *s = service_hold(service);
	bool has_guard = s->has_guard;

	service_drop(service, &s);
	return has_guard;
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

/* ---- the watch ---- */

static void
try_canaries(struct service *service)
{
	struct snapshot *s = service_hold(service);
	struct fault fault;
	bool silent = false;
	size_t i;

	for (i = 0; i < s->settings->nlists && !silent; i++)
		silent = s->canaries[i] != NULL && !inside_try_canary(
		    s->settings, s->canaries[i], &fault);
	if (silent && !service->is_silent)
		log_error("list %s: %s: its mail is deferred until that is "
		    "mended", s->settings->lists[i - 1].name, fault.text);
	else if (!silent && service->is_silent)
		log_notice("every sighted list can be decrypted again");
	service->is_silent = silent;
	service_drop(service, &s);
}

/* True when the time has passed, false when it is to end. */
static bool
wait_for_next(struct service *service)
{
	int64_t until = clock_monotonic_ms() + WATCH_SECS * 1000;
	bool go_on = true;

	pthread_mutex_lock(&service->mutex);
	while (!service->must_stop && go_on)
		go_on = clock_cond_wait(&service->wake, &service->mutex,
		    until);
	go_on = !service->must_stop;
	pthread_mutex_unlock(&service->mutex);
	return go_on;
}

static void *
watch_main(void *arg)
{
	while (wait_for_next(arg))
		try_canaries(arg);
	return NULL;
}

bool
service_watch(struct service *service, struct fault *fault)
{
	service->has_watcher = process_start_thread(&service->watcher,
	    watch_main, service, fault);
	return service->has_watcher;
}

static void
stop_watch(struct service *service)
{
	if (!service->has_watcher)
		return;
	pthread_mutex_lock(&service->mutex);
	service->must_stop = true;
	pthread_cond_signal(&service->wake);
	pthread_mutex_unlock(&service->mutex);
	pthread_join(service->watcher, NULL);
}

void
service_free(struct service **service)
{
	struct service *s = *service;

	*service = NULL;
	if (s == NULL)
		return;
	stop_watch(s);
	service_drop(s, &s->current);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->mutex);
	free(s->conf_path);
	free(s);
}
