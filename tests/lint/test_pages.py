"""The manual pages: mandoc finds nothing, and they lead to each other."""
import re
import subprocess

from lint import Spoiled, run

# What the reader's system has or a section may be called is no fault.
OVERLOOKED = ("referenced manual not found", "possible typo in section name",
              "outdated mandoc.db")
FOREIGN = {"aliases 5", "cleanup 8", "cron 8", "crontab 5", "gpg 1", "gpgsm 1",
           "sendmail 8", "smtpd 8", "sudo 8"}


def pages(tree):
    return tree.find("milter/*.8", "conf/*.5", "conf/*.7", "contrib/*.8")


def check_mandoc(tree):
    for path in pages(tree):
        done = subprocess.run(
            ["mandoc", "-Tlint"], input=tree.read(path).encode(),
            capture_output=True, check=False)
        for line in (done.stdout + done.stderr).decode().split("\n"):
            if line and not any(word in line for word in OVERLOOKED):
                yield "%s: %s" % (path, line)


def check_names(tree):
    """A page is called as its file, and a reference leads to a page."""
    ours = {"%s %s" % tuple(path.split("/")[-1].rsplit(".", 1))
            for path in pages(tree)}
    for path in pages(tree):
        text = tree.read(path)
        name, section = path.split("/")[-1].rsplit(".", 1)
        if ".Dt %s %s\n" % (name.upper(), section) not in text:
            yield "%s: .Dt has another name" % path
        if ".Nm %s\n" % name not in text:
            yield "%s: .Nm has another name" % path
        for found in re.findall(r"\bXr ([\w.-]+ \d)", text):
            if found not in ours | FOREIGN:
                yield "%s: there is no page %s" % (path, found)


def check_related(tree):
    """From each page one gets to every other."""
    for path in pages(tree):
        also = tree.read(path).split("\n.Sh SEE ALSO\n")[-1]
        for other in pages(tree):
            name = " ".join(other.split("/")[-1].rsplit(".", 1))
            if other != path and ".Xr %s" % name not in also:
                yield "%s: SEE ALSO lacks %s" % (path, name)


def check_installed(tree):
    rules = "".join(tree.read(p) for p in tree.find("*/local.mk"))
    listed = " ".join(re.findall(r"dist_man_MANS \+= ((?:.*\\\n)*.*)", rules))
    for path in pages(tree):
        if path not in listed.split():
            yield "%s: not in dist_man_MANS" % path


def check_programs(tree):
    """Each option that a daemon takes is in its page, and the reverse."""
    for path in tree.find("milter/embargo-*.c"):
        page = path[:-2] + ".8"
        source, text = tree.read(path), tree.read(page)
        letters = re.search(r'\.letters = "([\w:]+)"', source)[1]
        longs = re.findall(r'"(\w+)"(?: : NULL)?, no_argument',
                           tree.read("milter/daemon.c"))
        taken = set(letters.replace(":", "")) | set(
            "-" + name for name in longs
            if name != "once" or ".has_once = true" in source)
        said = set(re.findall(r"^\.It Fl (-?\w+)", text, re.M))
        said |= {"-" + word for word in ("help", "version")
                 if "Fl -%s" % word in text}
        for option in sorted(taken - said):
            yield "%s: lacks -%s" % (page, option)
        for option in sorted(said - taken):
            yield "%s: there is no -%s" % (page, option)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


MILTER = "milter/embargo-milter.8"

run(
    ("mandoc", check_mandoc,
     Spoiled("an unknown macro", spoil(MILTER, ".Pp\n", ".Pq\n.Xy\n"),
             "unknown macro"),
     Spoiled("a list that does not end", spoil(MILTER, "\n.El\n", "\n"),
             "missing end of block")),
    ("names", check_names,
     Spoiled("a page that is gone", spoil(
         MILTER, ".Xr embargo-redis 5", ".Xr embargo-valkey 5"),
         "there is no page embargo-valkey 5"),
     Spoiled("a page with another name", spoil(
         MILTER, ".Dt EMBARGO-MILTER 8", ".Dt EMBARGO-FILTER 8"),
         ".Dt has another name")),
    ("see also", check_related,
     Spoiled("a new page", lambda tree: tree.write(
         "milter/embargo-new.8", ".Dt EMBARGO-NEW 8\n"),
         "SEE ALSO lacks embargo-new 8")),
    ("installed", check_installed,
     Spoiled("a page that is not installed", lambda tree: tree.write(
         "conf/embargo-new.5", ""), "not in dist_man_MANS")),
    ("options", check_programs,
     Spoiled("a new option", spoil(
         "milter/embargo-warnd.c", '"c:Fnv"', '"c:Fnvq"'), "lacks -q"),
     Spoiled("a new long option", spoil(
         "milter/daemon.c", '{ "version", no_argument',
         '{ "vision", no_argument'), "lacks --vision"),
     Spoiled("a long option of the other", spoil(
         "milter/embargo-milter.c", "program = {",
         "program = { .has_once = true,"), "lacks --once"),
     Spoiled("an option that is gone", spoil(
         "milter/embargo-milter.c", '"c:Fnp:v"', '"c:Fnv"'),
         "there is no -p")),
)
