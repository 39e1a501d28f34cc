"""milter/README is the map: every file of milter/ is on it, and nothing else.

A file stands there by its path from milter/; crd.[ch] is two files.
"""
import re

from lint import Spoiled, run

MAP = "milter/README"


def expand(word):
    """session.[ch] -> session.c, session.h"""
    match = re.fullmatch(r"(.*)\[(\w+)\]", word)
    return [match[1] + c for c in match[2]] if match else [word]


def named(tree):
    """Paths on the map: the words at the beginning of indented lines."""
    for number, line in tree.lines(MAP):
        match = re.match(r"  ((?:\w[\w/.-]*\.(?:\[ch\]|\w+)(?: |$))+)", line)
        for word in match[1].split() if match else ():
            for path in expand(word):
                yield number, "milter/" + path


def check_all(tree):
    on_map = [path for _, path in named(tree)]
    if len(on_map) < 50:
        yield "%s: only %d files were understood" % (MAP, len(on_map))
    for path in tree.find("milter/**/*.[ch]", "milter/**/*.lua",
                          "milter/*.8"):
        if on_map.count(path) != 1:
            yield "%s: %s stands there %d times" % (MAP, path,
                                                    on_map.count(path))


def check_gone(tree):
    for number, path in named(tree):
        if not tree.has(path):
            yield "%s:%d: there is no %s" % (MAP, number, path)


def check_prose(tree):
    """Paths in running text exist as well."""
    for number, line in tree.lines(MAP):
        for word in re.findall(r"\b(?:milter|conf|tests|core|edge|flow|ctl)/"
                               r"[\w./-]*\w", line):
            folder = word if re.match(r"milter|conf|tests", word) else \
                "milter/" + word
            if not any(p == folder or p.startswith(folder + "/") or
                       p.startswith(folder + ".") for p in tree.paths):
                yield "%s:%d: there is no %s" % (MAP, number, word)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


run(
    ("the map", check_all,
     Spoiled("a new file", lambda tree: tree.write("milter/core/new.c", ""),
             "milter/core/new.c stands there 0 times"),
     Spoiled("a file that stands there twice", lambda tree: tree.add(
         MAP, "  core/crd.[ch] again\n"),
         "milter/core/crd.c stands there 2 times")),
    ("what is gone", check_gone,
     Spoiled("a file that is gone", spoil(MAP, "  core/crd.[ch]",
                                          "  core/cdr.[ch]"),
             "there is no milter/core/cdr.h")),
    ("prose", check_prose,
     Spoiled("a path that leads nowhere", lambda tree: tree.add(
         MAP, "See core/reasons for more.\n"),
         "there is no core/reasons")),
)
