"""What the lints share: a view of the tree, and proof that a lint can fail.

A lint is a function that is given a Tree and returns its complaints, a line
each.  run() tries every lint on the tree as it is, where it must be silent,
and on spoiled views of it, where it must complain.  A view is spoiled in
memory: no file is written.
"""
import os
import re

ROOT = os.environ.get("top_srcdir", os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.environ.get("top_builddir", ROOT)
FOLDERS = (".ci", "conf", "contrib", "milter", "tests")
GENERATED = re.compile(r"\.(lua|css)\.h$|/__pycache__/")


def matcher(pattern):
    """`*` stays within a folder, `**` does not; [ch] is one of these."""
    words = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "[ch]": "[ch]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\[ch\])", pattern)
    return re.compile("".join(words.get(p, re.escape(p)) for p in parts))


class Tree:
    """The source tree by relative paths, with some files changed."""

    def __init__(self, changes=()):
        self.changes = dict(changes)
        self.paths = sorted(set(self.walk()) | set(self.changes))

    @staticmethod
    def walk():
        for name in os.listdir(ROOT):
            if os.path.isfile(os.path.join(ROOT, name)):
                yield name
        for folder in FOLDERS:
            for path, _, names in os.walk(os.path.join(ROOT, folder)):
                for name in names:
                    found = os.path.relpath(os.path.join(path, name), ROOT)
                    if not GENERATED.search(found):
                        yield found

    def find(self, *patterns):
        """All paths that match one of the patterns, in order; not none."""
        matchers = [matcher(p) for p in patterns]
        found = [path for path in self.paths
                 if any(m.fullmatch(path) for m in matchers)]
        assert found, "nothing matches %r" % (patterns,)
        return found

    def has(self, path):
        return path in self.paths

    def read(self, path):
        if path in self.changes:
            return self.changes[path]
        with open(os.path.join(ROOT, path), encoding="utf-8",
                  errors="surrogateescape") as file:
            return file.read()

    def lines(self, path):
        """Pairs of line number and line."""
        return enumerate(self.read(path).split("\n"), 1)

    def write(self, path, text):
        """A view in which the file holds text."""
        return Tree({**self.changes, path: text})

    def add(self, path, text):
        """A view in which the file has text at its end."""
        return self.write(path, self.read(path) + text)

    def replace(self, path, old, new):
        """A view in which the file has new for the first old."""
        text = self.read(path)
        assert old in text, "%s does not hold %r" % (path, old)
        return self.write(path, text.replace(old, new, 1))


COMMENT_OR_STRING = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'", re.S)


def code(text, strings=False):
    """C without comments and, unless asked for, strings; lines stay."""
    def blank(match):
        if match[0][0] in "\"'":
            return match[0] if strings else match[0][0] * 2
        return re.sub(r"[^\n]", "", match[0]) or " "
    return COMMENT_OR_STRING.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Spoiled:
    """What must make a lint complain, and a word of the complaint."""

    def __init__(self, name, spoil, complaint):
        self.name = name
        self.spoil = spoil
        self.complaint = complaint


def tap(number, name, notes):
    print("%s %d - %s" % ("not ok" if notes else "ok", number, name))
    for note in notes:
        print("# %s" % note)


def try_spoiled(lint, spoiled, tree):
    """Why the lint is blind to what it must see; empty when it is not."""
    try:
        complaints = list(lint(spoiled.spoil(tree)))
    except AssertionError as error:
        return ["the case itself: %s" % error]
    if any(spoiled.complaint in c for c in complaints):
        return []
    return ["no complaint with %r, but:" % spoiled.complaint] + complaints


def run(*lints):
    """Each lint: its name, the function, then Spoiled ones."""
    tree = Tree()
    print("1..%d" % sum(len(row) - 1 for row in lints))
    number = 0
    for name, lint, *cases in lints:
        assert cases, "%s is not proven able to fail" % name
        number += 1
        tap(number, name, list(lint(tree)))
        for case in cases:
            number += 1
            tap(number, "%s: sees %s" % (name, case.name),
                try_spoiled(lint, case, tree))
