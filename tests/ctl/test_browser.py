"""stats --html and report --html in headless Chromium.

    embargoctl stats --html >stats.html
    chromium-headless-shell --screenshot --window-size=375,2000 stats.html
"""
import re
import sys

import past
import tap
from browser import Browser
from ctl_rig import DAY, HOUR, CtlRig

EVIL = "</title><script>alert(1)</script><img src=//evil.example.org/x>"


def two(number):
    return "\u2013" if number is None else "%.2f" % number


def time_of(text):
    """2026-12-01T14:00:00Z as the page shows it."""
    return "" if text is None else text[:16].replace("T", " ")


def test_stats_numbers(rig, browser):
    """Each number of the page is that of --json."""
    told = rig.json("stats")
    browser.show(rig.ok("stats", "--html"))
    tables, console = browser.tree()
    assert console == [], console
    total = told["all"]
    assert tables.terms["Issues"] == str(total["issues"])
    assert tables.terms["Average embargo"] == \
        two(total["mean_days"]) + " days"
    assert tables.terms["Median embargo"] == \
        two(total["median_days"]) + " days"
    assert tables.terms["Overruns"].split()[0] == str(total["overruns"])
    head, *rows = tables.tables["periods"]
    assert sorted(rows) == sorted(
        [one["period"], str(one["issues"]), two(one["mean_days"]),
         two(one["median_days"]), str(one["overruns"])]
        for one in told["years"] + told["months"]), rows
    head, *rows = tables.tables["rows"]
    assert head == ["Public", "Opened", "Date agreed", "Days", "Overrun",
                    "URL"]
    assert sorted(row[:4] + row[5:] for row in rows) == sorted(
        [time_of(one["public_at"]), time_of(one["opened_at"]),
         time_of(one["agreed_at"]),
         "" if one["days"] is None else two(one["days"]), one["url"] or ""]
        for one in told["rows"])
    assert sum(row[4] != "" for row in rows) == total["overruns"]


def test_stats_plots(rig, browser):
    """A mark for each embargo; bars as high as their counts."""
    told = rig.json("stats")
    text = rig.ok("stats", "--html")
    large = re.search(r'(?s)<svg class="large".*?</svg>', text)[0]
    dots = re.search(r'class="dots"[^>]* d="([^"]*)"', large)[1].count("M")
    over = re.search(r'class="over"[^>]* d="([^"]*)"', large)[1].count("M")
    dated = [one for one in told["rows"] if one["days"] is not None]
    late = [one for one in dated if one["late"] or one["over_maximum"]]
    assert (dots, over) == (len(dated) - len(late), len(late))
    plot = re.search(r'(?s)<svg viewBox[^>]*histogram.*?</svg>', text)[0]
    heights = [float(h) for h in re.findall(r'<rect[^>]* height="([\d.]+)"',
                                            plot)]
    counts = [one["issues"] for one in told["histogram"] if one["issues"]]
    assert len(heights) == len(counts)
    for height, count in zip(heights, counts):
        assert abs(height / max(heights) - count / max(counts)) < 0.01


def check_frames(browser):
    """Nothing sticks out, nothing is too small to be read."""
    for width in (320, 375, 768, 920, 1280):
        found = browser.measure(width)
        assert found["width"] == width, found
        assert found["scroll"] <= width, found
        assert found["right"] <= width, (width, found)
        assert found["small"] >= (10.5 if width > 320 else 9), found


def test_stats_widths(rig, browser):
    browser.show(rig.ok("stats", "--html"))
    check_frames(browser)


def test_report_widths(rig, browser):
    browser.show(rig.ok("report", "--html", "--subjects"))
    check_frames(browser)


def test_report_numbers(rig, browser):
    told = rig.json("report")
    browser.show(rig.ok("report", "--html"))
    tables, console = browser.tree()
    assert console == [], console
    head, *rows = tables.tables["issues"]
    assert {row[0] for row in rows} == {one["id"] for one in told}
    assert len(rows) == len(told) == 6
    states = {row[0]: row[3] for row in rows}
    dates = {row[0]: row[1] for row in rows}
    for one in told:
        assert states[one["id"]] == one["state"]
        if one["state"] != "public":
            assert dates[one["id"]] == (
                time_of(one["due_at"]) if one["due_at"] else "no date")
    assert tables.terms["Open"] == "5" and tables.terms["Overdue"] == "1"
    assert tables.terms["Due within 7 days"] == "2"
    assert tables.terms["Without a clear date"] == "1"


