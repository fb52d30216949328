/* hirz-verify: checks bundles, offline, without a vault and without a secret. This file opens what the
 * command line names, gives up every right but reading that, and prints what verify.h's verifier finds. */
#include "verify/verify.h"

#include "base/enc.h"
#include "base/fd.h"
#include "door/options.h"
#include "door/progress.h"
#include "door/trust.h"
#include "sandbox/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUTS_MAX  HZ_SANDBOX_KEEP_MAX
#define ANSWERS_MAX 16

struct input {
	const char *path;
	int fd;
	struct stat st;
};

struct program {
	struct hz_door door;
	struct hz_args args;
	struct input bundle[INPUTS_MAX], before[INPUTS_MAX];
	size_t bundles, before_count;
	struct hz_trust_key key;
	struct hz_buf policy_text;
	struct hz_policy policy;
	bool has_policy;
	struct hz_buf cas, lists, blocks, answers[ANSWERS_MAX];
	struct hz_tsa_bytes crl, ocsps[ANSWERS_MAX];
	struct hz_anchor_given given;
	struct hz_before kept[HZ_VERIFY_BEFORE_MAX];
	size_t kept_count;
	const struct input *now;
	struct hz_progress progress;
};

/* --- what there is to type ---------------------------------------------------------------------------------
 */
static const char *const examples[] = {
	"hirz-verify mar.tar --key 0123456789abcdef0123456789abcdef",
	N_("check a bundle with the fingerprint that its sender told you over another channel"),
	"hirz-verify mar.tar --key sender.txt --against earlier.tar",
	N_("and hold it against a bundle or checkpoint that you kept from before"),
	"hirz-verify mar.tar --key sender.txt --tsa-ca authority.pem",
	N_("and hold its time stamps against the certificate of their authority"),
	NULL,
};
static const struct hz_opt options[] = {
	{ "key", 0, "FILE|FINGERPRINT",
	    N_("what you know of the sender: fingerprint, or a file with it or a public key (vkey, minisign, SSH, JWK)"),
	    NULL },
	HZ_OPT_POLICY,
	HZ_OPT_AGAINST,
	HZ_OPTS_STAMPS,
	{ "json", 0, NULL, N_("JSON lines for programs instead of text"), NULL },
	{ "lang", 0, "ar|en", N_("language of texts (else HIRZ_LANG, else the system's)"), "ar|en" },
	{ "quiet", 'q', NULL, N_("say only what failed"), NULL },
	{ "color", 0, "auto|always|never", N_("colours on status words"), "auto|always|never" },
	{ "help", 'h', NULL, N_("show help and end"), NULL },
	{ "version", 0, NULL, N_("show the version and end"), NULL },
	HZ_OPT_END,
};
static const struct hz_cmd command = { .name = "",
	.summary = N_(
	    "Checks bundles of evidence: every file, signature, proof and chain. Needs no vault and no secret."),
	.usage = "BUNDLE... [options]",
	.examples = examples,
	.min = 1,
	.max = INPUTS_MAX,
	.group = "" };
static const struct hz_prog prog = { .name = "hirz-verify",
	.version = HZ_PROGRAM_VERSION,
	.summary = N_("checks bundles of evidence"),
	.globals = options,
	.cmds = &command,
	.cmd_count = 1 };

/* --- inputs
 * -------------------------------------------------------------------------------------------------- */
static enum hz_err
open_input(const char *path, struct input *ret_in)
{
	struct input in = { .path = path };

	in.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (in.fd < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
	}
	enum hz_err err = HZ_OK;
	if (fstat(in.fd, &in.st) != 0) {
		err = hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
	} else if (!S_ISREG(in.st.st_mode)) {
		err = hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "%s", path);
	}
	if (err != HZ_OK) {
		hz_fd_close(&in.fd);
		return err;
	}
	(void)posix_fadvise(in.fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	*ret_in = in;
	return HZ_OK;
}

