/* hirz init: a new vault and its first member. */
#include "cli/common.h"

#include "door/passphrase.h"

static enum hz_err
ask_new(void *arg, struct hz_buf *out)
{
	struct hz_cli *cli = arg;

	return hz_passphrase_new(&cli->door, NULL, out);
}

static enum hz_err
options(struct hz_cli *cli, struct hz_vault_new *ret)
{
	const char *profile = hz_args_get(&cli->args, "profile");
	uint64_t mib = 0;

	ret->org = hz_args_get(&cli->args, "org");
	ret->desk = hz_args_get(&cli->args, "desk");
	ret->no_pin = hz_args_has(&cli->args, "no-pin");
	ret->force_fs = hz_args_has(&cli->args, "any-filesystem");
	if (ret->org == NULL || ret->org[0] == '\0') {
		return hz_fail(HZ_MSG_USAGE, _("`--org NAME` is missing: the name of the organisation"));
	}
	if (ret->desk == NULL) {
		return hz_fail(HZ_MSG_USAGE,
		    _("`--desk CODE` is missing: 1 to %d capital letters or digits, such as DM3"),
		    HZ_DESK_MAX);
	}
	if (profile != NULL && profile[0] == 'f') {
		return hz_fail(HZ_MSG_UNSUPPORTED,
		    _("this version makes office vaults only: a vault that its own owner cannot open is not "
		      "offered yet"));
	}
	enum hz_err r = hz_args_u64(&cli->args, "kdf-mem", HZ_ARGON_FLOOR_MIB, HZ_ARGON_MAX_MIB, &mib);
	ret->kdf_mib = (uint32_t)mib;
	if (r == HZ_OK && !hz_passphrase_possible(&cli->door)) {
		r = hz_fail(HZ_MSG_INPUT_NEEDED, _("a new vault needs a passphrase"));
	}
	return r;
}

static void
say_json(struct hz_cli *cli, const struct hz_vault *v)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	struct hz_jw *w = hz_line_begin(&cli->door.out, "vault");

	hz_jw_str(w, "id", i->vault_hex);
	hz_jw_str(w, "origin", i->origin);
	hz_jw_str(w, "desk", i->desk);
	hz_jw_str(w, "fingerprint", i->fingerprint);
	hz_jw_str(w, "member", i->member);
	hz_line_text(w, "org", i->org);
	hz_line_path(w, hz_vault_path(v));
	hz_line_end(&cli->door.out);
}

static void
say_text(struct hz_cli *cli, const struct hz_vault *v, uint32_t mib)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	struct hz_out *o = &cli->door.out;

	hz_out_printf(
	    o, _("New vault in %s, desk %s.\n"), hz_show_str(o, hz_vault_path(v)), hz_show_id(o, i->desk));
	/* Translators: seconds, then memory in MiB. */
	hz_out_printf(o, _("Key made in %.1f s (Argon2id, %u MiB).\n"), i->unlock_seconds,
	    mib == 0 ? HZ_ARGON_DEFAULT_MIB : mib);
	hz_out_printf(o, _("Fingerprint  %s\n"), hz_show_fpr(o, i->fingerprint));
	hz_out_puts(o,
	    _("Read it to a colleague over another channel: bundles of this vault are checked with it.\n"));
	hz_out_puts(o, "\n");
	hz_out_puts(o, _("Nobody can reset the passphrase, and this folder is the only copy until there is a "
			 "backup: `hirz backup DIR`\n"));
}

int
hz_cmd_init(struct hz_cli *cli)
{
	struct hz_vault_new opts = { 0 };
	struct hz_unlock unlock = { .passphrase = ask_new, .arg = cli };
	struct hz_vault *v = NULL;

	enum hz_err r = options(cli, &opts);
	if (r == HZ_OK) {
		r = hz_vault_init(hz_args_operand(&cli->args, 0), &opts, &unlock, &v);
	}
	if (r != HZ_OK) {
		return hz_door_fail(&cli->door, r);
	}
	if (hz_vault_info(v)->outside_pin_failed || !hz_secret_locked()) {
		hz_cli_notes(cli, v);
	}
	if (cli->door.json) {
		say_json(cli, v);
	} else if (!cli->door.quiet) {
		say_text(cli, v, opts.kdf_mib);
	}
	return hz_cli_close(cli, &v, 0);
}
