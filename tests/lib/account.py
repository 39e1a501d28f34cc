"""The user that the daemons become when root runs the tests.

Neither of them runs as root.  What they need is given to this user: give()
changes the owner of a path; gpg, whose files are its user's alone, works for
tests under the same IDENTITY.  Without root it is all one user.
"""
import os
import subprocess

IS_ROOT = os.geteuid() == 0
USER = "nobody"
# of a configuration
SETTING = {"user": USER} if IS_ROOT else {}
# of subprocess.run() and Popen()
IDENTITY = {"user": USER, "group": "nogroup", "extra_groups": []} \
    if IS_ROOT else {}


def give(*paths):
    """With all that is below them."""
    if IS_ROOT:
        subprocess.run(["chown", "-R", USER, "--", *paths], check=True)
