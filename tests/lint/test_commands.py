"""Every subcommand of embargoctl stands in its manual page, and the reverse."""
import re

from lint import Spoiled, run

TABLE = "milter/embargoctl.c"
PAGE = "milter/embargoctl.8"
# What every reading command takes is described once.
COMMON = {"--json", "--list", "--help"}


def commands(tree):
    """Arguments and text of each command, by name."""
    body = re.search(r"\} commands\[\] = \{\n(.*?)\n\};", tree.read(TABLE),
                     re.S)[1]
    row = r'\{ "([\w-]+)", (cmd_\w+),\s+"([^"]*)",\s*"([^"]+)" \}'
    found = re.findall(row, body)
    assert len(found) == body.count("{"), "%s: not understood" % TABLE
    return {name: (function, arguments, text)
            for name, function, arguments, text in found}


def items(tree):
    """The line that names each command in the page."""
    section = re.search(r"^\.Sh COMMANDS\n(.*?)^\.Sh ", tree.read(PAGE),
                        re.S | re.M)[1]
    return {name: line for line, name in
            re.findall(r"^(\.It Ic ([\w-]+).*)$", section, re.M)}


def check_names(tree):
    known, said = commands(tree), items(tree)
    for name in known:
        if name not in said:
            yield "%s: lacks %s" % (PAGE, name)
    for name in said:
        if name not in known:
            yield "%s: there is no command %s" % (PAGE, name)


def check_options(tree):
    said = items(tree)
    for name, (_, arguments, _) in commands(tree).items():
        taken = set(re.findall(r"--[\w-]+", arguments))
        line = said.get(name, "")
        shown = {"-" + option for option in re.findall(r"\bFl (-[\w-]+)",
                                                       line)}
        for option in sorted(taken - shown):
            yield "%s: %s lacks %s" % (PAGE, name, option)
        for option in sorted(shown - taken):
            yield "%s: %s does not take %s" % (PAGE, name, option)


def check_arguments(tree):
    """The same operands, in the same order."""
    said = items(tree)
    for name, (_, arguments, _) in commands(tree).items():
        taken = re.findall(r"\b[A-Z]{3,}\b", re.sub(
            r"--\w+ \w+", "", arguments))
        shown = re.findall(r"\b[A-Z]{3,}\b", said.get(name, ""))
        if taken != shown:
            yield "%s: %s takes %s, not %s" % (PAGE, name, taken, shown)


def check_source(tree):
    """What the table promises, some file of ctl/ parses."""
    text = "".join(tree.read(p) for p in tree.find("milter/ctl/*.c"))
    for name, (function, arguments, _) in commands(tree).items():
        if not re.search(r"^%s\(struct ctl" % function, text, re.M):
            yield "%s: nobody defines %s" % (name, function)
        for option in set(re.findall(r"--[\w-]+", arguments)) | COMMON:
            where = text + tree.read(TABLE)
            if '"%s"' % option not in where:
                yield "%s: nobody parses %s" % (name, option)


def check_common(tree):
    options = re.search(r"^\.Sh DESCRIPTION\n(.*?)^\.Sh ", tree.read(PAGE),
                        re.S | re.M)[1]
    for option in sorted(COMMON):
        if ".It Fl %s" % option[1:] not in options:
            yield "%s: lacks %s" % (PAGE, option)


def check_codes(tree):
    """Each exit code that the tool uses is explained."""
    numbers = {"EX_USAGE": 64, "EX_DATAERR": 65, "EX_UNAVAILABLE": 69,
               "EX_OSERR": 71, "EX_IOERR": 74, "EX_CONFIG": 78, "CTL_NO": 1}
    text = "".join(tree.read(p) for p in tree.find("milter/ctl/*.c", TABLE))
    said = {int(n) for n in re.findall(r"^\.It (\d+)$", tree.read(PAGE),
                                       re.M)}
    for word in sorted(set(re.findall(r"\b(?:EX_[A-Z]+|CTL_NO)\b", text))):
        number = numbers.get(word)
        if number is not None and number not in said:
            yield "%s: lacks the exit code %d" % (PAGE, number)
        elif number is None and word not in ("EX_OK", "EX_SOFTWARE"):
            yield "%s: an exit code that this test does not know" % word


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


NEW = '{ "note", cmd_note,'

run(
    ("names", check_names,
     Spoiled("a new command", spoil(
         TABLE, NEW, '{ "brew", cmd_brew, "TEA", "tea" },\n\t' + NEW),
         "lacks brew"),
     Spoiled("a command that is gone", spoil(
         PAGE, ".It Ic note", ".It Ic remark"), "no command remark")),
    ("options", check_options,
     Spoiled("a new option", spoil(TABLE, '"[--follow]"',
                                   '"[--follow] [--tail]"'),
             "alerts lacks --tail"),
     Spoiled("an option that is gone", spoil(TABLE, '"[--follow]"', '""'),
             "alerts does not take --follow")),
    ("arguments", check_arguments,
     Spoiled("another operand", spoil(TABLE, '"ISSUE TEXT..."', '"TEXT"'),
             "note takes")),
    ("source", check_source,
     Spoiled("a promise that is not kept", spoil(
         TABLE, '"[--follow]"', '"[--forever]"'), "nobody parses --forever"),
     Spoiled("a function that is not there", spoil(
         TABLE, "cmd_note", "cmd_notes"), "nobody defines cmd_notes")),
    ("common options", check_common,
     Spoiled("a common option that is not explained", spoil(
         PAGE, ".It Fl -json", ".It Fl -xml"), "lacks --json")),
    ("exit codes", check_codes,
     Spoiled("a code that is not explained", spoil(PAGE, ".It 65", ".It 66"),
             "lacks the exit code 65"),
     Spoiled("a new code", spoil("milter/ctl/list.c", "return EX_OK",
                                 "return EX_NOHOST"), "EX_NOHOST")),
)
