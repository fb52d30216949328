/* Opening and closing the vault for a command. */
#include "cli/common.h"

#include "bundle/bundle.h"
#include "door/passphrase.h"
#include "object/age.h"
#include <limits.h>
#include <string.h>

#define EXIT_DIFFERS 4

HZ_RESULT
hz_cli_find(struct hz_cli *cli, struct hz_buf *ret_path)
{
	/* The door has already looked at HIRZ_VAULT. */
	return hz_vault_find(cli->door.vault, NULL, ret_path);
}

static enum hz_err
ask_passphrase(void *arg, struct hz_buf *out)
{
	struct hz_cli *cli = arg;

	return hz_passphrase_get(&cli->door, NULL, out);
}

struct hz_unlock
hz_cli_unlock(struct hz_cli *cli, bool no_session)
{
	return (struct hz_unlock){ .passphrase = ask_passphrase, .arg = cli, .no_session = no_session };
}

void
hz_cli_notes(struct hz_cli *cli, const struct hz_vault *v)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	struct hz_out *err = &cli->door.err;

	if (i->orphan_bytes > 0) {
		hz_door_note(&cli->door,
		    _("an earlier run was cut off: %s of it, never reported as sealed, were removed"),
		    hz_show_size(err, i->orphan_bytes));
	}
	if (i->inside_pin_missing) {
		hz_door_note(&cli->door,
		    _("the pin inside the vault is missing: an older copy put in its place would not be noticed "
		      "by it"));
	}
	if (i->locked) {
		return; /* without keys nothing is known about the pin outside, and nothing secret is held */
	}
	if (i->outside_pin_failed) {
		hz_door_note(&cli->door, _("the pin outside the vault could not be kept (%s)"),
		    hz_show_str(err, i->pin_note));
	} else if (i->outside_pin_missing) {
		hz_door_note(&cli->door,
		    _("first use of this vault on this machine: nothing here remembers an earlier state of it"));
	}
	if (!hz_secret_locked()) {
		hz_door_note(&cli->door,
		    _("the system does not let keys be locked in memory: they may reach the swap"));
	}
}

static enum hz_err
open_vault(struct hz_cli *cli, enum hz_vault_mode mode, bool no_session, struct hz_vault **ret)
{
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	struct hz_vault_opts opts = { .mode = mode,
		.force_fs = hz_args_has(&cli->args, "any-filesystem"),
		/* Whoever asks for a check does not want to hear what an earlier one said. */
		.full_walk = strcmp(cli->args.cmd->name, "verify") == 0 };
	struct hz_unlock unlock = hz_cli_unlock(cli, no_session);
	const char *p = NULL;
	enum hz_err r = hz_cli_find(cli, &path);

	if (r == HZ_OK) {
		r = hz_buf_cstr(&path, &p);
	}
	if (r == HZ_OK) {
		r = hz_vault_open(p, &opts, &unlock, ret);
	}
	hz_buf_done(&path);
	if (r == HZ_OK) {
		hz_cli_notes(cli, *ret);
	}
	return r;
}

HZ_RESULT
hz_cli_open(struct hz_cli *cli, enum hz_vault_mode mode, struct hz_vault **ret)
{
	return open_vault(cli, mode, false, ret);
}

HZ_RESULT
hz_cli_open_asking(struct hz_cli *cli, enum hz_vault_mode mode, struct hz_vault **ret)
{
	return open_vault(cli, mode, true, ret);
}

int
hz_cli_close(struct hz_cli *cli, struct hz_vault **v, int code)
{
	if (*v != NULL && code != EXIT_DIFFERS && hz_vault_info(*v)->rollback) {
		const struct hz_vault_info *i = hz_vault_info(*v);
		/* Fewer entries than were seen: an older copy. As many or more, and yet not the same: a log
		 * that went on elsewhere, or was made anew. */
		unsigned long long has = i->log_size, seen = i->pin_size;
		code = hz_door_fail(&cli->door,
		    seen > has ? hz_fail(HZ_MSG_VAULT_ROLLBACK,
				     _("the log has %llu entries, a pin has seen %llu"), has, seen)
			       : hz_fail(HZ_MSG_VAULT_ROLLBACK,
				     _("the log has %llu entries, but not the %llu that a pin has seen"), has,
				     seen));
	}
	hz_vault_close(v);
	return code;
}

HZ_RESULT
hz_cli_recipients(struct hz_cli *cli, uint8_t (*pk)[32], size_t *ret_n)
{
	size_t at = 0, n = 0;
	for (const char *s = hz_args_next(&cli->args, "sealed-to", &at); s;
	     s = hz_args_next(&cli->args, "sealed-to", &at)) {
		if (n == HZ_BUNDLE_RECIPIENTS) {
			return hz_fail(HZ_MSG_USAGE, _("at most %d recipients"), HZ_BUNDLE_RECIPIENTS);
		}
		if (hz_age_recipient_parse(s, strlen(s), pk[n]) != HZ_OK) {
			return hz_fail(HZ_MSG_USAGE,
			    _("--sealed-to takes a public key that begins with age1: %.80s"), s);
		}
		n++;
	}
	*ret_n = n;
	return HZ_OK;
}
