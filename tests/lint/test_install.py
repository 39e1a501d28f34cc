"""What `make install` puts where, and that it leaves a configuration alone."""
import fnmatch
import os
import re
import subprocess
import tempfile

from lint import BUILD, Tree, tap

PLACES = {
    "etc/apparmor.d/": ["embargo-milter"],
    "usr/bin/": ["embargoctl"],
    "usr/sbin/": ["embargo-milter", "embargo-setup", "embargo-warnd"],
    "usr/share/man/man5/": ["embargo-milter.conf.5", "embargo-redis.5"],
    "usr/share/man/man7/": ["embargo-members.7", "embargo-milter.7"],
    "usr/share/man/man8/": ["embargo-milter.8", "embargo-setup.8",
                            "embargo-warnd.8", "embargoctl.8"],
    "usr/share/doc/embargo-milter/": ["README"],
    "usr/share/doc/embargo-milter/examples/": ["embargo-milter.conf"],
    "usr/share/doc/embargo-milter/examples/contrib/": [
        "README", "cron/embargo-milter", "logcheck/embargo-milter",
        "logwatch/embargo-milter", "logwatch/embargo-milter.conf"],
    "usr/share/embargo-milter/": ["postfix-main.cf.snippet", "redis.acl",
                                  "sendmail.mc.snippet"],
    "usr/share/bash-completion/completions/": ["embargoctl"],
    "usr/share/zsh/vendor-completions/": ["_embargoctl"],
    "usr/share/embargo-milter/mutt/": ["embargo-field", "embargo.muttrc"],
    "usr/lib/systemd/system/": ["embargo-milter.service",
                                "embargo-statistics.service",
                                "embargo-statistics.timer",
                                "embargo-warnd.service"],
    "usr/lib/sysusers.d/": ["embargo-milter.conf"],
    "usr/lib/tmpfiles.d/": ["embargo-milter.conf"],
}
# What other parts of the project may add to.
OPEN = ("usr/share/doc/embargo-milter/",)
PROGRAMS = "^usr/s?bin/|/embargo-field$"
CONF = "etc/embargo-milter/embargo-milter.conf"
SPEC = "contrib/rpm/embargo-milter.spec"

# Without these a unit is not what its page promises.
HARDENED = set("""Type=notify User=embargo-milter LimitCORE=0
    NoNewPrivileges=yes CapabilityBoundingSet= ProtectSystem=strict
    ProtectHome=yes PrivateTmp=yes PrivateDevices=yes
    MemoryDenyWriteExecute=yes RestrictNamespaces=yes
    SystemCallFilter=@system-service IPAddressDeny=any""".split())


