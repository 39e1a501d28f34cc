"""Pages in headless Chromium: what they say on the console, and their tree.

    with Browser() as browser:
        browser.show(text)
        tables, console = browser.tree()
        browser.measure(375)

A second page beside it holds it in a frame of the width wanted, as a phone
would, and measures it; the page itself has no script.
"""
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile

PROGRAMS = ("chromium-headless-shell", "chromium")

FRAME = """<!DOCTYPE html><meta charset="utf-8"><title>frame</title>
<iframe id="page" src="page.html" style="width:%dpx;height:2000px;border:0">
</iframe><script>
addEventListener("load", () => {
  const doc = document.getElementById("page").contentDocument;
  const root = doc.documentElement;
  const seen = [...doc.querySelectorAll("svg, table, dl")].filter(
    e => e.getBoundingClientRect().width > 0);
  const right = Math.max(0, ...[...doc.querySelectorAll("body *")].map(
    e => e.getBoundingClientRect().right));
  document.body.setAttribute("data-found", JSON.stringify({
    width: root.clientWidth, scroll: root.scrollWidth, right: right,
    svgs: doc.querySelectorAll("svg[role=img]").length,
    seen: seen.length,
    widest: [...doc.querySelectorAll("body *")].filter(
      e => e.getBoundingClientRect().right > root.clientWidth).map(
      e => e.outerHTML.slice(0, 200))[0],
    small: Math.min(...[...doc.querySelectorAll("svg[role=img]")].filter(
      e => e.getBoundingClientRect().width > 0).map(
      e => e.getAttribute("font-size") * e.getBoundingClientRect().width /
        e.viewBox.baseVal.width))}));
});
</script>"""


def program():
    for name in PROGRAMS:
        if shutil.which(name):
            return name
    raise AssertionError("there is no " + " or ".join(PROGRAMS))


class Tables(html.parser.HTMLParser):
    """The cells of each table by its id; texts by the class of a dl."""

    def __init__(self):
        super().__init__()
        self.tables, self.terms, self.links = {}, {}, []
        self.rows = self.cell = self.term = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.rows = self.tables.setdefault(attributes.get("id"), [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th", "dt", "dd"):
            self.cell = ""
        elif tag == "a":
            self.links.append(attributes["href"])

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(" ".join(self.cell.split()))
        elif tag == "dt":
            self.term = " ".join(self.cell.split())
        elif tag == "dd":
            self.terms[self.term] = " ".join(self.cell.split())
        if tag in ("td", "th", "dt", "dd"):
            self.cell = None

    def handle_data(self, text):
        if self.cell is not None:
            self.cell += text


class Browser:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="browser-", dir="/tmp")
        self.profile = os.path.join(self.folder, "profile")

    def run(self, name, *options):
        """What it prints, and the lines of the page's console."""
        log = os.path.join(self.folder, "log")
        done = subprocess.run(
            [program(), "--headless", "--no-sandbox", "--disable-gpu",
             "--user-data-dir=" + self.profile, "--hide-scrollbars",
             "--allow-file-access-from-files", "--enable-logging=stderr",
             "--host-resolver-rules=MAP * ~NOTFOUND", *options,
             "file://" + os.path.join(self.folder, name)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120, env={**os.environ, "HOME": self.folder})
        with open(log, "w") as file:
            file.write(done.stderr)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout, re.findall(r".*CONSOLE.*", done.stderr)

    def show(self, text, name="page.html"):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def tree(self):
        """The page as the browser has it: Tables, and its console."""
        text, console = self.run("page.html", "--dump-dom")
        tables = Tables()
        tables.feed(text)
        return tables, console

    def measure(self, width):
        """In a frame of that width."""
        self.show(FRAME % width, "frame.html")
        text, console = self.run("frame.html", "--dump-dom")
        found = re.search(r'data-found="([^"]*)"', text)
        assert found, (text[:500], console)
        return json.loads(html.unescape(found[1]))

    def paper(self):
        """The bytes of a PDF."""
        path = os.path.join(self.folder, "page.pdf")
        self.run("page.html", "--no-pdf-header-footer",
                 "--print-to-pdf=" + path)
        with open(path, "rb") as file:
            return file.read()

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
