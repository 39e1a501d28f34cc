#!/bin/sh
# Sendmail, for tests: Debian's packages beside an installed Postfix, which they
# would drive out, unpacked in a folder and not installed.
#
# usage: unpack_sendmail.sh FOLDER
set -eu
folder=$1
[ ! -x "$folder/usr/libexec/sendmail/sendmail" ] || exit 0
work=$(mktemp -d "${TMPDIR:-/tmp}/sendmail.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download sendmail-bin sendmail-cf libwrap0
for package in *.deb; do
	dpkg -x "$package" root
done
# with its group bit it would not look for its library here
chmod g-s root/usr/libexec/sendmail/sendmail
mkdir -p "$folder"
cp -a root/. "$folder/"
