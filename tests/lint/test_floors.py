"""Who includes whom: the floors of milter/, and one library per file.

Programs and ctl stand on flow, flow on the headers of edge, edge on core, core
on nothing.  Nobody includes upward.
"""
import re

from lint import Spoiled, code, run

SOURCES = ("milter/*.[ch]", "milter/*/*.[ch]")

# What a floor may include of the others; edge has rules of its own as well.
BELOW = {
    "core": {"core"},
    "edge": {"core", "edge"},
    "flow": {"core", "edge", "flow"},
    "ctl": {"core", "edge", "flow", "ctl"},
    "program": {"core", "edge", "flow", "program"},
}

# Every file of edge may write to the log and ask the clock; its other
# neighbours are of its own family (conf_value.c: conf), or stand here.
EVERYONE = {"clock", "log"}
NEIGHBOURS = {
    "gpg": {"hide"},
    "gpgsm": {"gpg"},
    "job": {"hide"},
    "keyring": {"gpg", "gpgsm", "job"},
    "post": {"child"},
    "process": {"hide"},
    "store": {"kv", "digest"},
}
# Headers of edge for edge alone; so is every one with "_" in its name.
PRIVATE = {"kv"}

# C that needs no operating system: all that core may include.
PLAIN = set("""assert inttypes limits stdarg stdbool stddef stdint stdio stdlib
    string""".split())
SYSTEM = PLAIN | set("""dirent errno fcntl getopt grp langinfo locale malloc
    netdb poll pthread pwd semaphore signal spawn stdatomic sys/file sys/ioctl
    sys/mman sys/prctl sys/random sys/resource sys/socket sys/stat sys/time
    sys/timex sys/types sys/un sys/wait sysexits time unistd""".split())

# Where each library, and what else belongs to one place, may be included.
LIBRARIES = {
    "glib.h": r"edge/(digest|kv|kv_command)\.c",
    "gmime/gmime.h": r"edge/mime\.c",
    "gpgme.h": r"edge/gpg(sm)?\.c",
    "hiredis/hiredis.h": r"edge/kv_line\.c",
    "jansson.h": r"ctl/json\.h",
    "libconfig.h": r"edge/conf\.c",
    "libmilter/mfapi.h": r"callbacks\.c",
    "syslog.h": r"edge/log\.c",
}

CLOCKS = re.compile(r"\b(time|clock|clock_gettime|gettimeofday|timespec_get|"
                    r"ftime|mktime|timegm|localtime|localtime_r|gmtime|"
                    r"gmtime_r|strftime)\s*\(")

FOREIGN = re.compile(
    r"\b(gpgme_\w+|gpg_err\w+|GMime\w+|G[A-Z][a-z]\w+|g(?:char|int|uint|"
    r"boolean|pointer|size|ssize|uint8)\b|redis[A-Z]\w+|"
    r"config_(?:setting_)?t\b|json_t\b|SMFICTX|sfsistat|_SOCK_ADDR)")


