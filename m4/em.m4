# EM_CHECK_C17: the compiler must speak C17; adds the option that asks for it.
AC_DEFUN([EM_CHECK_C17], [
	AC_MSG_CHECKING([for C17])
	em_save="$CFLAGS"
	CFLAGS="$CFLAGS -std=gnu17"
	AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
		#if __STDC_VERSION__ < 201710L
		#error older than C17
		#endif
		int x;]])],
		[AC_MSG_RESULT([yes]); CC="$CC -std=gnu17"],
		[AC_MSG_RESULT([no]); AC_MSG_ERROR([a C17 compiler is needed])])
	CFLAGS="$em_save"
])

# EM_CHECK_CFLAGS(VARIABLE, FLAGS): those of FLAGS that the compiler takes.
AC_DEFUN([EM_CHECK_CFLAGS], [
	$1=
	for em_flag in $2; do
		AC_MSG_CHECKING([whether $CC takes $em_flag])
		em_save="$CFLAGS"
		CFLAGS="$CFLAGS -Werror $em_flag"
		AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int x;]])],
			[AC_MSG_RESULT([yes]); $1="$$1 $em_flag"],
			[AC_MSG_RESULT([no])])
		CFLAGS="$em_save"
	done
])

# EM_CHECK_LDFLAGS(VARIABLE, FLAGS): those of FLAGS that the linker takes.
AC_DEFUN([EM_CHECK_LDFLAGS], [
	$1=
	for em_flag in $2; do
		AC_MSG_CHECKING([whether the linker takes $em_flag])
		em_save="$LDFLAGS"
		LDFLAGS="$LDFLAGS $em_flag"
		AC_LINK_IFELSE([AC_LANG_PROGRAM()],
			[AC_MSG_RESULT([yes]); $1="$$1 $em_flag"],
			[AC_MSG_RESULT([no])])
		LDFLAGS="$em_save"
	done
])
