/* Where the vault is. */
#include "cli/cli.h"

#include "base/buf.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
holds(const char *dir, const char *name)
{
	struct stat st;
	char path[PATH_MAX];

	int n = snprintf(path, sizeof path, "%s/%s", dir, name);
	return n > 0 && (size_t)n < sizeof path && lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* FORMAT is written last by init and is only a hint: the data and the keyring make a vault too. */
static bool
is_vault(const char *dir)
{
	return holds(dir, "data.mdb") && (holds(dir, "FORMAT") || holds(dir, "keyring"));
}

static enum hz_err
check_named(const char *dir, char **ret_path)
{
	struct stat st;

	if (stat(dir, &st) != 0) {
		return hz_fail_sys(HZ_MSG_NOT_A_FOLDER, errno, "%s", dir);
	}
	if (!S_ISDIR(st.st_mode)) {
		return hz_fail(HZ_MSG_NOT_A_FOLDER, _("%s is not a folder"), dir);
	}
	if (!is_vault(dir)) {
		return hz_fail(HZ_MSG_NO_VAULT, _("the folder %s holds no vault"), dir);
	}
	char *path = strdup(dir);
	if (path == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "path");
	}
	*ret_path = path;
	return HZ_OK;
}

HZ_RESULT
hz_cli_vault_path(const struct hz_cli *cli, char **ret_path)
{
	if (cli->door.vault != NULL) {
		return check_named(cli->door.vault, ret_path);
	}
	char *dir = getcwd(NULL, 0);
	if (dir == NULL) {
		return hz_fail_sys(HZ_MSG_NOT_A_FOLDER, errno, "current folder");
	}
	while (!is_vault(dir)) {
		char *slash = strrchr(dir, '/');
		if (slash == NULL || slash == dir) {
			free(dir);
			return hz_fail(
			    HZ_MSG_NO_VAULT, _("neither the current folder nor one above it holds a vault"));
		}
		*slash = '\0';
	}
	*ret_path = dir;
	return HZ_OK;
}
