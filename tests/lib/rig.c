/*
 * rig: a redis-server of the test's own; see rig.h.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/rig.h"

#define TRIES	500	/* of 10 ms */

static void
give_up(const char *what, const char *detail)
{
	printf("Bail out! %s: %s\n", what, detail);
	exit(1);
}

static void
pause_ms(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static void
run_server(const struct rig *rig)
{
	const char *argv[40] = { "redis-server", "--port", "0", "--unixsocket",
	    rig->socket, "--unixsocketperm", "700", "--dir", rig->folder,
	    "--save", "", "--appendonly", "no", "--logfile" };
	int null = open("/dev/null", O_RDWR);
	const char *const *option;
	char log[96];
	size_t n = 0;

	/* a test that gives up must not leave it behind */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(log, sizeof(log), "%s/redis.log", rig->folder);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	while (argv[n] != NULL)
		n++;
	argv[n++] = log;
	for (option = rig->options; option != NULL && *option != NULL;
	    option++)
		argv[n++] = *option;
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* The socket's file is there a moment before anybody listens. */
static bool
is_listening(const struct rig *rig)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
	    rig->socket);
	ok = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return ok;
}

void
rig_start_server(struct rig *rig)
{
	int i;

	rig->pid = fork();
	if (rig->pid == 0)
		run_server(rig);
	for (i = 0; i < TRIES; i++) {
		if (is_listening(rig))
			return;
		if (waitpid(rig->pid, NULL, WNOHANG) == rig->pid)
			break;
		pause_ms(10);
	}
	give_up("redis-server", "it does not start");
}

void
rig_kill_server(struct rig *rig)
{
	kill(rig->pid, SIGKILL);
	waitpid(rig->pid, NULL, 0);
	unlink(rig->socket);
}

void
rig_reopen(struct rig *rig)
{
	struct fault fault;

	store_free(&rig->store);
	kv_free(&rig->kv);
	if (!store_new(&rig->redis, &rig->store, &fault) ||
	    !kv_new(&rig->redis, &rig->kv, &fault))
		give_up("store_new", fault.text);
}

static void
fill_settings(struct rig *rig)
{
	memset(&rig->redis, 0, sizeof(rig->redis));
	snprintf(rig->address, sizeof(rig->address), "unix:%s", rig->socket);
	rig->redis.address = rig->address;
	rig->redis.prefix = (char *)(uintptr_t)"embargo";
	rig->redis.timeout_ms = 2000;
	memset(&rig->list, 0, sizeof(rig->list));
	rig->list.name = (char *)(uintptr_t)"distros";
	rig->list.tracker = (char *)(uintptr_t)"distros";
	rig->list.issue_prefix = (char *)(uintptr_t)"VS";
	rig->list.embargo.max_secs = 14 * RIG_DAY;
	rig->list.embargo.exploit_max_secs = 7 * RIG_DAY;
	rig->list.embargo.missing = MISSING_ASSUME;
	rig->list.embargo.over_max = OVER_MAX_FLAG;
	rig->list.embargo.changes = CHANGES_MEMBERS;
}

void
rig_start(struct rig *rig)
{
	rig_start_with(rig, NULL);
}

void
rig_start_with(struct rig *rig, const char *const *options)
{
	memset(rig, 0, sizeof(*rig));
	rig->options = options;
	strcpy(rig->folder, "/tmp/rig-XXXXXX");
	if (mkdtemp(rig->folder) == NULL)
		give_up("mkdtemp", rig->folder);
	snprintf(rig->socket, sizeof(rig->socket), "%s/s", rig->folder);
	fill_settings(rig);
	rig_start_server(rig);
	rig_reopen(rig);
}

/* "embargo:{TRACKER}:...", for each key that a test leaves behind. */
static void
check_keys(struct rig *rig)
{
	struct kv_reply *keys = rig_ask(rig, "KEYS *");
	char key[200];
	char *end;
	size_t i;

	for (i = 0; i < kv_count(keys); i++) {
		text_print(kv_text(kv_at(keys, i)), key, sizeof(key));
		end = strchr(key, '}');
		if (strncmp(key, "embargo:{", 9) != 0 || end == NULL ||
		    end == key + 9 || end[1] != ':')
			give_up("a key without its tracker", key);
	}
	kv_reply_free(&keys);
}

void
rig_stop(struct rig *rig)
{
	char path[128];

	check_keys(rig);
	store_free(&rig->store);
	kv_free(&rig->kv);
	rig_kill_server(rig);
	snprintf(path, sizeof(path), "%s/redis.log", rig->folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/nodes.conf", rig->folder);
	unlink(path);
	rmdir(rig->folder);
}

void
rig_reset(struct rig *rig)
{
	struct kv_reply *reply;

	fill_settings(rig);
	check_keys(rig);
	reply = rig_ask(rig, "FLUSHALL");
	kv_reply_free(&reply);
}

void
rig_mail(struct rig *rig, const char *lineage, struct store_mail *mail_out)
{
	struct span rest = text_span(lineage), id;
	size_t end;

	memset(mail_out, 0, sizeof(*mail_out));
	mail_out->list = &rig->list;
	mail_out->now = RIG_NOW;
	mail_out->sender = text_span("reporter@example.org");
	while (rest.len > 0) {
		end = text_find_nocase(rest, " <- ");
		id = text_sub(rest, 0, end);
		if (mail_out->message_id.data == NULL)
			mail_out->message_id = mail_out->body = id;
		else
			mail_out->ancestors[mail_out->nancestors++] = id;
		rest = text_sub(rest, end + 4, rest.len);
	}
}

void
rig_record(struct rig *rig, const struct store_mail *mail,
    struct store_answer *out)
{
	struct fault fault;

	if (!store_record(rig->store, mail, out, &fault))
		give_up("store_record", fault.text);
}

struct kv_reply *
rig_ask(struct rig *rig, const char *words)
{
	struct span rest = text_span(words);
	struct kv_command command;
	struct kv_reply *reply;
	struct fault fault;
	size_t end;

	kv_begin(&command);
	while (rest.len > 0) {
		end = text_find_nocase(rest, " ");
		kv_add_span(&command, text_sub(rest, 0, end));
		rest = text_sub(rest, end + 1, rest.len);
	}
	if (!kv_call(rig->kv, &command, 0, &reply, &fault))
		give_up(words, fault.text);
	return reply;
}

int64_t
rig_number(struct rig *rig, const char *words)
{
	struct kv_reply *reply = rig_ask(rig, words);
	int64_t number = kv_number(reply);

	kv_reply_free(&reply);
	return number;
}

void
rig_text(struct rig *rig, const char *words, char *dst, size_t size)
{
	struct kv_reply *reply = rig_ask(rig, words);

	text_print(kv_text(reply), dst, size);
	kv_reply_free(&reply);
}

void
rig_alerts(struct rig *rig, char *dst, size_t size)
{
	struct store_entry *entries;
	struct fault fault;
	size_t n, i, used = 0;

	if (!store_alerts(rig->store, "distros", "0", 100, 0, &entries, &n,
	    &fault))
		give_up("store_alerts", fault.text);
	dst[0] = '\0';
	for (i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(dst + used, size - used, "%s%s",
		    i == 0 ? "" : " ",
		    store_entry_value(&entries[i], "kind"));
	store_free_entries(&entries, n);
}
