#!/bin/bash
# shellcheck disable=SC2016
#
# A Debian 12 with nothing on it: the demonstration from a clean clone, then the
# package, built there, checked by lintian, and installed, set up, started,
# upgraded and purged on a machine that systemd has booted.
#
#	make proof		in half an hour or so
#	make proof STEPS=package
#	make proof STEPS="demo check package"
#
# Needs root, debootstrap, systemd-nspawn (package systemd-container), and the
# network for Debian's packages.  All is below $WORK, by default a new folder
# of /var/tmp that is removed at the end; one that is named stays, with the
# base system for the next time and what was seen in *.txt.  Prints TAP.

set -u

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 70
steps=${STEPS:-demo package}
work=${WORK:-}
is_kept=${WORK:+yes}
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' | head -n 1)}	# where this machine's come from
machine=		# pid of the guest's systemd
count=0
failed=0

umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
unset TMPDIR MAKEFLAGS MFLAGS MAKELEVEL

clean_up()
{
	shut_down
	local mounts
	mapfile -t mounts < <(awk -v w="$work/" \
	    'index($2, w) == 1 { print $2 }' /proc/mounts | sort -r)
	[ ${#mounts[@]} -eq 0 ] || umount "${mounts[@]}"
	[ -n "$is_kept" ] || rm -rf --one-file-system "$work"
}

# report NAME COMMAND...: a line of TAP; what it said, when it failed.
report()
{
	count=$((count + 1))
	if "${@:2}" >"$work/step" 2>&1; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		tail -n 40 "$work/step" | sed 's/^/# /'
	fi
}

inside()	# inside ROOT COMMAND...
{
	chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	    LC_ALL=C DEBIAN_FRONTEND=noninteractive "${@:2}" </dev/null
}

apt_inside()
{
	inside "$1" apt-get install -y --no-install-recommends "${@:2}"
}

make_base()
{
	[ -e "$work/base/etc/debian_version" ] ||
	    debootstrap --variant=minbase bookworm "$work/base" "$mirror"
}

# A copy with what programs expect of a kernel; no daemon starts by itself.
make_root()
{
	rm -rf --one-file-system "$1" && cp -a "$work/base" "$1" &&
	    cp /etc/resolv.conf "$1/etc/resolv.conf" &&
	    mount -t proc proc "$1/proc" &&
	    mount --rbind --make-rslave /dev "$1/dev" &&
	    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d" &&
	    chmod 755 "$1/usr/sbin/policy-rc.d"
}

# As a stranger has it: what is committed, and nothing that was built.
clone()
{
	mkdir -p "$1/src" && git -c safe.directory="*" -C "$top" archive HEAD |
	    tar -x -C "$1/src"
}

demo()
{
	inside "$work/builder" /src/contrib/quickstart demo >"$work/demo.txt" &&
	    grep -q "550" "$work/demo.txt" &&
	    grep -q "approaching" "$work/demo.txt"
}

check()
{
	inside "$work/builder" /src/contrib/quickstart check \
	    >"$work/check.txt" && tail -n 1 "$work/check.txt" |
	    grep -q ", 0 failed"
}

build_package()
{
	local needed
	needed=$(sed -n '/^Build-Depends:/,/^[A-Z]/s/^ \([a-z][^ ,]*\).*/\1/p' \
	    "$top/contrib/debian/control" | sed 's/-compat$//')
	# shellcheck disable=SC2086
	apt_inside "$work/builder" build-essential autoconf automake lintian \
	    $needed &&
	    inside "$work/builder" sh -c 'cd /src && autoreconf -fi &&
		./configure && make deb' &&
	    cp "$work"/builder/src/deb/embargo-milter_*_*.deb \
		"$work/package.deb"
}

run_lintian()
{
	inside "$work/builder" sh -c 'cd /src/deb &&
	    lintian --allow-root --fail-on error,warning *.changes' \
	    >"$work/lintian.txt" 2>&1 || { cat "$work/lintian.txt"; false; }
}

# The machine, with the package's friends and without the package.
make_guest()
{
	local needed
	[ -z "$machine" ] || shut_down
	needed=$(dpkg-deb -f "$work/package.deb" Depends |
	    tr ',' '\n' | sed 's/|.*//; s/(.*//' | tr -d ' ')
	# shellcheck disable=SC2086
	make_root "$work/guest" && inside "$work/guest" apt-get update &&
	    apt_inside "$work/guest" systemd-sysv dbus postfix redis-server \
		gpg gpg-agent swaks $needed &&
	    rm "$work/guest/usr/sbin/policy-rc.d" &&
	    umount -R "$work/guest/dev" "$work/guest/proc" &&
	    echo example.org >"$work/guest/etc/mailname" &&
	    echo 'distros: root' >>"$work/guest/etc/aliases" &&
	    inside "$work/guest" newaliases &&
	    echo 'mydestination = example.org, localhost' \
		>>"$work/guest/etc/postfix/main.cf" &&
	    cp "$work/package.deb" "$work/guest/root/one.deb"
}

boot()
{
	local nspawn
	systemd-nspawn --quiet --directory="$work/guest" --register=no \
	    --keep-unit --boot --private-network --console=pipe \
	    --hostname=mx.example.org </dev/null >"$work/boot.txt" 2>&1 &
	nspawn=$!
	for _ in $(seq 300); do
		machine=$(pgrep -P "$nspawn" -f systemd | head -n 1)
		[ -z "$machine" ] || ! in_guest 'systemctl is-system-running |
		    grep -Eq "running|degraded"' 2>/dev/null || return 0
		sleep 0.2
	done
	return 1
}

shut_down()
{
	[ -z "$machine" ] || kill -s RTMIN+4 "$machine" 2>/dev/null || return 0
	wait
	machine=
}

in_guest()	# a line of shell as root types it there
{
	nsenter --target "$machine" --mount --uts --ipc --net --pid \
	    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	    HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
	    bash -c "cd && $1" </dev/null
}

# All files, without those that any machine changes.
list_files()
{
	in_guest 'find / -xdev \( -path /proc -o -path /sys -o -path /run \
	    -o -path /tmp -o -path /root -o -path /var/log -o -path /var/cache \
	    -o -path /var/lib/dpkg -o -path /var/lib/apt \
	    -o -path /var/lib/systemd -o -path /var/lib/redis \
	    -o -path /var/spool/postfix -o -path /var/lib/postfix \
	    -o -path /var/mail \) \
	    -prune -o -print' | sort
}

# The guest has no time server.
CHECK='{ embargoctl check || :; ! embargoctl check | grep PROBLEM |
    grep -v " clock: kept by no"; }'

install_package()
{
	list_files >"$work/before.txt"
	in_guest 'apt-get install -y ./one.deb && id embargo-milter &&
	    systemctl is-enabled embargo-milter embargo-warnd' &&
	    # not configured yet: not started, and no failure
	    in_guest '! systemctl --quiet is-active embargo-milter &&
		! systemctl --quiet is-failed embargo-milter'
}

set_up()
{
	in_guest 'embargo-setup --address distros@example.org \
	    --generate secret.asc --redis-setup --mail-to root@example.org' \
	    >"$work/setup.txt" || { cat "$work/setup.txt"; return 1; }
	sed -n '/^Lines for main.cf/,/^Then:/s/^    //p' "$work/setup.txt" \
	    >>"$work/guest/etc/postfix/main.cf"
}

start_it()
{
	in_guest 'systemctl enable --now embargo-milter embargo-warnd &&
	    postfix reload && sleep 2 &&
	    systemctl is-active embargo-milter embargo-warnd &&
	    '"$CHECK"' && embargoctl probe'
}

refuses()
{
	in_guest 'swaks --server 127.0.0.1 --from a@reporter.test \
	    --to distros@example.org --h-Subject "[vs] report" --body clear |
	    tee /dev/stderr | grep -q "550.5\.7\.1"'
}

accepts()
{
	in_guest 'key=$(sed -n "s/.*key = \[ \"\(.*\)\" .*/\1/p" \
		/etc/embargo-milter/embargo-milter.conf)
	    gpg --quiet --import secret.asc
	    echo secret | gpg --quiet --batch --trust-model always --armor \
		--encrypt --recipient "$key" >body
	    swaks --server 127.0.0.1 --from a@reporter.test \
		--to distros@example.org --h-Subject "[vs] report" --body @body
	    embargoctl list | tee /dev/stderr | grep -q VS-'
}

upgrade()
{
	rm -rf "$work/two" && dpkg-deb -R "$work/package.deb" "$work/two" &&
	    sed -i 's/^Version: .*/&+new/' "$work/two/DEBIAN/control" &&
	    dpkg-deb -b "$work/two" "$work/guest/root/two.deb" &&
	    in_guest 'set -e; md5sum /etc/embargo-milter/* >sums
		old=$(systemctl show -p MainPID embargo-milter)
		apt-get install -y ./two.deb
		md5sum -c sums
		systemctl is-active embargo-milter embargo-warnd
		[ "$old" != "$(systemctl show -p MainPID embargo-milter)" ]
		'"$CHECK"
}

survives_a_reboot()
{
	shut_down
	boot && in_guest 'sleep 2; embargoctl list | grep VS- &&
	    systemctl is-active embargo-milter embargo-warnd && '"$CHECK"
}

# A secret key would stay; this list has none here.
purge()
{
	in_guest 'apt-get purge -y embargo-milter && ! pidof embargo-milter' &&
	    list_files >"$work/after.txt" &&
	    ! diff "$work/before.txt" "$work/after.txt" | grep embargo
}

package()
{
	report "the package builds" build_package
	report "lintian finds no error and no warning" run_lintian
	report "a machine with Postfix and Redis" make_guest
	report "it boots" boot
	report "the package installs" install_package
	report "embargo-setup" set_up
	report "the daemons start in their sandbox" start_it
	report "mail in clear is refused" refuses
	report "an encrypted report is accepted" accepts
	report "an upgrade keeps all and starts anew" upgrade
	report "a reboot" survives_a_reboot
	report "a purge leaves nothing" purge
	shut_down
}

[ "$(id -u)" -eq 0 ] || { echo "run it as root" >&2; exit 1; }
for tool in debootstrap systemd-nspawn nsenter git; do
	command -v "$tool" >/dev/null ||
	    { echo "there is no $tool" >&2; exit 1; }
done
[ -n "$work" ] || work=$(mktemp -d /var/tmp/proof.XXXXXX) || exit 1
mkdir -p "$work"
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
report "a fresh Debian 12" make_base
report "a copy of it" make_root "$work/builder"
report "a clean clone in it" clone "$work/builder"
for step in $steps; do
	case $step in
	demo)	report "contrib/quickstart demo" demo ;;
	check)	report "contrib/quickstart check" check ;;
	package) package ;;
	*)	report "there is no step $step" false ;;
	esac
done
echo "1..$count"
[ "$failed" -eq 0 ]
