"""The programs take what the sample shows and refuse what the page says.

Each value goes through `embargo-warnd -n` in a configuration of its own.
"""
import os
import re
import subprocess
import tempfile

from account import IS_ROOT, USER, give
from keys import PAGE, SAMPLE, page, sample, table
from lint import BUILD, Spoiled, run

ADDRESS = '"distros@vs.example.org"'
FINGERPRINT = '"0123456789ABCDEF0123456789ABCDEF01234567"'
UNBUILT = "not supported in this version"
NEEDS_FILE = ("password_file", "sentinel_password_file", "members")
# Keys that are refused without others.
NEEDS_KEYS = {
    "redis.sentinels": ["redis.master"],
    "redis.master": ["redis.sentinels"],
    "redis.sentinel_username": ["redis.sentinels", "redis.master",
                                "redis.sentinel_password_file"],
    "redis.sentinel_password_file": ["redis.sentinels", "redis.master"],
    "redis.username": ["redis.password_file"],
}
PLACEHOLDERS = (('"THE LIST\'S ADDRESS"', ADDRESS),
                ('"ITS FINGERPRINT"', FINGERPRINT))


def as_somebody(text):
    """For root, who has to name a user; the sample's is not here."""
    if not IS_ROOT:
        return text
    text = re.sub(r'^user = "embargo-milter"', 'user = "%s"' % USER, text,
                  flags=re.M)
    found = re.search(r"^user = ", text, re.M)
    return text if found else text + '\nuser = "%s";\n' % USER


def ask(text, program="embargo-warnd"):
    """Exit code and message of the program with this configuration."""
    with tempfile.TemporaryDirectory(prefix="conf-") as folder:
        path = os.path.join(folder, "conf")
        os.chmod(folder, 0o755)
        with open(path, "w", encoding="utf-8") as file:
            file.write(as_somebody(text))
        done = subprocess.run(
            [os.path.join(BUILD, program), "-n", "-c", path],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60)
        return done.returncode, done.stderr.replace(folder, "")


def configuration(key, value):
    """The shortest one that sets the key."""
    line = "%s = %s;" % (key.name, value)
    inner = outer = ""
    if key.group == "lists":
        inner = line
    elif key.group == "embargo":
        inner = "embargo: { %s };" % line
    elif key.group:
        outer = "%s: { %s };" % (key.group, line)
    else:
        outer = line
    return "%s\nlists = ( { address = %s; key = %s; %s } );\n" % (
        outer, ADDRESS, FINGERPRINT, inner)


def candidates(key, shown):
    """Values to try, by the word that the page has for them."""
    if key.type == "CONF_BOOL":
        return {"true": "true", "false": "false"}
    if key.choices:
        return {word: '"%s"' % word for word in key.choices}
    if key.name == "accept":
        return {word: '[ "%s" ]' % word for word in
                ("pgp-mime", "pgp-inline", "smime")}
    return {"any value": shown}


def unbuilt(key, shown):
    """The words of those values that the program does not know yet."""
    found = set()
    for word, value in candidates(key, shown).items():
        code, message = ask(configuration(key, value))
        if code == 78 and UNBUILT in message:
            found.add(word)
    return found


ANSWERS = {}


def unbuilt_once(key, shown):
    if (key.id, shown) not in ANSWERS:
        ANSWERS[key.id, shown] = unbuilt(key, shown)
    return ANSWERS[key.id, shown]


def check_unbuilt(tree):
    shown = {s.id: s.value for s in sample(tree)}
    items = {i.id: i for i in page(tree)}
    for key in table(tree):
        if key.id in ("lists.address", "lists.key"):
            continue
        if key.id not in shown or key.id not in items:
            continue	# test_conf_keys.py complains
        real = unbuilt_once(key, shown[key.id])
        said = items[key.id].refused
        for word in sorted(real - said):
            yield "%s: %s: %s is refused: say so" % (PAGE, key.id, word)
        for word in sorted(said - real):
            yield "%s: %s: %s is not refused" % (PAGE, key.id, word)


def filled_in(tree, forgotten=None):
    text = tree.read(SAMPLE)
    for placeholder, value in PLACEHOLDERS:
        assert placeholder in text, "%s lacks %s" % (SAMPLE, placeholder)
        if placeholder != forgotten:
            text = text.replace(placeholder, value)
    return text


def check_sample(tree):
    code, message = ask(filled_in(tree))
    if code != 0:
        yield "the sample, filled in: exit %d, %s" % (code, message)


