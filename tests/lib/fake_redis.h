/*
 * fake_redis: a server on loopback that gives the same answer to a command each
 * time: a Redis or a sentinel, right or wrong.  Trouble ends the test program.
 */
#ifndef TEST_FAKE_REDIS_H
#define TEST_FAKE_REDIS_H

#include <pthread.h>
#include <stdatomic.h>

#define FAKE_MAX_CONNECTIONS 64

/* Answers, whole replies of RESP; "" is silence.  They may be changed at any
 * time. */
struct fake_redis {
	_Atomic(const char *)	 auth, sentinel, role, other;
	int			 port;
	atomic_int		 nconnections;	/* so far */
	/* its own: */
	int			 listener;
	pthread_t		 thread, threads[FAKE_MAX_CONNECTIONS];
	int			 connections[FAKE_MAX_CONNECTIONS];
};

/* All answers are errors at first. */
void	fake_redis_start(struct fake_redis *fake);

/* It dies: nobody listens any more, its connections are closed.  Twice is
 * harmless. */
void	fake_redis_stop(struct fake_redis *fake);

#endif