static enum hz_err
read_input(void *arg, uint64_t at, void *p, size_t n, size_t *ret_n)
{
	const struct input *in = arg;

	return hz_fd_pread_full(in->fd, p, n, at, ret_n);
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Files are read more than once: they must be the same to the end. */
static enum hz_err
unchanged(const struct input *in)
{
	struct stat st;

	if (fstat(in->fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "%s", in->path);
	}
	return st.st_size == in->st.st_size && same_time(st.st_mtim, in->st.st_mtim) &&
		       same_time(st.st_ctim, in->st.st_ctim)
		   ? HZ_OK
		   : hz_fail(HZ_MSG_IO, _("%s was changed while it was read"), in->path);
}

static enum hz_err
read_text(const char *path, size_t max, struct hz_buf *out)
{
	struct input in = { .fd = -1 };
	uint8_t *p = NULL;
	size_t n = 0;
	enum hz_err err = open_input(path, &in);

	if (err != HZ_OK) {
		return err;
	}
	if (in.st.st_size > (off_t)max) {
		err = hz_fail(HZ_MSG_USAGE, _("%s is too large for what it should be"), path);
	} else {
		err = hz_buf_room(out, (size_t)in.st.st_size, &p);
	}
	if (err == HZ_OK) {
		err = hz_fd_pread_full(in.fd, p, (size_t)in.st.st_size, 0, &n);
		out->len -= (size_t)in.st.st_size - n;
	}
	hz_fd_close(&in.fd);
	return err;
}

/* A fingerprint typed, else a file: with a fingerprint or a public key in it. */
static enum hz_err
take_key(struct program *p)
{
	const char *given = hz_args_get(&p->args, "key");
	struct hz_buf text = HZ_BUF_INIT(HZ_VERIFY_TEXT_MAX);

	if (given == NULL || hz_trust_fingerprint(given, &p->key)) {
		return HZ_OK;
	}
	enum hz_err err = access(given, F_OK) == 0
			      ? read_text(given, HZ_VERIFY_TEXT_MAX, &text)
			      : hz_fail(HZ_MSG_BUNDLE_KEY,
				    _("neither a fingerprint of 32 hex digits nor a file: %s"), given);
	if (err == HZ_OK) {
		err = hz_trust_read(text.p, text.len, &p->key);
	}
	hz_buf_done(&text);
	return err;
}

/* Files of one kind, each checked for its form, one behind the other; in PEM where there are several. */
static enum hz_err
read_pem(
    struct program *p, const char *option, enum hz_err (*ok)(const void *p, size_t n), struct hz_buf *out)
{
	const char *path;
	size_t at = 0;

	*out = (struct hz_buf)HZ_BUF_INIT(4 * HZ_TSA_FILE_MAX);
	while ((path = hz_args_next(&p->args, option, &at)) != NULL) {
		size_t before = out->len;
		HZ_TRY(read_text(path, HZ_TSA_FILE_MAX, out));
		enum hz_err err = ok(out->p + before, out->len - before);
		if (err != HZ_OK) {
			return err == HZ_ERR_NOMEM ? err
						   : hz_fail(HZ_MSG_USAGE, "%s: %s", path, hz_fail_detail());
		}
		bool der = out->p[before] == 0x30;
		if (before > 0 && (der || out->p[0] == 0x30)) {
			return hz_fail(
			    HZ_MSG_USAGE, _("several files of certificates must be in PEM: %s"), path);
		}
		HZ_TRY(der ? HZ_OK : hz_buf_putc(out, '\n'));
	}
	return HZ_OK;
}

/* What time stamps are held against. */
static enum hz_err
take_given(struct program *p)
{
	const char *blocks = hz_args_get(&p->args, "block-header"), *path;
	struct hz_buf text = HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	struct hz_anchor_given *g = &p->given;
	size_t at = 0;

	HZ_TRY(read_pem(p, "tsa-ca", hz_tsa_certs_ok, &p->cas));
	HZ_TRY(read_pem(p, "crl", hz_tsa_crls_ok, &p->lists));
	while ((path = hz_args_next(&p->args, "ocsp", &at)) != NULL) {
		if (g->nocsps == ANSWERS_MAX) {
			return hz_fail(HZ_MSG_USAGE, _("at most %d files at once"), ANSWERS_MAX);
		}
		struct hz_buf *b = &p->answers[g->nocsps];
		*b = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_TOKEN_MAX);
		HZ_TRY(read_text(path, HZ_TSA_TOKEN_MAX, b));
		HZ_TRY(hz_tsa_ocsp_ok(b->p, b->len));
		p->ocsps[g->nocsps++] = (struct hz_tsa_bytes){ b->p, b->len };
	}
	p->blocks = (struct hz_buf)HZ_BUF_INIT(8192);
	if (blocks != NULL) {
		enum hz_err err = read_text(blocks, HZ_TSA_FILE_MAX, &text);
		err = err == HZ_OK ? hz_blocks_read(text.p, text.len, &p->blocks) : err;
		hz_buf_done(&text);
		if (err == HZ_ERR_FORMAT) {
			return hz_fail(HZ_MSG_USAGE, "%s: %s", blocks, hz_fail_detail());
		}
		HZ_TRY(err);
	}
	p->crl = (struct hz_tsa_bytes){ p->lists.p, p->lists.len };
	g->authorities = (struct hz_tsa_bytes){ p->cas.p, p->cas.len };
	g->crls = &p->crl;
	g->ncrls = p->lists.len > 0 ? 1 : 0;
	g->ocsps = p->ocsps;
	g->blocks = (struct hz_tsa_bytes){ p->blocks.p, p->blocks.len };
	g->now = hz_time_now();
	return HZ_OK;
}

