"""stats: the figures are right, in every shape, and keep secrets.

    embargoctl stats
    embargoctl stats --from 2025 --to 2025-06 --csv
    embargoctl stats --wiki
    embargoctl stats --json | jq '.months[] | .median_days'
"""
import csv
import io
import json
import re
import sys
import time

import past
import tap
from ctl_rig import BASE, DAY, CtlRig

FIGURES = ("issues", "overruns", "mean_days", "median_days")


def month(at):
    return time.strftime("%Y-%m", time.gmtime(at))


def iso(at):
    return None if at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                                 time.gmtime(at))


def two(number):
    """A number of JSON with two decimals."""
    return None if number is None else "%.2f" % number


def shown(row):
    """The figures of a row of JSON."""
    return (row["issues"], row["overruns"], two(row["mean_days"]),
            two(row["median_days"]))


def by_period(made, size):
    found = {}
    for one in made:
        if one["public"] is not None:
            found.setdefault(month(one["public"])[:size], []).append(one)
    return found


def check_periods(rows, made, size):
    expected = by_period(made, size)
    assert [row["period"] for row in rows] == sorted(expected), rows
    for row in rows:
        assert shown(row) == past.figures(expected[row["period"]]), row


def test_figures(rig, made):
    told = rig.json("stats")
    assert shown(told["all"]) == past.figures(made)
    check_periods(told["years"], made, 4)
    check_periods(told["months"], made, 7)
    assert len(told["years"]) >= 3 and len(told["months"]) > 20


def test_rows(rig, made):
    rows = rig.json("stats")["rows"]
    expected = sorted(
        made, key=lambda one: (one["public"] is None, one["public"] or 0,
                               one["opened"] or 0, one["url"]))
    assert len(rows) == len(expected)
    for row, one in zip(rows, expected):
        assert (row["opened_at"], row["public_at"], row["agreed_at"]) == (
            iso(one["opened"]), iso(one["public"]), iso(past.agreed(one))), (
                row, one)
        assert two(row["days"]) == past.days(past.length(one)), (row, one)
        assert (row["late"] or row["over_maximum"]) == past.is_overrun(one)
        assert row["url"] == (one["url"] or None)


def test_plots(rig, made):
    """Bins and answers add up."""
    told = rig.json("stats")
    lengths = [past.length(one) for one in made]
    for bar in told["histogram"]:
        end = bar["to_days"] if bar["to_days"] is not None else 10 ** 9
        assert bar["issues"] == sum(
            one is not None and bar["from_days"] * DAY <= one < end * DAY
            for one in lengths), bar
    assert sum(bar["issues"] for bar in told["first_answer"]) == len(made)


