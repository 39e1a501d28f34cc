"""embargo-setup on a bare host: what it writes, keeps, refuses and asks.

The host's Postfix and Redis are as Debian installs them.
"""
import os
import re
import subprocess
import sys

import bare_host
import tap
from bare_host import problems, read, sh
from reporter import Reporter

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILDDIR = os.path.abspath(os.environ.get("top_builddir", "."))
CONF = "/etc/embargo-milter/embargo-milter.conf"
HOME = "/var/lib/embargo-milter/gnupg"
SETUP = TOP + "/contrib/embargo-setup"
LIST = "distros@example.org"
CALL = "%s --conf %s --address %s --mta postfix " % (SETUP, CONF, LIST)


def state():
    """Every file that embargo-setup may write, and what it says."""
    found = {}
    for path in sh("find /etc/embargo-milter %s -type f 2>/dev/null" % HOME,
                   code=None).split():
        with open(path, "rb") as file:
            found[path] = file.read()
    return found


def forget():
    sh("rm -rf /etc/embargo-milter /var/lib/embargo-milter /run/secret "
       "/var/spool/postfix/embargo-milter")


def key_file(desk, what="--export"):
    with open("/run/list.asc", "wb") as file:
        file.write(desk.gpg("--armor", what, desk.key))


def secret_keys():
    return sh("runuser -u embargo-milter -- gpg --homedir %s --with-colons "
              "--list-secret-keys" % HOME).count("sec:")


def test_refuses_before_it_changes_anything(_):
    for words, code, what in (
            ("", 64, "--address is missing"),
            ("--address " + LIST, 64, "--key or --generate"),
            ("--addres x", 64, "there is no option --addres"),
            ("--address", 64, "wants a value"),
            ("--address x --key /k", 64, "is no address"),
            ("--address '%s\"' --key /k" % LIST, 64, "is no address"),
            ("--address %s --key /nothing" % LIST, 1, "cannot be read"),
            ("--address %s --key /etc/hosts" % LIST, 1, "no OpenPGP key"),
            ("--address %s --key /etc/hosts --generate /k" % LIST, 64,
             "exclude"),
            ("--address %s --generate /etc/hosts" % LIST, 1, "exists"),
            ("--address %s --key /etc/hosts --mta exim" % LIST, 64,
             "postfix or sendmail")):
        text = sh("%s %s" % (SETUP, words), code=code)
        assert what in text, (words, text)
    assert not os.path.exists("/etc/embargo-milter")
    assert "embargo-milter" not in read("/etc/passwd")


def test_help_and_version(_):
    assert sh(SETUP + " --help").startswith("usage: embargo-setup")
    version = sh("embargo-milter --version").split()[1]
    assert sh(SETUP + " --version") == "embargo-setup %s\n" % version


def test_imports_a_key_and_ends_with_a_good_check(desk):
    key_file(desk)
    text = sh(CALL + "--key /run/list.asc --redis-setup --mail-to "
              "operators@example.org --address security@example.org")
    conf = read(CONF)
    assert desk.key in conf and '"security@example.org"' in conf, conf
    assert "decrypt" not in conf and "enforce" not in conf, conf
    assert problems(text) == [] and "good    " in text, text
    assert secret_keys() == 0
    assert "smtpd_milters = unix:embargo-milter/milter.sock" in text, text
    looks = sh("stat -c '%%a %%U %%G %%n' %s %s/gpg.conf /etc/embargo-milter/*"
               " /var/spool/postfix/embargo-milter" % (HOME, HOME))
    assert looks == """\
700 embargo-milter embargo-milter /var/lib/embargo-milter/gnupg
600 embargo-milter embargo-milter /var/lib/embargo-milter/gnupg/gpg.conf
644 root root /etc/embargo-milter/embargo-milter.conf
640 root root /etc/embargo-milter/redis.acl
640 root embargo-milter /etc/embargo-milter/redis.pw
2750 embargo-milter postfix /var/spool/postfix/embargo-milter
""", looks
    groups = sh("id -nG embargo-milter").split()
    assert {"redis", "postdrop"} <= set(groups), groups


def test_a_second_run_changes_nothing(desk):
    before = state()
    text = sh(CALL + "--key /run/list.asc --redis-setup --mail-to "
              "operators@example.org --address security@example.org")
    assert state() == before
    assert not re.search("^(wrote|made|imported|joined|moved)", text, re.M)


def test_redis_keeps_the_user(_):
    """After a restart, and others may do nothing more than before."""
    text = read("/etc/redis/redis.conf")
    assert re.search("^user embargo-milter on ", text, re.M), text[-900:]
    assert re.search("^appendonly yes", text, re.M), text[-900:]
    password = read("/etc/embargo-milter/redis.pw").strip()
    assert password not in text
    for words, answer in (("GET embargo:x", ""), ("GET other", "NOPERM"),
                          ("FLUSHALL", "NOPERM")):
        said = sh("REDISCLI_AUTH=%s redis-cli --user embargo-milter %s" % (
            password, words)).strip()
        assert said.startswith(answer) and bool(said) == bool(answer), said


