/*
 * nothing: a filter that does nothing, to compare embargo-milter with.
 *
 *     nothing header|body|plain SOCKET
 *
 * It registers the same callbacks.  With "header" it asks the MTA for what
 * embargo-milter asks for and accepts at DATA, as embargo-milter does with mail
 * that is for no list; with "body" it is given the whole message.  "plain" does
 * that as well, but leaves to libmilter what to ask for, as most filters do:
 * the MTA waits for an answer to each packet.
 */
#include <libmilter/mfapi.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MAX_PACKET	(2 * 1024 * 1024)
#define ACTIONS		(SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_CHGBODY | \
			SMFIF_QUARANTINE)
#define STEPS		(SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | \
			SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NOHELO | \
			SMFIP_NOUNKNOWN | SMFIP_SKIP)

static bool wants_body;
static sfsistat go_on = SMFIS_NOREPLY;

static sfsistat
cb_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1,
    unsigned long f2, unsigned long f3, unsigned long *pf0,
    unsigned long *pf1, unsigned long *pf2, unsigned long *pf3)
{
	(void)ctx;
	(void)f2;
	(void)f3;
	*pf0 = f0 & ACTIONS;
	*pf1 = f1 & STEPS;
	*pf2 = *pf3 = 0;
	return SMFIS_CONTINUE;
}

static sfsistat
cb_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *addr)
{
	(void)ctx;
	(void)host;
	(void)addr;
	return go_on;
}

/* MAIL and RCPT. */
static sfsistat
cb_address(SMFICTX *ctx, char **argv)
{
	(void)ctx;
	(void)argv;
	return go_on;
}

static sfsistat
cb_data(SMFICTX *ctx)
{
	(void)ctx;
	return wants_body ? SMFIS_CONTINUE : SMFIS_ACCEPT;
}

static sfsistat
cb_header(SMFICTX *ctx, char *name, char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
	return go_on;
}

static sfsistat
cb_eoh(SMFICTX *ctx)
{
	(void)ctx;
	return go_on;
}

static sfsistat
cb_body(SMFICTX *ctx, unsigned char *data, size_t len)
{
	(void)ctx;
	(void)data;
	(void)len;
	return SMFIS_CONTINUE;
}

/* End of message, abort, close. */
static sfsistat
cb_end(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_CONTINUE;
}

int
main(int argc, char **argv)
{
	static char name[] = "nothing";
	struct smfiDesc description = {
		.xxfi_name = name,
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = ACTIONS,
		.xxfi_connect = cb_connect,
		.xxfi_envfrom = cb_address,
		.xxfi_envrcpt = cb_address,
		.xxfi_header = cb_header,
		.xxfi_eoh = cb_eoh,
		.xxfi_body = cb_body,
		.xxfi_eom = cb_end,
		.xxfi_abort = cb_end,
		.xxfi_close = cb_end,
		.xxfi_data = cb_data,
		.xxfi_negotiate = cb_negotiate,
	};

	if (argc != 3) {
		fprintf(stderr, "usage: nothing header|body|plain SOCKET\n");
		return 64;
	}
	wants_body = strcmp(argv[1], "header") != 0;
	if (strcmp(argv[1], "plain") == 0) {
		description.xxfi_negotiate = NULL;
		go_on = SMFIS_CONTINUE;
	}
	if (smfi_setconn(argv[2]) != MI_SUCCESS ||
	    smfi_register(description) != MI_SUCCESS ||
	    smfi_setmaxdatasize(MAX_PACKET) == 0 ||
	    smfi_opensocket(true) != MI_SUCCESS)
		return 69;
	return smfi_main() == MI_SUCCESS ? 0 : 69;
}
