"""The configuration's keys: in conf_key.c, in the sample, in the man page."""
import re

TABLE = "milter/edge/conf_key.c"
SAMPLE = "conf/embargo-milter.conf"
PAGE = "conf/embargo-milter.conf.5"
TEXTS = ("CONF_STRING", "CONF_SOCKET", "CONF_ENDPOINT", "CONF_CHOICE",
         "CONF_MODE", "CONF_CLOCK", "CONF_SECS", "CONF_MSECS", "CONF_SIZE")
ARRAYS = ("CONF_STRINGS", "CONF_ADDRESSES", "CONF_FINGERPRINTS",
          "CONF_ENDPOINTS", "CONF_DURATIONS")


class Key:
    """A row of the table; group is "" for the top."""

    def __init__(self, group, fields, member, choices):
        self.group, self.member, self.choices = group, member, choices
        self.name, self.type = fields[0].strip('"'), fields[1]
        self.fallback = None if fields[3] == "NULL" else fields[3].strip('"')
        self.id = "%s.%s" % (group, self.name) if group else self.name

    @property
    def default(self):
        """As one writes it; None when there is none."""
        if self.fallback is None:
            return None
        if self.type in ARRAYS:
            return array(self.fallback.split())
        return '"%s"' % self.fallback if self.type in TEXTS else self.fallback


def array(words):
    return "[ %s ]" % ", ".join('"%s"' % w for w in words)


def table(tree):
    """All keys; those that stand for a group are left out."""
    text = re.sub(r"/\*.*?\*/", "", tree.read(TABLE), flags=re.S)
    choices = {name: re.findall(r'"(.*?)"', words) for name, words in
               re.findall(r"(\w+_choices)\[\] = \{(.*?)\};", text, re.S)}
    titles = {keys: title for title, keys in
              re.findall(r'GROUP\("(\w*)", (\w+)_keys\)', text)}
    found = []
    for name, body in re.findall(r"(\w+)_keys\[\] = \{\n(.*?)\n\};", text,
                                 re.S):
        for row in re.findall(r"\{ (\".*?) \},?", body, re.S):
            found.append(parse_row(titles[name], " ".join(row.split()),
                                   choices))
    groups = set(titles.values())
    return [key for key in found if key.name not in groups]


def parse_row(group, row, choices):
    member = re.search(r"AT\(\w+, (\w+)\)", row)
    fields = re.findall(r'"[^"]*"|AT\([^)]*\)|[^,]+', row.replace(", ", ","))
    return Key(group, fields, member and member[1], choices.get(fields[4], []))


OPEN = re.compile(r"^\t*(\w+)(?:: \{| = \( \{)$")
CLOSE = re.compile(r"^\t*\}(?:;| \);)$")
SETTING = re.compile(r"^\t*(#?)(\w+) = (.*)$")


class Setting:
    """A key of the sample: where it stands, set or not."""

    def __init__(self, group, match, first):
        self.is_set = match[1] == ""
        self.group, self.name = group, match[2]
        self.id = "%s.%s" % (group, self.name) if group else self.name
        self.first, self.last = first, first
        self.text = match[3]

    @property
    def is_example(self):
        return "# no default" in self.text

    @property
    def value(self):
        """In one line, without remarks."""
        text = re.sub(r"# no default|\n\t*#", "", self.text)
        return " ".join(text.rsplit(";", 1)[0].split())


def sample(tree):
    """All settings of the sample, in order."""
    groups, found = [""], []
    for number, line in tree.lines(SAMPLE):
        if found and ";" not in found[-1].text:
            found[-1].text += "\n" + line
            found[-1].last = number
        elif SETTING.match(line) and not OPEN.match(line):
            found.append(Setting(groups[-1], SETTING.match(line), number))
        elif OPEN.match(line):
            groups.append(OPEN.match(line)[1])
        elif CLOSE.match(line):
            groups.pop()
    return found


class Item:
    """A key in the man page, with the lines that describe it."""

    def __init__(self, group, name, value, number):
        self.group, self.name, self.number = group, name, number
        self.id = "%s.%s" % (group, name) if group else name
        self.value = value.replace("\\(dq", '"')
        self.lines = []

    @property
    def has_default(self):
        return not self.value.startswith("Ar ")

    @property
    def refused(self):
        """The values said to be refused: {"true"}, {"any value"}, ..."""
        words, marked = set(), False
        for line in self.lines:
            if line == ".Em Not in this version :":
                marked = True
            elif marked and line == "any value.":
                words.add("any value")
            elif marked and line.startswith(".Ql "):
                words.add(line.split()[1])
            else:
                marked = False
        return words

    @property
    def is_idle(self):
        return ".Em Without effect in this version ." in self.lines


def page(tree):
    """All keys of the man page, by their .Ss and .It lines."""
    group, found = None, []
    for number, line in tree.lines(PAGE):
        heading = re.match(r"\.S[hs] (\w+)", line)
        item = re.match(r"\.It Va (\w+) No = (.*)", line)
        if heading:
            group = "" if heading[1] == "Top" else heading[1]
        elif item:
            found.append(Item(group, item[1], item[2], number))
        elif found:
            found[-1].lines.append(line)
    return found
