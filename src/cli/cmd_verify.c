/* hirz verify: the vault against what was sealed. */
#include "cli/head.h"
#include "cli/outcome.h"
#include "cli/select.h"

#include "base/enc.h"
#include "base/fd.h"
#include "door/passphrase.h"

#include <stdlib.h>
#include <string.h>

/* --- what to check ------------------------------------------------------------------------------------ */

static enum hz_err
options(struct hz_cli *cli, struct hz_audit_opts *o)
{
	const char *sample = hz_args_get(&cli->args, "sample");
	bool sealed = hz_args_has(&cli->args, "sealed"), full = hz_args_has(&cli->args, "full");
	o->mode = sealed ? HZ_AUDIT_SEALED : sample ? HZ_AUDIT_SAMPLE : HZ_AUDIT_FULL;
	if ((int)sealed + (int)full + (sample ? 1 : 0) > 1) {
		return hz_fail(HZ_MSG_USAGE, _("only one of --full, --sealed and --sample"));
	}
	if (sealed && cli->args.operand_count) {
		return hz_fail(HZ_MSG_USAGE, _("--sealed checks the whole store: name no exhibits"));
	}
	if (sample) {
		size_t n = strlen(sample);
		uint64_t v = 0;
		if (n > 0 && sample[n - 1] == '%') {
			n--;
		}
		if (hz_parse_u64(sample, n, 100, &v) != HZ_OK || v == 0) {
			return hz_fail(HZ_MSG_USAGE,
			    _("--sample takes a part from 1%% to 100%%, not \"%.40s\""), sample);
		}
		o->percent = (unsigned)v;
	}
	return HZ_OK;
}

/* The stored bytes can be checked by somebody who has no key: where none is to be had, that is what is done.
 */
static enum hz_err
open_for(struct hz_cli *cli, const struct hz_audit_opts *o, struct hz_vault **ret)
{
	struct hz_buf path = HZ_BUF_INIT(8192);
	const char *s = NULL;
	uint8_t id[16];
	unsigned left = 0;
	enum hz_vault_mode mode = HZ_VAULT_READ;
	if (o->mode == HZ_AUDIT_SEALED && !cli->door.passphrase_file && cli->door.passphrase_fd < 0) {
		enum hz_err r = hz_cli_find(cli, &path);
		r = r == HZ_OK ? hz_buf_cstr(&path, &s) : r;
		bool session = r == HZ_OK && hz_vault_peek_id(s, id) == HZ_OK && hz_session_peek(id, &left);
		hz_fail_clear();
		hz_buf_done(&path);
		if (!session && (cli->door.no_input || !hz_passphrase_possible(&cli->door))) {
			mode = HZ_VAULT_SEALED;
		}
	}
	return hz_cli_open(cli, mode, ret);
}

/* What was kept from before decides too: against it nothing is valid. */
static const char *
join(struct hz_audit_result *res, int against)
{
	if (against == HZ_EXIT_OLDER) {
		res->verdict = HZ_VERDICT_INVALID;
	} else if (against != 0 && hz_verdict_exit(res->verdict) == 0) {
		res->verdict = HZ_VERDICT_INCOMPLETE;
	}
	return against == HZ_EXIT_OLDER ? "against" : against != 0 ? "not-compared" : NULL;
}

static int
exit_code(const struct hz_audit_result *res, int against)
{
	if (against == HZ_EXIT_OLDER && !(res->reasons & (HZ_WHY_CONTENT | HZ_WHY_LOG))) {
		return against;
	}
	return hz_outcome_exit(res);
}

/* Afterwards, and only where it is asked for: a check itself changes nothing. */
static enum hz_err
record(
    struct hz_cli *cli, struct hz_vault **v, const struct hz_audit_opts *o, const struct hz_audit_result *res)
{
	static const char *const modes[] = { "full", "sealed", "sample" };
	hz_vault_close(v);
	HZ_TRY(hz_cli_open(cli, HZ_VAULT_WRITE, v));
	return hz_cli_checked(*v, "verify", modes[o->mode], res);
}

static enum hz_err
check(struct hz_cli *cli, struct hz_vault *v, const struct hz_audit_opts *o, struct hz_outcome *x)
{
	struct hz_audit_ops ops = hz_outcome_ops;
	ops.stage = NULL; /* one bar for all of it */
	if (o->policy != NULL && hz_vault_info(v)->locked) {
		return hz_fail(HZ_MSG_NO_KEY, _("the log is needed to compare with it"));
	}
	hz_progress_begin(&x->bar, &cli->door, "verify", _("Checking"), 0, 0);
	enum hz_err r = hz_audit_run(v, o, &ops, x, &x->res);
	hz_progress_end(&x->bar);
	return r;
}

int
hz_cmd_verify(struct hz_cli *cli)
{
	struct hz_audit_opts o = { 0 };
	struct hz_outcome x = { .cli = cli };
	struct hz_outcome_given given = { NULL, NULL };
	struct hz_vault *v = NULL;
	struct hz_selection s = { 0 };
	int code = 0, against = 0;

	enum hz_err r = options(cli, &o);
	r = r == HZ_OK ? hz_outcome_given(cli, &given, &o) : r;
	if (r == HZ_OK) {
		hz_cancel_install();
		r = open_for(cli, &o, &v);
	}
	if (r == HZ_OK && cli->args.operand_count) {
		r = hz_select(cli, v, 0, HZ_SELECT_CASES, &s);
		o.exhibits = s.no;
		o.count = s.n;
	}
	r = r == HZ_OK ? check(cli, v, &o, &x) : r;
	r = r == HZ_OK ? hz_cli_against(cli, v, &against) : r;
	if (r == HZ_OK) {
		hz_outcome_say(&x, &o, join(&x.res, against));
		code = exit_code(&x.res, against);
	}
	if (r == HZ_OK && hz_args_has(&cli->args, "record")) {
		r = record(cli, &v, &o, &x.res);
	}
	code = r == HZ_OK ? code : hz_door_fail(&cli->door, r);
	hz_selection_done(&s);
	hz_outcome_given_done(&given);
	return hz_cli_close(cli, &v, code);
}