def test_another_configuration_stays(desk):
    before = state()
    text = sh(CALL + "--key /run/list.asc", code=1)
    assert state() == before
    assert "nothing was changed" in text and "-    address" in text, text
    text = sh(CALL + "--key /run/list.asc --replace")
    assert "moved" in text, text
    assert read(CONF + ".old") == before[CONF].decode()
    assert "security@" not in read(CONF)
    text = sh(CALL + "--key /run/list.asc --replace --trial", code=1)
    assert ".old exists" in text, text
    assert "enforce" not in read(CONF)


def test_settings_of_gpg_that_are_there_stay(desk):
    with open(HOME + "/gpg.conf", "a") as file:
        file.write("# mine\n")
    text = sh(CALL + "--key /run/list.asc")
    assert "differs" in text and "no-auto-key-locate" in text, text
    assert read(HOME + "/gpg.conf").endswith("# mine\n")


def test_a_secret_key_is_not_taken_unless_asked_for(desk):
    forget()
    key_file(desk, "--export-secret-keys")
    sh(CALL + "--key - --redis-setup < /run/list.asc")
    assert secret_keys() == 0 and desk.key in read(CONF)
    text = sh(CALL + "--key /run/list.asc --decrypt --replace")
    assert secret_keys() == 1 and "decrypt = true" in read(CONF), text
    assert problems(text) == [], text


def test_makes_a_key_whose_secret_half_leaves(desk):
    forget()
    text = sh(CALL + "--generate /run/secret --trial --redis-setup")
    assert "enforce = false" in read(CONF)
    assert secret_keys() == 0, text
    assert sh("stat -c %a /run/secret") == "600\n"
    key = re.search('key = \\[ "(.*)" ]', read(CONF))[1]
    shown = sh("gpg --homedir %s --no-autostart --show-keys "
               "--with-colons /run/secret" % desk.home)
    assert "\nsec:" in "\n" + shown and key in shown, shown
    before = state()
    text = sh(CALL + "--generate /run/secret --trial")
    assert state() == before and "kept     the key " + key in text, text


def test_makes_a_key_for_a_list_that_looks_inside(_):
    forget()
    text = sh(CALL + "--generate /run/secret --decrypt --redis-setup")
    assert secret_keys() == 1 and problems(text) == [], text


def test_several_keys_in_one_file(desk):
    forget()
    desk.make_key("someone <someone@example.org>")
    with open("/run/all.asc", "wb") as file:
        file.write(desk.gpg("--export"))
    text = sh(CALL + "--key /run/all.asc", code=1)
    assert "several keys" in text, text
    assert not os.path.exists(CONF)


def test_without_redis_setup_it_says_what_is_missing(_):
    sh("redis-cli ACL DELUSER embargo-milter")
    text = sh(CALL + "--generate /run/secret", code=69)
    assert "--redis-setup" in text, text
    sh(CALL + "--generate /run/secret --redis-setup")


def test_asks_in_a_terminal(desk):
    forget()
    key_file(desk)
    done = subprocess.run(
        ["script", "-q", "-e", "-c",
         "%s --conf %s" % (SETUP, CONF), "/dev/null"],
        input=b"distros@example.org security@example.org\n/run/list.asc\n\ny\n",
        capture_output=True, timeout=120)
    text = done.stdout.decode()
    assert done.returncode == 0, text
    assert "The list's address" in text and "good" in text, text
    assert problems(text) == [], text
    assert '"security@example.org"' in read(CONF)


def test_sendmail(desk):
    forget()
    text = sh("%s --conf %s --address %s --mta sendmail "
              "--key /run/list.asc --redis-setup" % (SETUP, CONF, LIST))
    assert "F=T" in text and "/run/embargo-milter/milter.sock" in text, text
    assert '"unix:/run/embargo-milter/milter.sock"' in read(CONF)


def main():
    bare_host.enter()
    # the account must be able to run what was built in any folder
    bin_folder = bare_host.fresh("/run/bin", "root", 0o755)
    for name in ("embargo-milter", "embargo-warnd", "embargoctl"):
        sh("install -m 755 %s/%s %s" % (BUILDDIR, name, bin_folder))
    os.environ["PATH"] = bin_folder + ":/usr/sbin:/usr/bin:/sbin:/bin"
    bare_host.start_redis()
    bare_host.start_postfix()
    desk = Reporter()
    desk.key = desk.make_key("distros <%s>" % LIST)
    try:
        return tap.run(tap.collect(globals(), desk))
    finally:
        desk.close()


if __name__ == "__main__":
    sys.exit(main())
