"""A terminal of our own: tmux, with a server that nobody else uses.

    with Terminal(columns=100, environment={...}) as terminal:
        terminal.type("embargoctl list")
        terminal.wait_for("VS-2027-0001")
        terminal.screen(), terminal.screen(colours=True)
"""
import os
import re
import shutil
import subprocess
import tempfile

import tap


class Terminal:
    def __init__(self, columns=100, lines=30, environment=None, run="sh"):
        self.folder = tempfile.mkdtemp(prefix="tmux-", dir="/tmp")
        self.environment = {**(environment or os.environ), "PS1": "$ ",
                            "HOME": self.folder, "ENV": "",
                            "TERM": "xterm-256color"}
        self.socket = os.path.join(self.folder, "s")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns),
                  "-y", str(lines), run)

    def tmux(self, *words):
        done = subprocess.run(
            ["tmux", "-u", "-S", self.socket, *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=30, env=self.environment)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def type(self, text):
        self.tmux("send-keys", "-l", text)
        self.tmux("send-keys", "Enter")

    def key(self, name):
        """C-c and the like."""
        self.tmux("send-keys", name)

    def screen(self, colours=False):
        """All lines, blanks at their ends left out."""
        text = self.tmux("capture-pane", "-p", *(["-e"] if colours else []))
        return text.rstrip("\n")

    def wait_for(self, pattern, seconds=15):
        """Until it stands on the screen; the screen."""
        return tap.poll(lambda: re.search(pattern, self.screen()) and
                        self.screen(), seconds, 0.05)

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"],
                       stderr=subprocess.DEVNULL, check=False, timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