def cells(text):
    """CSV as a strict reader has it; its lines end with CRLF."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_csv(rig, made):
    rows = cells(rig.raw("stats", "--csv"))
    told = rig.json("stats")
    for record, key in (("month", "months"), ("year", "years")):
        assert [tuple(row[f] for f in ("period", "issues", "overruns",
                                       "mean_days", "median_days"))
                for row in rows if row["record"] == record] == [
            (one["period"], str(one["issues"]), str(one["overruns"]),
             two(one["mean_days"]) or "", two(one["median_days"]) or "")
            for one in told[key]]
    issues = [row for row in rows if row["record"] == "issue"]
    assert [row["days"] for row in issues] == [
        two(row["days"]) or "" for row in told["rows"]]
    assert [row["public"] for row in issues] == [
        row["public_at"] or "" for row in told["rows"]]
    total = rows[0]
    assert total["record"] == "all"
    assert re.fullmatch(r"\.\./20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                        total["period"]), total


def test_no_formula(rig, made):
    """A spreadsheet must not run what a URL says."""
    for row in cells(rig.raw("stats", "--csv")):
        for value in row.values():
            assert not re.match(r"[=+\-@\t\r|%]", value), row
    assert "'=HYPERLINK" in rig.ok("stats", "--csv")


def test_wiki(rig, made):
    """Every line of a table has as many cells as its head."""
    text = rig.ok("stats", "--wiki")
    told = rig.json("stats")
    bare = re.sub(r"%%.%%|<nowiki>%</nowiki>", "x", text)
    width, rows = None, 0
    for line in bare.split("\n"):
        if line.startswith("^"):
            width = line.count("^")
        elif line.startswith("|"):
            assert line.count("|") == width and line.endswith("|"), line
            rows += width == 7
    assert rows == len(told["rows"]), rows
    assert "[[javascript" not in text
    assert "]]%%" not in text and "<img" not in text
    for one in told["years"]:
        assert "| %s |  %d |  %s |  %s |" % (
            one["period"], one["issues"], two(one["mean_days"]),
            two(one["median_days"])) in text


def test_text(rig, made):
    text = rig.ok("stats")
    told = rig.json("stats")
    assert re.match(r"Issues made public before 20\d\d-\d\d-\d\d \d\d:\d\d "
                    r"UTC\n", text)
    for one in told["months"]:
        line, = re.findall("^%s .*$" % one["period"], text, re.M)
        assert line.split() == [
            one["period"], str(one["issues"])] + [
            x for x in (two(one["mean_days"]), two(one["median_days"]))
            if x] + ([str(one["overruns"])] if one["overruns"] else [])


SHAPES = ((), ("--csv",), ("--json",), ("--wiki",), ("--html",))


def test_secrets(rig, made):
    """What is embargoed stands in no shape, nor does it change a byte."""
    def told(shape):
        """Without the line that says when it was made."""
        return re.sub(r"<footer>.*", "", rig.ok(
            "stats", "--to", month(time.time() - 40 * DAY), *shape))
    before = [told(shape) for shape in SHAPES]
    for text in before:
        assert "secret" not in text and "VS-20" not in text
        assert "CVE" not in text
    for i in range(50):
        rig.issue("VS-2026-%04d" % (5000 + i), state=past.SECRET[i % 4],
                  opened=-60 * DAY, due=5 * DAY, public=-50 * DAY,
                  url="https://secret.example.org/more")
    rig.flush()
    assert [told(shape) for shape in SHAPES] == before
    now = rig.json("stats")
    assert shown(now["all"]) == past.figures(made)


def test_published_later(rig, made):
    """It appears when it is public, in the month of that, not before."""
    rig.issue("VS-2026-7000", due=DAY, opened=-3 * DAY)
    rig.flush()
    count = rig.json("stats")["all"]["issues"]
    rig.ok("public", "VS-2026-7000", "https://oss.example.org/x")
    time.sleep(1.1)             # the cut-off is the second that is over
    told = rig.json("stats")
    assert told["all"]["issues"] == count + 1
    assert told["rows"][-2]["url"] == "https://oss.example.org/x"
    rig.redis("DEL", BASE + "issue:VS-2026-7000")
    rig.redis("ZREM", BASE + "issues", "VS-2026-7000")


def test_from_and_to(rig, made):
    periods = sorted(by_period(made, 7))
    first, last = periods[3], periods[9]
    told = rig.json("stats", "--from", first, "--to", last)
    assert told["from"] == first + "-01T00:00:00Z"
    inside = [one for one in made if one["public"] is not None and
              first <= month(one["public"]) <= last]
    undated = [one for one in made if one["public"] is None and
               first <= month(one["opened"]) <= last]
    assert shown(told["all"]) == past.figures(inside + undated)
    assert [row["period"] for row in told["months"]] == periods[3:10]
    year = rig.json("stats", "--from", first[:4], "--to", first[:4])
    assert [one["period"] for one in year["years"]] == [first[:4]]
    whole = rig.json("stats", "--from", "2020-01-01", "--to", "2090")
    assert shown(whole["all"]) == past.figures(made)
    assert whole["cutoff"] <= iso(time.time())
    day = rig.json("stats", "--from", "2025-01-01 12:00 UTC")
    assert day["from"] == "2025-01-01T12:00:00Z"


def test_nothing(rig, made):
    """An empty answer in every shape."""
    for shape in SHAPES:
        text = rig.ok("stats", "--from", "1999", "--to", "1999", *shape)
        text = re.sub(r"(?s)<style>.*</style>", "", text)
        assert not re.search(r"\bnan\b|[^\w-]-1", text), text
    told = json.loads(rig.ok("stats", "--from", "1999", "--to", "1999",
                             "--json"))
    assert told["all"]["mean_days"] is None and told["rows"] == []


def test_bad_input(rig, made):
    assert "is no date" in rig.fails(64, "stats", "--from", "yesteryear")
    assert "is no date" in rig.fails(64, "stats", "--to", "2026-13")
    assert "before" in rig.fails(64, "stats", "--from", "2026", "--to",
                                 "2025")
    rig.fails(64, "stats", "--from", "2090")
    for words in (["--csv", "--html"], ["--csv", "--json"], ["--from"],
                  ["--pdf"], ["x"]):
        assert "usage:" in rig.fails(64, "stats", *words)


def main():
    with CtlRig() as rig:
        made = past.fill(rig, 300)
        return tap.run(tap.collect(globals(), rig, made))


if __name__ == "__main__":
    sys.exit(main())