def check_placeholders(tree):
    """Forgetting to fill in the sample must not pass in silence."""
    for placeholder, _ in PLACEHOLDERS:
        code, message = ask(filled_in(tree, placeholder))
        if code != 78 or "accepted:" not in message:
            yield "%s: exit %d, %s" % (placeholder, code, message)


def uncomment(tree, settings):
    """The sample, filled in, with these settings in force."""
    lines = filled_in(tree).split("\n")
    for s in settings:
        for number in range(s.first - 1, s.last):
            lines[number] = re.sub(r"^(\t*)#", r"\1", lines[number])
    return "\n".join(lines)


def check_defaults(tree):
    """All defaults written out are the same as none."""
    settings = [s for s in sample(tree) if not s.is_set and not s.is_example]
    text = uncomment(tree, settings)
    if re.search(r"^\t*#\w+ = (?!.*# no default)", text, re.M):
        yield "a default was not uncommented"
    code, message = ask(text)
    if code != 0:
        yield "the sample with its defaults: exit %d, %s" % (code, message)


def check_examples(tree):
    """Each example, with what it needs, is accepted or not built yet."""
    settings = {s.id: s for s in sample(tree)}
    for s in settings.values():
        if not s.is_example:
            continue
        used = [s] + [settings[n] for n in NEEDS_KEYS.get(s.id, ())]
        text = uncomment(tree, used)
        for one in used:
            if one.name in NEEDS_FILE:
                text = text.replace(one.value,
                                    '"%s"' % os.path.abspath(__file__))
        code, message = ask(text)
        if code != 0 and UNBUILT not in message:
            yield "%s:%d: %s: exit %d, %s" % (SAMPLE, s.first, s.id, code,
                                              message)


def check_unknown(tree):
    """The message names file, line, key and what is accepted."""
    code, message = ask(filled_in(tree) + "\nsurprise = 1;\n")
    line = filled_in(tree).count("\n") + 2
    if code != 78 or "conf:%d: surprise: unknown key" % line not in message:
        yield "an unknown key: exit %d, %s" % (code, message)


def gpg(home, *words):
    return subprocess.run(
        ["gpg", "--homedir", home, "--batch", "--quiet", *words], check=True,
        stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout


def check_filter(tree):
    """`embargo-milter -n` with a real key."""
    with tempfile.TemporaryDirectory(prefix="conf-") as home:
        try:
            gpg(home, "--passphrase", "", "--quick-gen-key", "list@x.test",
                "future-default", "default", "never")
            found = re.search(r"^fpr:+(\w+):", gpg(
                home, "--with-colons", "--list-keys"), re.M)
            text = filled_in(tree).replace(FINGERPRINT, '"%s"' % found[1])
            text = re.sub(r"#home = .*", 'home = "%s";' % home, text)
            give(home)
            code, message = ask(text, "embargo-milter")
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"],
                           check=False)
    if code != 0:
        yield "embargo-milter -n: exit %d, %s" % (code, message)


def spoil(path, old, new):
    return lambda tree: tree.replace(path, old, new)


run(
    ("what is not built is refused", check_unbuilt,
     Spoiled("a refusal that the page hides", spoil(
         PAGE, ".It Va replicas No = 0",
         ".Em Not in this version :\nany value.\n.It Va replicas No = 0"),
         "redis.timeout: any value is not refused"),
     Spoiled("a value that the page refuses and the program takes", spoil(
         PAGE, ".It Va tracker No",
         ".Em Not in this version :\n.Ql quarantine .\n.It Va tracker No"),
         "lists.bounces: quarantine is not refused")),
    ("the sample", check_sample,
     Spoiled("a wrong value", spoil(SAMPLE, "#timeout = \"2s\"",
                                    "timeout = \"2 s\""), "exit 78")),
    ("placeholders", check_placeholders,
     Spoiled("a placeholder that may stay", lambda tree: tree.write(
         SAMPLE, filled_in(tree) + "".join("#%s\n" % p
                                           for p, _ in PLACEHOLDERS)),
         "exit 0")),
    ("the sample with its defaults", check_defaults,
     Spoiled("a default that is refused", spoil(
         SAMPLE, '#max_depth = 100', '#max_depth = 101'), "exit 78")),
    ("examples", check_examples,
     Spoiled("an example that is refused", spoil(
         SAMPLE, '"operators@example.org"', '"operators"'),
         "alerts.mail_to: exit 78")),
    ("an unknown key", check_unknown,
     Spoiled("a message about another line", spoil(
         SAMPLE, "#log =", "startling = 1;\n#log ="),
         "an unknown key: exit 78")),
    ("embargo-milter -n", check_filter,
     Spoiled("a wrong value", spoil(SAMPLE, "#jobs = 2", "jobs = 0"),
             "exit 78")),
)
