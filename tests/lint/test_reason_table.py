"""Every reason of verdict.c is told in full, explained and tested.

tests/flow has to name each in quotes, because it drives each through the real
daemon.
"""
import re

from lint import Spoiled, code, run

TABLE = "milter/core/verdict.c"
HEADER = "milter/core/verdict.h"
PAGE = "milter/embargo-milter.8"
TESTS = "tests/flow/*.py"
STRING = r'((?:"(?:\\.|[^"\\])*"\s*)+)'
UNBUILT = ".Em Not in this version ."


class Row:
    def __init__(self, constant, rest, constants):
        self.constant = constant
        for name, value in constants.items():
            rest = re.sub(r"\b%s\b" % name, lambda _, v=value: v, rest)
        match = re.match(
            r'\s*"([\w-]+)",\s*VERDICT_(\w+),\s*(\d+), "([\d.]+)",\s*' +
            STRING + r",\s*" + STRING + "$", rest)
        assert match, "%s: %s is not understood" % (TABLE, constant)
        self.name, self.verdict = match[1], match[2].lower()
        self.code, self.enhanced = match[3], match[4]
        self.text, self.remedy = (
            "".join(re.findall(r'"((?:\\.|[^"\\])*)"', s))
            for s in (match[5], match[6]))


def rows(tree):
    text = tree.read(TABLE)
    constants = dict(re.findall(r"^#define (\w+)\t((?:.*\\\n)*.*)$", text,
                                re.M))
    constants = {k: v.replace("\\\n", " ") for k, v in constants.items()}
    body = re.search(r"\brows\[\] = \{\n(.*?)\n\};", text, re.S)[1]
    return [Row(name, rest, constants) for name, rest in
            re.findall(r"\{ (REASON_\w+),\s*(.*?) \},?$", body, re.S | re.M)]


def check_table(tree):
    names = re.search(r"enum reason \{(.*?)\};", code(tree.read(HEADER)),
                      re.S)[1]
    order = re.findall(r"REASON_\w+", names)[:-1]
    if [row.constant for row in rows(tree)] != order:
        yield "%s: not the order of enum reason" % TABLE
    for row in rows(tree):
        if row.constant != "REASON_" + row.name.upper().replace("-", "_"):
            yield "%s: %s is called %s" % (TABLE, row.constant, row.name)
        if row.enhanced[0] != row.code[0] or not re.fullmatch(
                r"[45]\.\d\.\d", row.enhanced):
            yield "%s: %s: %s does not fit %s" % (TABLE, row.name,
                                                  row.enhanced, row.code)
        if (row.verdict == "later") != (row.code[0] == "4"):
            yield "%s: %s: %s with %s" % (TABLE, row.name, row.verdict,
                                          row.code)


def check_words(tree):
    """The sender reads sentences, without what libmilter cannot send."""
    for row in rows(tree):
        if not re.fullmatch(r"[A-Z].*[.)]", row.text):
            yield "%s: %s: no sentence" % (TABLE, row.name)
        if row.verdict == "reject" and row.name != "automatic" and \
                not row.remedy:
            yield "%s: %s: no remedy" % (TABLE, row.name)
        for text in (row.text, row.remedy):
            if re.search(r"%(?![KT])|\\[^\"]|[^ -~]", text):
                yield "%s: %s: no plain text" % (TABLE, row.name)


class Item:
    def __init__(self, verdict, reply, body):
        self.verdict, self.reply, self.body = verdict, reply, body


def items(tree):
    """The reasons of the manual page, by name."""
    section = re.search(r"^\.Sh REASONS\n(.*?)^\.Sh ", tree.read(PAGE),
                        re.S | re.M)[1]
    return {name: Item(verdict, reply, body) for name, verdict, reply, body in
            re.findall(r"^\.It Ic ([\w-]+) No \( (\w+) (?:, (.*?) )?\)\n"
                       r"(.*?)(?=^\.It|^\.El)", section, re.S | re.M)}


