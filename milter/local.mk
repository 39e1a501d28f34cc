noinst_LIBRARIES += libcore.a libedge.a

libcore_a_SOURCES = \
	milter/core/buf.c milter/core/buf.h \
	milter/core/fault.c milter/core/fault.h \
	milter/core/settings.h \
	milter/core/text.c milter/core/text.h \
	milter/core/verdict.h

libedge_a_SOURCES = \
	milter/edge/conf.h

libedge_a_CPPFLAGS = $(AM_CPPFLAGS) $(GPGME_CFLAGS) $(GMIME_CFLAGS) \
	$(HIREDIS_CFLAGS) $(LIBCONFIG_CFLAGS) $(JANSSON_CFLAGS)
EDGE_LIBS = $(GPGME_LIBS) $(GMIME_LIBS) $(HIREDIS_LIBS) $(LIBCONFIG_LIBS) \
	$(JANSSON_LIBS) -lpthread
