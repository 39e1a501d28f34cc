/*
 * description: what mail programs write as Content-Description; see
 * description.h.
 */
#include "core/description.h"
#include "core/encodedword.h"

#define TEXT_MAX 200

/* In UTF-8.  Evolution translates its own; these fit into ISO-8859-1. */
static const char *const known[] = {
	"version code",						/* KMail */
	"This is a digitally encrypted message part",	/* Evolution */
	"This is a digitally signed message part",	/* KMail: with a stop */
	"This is an OpenPGP/MIME encrypted message",
	"Dies ist ein digital verschl\xc3\xbcsselter Nachrichtenteil",
	("Ceci est une partie de message num\xc3\xa9riquement sign\xc3\xa9"
	    "e"),	/* what its French says of encrypted parts, too */
	"Esta parte del mensaje est\xc3\xa1 cifrada digitalmente",
	"Questa \xc3\xa8 una parte del messaggio cifrata digitalmente",
	"Esta \xc3\xa9 uma parte de mensagem criptografada digitalmente",
	"Esta \xc3\xa9 uma parte de mensagem digitalmente cifrada",
	"Dette er en digitalt krypteret del af brevet",
	"Dette er en digitalt kryptert meldingsdel",
	"Detta \xc3\xa4r en digitalt signerad meddelandedel",
	"Dit berichtdeel is digitaal ondertekend",
	"Digitaalisesti salattu viestin osa",
	"Aix\xc3\xb2 \xc3\xa9s una part del missatge xifrat digitalment",
};

bool
description_is_known(struct span value)
{
	struct buf text;
	bool known_text = false, decoded;
	size_t i;

	buf_init(&text, TEXT_MAX);
	decoded = encodedword_decode(text_trim(value), &text);
	if (text.len > 0 && text.data[text.len - 1] == '.')
		text.len--;
	for (i = 0; decoded && i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is_nocase(buf_span(&text), known[i]))
			known_text = true;
	buf_clear(&text);
	return known_text;
}