static enum hz_err
open_all(struct program *p)
{
	const char *policy = hz_args_get(&p->args, "policy"), *path;
	size_t at = 0;
	enum hz_err err = take_key(p);

	err = err == HZ_OK ? hz_tsa_start() : err;
	err = err == HZ_OK ? take_given(p) : err;
	if (err == HZ_OK && policy != NULL) {
		err = read_text(policy, HZ_VERIFY_TEXT_MAX, &p->policy_text);
		p->has_policy = true;
	}
	while (err == HZ_OK && (path = hz_args_next(&p->args, "against", &at)) != NULL) {
		if (p->before_count + p->args.operand_count >= INPUTS_MAX) {
			return hz_fail(HZ_MSG_USAGE, _("at most %d files at once"), INPUTS_MAX);
		}
		err = open_input(path, &p->before[p->before_count]);
		p->before_count += err == HZ_OK ? 1 : 0;
	}
	for (size_t i = 0; i < p->args.operand_count && err == HZ_OK; i++) {
		err = open_input(hz_args_operand(&p->args, i), &p->bundle[i]);
		p->bundles += err == HZ_OK ? 1 : 0;
	}
	return err;
}

/* From here on nothing can be opened, written to disk or sent. */
static void
give_up_rights(struct program *p)
{
	int keep[INPUTS_MAX];
	size_t n = 0;
	struct hz_sandbox_profile profile = { .kind = HZ_SANDBOX_READER, .keep = keep };

	for (size_t i = 0; i < p->bundles; i++) {
		keep[n++] = p->bundle[i].fd;
	}
	for (size_t i = 0; i < p->before_count; i++) {
		keep[n++] = p->before[i].fd;
	}
	profile.keep_count = n;
	(void)_("checks bundles of evidence"); /* gettext reads its catalogue at the first question */
	if (hz_sandbox_enter(&profile) == HZ_SANDBOX_NONE) {
		hz_door_note(&p->door, _("this system offers no sandbox: the bundle is read without one"));
	}
}

/* What was read before, now that nothing can go wrong with it: texts from outside. */
static enum hz_err
read_outside(struct program *p)
{
	enum hz_err err = HZ_OK;

	if (p->has_policy) {
		err = hz_policy_read(p->policy_text.p, p->policy_text.len, &p->policy);
		if (err == HZ_ERR_FORMAT || err == HZ_ERR_LIMIT) {
			return hz_fail(
			    HZ_MSG_USAGE, "%s: %s", hz_args_get(&p->args, "policy"), hz_fail_detail());
		}
	}
	for (size_t i = 0; i < p->before_count && err == HZ_OK; i++) {
		const struct hz_source src = { read_input, &p->before[i] };
		size_t n = 0;
		err = hz_before_read(&src, &p->kept[p->kept_count], HZ_VERIFY_BEFORE_MAX - p->kept_count, &n);
		for (size_t k = 0; err == HZ_OK && k < n; k++) {
			p->kept[p->kept_count++].from = (unsigned)i;
		}
		if (err == HZ_ERR_FORMAT || err == HZ_ERR_LIMIT || err == HZ_ERR_TAMPERED) {
			return hz_fail(HZ_MSG_USAGE,
			    _("%s holds no checkpoint (bundle, checkpoint, pin, witness file, proof): %s"),
			    p->before[i].path, hz_fail_detail());
		}
	}
	return err;
}

/* --- what is found
 * --------------------------------------------------------------------------------------------- */
