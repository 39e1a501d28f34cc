# What the two daemons may do, for AppArmor, as /etc/apparmor.d/embargo-milter.
# To load it:
#
#	apparmor_parser -r /etc/apparmor.d/embargo-milter
#
# It has the default places of embargo-milter.conf(5).  Other ones go to
# /etc/apparmor.d/local/embargo-milter, which both profiles read: keys, a unix
# socket, Redis, the files that the configuration names.

abi <abi/3.0>,

include <tunables/global>

# GnuPG in its own home, and no network: gpg is told not to use it.
@{embargo_gpg} = /usr/bin/{gpg,gpgsm,gpgconf,gpg-agent,gpg-connect-agent}
@{embargo_home} = /var/lib/embargo-milter/gnupg

profile embargo-milter /usr/{,local/}sbin/embargo-milter {
	include <abstractions/base>
	include <abstractions/consoles>
	include <abstractions/nameservice>

	# Started as root, it becomes its user; socket_group.
	capability chown,
	capability setgid,
	capability setuid,

	signal (send, receive) peer=@{profile_name},
	signal (receive) peer=unconfined,

	# Each piece of work with gpg is a process of the same program.
	/usr/{,local/}sbin/embargo-milter mrix,
	@{embargo_gpg} mrix,
	/usr/{bin,lib/gnupg,libexec}/{gpg,}{keyboxd,-protect-tool} mrix,
	owner @{PROC}/@{pid}/coredump_filter w,
	owner @{PROC}/@{pid}/fd/ r,
	/dev/tty rw,

	/etc/embargo-milter/{,**} r,
	/etc/gnupg/{,**} r,
	/usr/share/gnupg/{,**} r,
	@{embargo_home}/{,**} rwkl,
	owner /run/user/*/gnupg/{,**} rw,

	/run/embargo-milter/{,**} rwk,
	/var/spool/postfix/embargo-milter/{,**} rwk,
	/run/redis/*.sock rw,

	include if exists <local/embargo-milter>
}

profile embargo-warnd /usr/{,local/}sbin/embargo-warnd {
	include <abstractions/base>
	include <abstractions/consoles>
	include <abstractions/nameservice>

	capability setgid,
	capability setuid,

	signal (send, receive) peer=@{profile_name},
	signal (receive) peer=unconfined,

	/usr/{,local/}sbin/embargo-warnd mrix,
	@{embargo_gpg} mrix,
	/usr/{bin,lib/gnupg,libexec}/{gpg,}{keyboxd,-protect-tool} mrix,
	owner @{PROC}/@{pid}/coredump_filter w,
	owner @{PROC}/@{pid}/fd/ r,
	/dev/tty rw,

	/etc/embargo-milter/{,**} r,
	/etc/gnupg/{,**} r,
	/usr/share/gnupg/{,**} r,
	@{embargo_home}/{,**} rwkl,
	owner /run/user/*/gnupg/{,**} rw,
	/run/redis/*.sock rw,

	# Alerts go out by the MTA's own sendmail, with its own rights.
	/usr/{sbin,lib}/sendmail PUx,

	include if exists <local/embargo-milter>
}
