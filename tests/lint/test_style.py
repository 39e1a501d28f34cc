"""The look of the sources: widths, sizes, nesting, blanks."""
import re

from lint import Spoiled, run

C_FILES = ("milter/**/*.[ch]", "tests/**/*.[ch]")
OTHERS = ("milter/**/*.lua", "tests/**/*.py", "tests/**/*.sh",
          "contrib/**/*.py", "contrib/**/*.sh", "README", "*/README")
WIDTH = 80
BODY = 60
FILE = 500
NESTING = 3


def check_lines(tree):
    for path in tree.find(*C_FILES, *OTHERS):
        for number, line in tree.lines(path):
            where = "%s:%d" % (path, number)
            if path.endswith("README") and line.startswith("    "):
                continue	# a line to be copied
            if len(line.expandtabs(8)) > WIDTH:
                yield "%s: %d columns" % (where, len(line.expandtabs(8)))
            if line != line.rstrip():
                yield "%s: a blank at the end" % where


def check_indent(tree):
    """Tabs, then less than a tab of blanks for a line that goes on."""
    for path in tree.find(*C_FILES):
        for number, line in tree.lines(path):
            if re.match(r"\t* {8}|\t* +\t", line):
                yield "%s:%d: blanks instead of a tab" % (path, number)


def functions(tree, path):
    """First line and lines of each body: a brace in column one opens it."""
    start, body = None, []
    for number, line in tree.lines(path):
        if line == "{":
            start, body = number, []
        elif line.startswith("}") and start is not None:
            yield start, body
            start = None
        elif start is not None:
            body.append(line)


def check_length(tree):
    for path in tree.find(*C_FILES):
        for start, body in functions(tree, path):
            if len(body) > BODY:
                yield "%s:%d: a body of %d lines" % (path, start, len(body))


def check_nesting(tree):
    """A tab is the body itself; labels of a switch add none in KNF."""
    for path in tree.find(*C_FILES):
        for start, body in functions(tree, path):
            deep = [i for i, line in enumerate(body, 1)
                    if re.match(r"\t{%d}" % (NESTING + 2), line)]
            if deep:
                yield "%s:%d: nested deeper than %d" % (
                    path, start + deep[0], NESTING)


def check_files(tree):
    for path in tree.find(*C_FILES):
        lines = tree.read(path).count("\n")
        if lines > FILE:
            yield "%s: %d lines" % (path, lines)


def check_heads(tree):
    for path in tree.find("milter/**/*.[ch]"):
        name = re.escape(re.split(r"[./]", path)[-2])
        if not re.match(r"/\*\n \* %s: \S" % name, tree.read(path)):
            yield "%s: does not begin by saying what it is for" % path


def adding(path, text):
    return lambda tree: tree.add(path, text)


def function(*body):
    return "\nstatic void\nf(void)\n{\n%s\n}\n" % "\n".join(body)


run(
    ("lines", check_lines,
     Spoiled("81 columns", adding("milter/core/crd.c", "x" * 81 + "\n"),
             "81 columns"),
     Spoiled("81 columns of tabs",
             adding("tests/unit/test_crd.c", "\t" * 10 + "x\n"),
             "81 columns"),
     Spoiled("a wide script", adding("tests/lint/lint.py", "#" * 81),
             "81 columns"),
     Spoiled("a wide Lua line", adding("milter/edge/list.lua", "-" * 81),
             "81 columns"),
     Spoiled("a trailing blank", adding("milter/core/crd.h", "x \n"),
             "a blank at the end")),
    ("indent", check_indent,
     Spoiled("eight blanks", adding("milter/core/crd.c", "        x;\n"),
             "blanks instead"),
     Spoiled("a blank before a tab", adding("milter/core/crd.c", "  \tx;\n"),
             "blanks instead")),
    ("length of a body", check_length,
     Spoiled("61 lines", adding("milter/core/crd.c",
                                function(*["\tx();"] * 61)),
             "a body of 61 lines"),
     Spoiled("61 lines of a test", adding("tests/unit/test_crd.c",
                                          function(*["\tx();"] * 61)),
             "a body of 61 lines")),
    ("nesting", check_nesting,
     Spoiled("a fourth level", adding("milter/flow/session.c", function(
         "\tfor (;;)", "\t\tfor (;;)", "\t\t\tfor (;;)", "\t\t\t\tif (x)",
         "\t\t\t\t\ty();")), "nested deeper")),
    ("length of a file", check_files,
     Spoiled("501 lines", lambda tree: tree.write(
         "milter/core/new.c", "\n" * 501), "501 lines")),
    ("heads", check_heads,
     Spoiled("a file without a head", lambda tree: tree.write(
         "milter/core/new.c", "int x;\n"), "does not begin"),
     Spoiled("another file's head", lambda tree: tree.write(
         "milter/core/new.c", "/*\n * old: parses.\n */\n"),
         "does not begin")),
)