static const char *
level_word(enum hz_level level)
{
	static const char *const words[] = { "failed", "unsupported", "not-checked", "note" };

	return words[level];
}

static const char *
level_shown(struct hz_out *o, enum hz_level level)
{
	switch (level) {
	case HZ_LEVEL_FAILED:
		return hz_show_tone(o, HZ_TONE_BAD, _("FAILED"));
	case HZ_LEVEL_UNKNOWN:
		return hz_show_tone(o, HZ_TONE_WARN, _("UNKNOWN"));
	case HZ_LEVEL_OPEN:
		return hz_show_tone(o, HZ_TONE_WARN, _("NOT CHECKED"));
	case HZ_LEVEL_SAID:
		break;
	}
	return _("NOTE");
}

static void
finding(void *arg, enum hz_finding f, const char *path, const char *detail)
{
	struct program *p = arg;
	struct hz_out *o = &p->door.out;
	enum hz_level level = hz_finding_level(f);

	if (p->door.json) {
		struct hz_jw *w = hz_line_begin(o, "finding");
		hz_line_bytes(w, "file", p->now->path, strlen(p->now->path));
		hz_jw_str(w, "id", hz_finding_word(f));
		hz_jw_str(w, "level", level_word(level));
		hz_jw_str(w, "what", _(hz_finding_text(f)));
		if (path[0] != '\0') {
			hz_line_path(w, path);
		}
		if (detail[0] != '\0') {
			hz_line_text(w, "detail", detail);
		}
		hz_line_end(o);
		return;
	}
	if (p->door.quiet && level == HZ_LEVEL_SAID) {
		return;
	}
	hz_progress_hide(&p->progress);
	hz_out_printf(o, "  %s: %s", level_shown(o, level), _(hz_finding_text(f)));
	if (path[0] != '\0') {
		hz_out_printf(o, ": %s", hz_show_id(o, hz_show_str(o, path)));
	}
	if (detail[0] != '\0') {
		hz_out_printf(o, " (%s)", hz_show_str(o, detail));
	}
	hz_out_puts(o, "\n");
}

static void
progress(void *arg, uint64_t bytes)
{
	struct program *p = arg;

	hz_progress_at(&p->progress, 0, bytes);
}

static void
json_result(struct program *p, const struct hz_verify_result *r, int code)
{
	struct hz_out *o = &p->door.out;

	for (size_t i = 0; i < HZ_TALLY_COUNT; i++) {
		struct hz_jw *w = hz_line_begin(o, "check");
		hz_line_bytes(w, "file", p->now->path, strlen(p->now->path));
		hz_jw_str(w, "what", hz_tally_word((enum hz_tally_kind)i));
		hz_jw_int(w, "checked", r->tally[i].checked);
		hz_jw_int(w, "matched", r->tally[i].matched);
		hz_jw_int(w, "missing", r->tally[i].missing);
		hz_jw_int(w, "different", r->tally[i].different);
		hz_line_end(o);
	}
	struct hz_jw *w = hz_line_begin(o, "verdict");
	hz_line_bytes(w, "file", p->now->path, strlen(p->now->path));
	hz_jw_str(w, "verdict", hz_verdict_word(r->verdict));
	hz_jw_int(w, "exit", (uint64_t)code);
	hz_jw_arr(w, "reasons");
	for (size_t i = 0; i < HZ_FINDING_COUNT; i++) {
		if (r->seen[i] && hz_finding_level((enum hz_finding)i) != HZ_LEVEL_SAID) {
			hz_jw_str(w, NULL, hz_finding_word((enum hz_finding)i));
		}
	}
	hz_jw_arr_end(w);
	hz_jw_int(w, "exhibits", r->tally[HZ_TALLY_EXHIBITS].matched);
	hz_jw_int(w, "withheld", r->withheld);
	hz_line_text(w, "bundle", r->folder);
	if (r->origin[0] != '\0') {
		hz_jw_str(w, "fingerprint", r->fingerprint);
		hz_jw_str(w, "origin", r->origin);
		hz_jw_int(w, "size", r->log_size);
		hz_jw_hex(w, "root", r->log_root, 32);
	}
	hz_line_end(o);
}

