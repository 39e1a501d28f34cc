"""metrics: promtool and a strict reader of its own; alert rules; dashboard.

    embargoctl metrics | promtool check metrics
    cd contrib/prometheus && promtool check rules embargo-milter.rules.yml
    cd contrib/prometheus && promtool test rules embargo-milter.test.yml
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import tap
from ctl_rig import BASE, CTL, DAY, HOUR, CtlRig
from milter_rig import OTHER
from warnd_rig import WarndRig

TOP = os.environ.get("top_srcdir", ".")
RULES = os.path.join(TOP, "contrib/prometheus/embargo-milter.rules.yml")
RULES_TEST = os.path.join(TOP, "contrib/prometheus/embargo-milter.test.yml")
DASHBOARD = os.path.join(TOP, "contrib/grafana/embargo-milter.json")
SAMPLE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (-?\d+)')
# Of other programs: node_exporter, and what Prometheus has itself.
FOREIGN = {"node_textfile_mtime_seconds"}


def promtool(*words, text=None):
    done = subprocess.run(["promtool", *words], input=text, text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def read(text):
    """(name, labels) -> number; HELP and TYPE stand before each family."""
    found, family = {}, None
    lines = iter(text.split("\n")[:-1])
    for line in lines:
        if line.startswith("# HELP "):
            family = line.split()[2]
            kind = next(lines)
            assert re.fullmatch("# TYPE %s (gauge|counter)" % family, kind)
            assert family.endswith("_total") == kind.endswith("counter")
            continue
        name, labels, number = SAMPLE.fullmatch(line).groups()
        assert name == family, line
        pairs = tuple(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
        assert (name, pairs) not in found, line
        found[name, pairs] = int(number)
    return found


def value(found, name, tracker="distros", **labels):
    return found[name, (("tracker", tracker), *labels.items())]


def test_promtool(rig):
    """promtool finds nothing at all."""
    assert promtool("check", "metrics", text=rig.ok("metrics")) == ""


def test_promtool_can_complain():
    done = subprocess.run(["promtool", "check", "metrics"], text=True,
                          input="# TYPE x counter\nx 1\n",
                          capture_output=True, timeout=60)
    assert done.returncode != 0 and "_total" in done.stderr, done


def test_numbers(rig):
    found = read(rig.ok("metrics"))
    assert value(found, "embargo_issues_open") == 5
    assert value(found, "embargo_issues_overdue") == 2
    assert value(found, "embargo_issues_dateless") == 1
    assert value(found, "embargo_issues_need_human") == 1
    assert value(found, "embargo_issues_opened_total") == 42
    assert value(found, "embargo_messages_accepted_total") == 777
    assert value(found, "embargo_messages_retried_total") == 3
    refused = "embargo_messages_refused_total"
    assert value(found, refused, reason="cleartext") == 12
    assert value(found, refused, reason="wrong-key") == 1
    assert value(found, refused, reason="embargo-leak") == 0
    assert value(found, "embargo_messages_would_reject_total",
                 reason="smime") == 2
    assert value(found, "embargo_messages_quarantined_total",
                 reason="automatic") == 4
    assert value(found, "embargo_redis_master") == 1
    assert value(found, "embargo_redis_append_only") == 0
    assert value(found, "embargo_redis_evicting") == 0
    assert value(found, "embargo_warnd_last_pass_timestamp_seconds") == 0
    assert value(found, "embargo_issues_open", "kernel.org") == 1


def test_all_reasons(rig):
    """Each from the beginning on, so that the first is an increase."""
    source = open(os.path.join(TOP, "milter/core/verdict.c")).read()
    known = set(re.findall(r'REASON_\w+, "([\w-]+)",\s+VERDICT_REJECT',
                           source))
    assert len(known) > 20
    found = read(rig.ok("metrics"))
    for family in ("refused", "would_reject", "quarantined"):
        name = "embargo_messages_%s_total" % family
        reasons = {dict(pairs)["reason"] for n, pairs in found if n == name}
        assert reasons == known, reasons ^ known


def test_names_nothing(rig):
    """Neither issues nor dates nor addresses."""
    text = rig.ok("metrics")
    assert "VS-" not in text and "@" not in text and "CVE" not in text
    assert str(rig.now + 3 * DAY) not in text


def test_evicting(rig):
    rig.redis("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    found = read(rig.ok("metrics"))
    rig.redis("CONFIG", "SET", "maxmemory-policy", "noeviction")
    assert value(found, "embargo_redis_evicting") == 1


def test_json(rig):
    found = read(rig.ok("metrics"))
    told = rig.json("metrics")
    assert len(told) == len(found)
    for one in told:
        pairs = tuple((k, v.replace("\\", "\\\\").replace('"', '\\"'))
                      for k, v in one["labels"].items())
        assert found[one["name"], pairs] == one["value"], one


def backlog(rig):
    """Seconds, and when embargo-warnd looked last."""
    done = subprocess.run([CTL, "-c", rig.path, "metrics"], check=True,
                          stdout=subprocess.PIPE, text=True, timeout=60)
    found = read(done.stdout)
    return (value(found, "embargo_alert_mail_backlog_seconds"),
            value(found, "embargo_warnd_last_pass_timestamp_seconds"))


def test_warnd():
    """Its last pass, and how long its mails have waited."""
    with WarndRig() as rig:
        rig.issue(1, due=int(time.time()) + 9 * DAY)
        assert backlog(rig) == (0, 0)
        rig.alert("moved", "VS-2027-0001")
        rig.sendmail.set("fail")
        rig.once(code=69)
        tap.poll(lambda: 1 <= backlog(rig)[0] < 60, 20, 0.3)
        rig.sendmail.set("ok")
        rig.let_pass(3600)
        rig.once()
        assert len(rig.sendmail.mails()) == 1
        waited, looked = backlog(rig)
        assert waited == 0 and abs(time.time() - looked) < 60


def test_rules():
    """They load, and fire when they should, and only then."""
    said = promtool("check", "rules", RULES)
    assert "11 rules found" in said, said
    assert "SUCCESS" in promtool("test", "rules", RULES_TEST)


def metric_names(expression):
    """What an expression asks for."""
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\b(?:by|without) *\([^)]*\)", "",
                  expression)
    return set(re.findall(r"\b([a-z]+_[a-z_]+)\b(?! *\()", bare))


def known_names(rig):
    return {name for name, _ in read(rig.ok("metrics"))}


def test_rules_ask_for_what_is_there(rig):
    known = known_names(rig)
    text = open(RULES).read()
    expressions = re.findall(r"^ +expr: (.*)$", text, re.M)
    assert len(expressions) == 11
    for expression in expressions:
        names = metric_names(expression)
        assert names and names <= known | FOREIGN, (expression, names)
    # what the example in the rules says is what node_exporter reads
    assert "embargoctl metrics >" in text


def queries(dashboard):
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_dashboard(rig):
    """Grafana's fields; every query is valid and asks for what is there."""
    with open(DASHBOARD) as file:
        dashboard = json.load(file)
    known = known_names(rig)
    assert dashboard["schemaVersion"] >= 36 and dashboard["uid"]
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)) and len(ids) >= 10
    rules = []
    for title, query in queries(dashboard):
        names = metric_names(query)
        assert names and names <= known, (title, names - known)
        rules.append("  - record: x:y%d\n    expr: %s\n" % (
            len(rules), json.dumps(query.replace("$tracker", ".*"))))
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write("groups:\n- name: x\n  rules:\n" + "".join(rules))
        file.flush()
        said = promtool("check", "rules", file.name)
    assert "%d rules found" % len(rules) in said, said


