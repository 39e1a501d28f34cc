"""The guides keep up: embargo-milter(7) names every kind of alert and every
line of the log, embargo-members(7) every reason for which mail is refused.
"""
import re

from lint import Spoiled, run

OPERATIONS = "conf/embargo-milter.7"
MEMBERS = "conf/embargo-members.7"
REASONS = "milter/core/verdict.c"
REDIS = "conf/embargo-redis.5"
CALL = re.compile(r"\blog_(?:error|warning|notice|info)\(\s*"
                  r'((?:"(?:\\.|[^"\\])*"|PRI\w+|\s)+)')


def section(text, name):
    return re.search(r"^\.Sh %s\n(.*?)(?=^\.Sh |\Z)" % name, text,
                     re.S | re.M)[1]


def items(text, macro):
    """The words that list items are headed by."""
    heads = re.findall(r"^\.It %s (.*)$" % macro, text, re.M)
    return {word for head in heads for word in head.split(" , ")}


def kinds(tree):
    """Of time and of messages, as the code has them."""
    table = re.search(r"\balert_names\[\] = \{\n(.*?)\n\};",
                      tree.read("milter/core/issue.c"), re.S)[1]
    scripts = "".join(tree.read(p) for p in tree.find("milter/edge/*.lua"))
    return set(re.findall(r'"([a-z-]+)"', table)) - {"none"} | set(
        re.findall(r"\balert\('([a-z-]+)'", scripts))


def check_alerts(tree):
    known = kinds(tree)
    if len(known) < 15:
        yield "only %d kinds of alerts were understood" % len(known)
    said = items(section(tree.read(OPERATIONS), "ALERTS"), "Ic")
    for kind in sorted(known - said):
        yield "%s: lacks the alert %s" % (OPERATIONS, kind)
    for kind in sorted(said - known):
        yield "%s: there is no alert %s" % (OPERATIONS, kind)
    text = section(tree.read(REDIS), "ALERTS")
    for kind in sorted(known):
        if not re.search(r"^\.Ql %s(?: ,)?$" % kind, text, re.M):
            yield "%s: lacks the alert %s" % (REDIS, kind)


def formats(tree):
    """Path and format of each line that is logged; not of debugging."""
    for path in tree.find("milter/*.c", "milter/flow/*.c", "milter/edge/*.c"):
        for found in CALL.findall(tree.read(path)):
            yield path, "".join(re.findall(r'"((?:\\.|[^"\\])*)"', found))


def check_lines(tree):
    text = section(tree.read(OPERATIONS), "THE LOG")
    heads = re.findall(r'^\.It Li "(.*)"$', text, re.M)
    used = set()
    for path, line in formats(tree):
        if line == "%s":        # at the start, and it ends there
            continue
        pieces = [re.escape(p) for p in re.split(r"%[a-z]*[sdu]?", line)]
        shown = [h for h in heads if re.fullmatch("[A-Z]*".join(pieces), h)
                 or line.startswith("%s: %s reason=") and "reason=" in h]
        used.update(shown)
        if not shown:
            yield "%s: does not explain \"%s\" of %s" % (OPERATIONS, line,
                                                         path)
    for head in set(heads) - used:
        yield "%s: nobody logs \"%s\"" % (OPERATIONS, head)


def check_reasons(tree):
    known = set(re.findall(r'\{ REASON_\w+,\s*"([\w-]+)"',
                           tree.read(REASONS))) - {"later"}
    text = section(tree.read(MEMBERS), "REFUSALS")
    said = items(text, "Ic")
    for reason in sorted(known - said):
        yield "%s: no remedy for %s" % (MEMBERS, reason)
    for reason in sorted(said - known):
        yield "%s: there is no reason %s" % (MEMBERS, reason)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


run(
    ("alerts", check_alerts,
     Spoiled("a new kind", spoil("milter/core/issue.c", '"quiet"',
                                 '"loud"'), "lacks the alert loud"),
     Spoiled("a new kind of a message", spoil(
         "milter/edge/record.lua", "alert('proposed'", "alert('wished'"),
         REDIS + ": lacks the alert wished"),
     Spoiled("a kind that is gone", spoil(
         OPERATIONS, ".It Ic overdue", ".It Ic late"), "no alert late")),
    ("lines of the log", check_lines,
     Spoiled("a new line", spoil(
         "milter/flow/mailer.c", '"mail is taken again"',
         '"mail flows again"'), '"mail flows again" of milter/flow'),
     Spoiled("a line that is gone", spoil(
         "milter/flow/mailer.c", '"mail is taken again"', '"ended"'),
         'nobody logs "mail is taken again"')),
    ("reasons", check_reasons,
     Spoiled("a new reason", spoil(REASONS, '"mangled"', '"mauled"'),
             "no remedy for mauled"),
     Spoiled("a reason that is gone", spoil(
         MEMBERS, ".It Ic replayed", ".It Ic repeated"),
         "no reason repeated")),
)