static void
text_result(struct program *p, const struct hz_verify_result *r)
{
	struct hz_out *o = &p->door.out;
	enum hz_tone tone = r->verdict == HZ_INVALID ? HZ_TONE_BAD
			    : hz_verify_exit(r) == 0 ? HZ_TONE_GOOD
						     : HZ_TONE_WARN;

	if (!p->door.quiet) {
		hz_out_printf(o, _("  Checked: files %s, events %s, records %s, exhibits %s\n"),
		    hz_show_count(o, r->tally[HZ_TALLY_FILES].checked),
		    hz_show_count(o, r->tally[HZ_TALLY_EVENTS].checked),
		    hz_show_count(o, r->tally[HZ_TALLY_RECORDS].checked),
		    hz_show_count(o, r->tally[HZ_TALLY_EXHIBITS].checked));
		if (r->origin[0] != '\0') {
			hz_out_printf(o, _("  Log: %s, %s events\n"), hz_show_id(o, r->origin),
			    hz_show_count(o, r->log_size));
			hz_out_printf(o, _("  Fingerprint: %s\n"), hz_show_fpr(o, r->fingerprint));
		}
	}
	hz_out_printf(
	    o, "%s  %s\n", hz_show_tone(o, tone, hz_verdict_word(r->verdict)), hz_show_str(o, p->now->path));
}

/* A proof of misconduct in place of a bundle [F-8.15]: 11 where it holds, for that is what it shows; 4 where
 * it proves nothing. The key from outside must be that of the log. */
static int
verify_misconduct(struct program *p, const struct hz_buf *text)
{
	struct hz_misconduct *m = calloc(1, sizeof *m);
	struct hz_out *o = &p->door.out;

	if (m == NULL) {
		return hz_door_fail(&p->door, hz_fail(HZ_MSG_NOMEM, "a proof of misconduct"));
	}
	enum hz_err err = hz_misconduct_read(text->p, text->len, m);
	bool key = err == HZ_OK && p->key.kind == HZ_TRUST_VKEY && strcmp(p->key.vkey, m->vkey) == 0;
	if (err != HZ_OK) {
		finding(p, HZ_FINDING_MISCONDUCT, "", hz_fail_detail());
	} else {
		finding(p, HZ_FINDING_FORK, "", m->older.origin);
		if (p->key.kind == HZ_TRUST_NONE) {
			finding(p, HZ_FINDING_NO_KEY, "", m->vkey);
		} else if (!key) {
			finding(p, HZ_FINDING_KEY, "", m->vkey);
		}
	}
	int code = err != HZ_OK || (p->key.kind != HZ_TRUST_NONE && !key) ? 4 : 11;
	if (p->door.json) {
		struct hz_jw *w = hz_line_begin(o, "verdict");
		hz_line_bytes(w, "file", p->now->path, strlen(p->now->path));
		hz_jw_str(w, "verdict", hz_verdict_word(HZ_INVALID));
		hz_jw_int(w, "exit", (uint64_t)code);
		hz_jw_bool(w, "misconduct", code == 11);
		hz_jw_arr(w, "reasons");
		hz_jw_str(w, NULL, hz_finding_word(err != HZ_OK ? HZ_FINDING_MISCONDUCT : HZ_FINDING_FORK));
		hz_jw_arr_end(w);
		if (err == HZ_OK) {
			hz_jw_str(w, "origin", m->older.origin);
			hz_jw_str(w, "log", m->vkey);
			hz_jw_int(w, "older", m->older.size);
			hz_jw_int(w, "newer", m->newer.size);
		}
		hz_line_end(o);
	} else {
		if (err == HZ_OK && !p->door.quiet) {
			hz_out_printf(o, _("  Key of the log: %s\n"), hz_show_id(o, m->vkey));
		}
		hz_out_printf(o,
		    code == 11 ? _("%s  the proof of misconduct holds: %s\n")
			       : _("%s  the proof of misconduct does not hold: %s\n"),
		    hz_show_tone(o, HZ_TONE_BAD, hz_verdict_word(HZ_INVALID)), hz_show_str(o, p->now->path));
	}
	free(m);
	return code;
}

/* The text of a proof of misconduct, where the file is one; else nothing. */
static enum hz_err
take_misconduct(struct input *in, struct hz_buf *out)
{
	uint8_t *p = NULL;
	size_t n = 0;
	enum hz_err err = hz_buf_room(out, HZ_MISCONDUCT_MAX + 1, &p);

	err = err == HZ_OK ? hz_fd_pread_full(in->fd, p, 64, 0, &n) : err;
	if (err == HZ_OK && hz_is_misconduct(p, n)) {
		err = hz_fd_pread_full(in->fd, p, HZ_MISCONDUCT_MAX + 1, 0, &n);
		out->len = n;
	} else {
		out->len = 0;
	}
	return err;
}

