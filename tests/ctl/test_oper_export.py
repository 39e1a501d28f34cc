"""embargoctl export and import: all there and back, or nothing done."""
import json
import os
import subprocess
import sys
import time

import past_mail
import tap
from gpg_keys import Keys
from operator_desk import BASE, DAY, Desk

# What passes by itself is not kept: these are in no export.
PASSING = ("leaks:", "replies")


def fill(desk, keys):
    """A bit of everything: mail, alerts, refusals, operators' work."""
    start = int(time.time()) - 9 * DAY
    path = os.path.join(desk.folder, "mbox")
    with open(path, "wb") as file:
        file.write(past_mail.mbox(*(
            past_mail.letter(keys, n, start + n * 3600, parent=n - 1
                             if n % 3 else None, subject="[vs] caf\xe9")
            for n in range(1, 13))))
    desk.ctl("import", "--mbox", path)
    year = time.strftime("%Y", time.gmtime(start))
    one, two = "VS-%s-0001" % year, "VS-%s-0002" % year
    desk.ctl("set-date", one, "+3d")
    desk.ctl("admit", one, "ann@example.org")
    desk.ctl("note", two, "umlaut: \xe4 \u2014 and \"quotes\"\\")
    desk.ctl("public", two, "https://example.org/2")
    desk.redis("HSET", BASE + "issue:" + two, "subject", b"[vs] caf\xe9 \x01")
    desk.redis("HSET", BASE + "keys", "0123456789:0", 3)
    desk.redis("HSET", BASE + "refused", "3600 cleartext distros x.test", 2)
    desk.redis("HSET", BASE + "counters", "refused:cleartext", 17)
    desk.redis("HSET", BASE + "leaks:" + one, "mark", 1)
    desk.redis("XADD", BASE + "replies", "*", "to", "a@example.org")
    alert = desk.redis("XRANGE", BASE + "alerts", "-", "+")[0][0]
    desk.redis("XGROUP", "CREATE", BASE + "alerts", "mail", alert)
    return one, two


def kept(desk):
    """All but what passes; what expires, to the minute."""
    found = {key: value for key, value in desk.all().items()
             if not key[len(BASE):].startswith(PASSING)}
    now = time.time()
    ends = {key: round((now + desk.redis("TTL", key)) / 60)
            for key in found if desk.redis("TTL", key) > 0}
    return found, ends


def groups(desk):
    return [dict(zip(one[::2], one[1::2]))["last-delivered-id"]
            for one in desk.redis("XINFO", "GROUPS", BASE + "alerts")]


