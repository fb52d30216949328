#include "sandbox/sandbox.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "hirz-inspect"

/* Whose writing is trusted: root's and our own; nothing that everybody may write. */
static bool
is_trusted(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) && (st->st_mode & S_IWOTH) == 0;
}

/* Joins and looks; true when path is now that of a program that may be started. */
static bool
try_place(char path[static PATH_MAX], const char *folder, const char *below)
{
	struct stat st;
	int n = snprintf(path, PATH_MAX, "%s%s", folder, below);

	if (n < 0 || n >= PATH_MAX || stat(path, &st) != 0 || !S_ISDIR(st.st_mode) || !is_trusted(&st)) {
		return false;
	}
	n = snprintf(path, PATH_MAX, "%s%s/" PROGRAM, folder, below);
	if (n < 0 || n >= PATH_MAX) {
		return false;
	}
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && is_trusted(&st) && access(path, X_OK) == 0;
}

HZ_RESULT
hz_inspector_find(char *ret_path, size_t size)
{
	char self[PATH_MAX], path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	bool found = false;

	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');

		if (slash != NULL) {
			*slash = '\0';
			found = try_place(path, self, "") || try_place(path, self, "/../inspect");
		}
	}
	if (!found && !try_place(path, HZ_LIBEXECDIR, "")) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "no %s found; looked last in %s", PROGRAM, HZ_LIBEXECDIR);
	}
	size_t len = strlen(path) + 1;

	if (len > size) {
		return hz_fail(HZ_MSG_LIMIT, "path of %s too long", PROGRAM);
	}
	memcpy(ret_path, path, len);
	return HZ_OK;
}

/* Root's, and written by root alone. */
static bool
is_system(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == 0 &&
	       (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 && access(path, X_OK) == 0;
}

bool
hz_inspect_pdf_here(void)
{
	return is_system(HZ_TOOL_PDFINFO) && is_system(HZ_TOOL_PDFTOTEXT);
}