static int
verify_one(struct program *p, struct input *in)
{
	const struct hz_source src = { read_input, in };
	const struct hz_verify_opts opts = { .key = &p->key,
		.policy = p->has_policy ? &p->policy : NULL,
		.given = &p->given,
		.before = p->kept,
		.nbefore = p->kept_count,
		.finding = finding,
		.progress = progress,
		.arg = p };
	struct hz_verify_result r;

	struct hz_buf proof = HZ_BUF_INIT(HZ_MISCONDUCT_MAX + 1);
	p->now = in;
	enum hz_err err = take_misconduct(in, &proof);
	if (err == HZ_OK && proof.len > 0) {
		int code = verify_misconduct(p, &proof);
		hz_buf_done(&proof);
		return code;
	}
	hz_buf_done(&proof);
	if (err != HZ_OK) {
		return hz_door_fail(&p->door, err);
	}
	hz_progress_begin(&p->progress, &p->door, "verify", _("Reading"), 0, (uint64_t)in->st.st_size);
	err = hz_verify_is_pack(&src) ? hz_verify_pack(&src, &opts, &r) : hz_verify_bundle(&src, &opts, &r);
	hz_progress_end(&p->progress);
	if (err == HZ_OK) {
		err = unchanged(in);
	}
	if (err != HZ_OK) {
		return hz_door_fail(&p->door, err);
	}
	int code = hz_verify_exit(&r);
	if (p->door.json) {
		json_result(p, &r, code);
	} else {
		text_result(p, &r);
	}
	hz_out_flush(&p->door.out);
	return code;
}

/* If several apply: 4, 11, 9, then the first. */
static int
worse(int a, int b)
{
	static const int order[] = { 4, 11, 9 };

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (a == order[i] || b == order[i]) {
			return order[i];
		}
	}
	return a != 0 ? a : b;
}

static int
run(struct program *p, int argc, char **argv)
{
	enum hz_err err = hz_args_parse(&prog, argc, argv, &p->args);
	int code = 0;

	if (err == HZ_OK) {
		err = hz_door_apply(&p->door, &p->args);
	}
	if (err == HZ_OK && p->args.version) {
		hz_out_printf(&p->door.out, "hirz-verify %s\n", HZ_PROGRAM_VERSION);
		return 0;
	}
	if (err == HZ_OK && p->args.help) {
		hz_help_cmd(&p->door.out, &prog, &command);
		return 0;
	}
	if (err == HZ_OK) {
		err = hz_crypto_init(); /* opens the system's random device where there is no call for it */
	}
	if (err == HZ_OK) {
		err = open_all(p);
	}
	if (err == HZ_OK) {
		give_up_rights(p);
		err = read_outside(p);
	}
	if (err != HZ_OK) {
		return hz_door_fail(&p->door, err);
	}
	for (size_t i = 0; i < p->bundles && code < 128; i++) {
		int now = verify_one(p, &p->bundle[i]);
		code = now >= 128 ? now : worse(code, now);
	}
	return code;
}

int
main(int argc, char **argv)
{
	struct program *p = calloc(1, sizeof *p);

	hz_fd_fill_std();
	hz_process_harden();
	hz_cancel_install();
	hz_progress_signals();
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	(void)sigaction(SIGPIPE, &ignore, NULL);
	if (p == NULL) {
		return 9;
	}
	p->policy_text = (struct hz_buf)HZ_BUF_INIT(HZ_VERIFY_TEXT_MAX);
	hz_door_open(&p->door, N_("hirz-verify"), argc, argv);
	hz_door_safe(&p->door, "%s", _("checking changes nothing: the files are as they were"));
	int code = run(p, argc, argv);
	code = hz_door_close(&p->door, code);
	hz_before_done(p->kept, p->kept_count);
	hz_buf_done(&p->policy_text);
	hz_buf_done(&p->cas);
	hz_buf_done(&p->lists);
	hz_buf_done(&p->blocks);
	for (size_t i = 0; i < ANSWERS_MAX; i++) {
		hz_buf_done(&p->answers[i]);
	}
	hz_args_done(&p->args);
	free(p);
	/* No exit handlers: inside the sandbox there is nothing left that they could do. */
	_exit(code);
}
