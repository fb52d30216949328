/* hirz status: what one looks at first. Never asks: without keys it says what it cannot know. */
#include "cli/anchors.h"

#include "base/enc.h"
#include "base/fd.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_COLUMNS 12

struct facts {
	const struct hz_vault_info *i;
	uint8_t id[16];
	const char *path;
	bool session; /* keys lie in the kernel keyring */
	bool known;   /* opened with keys */
	uint64_t bytes, segments, unknown_consent, cases;
	struct hz_anchor_outlook anchors;
	int64_t now;
};

static uint64_t
data_bytes(const char *path)
{
	char name[PATH_MAX];
	struct stat st;
	int n = snprintf(name, sizeof name, "%s/data.mdb", path);

	return n > 0 && (size_t)n < sizeof name && stat(name, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;
}

static enum hz_err
count_consent(struct hz_vault *v, struct facts *f)
{
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	uint64_t no = 1;
	bool found = true;
	enum hz_err r = hz_view_begin(v, &w);

	for (uint64_t n = 0; r == HZ_OK && found; n++) {
		r = hz_cancel_check();
		if (r == HZ_OK && n % 10000 == 9999) { /* short views */
			hz_view_end(&w);
			r = hz_view_begin(v, &w);
		}
		r = r == HZ_OK ? hz_exhibit_next(w, &no, &found, &e) : r;
		if (r == HZ_OK && found && e.consent == HZ_CONSENT_UNKNOWN) {
			f->unknown_consent++;
		}
	}
	uint32_t c = 0;
	for (found = true; r == HZ_OK && found; f->cases += found ? 1 : 0) {
		struct hz_case row;
		r = hz_case_next(w, &c, &found, &row);
	}
	f->now = hz_time_now();
	r = r == HZ_OK ? hz_anchors_outlook(w, &f->anchors) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
gather(struct hz_vault *v, struct facts *f)
{
	struct hz_view *w = NULL;
	uint64_t addresses = 0;
	enum hz_err r = hz_view_begin(v, &w);

	r = r == HZ_OK ? hz_segment_count(w, &f->segments, &addresses) : r;
	hz_view_end(&w);
	f->i = hz_vault_info(v);
	f->bytes = data_bytes(f->path);
	f->known = !f->i->locked;
	return r == HZ_OK && f->known ? count_consent(v, f) : r;
}

/* A command to type next. */
static const char *
next_step(const struct facts *f)
{
	if (f->i->rollback) {
		return "hirz recover restored -m WHY";
	}
	if (!f->known) {
		return "hirz unlock";
	}
	if (f->i->exhibits == 0) {
		return "hirz add FILE";
	}
	return f->unknown_consent > 0 ? "hirz list consent:unknown" : "hirz verify --full";
}

/* How the newest time stamp stands; it wants a renewal a year before its first certificate ends [F-8.11]. */
static const char *
anchor_word(const struct facts *f)
{
	const struct hz_anchor_outlook *a = &f->anchors;

	if (!a->good) {
		return a->count == 0 ? "none" : "none-good";
	}
	return a->expires == INT64_MAX || a->expires - f->now > HZ_ANCHOR_WARN ? "good"
	       : a->expires > f->now                                           ? "renew"
									       : "expired";
}

static const char *
pin_word(const struct facts *f)
{
	if (f->i->rollback) {
		return "older";
	}
	if (f->i->inside_pin_missing) {
		return "inside-missing";
	}
	if (!f->known) {
		return "unknown";
	}
	return f->i->outside_pin_failed ? "outside-failed" : f->i->outside_pin_missing ? "first-use" : "good";
}

static void
say_json(struct hz_cli *cli, const struct facts *f)
{
	struct hz_jw *w = hz_line_begin(&cli->door.out, "status");
	char hex[33];

	hz_hex(hex, f->id, 16);
	hz_jw_str(w, "vault", hex);
	hz_line_path(w, f->path);
	hz_jw_bool(w, "locked", !f->session);
	hz_jw_bool(w, "session", f->session);
	hz_jw_str(w, "fingerprint", f->i->fingerprint);
	hz_jw_int(w, "log_size", f->i->log_size);
	hz_jw_str(w, "pins", pin_word(f));
	hz_jw_int(w, "segments", f->segments);
	hz_jw_int(w, "bytes", f->bytes);
	if (f->known) {
		hz_jw_str(w, "desk", f->i->desk);
		hz_line_text(w, "org", f->i->org);
		hz_jw_str(w, "member", f->i->member);
		hz_jw_str(w, "origin", f->i->origin);
		hz_jw_int(w, "logs", f->i->logs);
		hz_jw_int(w, "exhibits", f->i->exhibits);
		hz_jw_int(w, "cases", f->cases);
		hz_jw_int(w, "consent_unknown", f->unknown_consent);
		hz_jw_int(w, "anchors", f->anchors.count);
		hz_jw_str(w, "anchor", anchor_word(f));
		if (f->anchors.good) {
			hz_jw_int(w, "anchor_size", f->anchors.size);
			hz_line_time(w, "anchor_time", f->anchors.t);
		}
		if (f->anchors.good && f->anchors.expires != INT64_MAX) {
			hz_line_time(w, "anchor_expires", f->anchors.expires);
		}
	} else {
		hz_jw_null(w, "exhibits");
		hz_jw_null(w, "cases");
		hz_jw_null(w, "consent_unknown");
	}
	hz_jw_str(w, "next", next_step(f));
	hz_line_end(&cli->door.out);
}

static const char *
pin_text(const struct facts *f)
{
	if (f->i->rollback) {
		return _("this copy is older than what was seen of it before");
	}
	if (f->i->inside_pin_missing) {
		return _("the pin inside the vault is missing");
	}
	if (!f->known) {
		return _("not compared without keys");
	}
	if (f->i->outside_pin_failed) {
		return _("the pin outside the vault cannot be read or written");
	}
	return f->i->outside_pin_missing ? _("first use on this machine, nothing to compare with")
					 : _("nothing newer was seen");
}

static void
say_anchor(struct hz_out *o, const struct facts *f)
{
	const struct hz_anchor_outlook *a = &f->anchors;
	char until[21];

	hz_out_cell(o, C_("field", "time stamp"), NAME_COLUMNS);
	if (!a->good) {
		hz_out_puts(o, a->count == 0
				   ? _("none: `hirz anchor request -o FILE` begins one")
				   : hz_show_tone(o, HZ_TONE_WARN, _("none that proves a time yet")));
		hz_out_puts(o, "\n");
		return;
	}
	hz_out_printf(
	    o, _("%s, for the log of %s events\n"), hz_show_time(o, a->t), hz_show_count(o, a->size));
	if (a->expires == INT64_MAX || a->expires - f->now > HZ_ANCHOR_WARN) {
		return;
	}
	hz_time_format(a->expires, until);
	until[10] = '\0';
	hz_out_cell(o, "", NAME_COLUMNS);
	hz_out_printf(o,
	    a->expires > f->now ? _("its first certificate ends on %s: renew it with `%s`\n")
				: _("its first certificate ended on %s: renew it with `%s`\n"),
	    hz_show_id(o, until), hz_show_id(o, "hirz anchor request --renew -o FILE"));
}

static void
say_text(struct hz_cli *cli, const struct facts *f)
{
	struct hz_out *o = &cli->door.out;
	bool bad = f->i->rollback || f->i->inside_pin_missing;

	hz_out_cell(o, C_("field", "vault"), NAME_COLUMNS);
	hz_out_printf(o, "%s", hz_show_str(o, f->path));
	if (f->known) {
		hz_out_printf(o, "  %s  %s", hz_show_id(o, f->i->desk), hz_show_str(o, f->i->org));
	}
	hz_out_puts(o, "\n");
	hz_out_field(o, C_("field", "session"), NAME_COLUMNS,
	    f->session ? _("open: commands do not ask for the passphrase")
		       : _("locked: commands ask for the passphrase"));
	hz_out_cell(o, C_("field", "exhibits"), NAME_COLUMNS);
	if (f->known) {
		hz_out_printf(o, _("%s; cases: %s; consent unknown: %s\n"), hz_show_count(o, f->i->exhibits),
		    hz_show_count(o, f->cases), hz_show_count(o, f->unknown_consent));
	} else {
		hz_out_puts(o, _("not known without keys\n"));
	}
	hz_out_cell(o, C_("field", "stored"), NAME_COLUMNS);
	hz_out_printf(o, _("%s in %s segments\n"), hz_show_size(o, f->bytes), hz_show_count(o, f->segments));
	hz_out_cell(o, C_("field", "log"), NAME_COLUMNS);
	if (f->known || !f->i->inside_pin_missing) {
		hz_out_printf(
		    o, NN_("%s event\n", "%s events\n", f->i->log_size), hz_show_count(o, f->i->log_size));
		hz_out_field(o, C_("field", "fingerprint"), NAME_COLUMNS, hz_show_fpr(o, f->i->fingerprint));
	} else {
		hz_out_puts(o, _("not known without keys\n"));
	}
	hz_out_field(o, C_("field", "pins"), NAME_COLUMNS,
	    hz_show_tone(o, bad ? HZ_TONE_BAD : HZ_TONE_GOOD, pin_text(f)));
	if (f->known) {
		say_anchor(o, f);
	}
	hz_out_cell(o, C_("field", "next"), NAME_COLUMNS);
	hz_out_printf(o, "`%s`\n", hz_show_id(o, next_step(f)));
}

/* Keys that are at hand are used: a session, or a passphrase that needs no question. */
static enum hz_err
open_quietly(struct hz_cli *cli, struct facts *f, struct hz_vault **ret_v)
{
	bool at_hand = f->session || cli->door.passphrase_file != NULL || cli->door.passphrase_fd >= 0;
	struct hz_vault_opts opts = { .mode = at_hand ? HZ_VAULT_READ : HZ_VAULT_SEALED };
	struct hz_unlock unlock = hz_cli_unlock(cli, false);

	return hz_vault_open(f->path, &opts, &unlock, ret_v);
}

int
hz_cmd_status(struct hz_cli *cli)
{
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	struct hz_vault *v = NULL;
	struct facts f = { 0 };
	unsigned left = 0;
	enum hz_err r = hz_cli_find(cli, &path);

	r = r == HZ_OK ? hz_buf_cstr(&path, &f.path) : r;
	r = r == HZ_OK ? hz_vault_peek_id(f.path, f.id) : r;
	if (r == HZ_OK) {
		f.session = hz_session_peek(f.id, &left);
		r = open_quietly(cli, &f, &v);
	}
	r = r == HZ_OK ? gather(v, &f) : r;
	if (r == HZ_OK && cli->door.json) {
		say_json(cli, &f);
	} else if (r == HZ_OK) {
		say_text(cli, &f);
	}
	int code = hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
	hz_buf_done(&path);
	return code;
}
