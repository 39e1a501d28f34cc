"""Completion of embargoctl in a real bash and a real zsh, keys typed by hand.

A shell of each kind reads the file as `make install' would give it and gets a
line and a tabulator; what it has made of the line is asked by a widget that
prints it.
"""
import os
import pty
import re
import subprocess
import sys
import time

import tap
from operator_desk import DAY, Desk, read_some

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
FOLDER = os.path.join(TOP, "contrib/completion")
START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], r"""
PS1='' PS2=''
bind 'set enable-bracketed-paste off' 'set bell-style none'
bind 'set show-all-if-ambiguous on' 'set completion-query-items 0'
bind 'set page-completions off' 'set completion-display-width 0'
show() { printf '\n<%s>\n' "$READLINE_LINE"; }
bind -x '"\C-g": show'
. FOLDER/embargoctl
printf 'rea''dy\n'
"""),
    "zsh": (["zsh", "-f", "-i"], r"""
unsetopt zle_bracketed_paste prompt_cr prompt_sp beep; PS1= PS2=
zmodload zsh/zle; unset zle_bracketed_paste
fpath=(FOLDER $fpath)
autoload -Uz compinit; compinit -D -u
setopt no_always_last_prompt list_rows_first no_list_ambiguous; LISTMAX=0
show() { print -rn -- $'\r\n'"<$BUFFER>"$'\r\n' >$TTY }
zle -N show; bindkey '^G' show
print rea''dy
""")}


class Shell:
    """An interactive shell on a terminal of its own."""

    def __init__(self, kind, desk):
        words, script = START[kind]
        environment = {**desk.environment, "TERM": "dumb", "HISTFILE": "",
                       "COLUMNS": "200", "ZDOTDIR": desk.folder}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(desk.folder)
            os.execvpe(words[0], words, environment)
        self.type(script.replace("FOLDER", FOLDER))
        self.said = ""
        self.until(r"\bready\r")

    def type(self, text):
        os.write(self.fd, text.encode())

    def until(self, pattern, seconds=20):
        """Read until it has said that; all that it said."""
        end = time.monotonic() + seconds
        while not re.search(pattern, self.said):
            assert time.monotonic() < end, (pattern, self.said[-2000:])
            self.said += read_some(self.fd, 0.1)
        said, self.said = self.said, ""
        return said

    def complete(self, line, keys="\t"):
        """The line after a tabulator, and the words that are offered."""
        self.type(line + keys)
        time.sleep(0.05)
        self.type("\x07")
        said = self.until(r"<[^<>\r\n]*>\r*\n")
        result = re.findall(r"<([^<>\r\n]*)>\r*\n", said)[-1]
        self.type("\x15")
        offered = set(re.findall(r"[^\s<>]+", said.split("\n<")[0]))
        return result, offered - set(line.split())

    def close(self):
        self.type("\x15exit\n")
        os.close(self.fd)
        os.waitpid(self.pid, 0)


ISSUES = {"VS-2027-0001", "VS-2027-0002", "VS-2028-0003"}
OPEN = {"VS-2027-0001", "VS-2027-0002"}


def check(shell, desk):
    conf = "embargoctl -c " + desk.path + " "
    for line, wanted in (
            ("embargoctl class", "embargoctl classify "),
            (conf + "semi", conf + "semi-public "),
            (conf + "set-date VS-2027-0001 tom",
             conf + "set-date VS-2027-0001 tomorrow "),
            (conf + "show VS-2028", conf + "show VS-2028-0003 "),
            (conf + "ack VS-2027-0001 over",
             conf + "ack VS-2027-0001 overdue "),
            (conf + "exploit VS-2027-0001 no",
             conf + "exploit VS-2027-0001 none "),
            (conf + "list --st", conf + "list --state "),
            (conf + "list --state br", conf + "list --state broken "),
            (conf + "purge --dry", conf + "purge --dry-run "),
            (conf + "classify a-mail", conf + "classify a-mail.eml "),
            (conf + "set-date VS-2028", conf + "set-date VS-2028"),
            (conf + "move some-id ne", conf + "move some-id new ")):
        result, _ = shell.complete(line)
        assert result.rstrip() == wanted.rstrip(), (line, result)
    for line, wanted, unwanted in (
            (conf + "show ", ISSUES, set()),
            (conf + "set-date ", OPEN, ISSUES - OPEN),
            (conf + "merge VS-2027-0001 ", ISSUES - {"VS-2027-0001"}, set()),
            ("embargoctl ", {"list", "show", "set-date", "import", "probe"},
             set()),
            (conf + "import --", {"--mbox", "--keep", "--yes", "--closed"},
             {"--dry-run"})):
        _, offered = shell.complete(line, "\t\t")
        assert wanted <= offered, (line, wanted - offered)
        assert not unwanted & offered, (line, offered)


def each(kind, desk):
    shell = Shell(kind, desk)
    try:
        check(shell, desk)
    finally:
        shell.close()


def test_bash(desk):
    each("bash", desk)


def test_zsh(desk):
    each("zsh", desk)


def test_redis_down(desk):
    """Then there are no ids, and no words on the terminal."""
    desk.redis.kill()
    try:
        for kind in START:
            shell = Shell(kind, desk)
            line = "embargoctl -c %s show " % desk.path
            result, offered = shell.complete(line, "\t\t")
            assert (result.strip(), offered) == (line.strip(), set()), (
                kind, result, offered)
            shell.close()
    finally:
        desk.redis.start()


def test_shellcheck(_):
    done = subprocess.run(["shellcheck", FOLDER + "/embargoctl"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    subprocess.run(["zsh", "-n", FOLDER + "/_embargoctl"], check=True)


def main():
    with Desk() as desk:
        desk.issue(1, due=3 * DAY)
        desk.issue(2, due=4 * DAY)
        issue = "VS-2028-0003"
        base = "embargo:{distros}:"
        desk.redis("HSET", base + "issue:" + issue, "id", issue, "state",
                   "public", "list", "distros", "opened_at", 1)
        desk.redis("ZADD", base + "issues", 1, issue)
        with open(os.path.join(desk.folder, "a-mail.eml"), "wb"):
            pass
        return tap.run(tap.collect(globals(), desk))


if __name__ == "__main__":
    sys.exit(main())