def test_dashboard_shows_all(rig):
    """Nothing that is measured is left out, but the version."""
    with open(DASHBOARD) as file:
        asked = set().union(*(metric_names(query) for _, query in
                              queries(json.load(file))))
    missing = known_names(rig) - asked - {
        "embargo_build_info", "embargo_messages_retried_total"}
    assert not missing, missing


def test_dashboard_layout():
    """Panels lie within 24 columns and not on each other."""
    with open(DASHBOARD) as file:
        panels = json.load(file)["panels"]
    taken = set()
    for panel in panels:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        fields = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                  for y in range(at["y"], at["y"] + at["h"])}
        assert not fields & taken, panel["title"]
        taken |= fields


def test_trouble(rig):
    assert "usage:" in rig.fails(64, "metrics", "--all")
    rig.redis.kill()
    try:
        rig.fails(69, "metrics")
    finally:
        rig.redis.start()


def fill(rig):
    rig.issue("VS-2027-0001", due=-2 * DAY)
    rig.issue("VS-2027-0002", due=-HOUR, state="semi-public")
    rig.issue("VS-2027-0003", due=3 * DAY, cve="CVE-2026-1234")
    rig.issue("VS-2027-0004", due=30 * DAY)
    rig.issue("VS-2027-0005", needs_human=1)
    rig.issue("VS-2027-0006", due=-DAY, public=-DAY, state="public")
    rig.issue("VS-2027-0001", due=DAY, base="embargo:{kernel.org}:")
    rig.do("HSET", BASE + "counters", "accepted", 777, "retried", 3,
           "issues:2026", 36, "issues:2027", 6, "refused:cleartext", 12,
           "refused:wrong-key", 1, "would-reject:smime", 2,
           "quarantined:automatic", 4)
    rig.flush()


def main():
    with CtlRig(lists=({}, {"name": "kernel", "address": [OTHER],
                            "tracker": "kernel.org"})) as rig:
        fill(rig)
        return tap.run(tap.collect(globals(), rig))


if __name__ == "__main__":
    sys.exit(main())
