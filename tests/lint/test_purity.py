"""core is pure: what libcore.a asks of the C library, and what it can change.

No I/O, no clock, no locale, no environment: the undefined symbols of its
objects stand in a list of functions on memory and strings.  No globals: its
objects have no writable data.  What sanitizers, coverage and fortification put
in is overlooked.
"""
import os
import re
import shlex
import subprocess
import tempfile

from lint import BUILD, tap

LIBRARY = os.path.join(BUILD, "libcore.a")

ALLOWED = set("""bcmp memchr memcmp memcpy memmem memmove memrchr memset strchr
    strcmp strcspn strlen strncmp strnlen strpbrk strrchr strspn strstr
    explicit_bzero malloc calloc realloc free bsearch qsort snprintf vsnprintf
    vasprintf abort __assert_fail""".split())

# memcpy is __memcpy_chk when fortified.
FORTIFIED = re.compile(r"__(\w+)_chk")
INSTRUMENTED = re.compile(
    r"__(asan|ubsan|tsan|msan|lsan|sanitizer|sancov|gcov|llvm|odr_asan)\d*[._]|"
    r"__stack_chk_fail|__unnamed_\d+$|_GLOBAL_OFFSET_TABLE_|_sub_[ID]_|"
    r"asan\.|llvm_gc")

# Sections that stay writable when the program runs.
WRITABLE = re.compile(r"(\.data(?!\.rel\.ro)|\.bss|\.tdata|\.tbss|\*COM\*)")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout


def symbols(path):
    """Section and name of each symbol of each object."""
    for line in output("objdump", "-t", path).split("\n"):
        match = re.match(r"[0-9a-f]+ .{7} (\S+)\t[0-9a-f]+ (?:\.hidden )?(.+)",
                         line)
        if match:
            yield match[1], match[2].strip()


def is_allowed(name):
    fortified = FORTIFIED.fullmatch(name)
    return (fortified[1] if fortified else name) in ALLOWED


def check_asked(path):
    found = list(symbols(path))
    ours = {name for section, name in found if section != "*UND*"}
    asked = {name for section, name in found if section == "*UND*"} - ours
    if not ours:
        yield "%s has no symbols" % path
    for name in sorted(asked):
        if not is_allowed(name) and not INSTRUMENTED.match(name):
            yield "%s is not on the list" % name


def check_data(path):
    for section, name in symbols(path):
        if not WRITABLE.match(section) or name.startswith("."):
            continue	# "." is the section itself, or a compiler's label
        if not INSTRUMENTED.match(name):
            yield "%s in %s can be changed" % (name, section)


def compiler():
    """As configure found it."""
    with open(os.path.join(BUILD, "Makefile"), encoding="utf-8") as file:
        found = re.search(r"^CC = (.*)$", file.read(), re.M)
    return shlex.split(found[1])


def compiled(folder, text):
    source = os.path.join(folder, "bad.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([*compiler(), "-c", "-o", source + ".o", source],
                   check=True)
    return source + ".o"


BAD = (
    (check_asked, "I/O", "#include <stdio.h>\nvoid f(void) { puts(\"x\"); }",
     "puts"),
    (check_asked, "a clock",
     "#include <time.h>\nlong f(void) { return time(NULL); }", "time"),
    (check_asked, "a locale",
     "#include <ctype.h>\nint f(int c) { return isalpha(c); }",
     "__ctype_b_loc"),
    (check_asked, "a locale's case",
     "#include <strings.h>\nint f(char *a) { return strcasecmp(a, a + 1); }",
     "strcasecmp"),
    (check_asked, "the environment",
     "#include <stdlib.h>\nchar *f(void) { return getenv(\"TZ\"); }", "getenv"),
    (check_data, "a global", "int counter = 1;", "counter"),
    (check_data, "a global that is zero", "int zero;", "zero"),
    (check_data, "a static buffer",
     "char *f(int i) { static char b[9]; b[i] = 1; return b; }", "b"),
    (check_data, "a thread's own variable", "_Thread_local int mine = 2;",
     "mine"),
)


def try_bad(folder, check, text, word):
    complaints = list(check(compiled(folder, text)))
    if any(re.match(r"(\w+\.)?%s\b" % word, c) for c in complaints):
        return []
    return ["no complaint about %s, but:" % word] + complaints


def main():
    print("1..%d" % (2 + len(BAD)))
    tap(1, "what core asks for", list(check_asked(LIBRARY)))
    tap(2, "what core can change", list(check_data(LIBRARY)))
    with tempfile.TemporaryDirectory(prefix="purity-") as folder:
        for number, (check, name, text, word) in enumerate(BAD, 3):
            tap(number, "purity: sees %s" % name,
                try_bad(folder, check, text, word))


main()