def make(target, root):
    """The same places as a Debian package."""
    env = {k: v for k, v in os.environ.items()
           if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DESTDIR")}
    done = subprocess.run(
        ["make", "-C", BUILD, target, "DESTDIR=" + root, "prefix=/usr",
         "sysconfdir=/etc", "localstatedir=/var"], env=env, text=True,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def files(root):
    return {os.path.relpath(os.path.join(path, name), root)
            for path, _, names in os.walk(root) for name in names}


def expected():
    return {folder + name for folder, names in PLACES.items()
            for name in names}


def compare(found):
    for path in sorted(expected() - found):
        yield "%s is not there" % path
    for path in sorted(found - expected() - {CONF}):
        if not path.startswith(OPEN):
            yield "%s is there" % path


def check_modes(root, found):
    for path in found:
        mode = os.stat(os.path.join(root, path)).st_mode & 0o7777
        wanted = 0o755 if re.search(PROGRAMS, path) else 0o644
        if path != CONF and mode != wanted:
            yield "%s has the mode %o" % (path, mode)


def check_conf(root):
    with open(os.path.join(root, CONF), encoding="utf-8") as file:
        if file.read() != "mine\n":
            yield "%s was changed" % CONF


def check_programs(root):
    for path in sorted(expected()):
        if not re.match(r"usr/s?bin/", path):
            continue
        done = subprocess.run([os.path.join(root, path), "--version"],
                              capture_output=True, text=True, timeout=60)
        name = path.split("/")[-1]
        if done.returncode != 0 or not done.stdout.startswith(name + " "):
            yield "%s --version: %s%s" % (path, done.stdout, done.stderr)


def steps(root):
    """Pairs of a name and complaints."""
    os.makedirs(os.path.dirname(os.path.join(root, CONF)))
    with open(os.path.join(root, CONF), "w", encoding="utf-8") as file:
        file.write("mine\n")
    make("install", root)
    found = files(root)
    yield "places", compare(found)
    yield "modes", check_modes(root, found)
    yield "programs run", check_programs(root)
    make("install", root)	# an upgrade
    yield "a configuration stays", check_conf(root)
    yield "sees a file too few", blind(compare(found - {min(expected())}))
    yield "sees a file too many", blind(compare(found | {"etc/new"}))
    make("uninstall", root)
    yield "nothing is left", ("%s is left" % p for p in files(root) - {CONF})


def blind(complaints):
    return [] if list(complaints) else ["no complaint"]


def check_units(tree):
    for path in tree.find("conf/*.service.in"):
        lines = set(tree.read(path).split("\n"))
        name = path.split("/")[-1].split(".")[0]
        for line in sorted(HARDENED - lines):
            yield "%s: lacks %s" % (path, line)
        if "ExecStart=@sbindir@/%s -F" % name not in lines:
            yield "%s: starts something else" % path


def check_versions(tree):
    """The packages are of the version that configure.ac says."""
    version = re.search(r"AC_INIT\(\[[\w-]+\], \[([\d.]+)\]\)",
                        tree.read("configure.ac"))[1]
    for path, line in (
            ("contrib/debian/changelog", "embargo-milter (%s-"),
            ("contrib/debian/README.source", "cd embargo-milter-%s\n"),
            (SPEC, "\nVersion:        %s\n"),
            (SPEC, "> - %s-1\n")):
        if line % version not in tree.read(path):
            yield "%s: not of version %s" % (path, version)


NOT_IN_FEDORA = {"etc/apparmor.d/embargo-milter",
                 "usr/share/zsh/vendor-completions/_embargoctl"}
ONLY_IN_FEDORA = {"COPYING", "etc/embargo-milter",
                  "usr/share/zsh/site-functions/_embargoctl"}
RPM = {"%{_bindir}": "usr/bin", "%{_sbindir}": "usr/sbin",
       "%{_datadir}": "usr/share", "%{_mandir}": "usr/share/man",
       "%{_docdir}/%{name}": "usr/share/doc/embargo-milter",
       "%{_unitdir}": "usr/lib/systemd/system",
       "%{_sysusersdir}": "usr/lib/sysusers.d",
       "%{_tmpfilesdir}": "usr/lib/tmpfiles.d",
       "%{_sysconfdir}": "etc"}


def check_spec(tree):
    """%files names everything that is installed, and nothing else."""
    text = tree.read(SPEC)
    text = text.split("\n%files\n")[1].split("\n\n")[0]
    for macro, path in RPM.items():
        text = text.replace(macro, path)
    named = [line.split()[-1] for line in text.split("\n")]
    for path in sorted(expected() - NOT_IN_FEDORA):
        if not any(fnmatch.fnmatch(path, name) or
                   path.startswith(name + "/") for name in named):
            yield "%%files: lacks %s" % path
    for name in set(named) - ONLY_IN_FEDORA:
        if not any(fnmatch.fnmatch(path, name) or
                   path.startswith(name + "/") for path in expected()):
            yield "%%files: there is no %s" % name


def main():
    """Like run(), with the steps in front."""
    tree = Tree()
    unit = "conf/embargo-milter.service.in"
    with tempfile.TemporaryDirectory(prefix="install-") as root:
        results = [(name, list(found)) for name, found in steps(root)]
    results.append(("units", list(check_units(tree))))
    results.append(("units: sees a loose one", blind(check_units(
        tree.replace(unit, "ProtectHome=yes\n", "")))))
    results.append(("versions", list(check_versions(tree))))
    results.append(("versions: sees another", blind(check_versions(
        tree.replace("configure.ac", "[0.", "[9.")))))
    results.append(("spec", list(check_spec(tree))))
    results.append(("spec: sees a file that is gone", blind(check_spec(
        tree.replace(SPEC, "%{_bindir}/embargoctl\n", "")))))
    print("1..%d" % len(results))
    for number, (name, notes) in enumerate(results, 1):
        tap(number, name, notes)


main()
