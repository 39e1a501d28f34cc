noinst_LIBRARIES += libcore.a libedge.a

libcore_a_SOURCES = \
	milter/core/armor.c milter/core/armor.h \
	milter/core/base64.c milter/core/base64.h \
	milter/core/buf.c milter/core/buf.h \
	milter/core/classify.c milter/core/classify.h \
	milter/core/crd.h \
	milter/core/cursor.c milter/core/cursor.h \
	milter/core/entity.c milter/core/entity.h \
	milter/core/fault.c milter/core/fault.h \
	milter/core/field.c milter/core/field.h \
	milter/core/harmless.c milter/core/harmless.h \
	milter/core/keyset.h milter/core/mail.h \
	milter/core/leaf.c milter/core/leaf.h \
	milter/core/mimevalue.c \
	milter/core/noise.c milter/core/noise.h \
	milter/core/openpgp.c milter/core/openpgp.h \
	milter/core/packet.c milter/core/packet.h \
	milter/core/phrase.c milter/core/phrase.h \
	milter/core/policy.c milter/core/policy.h milter/core/reply.c \
	milter/core/quoted.c milter/core/quoted.h \
	milter/core/settings.h \
	milter/core/signature.c milter/core/signature.h \
	milter/core/text.c milter/core/text.h \
	milter/core/verdict.c milter/core/verdict.h

libedge_a_SOURCES = \
	milter/edge/conf.h

libedge_a_CPPFLAGS = $(AM_CPPFLAGS) $(GPGME_CFLAGS) $(GMIME_CFLAGS) \
	$(HIREDIS_CFLAGS) $(LIBCONFIG_CFLAGS) $(JANSSON_CFLAGS)
EDGE_LIBS = $(GPGME_LIBS) $(GMIME_LIBS) $(HIREDIS_LIBS) $(LIBCONFIG_LIBS) \
	$(JANSSON_LIBS) -lpthread
