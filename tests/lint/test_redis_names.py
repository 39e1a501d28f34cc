"""Every name that the scripts write into Redis stands in embargo-redis(5).

Keys, fields, states, words of logs and kinds of alerts are all short words in
quotes in the Lua files; those that never reach Redis are listed here.  Every
Redis command used is in the ACL, and the ACL holds no other.
"""
import re

from lint import Spoiled, run

LUA = "milter/edge/*.lua"
PAGE = "conf/embargo-redis.5"
ACL = "conf/redis.acl"

# Between the scripts and store*.c: which operation, which answer.
PROTOCOL = {"absent", "admit", "all", "anyone", "cap", "confirm", "differs",
            "duplicate", "expel", "human", "ids", "itself",
            "last-delivered-id", "leave", "look", "members", "merge",
            "message", "missing", "missing-date", "name", "new", "nothing",
            "ok", "open", "propose", "refuse", "reject", "reopen",
            "replace", "replayed", "reply", "rest", "retry", "same", "table",
            "take", "these"}
# Capital words of C that are no commands for Redis: arguments, the beginnings
# of errors, what sentinels are asked; and one whose refusal `embargoctl check'
# takes for an answer.
ARGUMENTS = {"BLOCK", "CONFIG", "COUNT", "STREAMS", "READONLY", "MASTERDOWN",
             "SENTINEL"}


def words(tree):
    """All short words in quotes, by where they stand first."""
    found = {}
    for path in tree.find(LUA):
        text = re.sub(r"--[^\n]*", "", tree.read(path))
        text = re.sub(r"redis\.call\('\w+'", "redis.call(", text)
        for word in re.findall(r"'([a-z][a-z_-]*:?)'", text):
            found.setdefault(word.rstrip(":"), path)
        for word in re.findall(r"\bissue\.(\w+)", text):
            found.setdefault(word, path)
    return found


def page_words(tree):
    """Those that the page marks as names, not those of its prose."""
    marked = re.findall(r"^\.(?:It Ic|Ql) (.*)$", tree.read(PAGE), re.M)
    return set(re.findall(r"[a-z][a-z_-]*", " ".join(marked)))


def check_words(tree):
    known = page_words(tree)
    found = words(tree)
    if len(found) < 40:
        yield "only %d words were found" % len(found)
    for word in sorted(PROTOCOL - set(found)):
        yield "%s is on the list, but nobody uses it" % word
    for word in sorted(PROTOCOL & known):
        yield "%s is on the list, but explained" % word
    for word, path in sorted(found.items()):
        if word not in known and word not in PROTOCOL:
            yield "%s: %s is not explained in %s" % (path, word, PAGE)


def listed(tree, heading):
    section = re.search(r"^\.Sh %s\n(.*?)^\.Sh " % heading, tree.read(PAGE),
                        re.S | re.M)[1]
    for line in re.findall(r"^\.It Ic (.*)", section, re.M):
        for word in re.sub(r"Pq .*", "", line).split(" , "):
            yield re.split(r"[:\s]", word.strip())[0]


def check_gone(tree):
    """What the page lists, some code knows."""
    paths = tree.find(LUA, "milter/edge/store*.c", "milter/core/issue.c",
                      "milter/flow/session.c", "milter/core/deadline.c")
    text = "".join(tree.read(p) for p in paths)
    for heading in ("KEYS", "FIELDS OF AN ISSUE", "ENTRIES OF A LOG",
                    "ALERTS", "COUNTERS"):
        names = list(listed(tree, heading))
        if not names:
            yield "%s: nothing in %s" % (PAGE, heading)
        for name in names:
            if not re.search(r"['\"]%s['\":]|\b%s = |\.%s\b" %
                             (name, name, name), text):
                yield "%s: %s: nobody knows %s" % (PAGE, heading, name)


def acl(tree, user):
    line = re.search(r"^user %s (.*)$" % user, tree.read(ACL), re.M)[1]
    return set(re.findall(r"\+(\w+)", line))


def used(tree):
    lua = "".join(tree.read(p) for p in tree.find(LUA))
    names = set(re.findall(r"redis\.p?call\('(\w+)'", lua))
    for path in tree.find("milter/edge/store*.c", "milter/edge/kv*.c"):
        names |= set(re.findall(r'"([A-Z]{3,})"', tree.read(path)))
    return {name.lower() for name in names - ARGUMENTS}


def check_acl(tree):
    allowed, wanted = acl(tree, "embargo-milter"), used(tree)
    for name in sorted(wanted - allowed):
        yield "%s: lacks +%s" % (ACL, name)
    for name in sorted(allowed - wanted):
        yield "%s: nobody uses +%s" % (ACL, name)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


def adding(line):
    return lambda tree: tree.add("milter/edge/record.lua", line + "\n")


run(
    ("words", check_words,
     Spoiled("a new field", adding("set(id, 'weight', 0)"),
             "weight is not explained"),
     Spoiled("a new kind of alert", adding("alert('boredom', id)"),
             "boredom is not"),
     Spoiled("a new key", adding("local x = base .. 'attic:' .. id"),
             "attic is not"),
     Spoiled("a new word of the log", adding("log(id, 'besides', '')"),
             "besides is not"),
     Spoiled("a field that is read only", adding("return issue.presumed"),
             "presumed is not")),
    ("what is gone", check_gone,
     Spoiled("a field that nobody writes", spoil(
         PAGE, ".It Ic reporter", ".It Ic informant"), "knows informant"),
     Spoiled("a counter that nobody counts", spoil(
         PAGE, ".It Ic retried", ".It Ic repeated"), "knows repeated")),
    ("acl", check_acl,
     Spoiled("a command that is not allowed", adding(
         "redis.call('GETDEL', key)"), "lacks +getdel"),
     Spoiled("a command that nobody uses", spoil(
         ACL, "+zcount", "+zcount +flushall"), "nobody uses +flushall")),
)