def test_report_is_marked(rig, browser):
    """On the screen, and on each page of paper."""
    text = rig.ok("report", "--html")
    assert re.search(r'<header class="seal"><p>EMBARGOED .* internal', text)
    assert '<meta name="robots" content="noindex">' in text
    assert "@bottom-center" in text
    browser.show(text)
    assert browser.paper().startswith(b"%PDF-")
    stats = rig.ok("stats", "--html")
    assert "EMBARGOED" not in stats and "@bottom-center" not in stats


def test_subjects_when_asked(rig, browser):
    assert "a telling one" not in rig.ok("report", "--html")
    assert "a telling one" in rig.ok("report", "--html", "--subjects")


def test_nothing_from_outside(rig, browser):
    """No script, no source, no style from elsewhere; only links of rows."""
    for words in (("stats", "--html"), ("report", "--html", "--subjects")):
        text = rig.ok(*words)
        assert "default-src 'none'" in text
        tags = "".join(re.findall("<[^>]*>", re.sub(
            r'<a rel="noreferrer" href="https?://[^"<>]*">', "", text)))
        assert not re.search(r"(?i)<(script|img|iframe|object|embed|base|form)"
                             r"|\bon\w+=|\bsrc=|xlink|style=", tags), tags
        assert re.findall(r'href="([^"]*)"', tags) == ["data:,"]
        style, = re.findall("(?s)<style>(.*)</style>", text)
        assert "url(" not in style and "@import" not in style
        browser.show(text)
        tables, console = browser.tree()
        assert console == [], console
        assert all(re.match(r"https?://", link) for link in tables.links)


def test_accessible(rig, browser):
    """Drawings have a title and a text, tables have heads, ids are unique."""
    for words in (("stats", "--html"), ("report", "--html")):
        text = rig.ok(*words)
        assert '<html lang="en">' in text and "<main>" in text
        drawings = re.findall(r"(?s)<svg[^>]*>.*?</svg>", text)
        for drawing in drawings:
            assert "aria-hidden" in drawing or re.search(
                r'(?s)role="img" aria-labelledby="(\S+) (\S+)">\s*'
                r'<title id="\1">[^<]+</title>\s*<desc id="\2">[^<]+</desc>',
                drawing), drawing[:300]
        ids = re.findall(r'\bid="([^"]*)"', text)
        assert len(ids) == len(set(ids)), ids
        assert text.count("<h1>") == 1
        assert not re.search(r"<th>|<th class", text)


def contrast(one, other):
    """WCAG 2.1, of two colours #rrggbb."""
    def light(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = [p / 12.92 if p <= 0.03928 else
                   ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast(rig, browser):
    """Text is readable in both schemes: 4.5 to 1 at least."""
    text = rig.ok("stats", "--html")
    schemes = re.findall(r":root \{(.*?)\}", text, re.S)
    assert len(schemes) == 3
    for scheme in schemes[:2]:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", scheme))
        for name in ("ink", "soft", "blue", "red", "amber"):
            for ground in ("paper", "card"):
                found = contrast(colours[name], colours[ground])
                assert found >= 4.5, (name, ground, found)


def fill(rig):
    past.fill(rig, 120)
    rig.issue("VS-2027-0001", due=-2 * DAY)
    rig.issue("VS-2027-0002", due=5 * HOUR, cve=EVIL,
              subject="a telling one " + EVIL,
              list="x'\"<b>")
    rig.issue("VS-2027-0003", due=6 * DAY, assumed=1, exploit=9 * DAY,
              url="https://example.org/a-rather-long-address/of/an/advisory/"
              "that-does-not-break-anywhere-because-it-has-no-blanks")
    rig.issue("VS-2027-0004", due=70 * DAY, state="semi-public", over_max=1)
    rig.issue("VS-2027-0005", needs_human=1)
    rig.issue("VS-2027-0006", state="public", public=-DAY, due=-DAY,
              exploit=DAY)
    # what else is open was made up for the statistics
    for i in range(12):
        name = "VS-2025-%04d" % (9000 + i)
        rig.redis("HSET", "embargo:{distros}:issue:" + name, "state",
                  "invalid")
        rig.redis("ZREM", "embargo:{distros}:due", name)


def main():
    with CtlRig() as rig, Browser() as browser:
        fill(rig)
        return tap.run(tap.collect(globals(), rig, browser))


if __name__ == "__main__":
    sys.exit(main())