def export(desk, name="export"):
    path = os.path.join(desk.folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(desk.ctl("export"))
    return path


def test_round_trip(a, b):
    """Two databases, key by key."""
    path = export(a)
    said = b.ctl("import", path)
    assert " new, 0 as they were, 0 replaced" in said, said
    (ours, our_ends), (theirs, their_ends) = kept(a), kept(b)
    assert sorted(ours) == sorted(theirs)
    for key, value in ours.items():
        assert theirs[key] == value, key
    assert our_ends and set(our_ends) == set(their_ends)
    for key, end in our_ends.items():
        assert abs(end - their_ends[key]) <= 1, key
    assert groups(a) == groups(b)
    assert {key for key in a.all()} - set(theirs) == {
        key for key in a.all() if key[len(BASE):].startswith(PASSING)}
    second = export(b)
    with open(path, encoding="utf-8") as x, open(second,
                                                 encoding="utf-8") as y:
        assert strip(x) == strip(y)


def strip(lines):
    """Without the times that an export has."""
    found = []
    for line in lines:
        line = json.loads(line)
        line.pop("expires_at", None)
        line.pop("exported_at", None)
        found.append(json.dumps(line, sort_keys=True))
    return sorted(found)


def test_lives_on(a, b):
    """The other database works: commands, list and warnd's look."""
    b.ctl("import", export(a))
    assert b.ctl_json("list", "--all") == a.ctl_json("list", "--all")
    issue = b.redis("ZRANGE", BASE + "issues", 0, 0)[0]
    b.ctl("note", issue, "moved house")
    assert b.log(issue)[-1] == "note olga moved house"


def test_twice(a, b):
    """The second import finds all as it is."""
    path = export(a)
    b.ctl("import", path)
    before = kept(b)[0]
    said = b.ctl("import", path)
    assert ": 0 new, " in said and ", 0 replaced" in said, said
    assert kept(b)[0] == before


def test_pipe(a, b):
    code, said = a.shell("embargoctl export | command embargoctl -c %s "
                         "import -" % b.path)
    assert code == 0, said
    assert sorted(kept(a)[0]) == sorted(kept(b)[0])


def test_differs(a, b):
    """Nothing is overwritten without leave, and nothing half."""
    path = export(a)
    b.ctl("import", path)
    issue = b.redis("ZRANGE", BASE + "issues", 0, 0)[0]
    b.ctl("note", issue, "news")
    b.redis("DEL", BASE + "keys")
    before = b.all()
    done = subprocess.run(b.command("import", path), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          env=b.environment)
    assert done.returncode == 64, done
    assert done.stderr == "embargoctl import: Overwrite 1 that is there " \
        "and differs: %s: nobody is here to confirm that; --yes does\n" % \
        issue, done.stderr
    assert b.all() == before
    code, said = b.on_terminal("import", path, answer="n\n")
    assert code == 1 and "Overwrite 1 that is there" in said, said
    assert b.all() == before
    said = b.ctl("import", "--keep", path)
    assert "1 new, " in said and ", 1 kept as they are" in said, said
    assert b.log(issue)[-1] == "note olga news"
    said = b.ctl("import", "--yes", path)
    assert ", 1 replaced" in said, said
    assert kept(b)[0] == kept(a)[0]


def test_numbers_never_fall(a, b):
    """An older export must not make issue numbers come again."""
    path = export(a)
    year = [f for f in a.redis.hash(BASE + "counters")
            if f.startswith("issues:")][0]
    b.ctl("import", path)
    b.redis("HSET", BASE + "counters", year, 900)
    b.ctl("import", "--yes", path)
    assert b.redis("HGET", BASE + "counters", year) == "900"


def test_newer_alerts(a, b):
    """A stream grows at its end only; what has no place is told."""
    path = export(a)
    b.redis("SET", BASE + "schema", 2)
    b.redis("XADD", BASE + "alerts", "*", "kind", "quiet", "issue", "x")
    said = b.ctl("import", path)
    n = a.redis("XLEN", BASE + "alerts")
    assert "%d alerts left out: there are newer ones" % n in said, said


def test_cut_off(a, b):
    """Half an export does nothing."""
    path = export(a)
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    for text, number, why in (
            ("".join(lines[:-1]), len(lines), "rest of the export is miss"),
            ("".join(lines[:-1])[:-20], len(lines) - 1, "or half of one"),
            ("".join(lines[:3] + lines[4:]), len(lines) - 1,
             "pieces are missing"),
            ("", 1, "rest of the export is missing"),
            ("{}\n", 1, "not written by this embargoctl export"),
            ("".join(lines[1:]), 1, "not written by this embargoctl export"),
            ("From a\n", 1, "no JSON object")):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        code, said = b.shell("embargoctl import " + path)
        assert code == 65 and said.count("\n") == 1, (code, said)
        assert "%s: line %d: " % (path, number) in said and why in said, said
        assert b.all() == {}


def test_forged(a, b):
    """Nothing but what an export writes reaches Redis."""
    with open(export(a), encoding="utf-8") as file:
        lines = file.readlines()
    issue = next(json.loads(one) for one in lines if '"issue"' in one)
    for change in ({"name": "../x"}, {"kind": "string"}, {"tracker": "no"},
                   {"name": "VS-2031-0001"}, {"scores": {"alerts": "1"}},
                   {"fields": {"id": 7}}, {"fields": []}, {"kind": "hash"},
                   {"scores": {}}, {"circle": {}}, {"log": [{"id": "x"}]},
                   {"log": [{"id": "1-1", "fields": {}}]},
                   {"kind": "hash", "name": "schema"},
                   {"fields": {**issue["fields"], "url": {"hex": "0g"}}}):
        path = os.path.join(b.folder, "forged")
        with open(path, "w", encoding="utf-8") as file:
            file.write(lines[0] + json.dumps({**issue, **change}) + "\n" +
                       '{"kind":"end","pieces":1}\n')
        code, said = b.shell("embargoctl import " + path)
        assert code == 65 and "line 2: " in said, (change, code, said)
        assert b.all() == {}, change


def test_trouble(a, b):
    b.types("""
$ embargoctl import nowhere
embargoctl import: nowhere: No such file or directory
? 65
$ embargoctl import
usage: embargoctl [-c FILE] import ...
? 64
$ embargoctl export now
usage: embargoctl [-c FILE] export [--list NAME] > FILE
? 64
""")
    code, said = b.shell("embargoctl export > /dev/full")
    assert code == 74 and said.startswith(
        "embargoctl export: cannot write all of it\n"), (code, said)
    path = export(a)
    b.redis.kill()
    try:
        for command in ("export > out", "import " + path):
            code, said = b.shell("embargoctl " + command)
            assert code == 69 and said.count("\n") == 1, (code, said)
    finally:
        b.redis.start()


def test_many(a, b):
    """Ten thousand messages, there and back."""
    for n in range(10000):
        a.redis.client.send("HSET", BASE + "msg:0", b"\0" * 8 +
                            n.to_bytes(4, "little"),
                            b"VS-2020-0001:\x00\xff\r\n5678r")
    for n in range(10000):
        a.redis.client.read()
    began = time.monotonic()
    b.ctl("import", export(a))
    print("# %.1f s" % (time.monotonic() - began))
    with open(export(a), encoding="utf-8") as x, \
            open(export(b), encoding="utf-8") as y:
        assert entries(x) == entries(y)
    assert b.redis("HGET", BASE + "tables", "n:msg") > "10000"
    for n in range(10000):
        a.redis("HDEL", BASE + "msg:0", b"\0" * 8 + n.to_bytes(4, "little"))


def entries(lines):
    """What is in the tables, however many pieces it comes in."""
    found = {}
    for line in lines:
        line = json.loads(line)
        if line["kind"] == "table":
            found.setdefault(line["name"], {}).update(line["fields"])
    assert len(found["msg"]) > 10000 and len(found) > 1
    return found


def test_killed_half_way(a, b):
    """Whole pieces only, and a second import does the rest."""
    for number in range(100, 1500):
        a.issue(number, due=DAY)
    path = export(a)
    whole, _ = kept(a)
    halves = 0
    for size in (1, 5, 100, 500, 1000):
        b.redis("FLUSHALL")
        ctl = subprocess.Popen(b.command("import", path), env=b.environment,
                               stdout=subprocess.DEVNULL)
        tap.poll(lambda size=size: b.redis("DBSIZE") >= size, pause=0)
        ctl.kill()
        ctl.wait()
        halves += b.redis("DBSIZE") < len(whole)
        for key, value in kept(b)[0].items():
            if key[len(BASE):].startswith(("issue:", "log:", "circle:")):
                assert value == whole[key], key
        b.ctl("import", path)
        assert kept(b)[0] == whole
    assert halves >= 3, halves


def each(test, a, b):
    b.redis("FLUSHALL")
    test(a, b)


def main():
    with Keys() as keys, Desk(keys) as a, Desk(keys) as b:
        fill(a, keys)
        return tap.run([(name[5:].replace("_", " "),
                         lambda test=test: each(test, a, b))
                        for name, test in globals().items()
                        if name.startswith("test_")])


if __name__ == "__main__":
    sys.exit(main())
