"""What the README tells an administrator is what works.

Its lines for main.cf run in a real Postfix whose smtpd is in a chroot, as on
Debian; they and those for sendmail.mc are the ones that we ship in conf/.
"""
import os
import re
import sys

import tap
from guarded_site import LIST, OTHER, GuardedSite, end_on_signals

TOP = os.environ.get("top_srcdir", ".")
BUILDDIR = os.environ.get("top_builddir", ".")


def read(name):
    with open(os.path.join(TOP, name)) as file:
        return file.read()


def indented(text, start):
    """The indented block whose first line begins with `start`."""
    block = re.search(r"^    %s.*\n(?:    .*\n)*" % re.escape(start), text,
                      re.M)
    assert block, "no lines that begin with %s" % start
    return re.sub(r"^    ", "", block[0], flags=re.M)


def settings(text, comment):
    """The lines that are no comment."""
    return [line for line in text.splitlines()
            if line and not line.startswith(comment)]


def test_main_cf_lines_are_those_of_conf():
    lines = indented(read("README"), "smtpd_milters")
    assert settings(lines, "#") == settings(
        read("conf/postfix-main.cf.snippet"), "#"), lines


def test_main_cf_lines_guard_the_list():
    lines = indented(read("README"), "smtpd_milters")
    assert "milter_default_action = tempfail" in lines
    with GuardedSite(BUILDDIR, main_cf=lines, jail=True) as site:
        clear = site.reporter.clear_mail(LIST)
        code, text = site.send(clear)
        assert code == 550 and site.key in text, (code, text)
        code, text = site.send(site.reporter.encrypted_mail(LIST, site.key))
        assert code == 250, (code, text)
        site.kill_filter()
        code, text = site.send(clear)
        assert code == 451, (code, text)
        code, text = site.send(clear, OTHER)
        assert code == 451, (code, text)
        site.start_filter()
        site.postfix.mails(1)


def test_sendmail_line_is_that_of_conf():
    line = indented(read("README"), "INPUT_MAIL_FILTER")
    assert settings(line, "dnl") == settings(
        read("conf/sendmail.mc.snippet"), "dnl"), line
    assert re.search(r"\bF=T\b", line), line


def test_commands_and_files_exist():
    text = read("README")
    commands = re.findall(r"^    contrib/quickstart (\w+)", text, re.M)
    assert sorted(commands) == ["check", "demo"], commands
    for name in ("contrib/quickstart", "milter/README", "tests/README"):
        assert name in text and os.path.exists(os.path.join(TOP, name)), name


if __name__ == "__main__":
    end_on_signals()
    sys.exit(tap.run(tap.collect(globals())))