def check_page(tree):
    found = items(tree)
    for row in rows(tree):
        item = found.pop(row.name, None)
        if item is None:
            yield "%s: lacks %s" % (PAGE, row.name)
            continue
        reply = "%s %s" % (row.code, row.enhanced)
        if item.verdict != row.verdict:
            yield "%s: %s is %s" % (PAGE, row.name, row.verdict)
        if reply not in (item.reply or item.body):
            yield "%s: %s is answered %s" % (PAGE, row.name, reply)
        if row.verdict != "accept" and "\n.Em Remedy :\n" not in item.body:
            yield "%s: %s: no remedy" % (PAGE, row.name)
    for name in sorted(found):
        yield "%s: there is no reason %s" % (PAGE, name)


def given(tree):
    """The reasons that some code gives."""
    paths = [p for p in tree.find("milter/**/*.c") if p != TABLE]
    names = re.findall(r"REASON_\w+", "".join(code(tree.read(p))
                                              for p in paths))
    return set(names)


def check_built(tree):
    names, found = given(tree), items(tree)
    for row in rows(tree):
        if row.name not in found:
            continue
        says = UNBUILT not in found[row.name].body
        if says != (row.constant in names):
            yield "%s: %s is %s by now" % (PAGE, row.name, "not given" if says
                                           else "given")


def check_tests(tree):
    text = "".join(tree.read(p) for p in tree.find(TESTS))
    for row in rows(tree):
        if row.constant in given(tree) and not re.search(
                r"([\"'])%s\1" % row.name, text):
            yield "%s: does not try %s" % (TESTS, row.name)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


def without(constant):
    """No code but the table's names it."""
    def spoil_all(tree):
        for path in tree.find("milter/**/*.c"):
            if path != TABLE and constant in tree.read(path):
                tree = tree.write(path, tree.read(path).replace(constant, ""))
        return tree
    return spoil_all


def untested(name):
    """The tests speak of it without trying it."""
    def spoil_all(tree):
        for path in tree.find(TESTS):
            text = re.sub(r"([\"'])%s\1" % name, r'"very-%s"' % name,
                          tree.read(path))
            tree = tree.write(path, text)
        return tree
    return spoil_all


run(
    ("table", check_table,
     Spoiled("a row in the wrong place", spoil(
         HEADER, "REASON_WRONG_KEY,\n\tREASON_HIDDEN_RECIPIENT,",
         "REASON_HIDDEN_RECIPIENT,\n\tREASON_WRONG_KEY,"), "not the order"),
     Spoiled("a name that does not fit", spoil(
         TABLE, '"wrong-key"', '"other-key"'), "is called other-key"),
     Spoiled("codes that do not fit", spoil(TABLE, "552,", "452,"),
             "does not fit 452"),
     Spoiled("a refusal that comes again", spoil(
         TABLE, '552, "5.3.4"', '452, "4.3.4"'), "reject with 452")),
    ("words", check_words,
     Spoiled("no sentence", spoil(TABLE, '"Your message is signed but',
                                  '"your message is signed but'),
             "signed-only: no sentence"),
     Spoiled("no remedy", spoil(
         TABLE, '"Send less, or a link to an encrypted file."', '""'),
         "too-big: no remedy"),
     Spoiled("a format", spoil(TABLE, "Send less", "Send 50% less"),
             "too-big: no plain text")),
    ("page", check_page,
     Spoiled("a reason that is not explained", spoil(
         PAGE, ".It Ic mangled", ".It Ic mangle"), "lacks mangled"),
     Spoiled("a reason that is gone", spoil(
         PAGE, ".It Ic mangled", ".It Ic mangle"), "no reason mangle"),
     Spoiled("another code", spoil(TABLE, '552, "5.3.4"', '550, "5.3.4"'),
             "too-big is answered 550 5.3.4"),
     Spoiled("another verdict", spoil(
         PAGE, "no-integrity No ( reject", "no-integrity No ( accept"),
         "no-integrity is reject")),
    ("what is built", check_built,
     Spoiled("a reason that is given by now", lambda tree: tree.write(
         "milter/flow/new.c", "int f(void) { return REASON_REPLAYED; }")
         .replace(PAGE, "encrypt anew.\n",
                  "encrypt anew.\n%s\n" % UNBUILT), "replayed is given"),
     Spoiled("a reason that nothing gives", without("REASON_NO_INTEGRITY"),
             "no-integrity is not given")),
    ("tests", check_tests,
     Spoiled("a reason that is not tried", untested("mangled"),
             "does not try mangled"),
     Spoiled("a reason within another's name", untested("cleartext"),
             "does not try cleartext")),
)
