"""Shell and Python: shellcheck, syntax, and that every test is run."""
import re
import subprocess

from lint import Spoiled, run

FOLDERS = (".ci/**", "conf/**", "contrib/**", "tests/**")
SHELL = re.compile(r"#! ?/(usr/)?bin/(env )?(ba|da)?sh\b")
PYTHON = re.compile(r"#! ?/(usr/)?bin/(env )?python3\b")


def scripts(tree, suffix, shebang):
    """By name, or by a first line that says so."""
    for path in tree.find(*FOLDERS):
        name = path.split("/")[-1]
        if name.endswith(suffix):
            yield path
        elif "." not in name and shebang.match(first_line(tree, path)):
            yield path


def first_line(tree, path):
    return tree.read(path).split("\n", 1)[0]


def check_shell(tree):
    for path in scripts(tree, ".sh", SHELL):
        shell = [] if SHELL.match(first_line(tree, path)) else ["-s", "sh"]
        done = subprocess.run(
            ["shellcheck", "-f", "gcc", *shell, "-"], check=False,
            input=tree.read(path).encode(), capture_output=True)
        if done.returncode not in (0, 1):
            yield "%s: %s" % (path, done.stderr.decode())
        for line in done.stdout.decode().splitlines():
            yield path + line.removeprefix("-")


def check_python(tree):
    found = list(scripts(tree, ".py", PYTHON))
    if len(found) < 5:
        yield "only %d Python files were found" % len(found)
    for path in found:
        try:
            compile(tree.read(path), path, "exec")
        except SyntaxError as error:
            yield "%s:%s: %s" % (path, error.lineno, error.msg)


def check_heads(tree):
    """A Python file says at its head what it is for."""
    for path in scripts(tree, ".py", PYTHON):
        if not re.match(r'(#.*\n)*r?"""\w', tree.read(path)):
            yield "%s: no docstring" % path


def check_listed(tree):
    """A test that stands in no local.mk is never run, nor shipped."""
    rules = "\n".join(tree.read(p) for p in tree.find("tests/**/local.mk"))
    for path in tree.find("tests/*/*.c", "tests/*/*.py", "tests/*/*.sh"):
        name = path[:-2] if path.endswith(".c") else path
        if not re.search(r"(^|\s)%s(\.c)?(\s|$)" % re.escape(name), rules):
            yield "%s: in no local.mk" % path


def check_shipped(tree):
    """Samples, units and helpers are in the release."""
    rules = "\n".join(tree.read(p) for p in tree.find(
        "Makefile.am", "*/local.mk", "tests/**/local.mk"))
    for path in tree.find("conf/*", "contrib/**"):
        if path.split("/")[-1] in ("local.mk",) or path.endswith(".service"):
            continue
        if path not in rules.split():
            yield "%s: in no local.mk" % path


def writing(path, text):
    return lambda tree: tree.write(path, text)


run(
    ("shellcheck", check_shell,
     Spoiled("an unquoted variable", writing(
         "tests/e2e/new.sh", "#!/bin/sh\ncd /tmp || exit\nrm $1\n"),
         "SC2086"),
     Spoiled("bash in a script of sh", writing(
         "contrib/new", "#!/bin/sh\n[[ -n \"$1\" ]]\n"), "contrib/new:2:"),
     Spoiled("a script without a first line", writing(
         "tests/e2e/new.sh", "[ $1 = x ]\n"), "SC2086")),
    ("python", check_python,
     Spoiled("what does not parse", writing("tests/e2e/test_new.py",
                                            "def f(:\n"),
             "tests/e2e/test_new.py:1:"),
     Spoiled("a script without a suffix", writing(
         "contrib/new", "#!/usr/bin/python3\nprint 1\n"), "contrib/new:2:")),
    ("docstrings", check_heads,
     Spoiled("none", writing("tests/lib/new.py", "import os\n"),
             "tests/lib/new.py: no docstring")),
    ("every test is run", check_listed,
     Spoiled("a test that is not listed", writing(
         "tests/unit/test_new.c", ""), "tests/unit/test_new.c: in no"),
     Spoiled("a script that is not listed", writing(
         "tests/flow/test_new.py", ""), "tests/flow/test_new.py: in no")),
    ("every file is shipped", check_shipped,
     Spoiled("a file that is not", writing("conf/new.cf", ""),
             "conf/new.cf: in no"),
     Spoiled("a helper that is not", writing("contrib/new", ""),
             "contrib/new: in no")),
)
