"""Every key of the configuration stands in the sample and the man page.

conf_key.c is the truth; the reverse must hold as well, and the defaults agree.
"""
import re

from keys import PAGE, SAMPLE, TABLE, page, sample, table
from lint import Spoiled, code, run


def compare(ids, known, where):
    """Each of known is in ids once, and nothing else."""
    for name in known:
        if ids.count(name) != 1:
            yield "%s: %s stands there %d times" % (where, name,
                                                    ids.count(name))
    for name in ids:
        if name not in known:
            yield "%s: there is no key %s" % (where, name)


def check_names(tree):
    known = [key.id for key in table(tree)]
    if len(known) < 50:
        yield "%s: only %d keys were understood" % (TABLE, len(known))
    yield from compare([s.id for s in sample(tree)], known, SAMPLE)
    yield from compare([i.id for i in page(tree)], known, PAGE)


def check_order(tree):
    """A reader who goes from one to the other finds the same order."""
    names = [s.id for s in sample(tree)]
    if names != [i.id for i in page(tree)]:
        yield "the keys of %s and %s are in another order" % (SAMPLE, PAGE)


def check_defaults(tree):
    settings = {s.id: s for s in sample(tree)}
    items = {i.id: i for i in page(tree)}
    for key in table(tree):
        setting, item = settings.get(key.id), items.get(key.id)
        if setting is None or item is None or setting.is_set:
            continue
        default = key.default
        if key.type == "CONF_SPECIAL":	# accept: conf.c sets its default
            default = item.value
        if setting.is_example != (default is None):
            yield "%s: %s: wrong about a default" % (SAMPLE, key.id)
        elif default is not None and setting.value != default:
            yield "%s: %s = %s, but %s" % (SAMPLE, key.id, setting.value,
                                           default)
        if item.has_default != (default is not None):
            yield "%s: %s: wrong about a default" % (PAGE, key.id)
        elif default is not None and item.value != default:
            yield "%s: %s = %s, but %s" % (PAGE, key.id, item.value, default)


def check_choices(tree):
    """Every value that a key may have is named in its description."""
    items = {i.id: i for i in page(tree)}
    for key in table(tree):
        if key.id not in items:
            continue
        text = "\n".join(items[key.id].lines)
        for word in key.choices:
            if not re.search(r"^\.(It )?Ql %s\b" % re.escape(word), text,
                             re.M):
                yield "%s: %s: %s is not explained" % (PAGE, key.id, word)


def check_idle(tree):
    """A key that no code looks at says so, and no other does."""
    files = [p for p in tree.find("milter/**/*.[ch]")
             if not p.startswith("milter/edge/conf")]
    text = "\n".join(code(tree.read(p)) for p in files)
    used = set(re.findall(r"(?:->|\.)(\w+)\b", text))
    refused = {i.id for i in page(tree) if i.refused}
    idle = {i.id for i in page(tree) if i.is_idle}
    for key in table(tree):
        if key.member is None or key.id in refused:
            continue
        is_idle = key.member not in used
        if key.id in idle and not is_idle:
            yield "%s: %s has an effect by now" % (PAGE, key.id)
        elif is_idle and key.id not in idle:
            yield "%s: %s has no effect: say so" % (PAGE, key.id)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


run(
    ("names", check_names,
     Spoiled("a new key", spoil(
         TABLE, '{ "jobs",', '{ "fast", CONF_BOOL, AT(gnupg_settings, fast), '
         '"true", NULL, 0, 0 },\n\t{ "jobs",'), "gnupg.fast stands there 0"),
     Spoiled("a key that is gone", spoil(TABLE, '{ "jobs",', '{ "work",'),
             "there is no key gnupg.jobs"),
     Spoiled("a key that the sample lacks", spoil(
         SAMPLE, "\t#jobs = 2;\n", ""), SAMPLE + ": gnupg.jobs stands"),
     Spoiled("a key in the wrong group", spoil(
         SAMPLE, "\t#jobs = 2;\n};", "};\n#jobs = 2;"), "there is no key jobs"),
     Spoiled("a key that the page lacks", spoil(
         PAGE, ".It Va jobs No", ".It Va Jobs No"),
         PAGE + ": gnupg.jobs stands")),
    ("order", check_order,
     Spoiled("two keys the other way round", spoil(
         SAMPLE, "#database = 0;", "#prefix = 0;"), "in another order")),
    ("defaults", check_defaults,
     Spoiled("another default in the code", spoil(
         TABLE, '"7d 3d 1d 2h"', '"7d 3d 1d"'), SAMPLE + ": alerts.before ="),
     Spoiled("another default in the sample", spoil(
         SAMPLE, '#max = "14d"', '#max = "15d"'), SAMPLE + ": embargo.max ="),
     Spoiled("another default in the page", spoil(
         PAGE, "max_pkesk No = 64", "max_pkesk No = 65"),
         PAGE + ": limits.max_pkesk ="),
     Spoiled("an example that looks like a default", spoil(
         SAMPLE, '#socket_group = "postfix";\t# no default',
         '#socket_group = "postfix";'), "socket_group: wrong about"),
     Spoiled("accept, which conf.c reads itself", spoil(
         SAMPLE, '#accept = [ "pgp-mime", ', "#accept = [ "),
         "lists.accept =")),
    ("choices", check_choices,
     Spoiled("a choice that is not explained", spoil(
         TABLE, '"flag", "cap"', '"flag", "shorten", "cap"'),
         "shorten is not explained")),
    ("keys without effect", check_idle,
     Spoiled("a key that has got its effect", spoil(
         PAGE, ".It Va jobs No = 2\n",
         ".It Va jobs No = 2\n.Em Without effect in this version .\n"),
         "gnupg.jobs has an effect by now"),
     Spoiled("a key of which nothing is said", spoil(
         TABLE, "AT(gnupg_settings, jobs)", "AT(gnupg_settings, unheard_of)"),
         "gnupg.jobs has no effect")),
)
