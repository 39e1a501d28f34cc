/*
 * fake_redis: a server that gives the same answers each time; see fake_redis.h.
 *
 * A thread for each connection; a command is expected to come in one piece.
 */
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fake_redis.h"

struct connection {
	struct fake_redis	*fake;
	int			 fd;
};

static void
must(bool ok)
{
	if (ok)
		return;
	printf("Bail out! fake_redis: no socket or thread\n");
	exit(1);
}

static const char *
reply_of(struct fake_redis *fake, const char *command)
{
	if (strstr(command, "\r\nAUTH\r\n") != NULL)
		return fake->auth;
	if (strstr(command, "\r\nSENTINEL\r\n") != NULL)
		return fake->sentinel;
	if (strstr(command, "\r\nROLE\r\n") != NULL)
		return fake->role;
	return fake->other;
}

static void *
talk(void *arg)
{
	struct connection c = *(struct connection *)arg;
	char command[4096];
	const char *reply;
	ssize_t n;

	free(arg);
	while ((n = recv(c.fd, command, sizeof(command) - 1, 0)) > 0) {
		command[n] = '\0';
		reply = reply_of(c.fake, command);
		(void)!send(c.fd, reply, strlen(reply), MSG_NOSIGNAL);
	}
	return NULL;
}

static void *
serve(void *arg)
{
	struct fake_redis *fake = arg;
	struct connection *c;
	int fd, i;

	while ((fd = accept(fake->listener, NULL, NULL)) >= 0) {
		i = fake->nconnections;
		if (i == FAKE_MAX_CONNECTIONS)
			abort();
		c = malloc(sizeof(*c));
		*c = (struct connection){ fake, fd };
		fake->connections[i] = fd;
		fake->nconnections = i + 1;	/* before its answers */
		if (pthread_create(&fake->threads[i], NULL, talk, c) != 0)
			abort();
	}
	return NULL;
}

void
fake_redis_start(struct fake_redis *fake)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);

	memset(fake, 0, sizeof(*fake));
	fake->auth = fake->sentinel = "-ERR unknown\r\n";
	fake->role = fake->other = "-ERR unknown\r\n";
	fake->listener = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(fake->listener, (struct sockaddr *)&name, len) == 0);
	must(listen(fake->listener, 16) == 0);
	must(getsockname(fake->listener, (struct sockaddr *)&name, &len) == 0);
	fake->port = ntohs(name.sin_port);
	must(pthread_create(&fake->thread, NULL, serve, fake) == 0);
}

void
fake_redis_stop(struct fake_redis *fake)
{
	int i;

	if (fake->listener < 0)
		return;
	shutdown(fake->listener, SHUT_RDWR);
	pthread_join(fake->thread, NULL);
	close(fake->listener);
	fake->listener = -1;
	for (i = 0; i < fake->nconnections; i++) {
		shutdown(fake->connections[i], SHUT_RDWR);
		pthread_join(fake->threads[i], NULL);
		close(fake->connections[i]);
	}
}