def includes(tree, path):
    """Number of the line, the name, and whether it is of the system."""
    text = code(tree.read(path), strings=True)
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])(.*?)[>"]', line)
        if match:
            yield number, match[2], match[1] == "<"


def floor_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else "program"


def own_includes(tree):
    """Those of our own headers: path, place, floor, and the header's."""
    for path in tree.find(*SOURCES):
        for number, name, is_system in includes(tree, path):
            if is_system or name.endswith((".css.h", ".lua.h")):
                continue
            where = "%s:%d: %s" % (path, number, name)
            yield path, where, floor_of(path), floor_of("milter/" + name)


def check_direction(tree):
    for path, where, floor, target in own_includes(tree):
        if target == "ctl" and path == "milter/embargoctl.c":
            continue
        if target not in BELOW.get(floor, ()):
            yield "%s: %s must not include %s" % (where, floor, target)


def family(path):
    return re.split(r"[._]", path.split("/")[-1])[0]


def check_neighbours(tree):
    for path, where, floor, target in own_includes(tree):
        if target != "edge":
            continue
        name = where.split(": ")[1]
        ours, theirs = family(path), family(name)
        if floor == "edge":
            if theirs not in {ours} | EVERYONE | NEIGHBOURS.get(ours, set()):
                yield "%s: one outside thing per file" % where
        elif theirs in PRIVATE or "_" in name.split("/")[-1]:
            yield "%s: a private header of edge" % where


def check_libraries(tree):
    seen = set()
    for path in tree.find(*SOURCES):
        allowed = PLAIN if floor_of(path) == "core" else SYSTEM
        for number, name, is_system in includes(tree, path):
            if not is_system or name == "config.h":
                continue
            seen.add(name)
            where = "%s:%d: <%s>" % (path, number, name)
            if name in LIBRARIES:
                if not re.fullmatch("milter/" + LIBRARIES[name], path):
                    yield "%s belongs in %s" % (where, LIBRARIES[name])
            elif name[:-2] not in allowed:
                yield "%s is not on the list" % where
    for name in sorted(set(LIBRARIES) - seen):
        yield "<%s> is on the list, but nobody includes it" % name


def check_clock(tree):
    for path in tree.find(*SOURCES):
        text = code(tree.read(path))
        for match in CLOCKS.finditer(text):
            if path != "milter/edge/clock.c":
                yield "%s: %s() belongs in edge/clock.c" % (path, match[1])


def check_headers(tree):
    for path in tree.find("milter/edge/*.h", "milter/flow/*.h",
                          "milter/core/*.h"):
        for match in FOREIGN.finditer(code(tree.read(path))):
            yield "%s: the foreign type %s" % (path, match[1])


def adding(path, line):
    """Spoils a file by a line at its end."""
    return lambda tree: tree.add(path, line + "\n")


run(
    ("direction", check_direction,
     Spoiled("core that includes edge",
             adding("milter/core/crd.c", '#include "edge/clock.h"'),
             "core must not include edge"),
     Spoiled("core that includes flow",
             adding("milter/core/crd.h", '#include "flow/session.h"'),
             "core must not include flow"),
     Spoiled("edge that includes flow",
             adding("milter/edge/log.c", '#  include "flow/session.h"'),
             "edge must not include flow"),
     Spoiled("flow that includes a program's header",
             adding("milter/flow/session.c", '#include "callbacks.h"'),
             "flow must not include program"),
     Spoiled("a daemon that includes ctl",
             adding("milter/embargo-warnd.c", '#include "ctl/ctl.h"'),
             "program must not include ctl"),
     Spoiled("a new file", lambda tree: tree.write(
         "milter/edge/new.c", '#include "ctl/json.h"\n'),
         "edge must not include ctl")),
    ("neighbours", check_neighbours,
     Spoiled("two outside things in one file",
             adding("milter/edge/mime.c", '#include "edge/keyring.h"'),
             "one outside thing per file"),
     Spoiled("a private header in flow",
             adding("milter/flow/record.c", '#include "edge/store_key.h"'),
             "a private header of edge"),
     Spoiled("the protocol in ctl",
             adding("milter/ctl/list.c", '#include "edge/kv.h"'),
             "a private header of edge")),
    ("libraries", check_libraries,
     Spoiled("gpgme in flow",
             adding("milter/flow/session.c", "#include <gpgme.h>"),
             "belongs in edge/"),
     Spoiled("syslog in core",
             adding("milter/core/crd.c", "#include <syslog.h>"),
             "belongs in edge/"),
     Spoiled("the operating system in core",
             adding("milter/core/crd.c", "#include <unistd.h>"),
             "is not on the list"),
     Spoiled("an unknown library",
             adding("milter/edge/log.c", "#include <openssl/evp.h>"),
             "is not on the list"),
     Spoiled("a library that is not used any more", lambda tree: tree.replace(
         "milter/edge/mime.c", "#include <gmime/gmime.h>", ""),
         "nobody includes it")),
    ("clock", check_clock,
     Spoiled("time(2) in flow", adding(
         "milter/flow/record.c", "int64_t f(void) { return time(NULL); }"),
         "time() belongs"),
     Spoiled("a wait that reads the clock itself", adding(
         "milter/edge/job.c", "x(clock_gettime(CLOCK_MONOTONIC, &t));"),
         "clock_gettime() belongs")),
    ("headers", check_headers,
     Spoiled("a type of gpgme", adding(
         "milter/edge/gpg.h", "void f(gpgme_ctx_t ctx);"), "gpgme_ctx_t"),
     Spoiled("a type of GLib", adding(
         "milter/edge/mime.h", "GString *f(void);"), "GString"),
     Spoiled("a type of hiredis", adding(
         "milter/edge/kv.h", "redisReply *f(void);"), "redisReply")),
)
