/* hirz doctor: what hirz needs from this system, and what it means where something is missing. */
#include "cli/common.h"

#include "base/enc.h"
#include "crypto/crypto.h"
#include "sandbox/sandbox.h"
#include "store/store.h"
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define NAME_COLUMNS 12
#define WORD_COLUMNS 8
#define SPACE_BAD    (UINT64_C(100) << 20)
#define SPACE_WARN   (UINT64_C(2) << 30)
#define LOCK_WANTED  (UINT64_C(1) << 20) /* keys of a vault and what is derived on the way */
#define YEAR_2024    INT64_C(1704067200)

enum state { GOOD, WARN, BAD };
struct doctor {
	struct hz_cli *cli;
	struct hz_jw *w;
	unsigned count[3];
};

static void
finding(struct doctor *d, const char *name, const char *shown, enum state s, const char *text)
{
	static const char *const words[] = { "good", "warn", "bad" };
	const char *const tr[] = { C_("doctor", "good"), C_("doctor", "note"), C_("doctor", "bad") };
	static const enum hz_tone tones[] = { HZ_TONE_GOOD, HZ_TONE_WARN, HZ_TONE_BAD };
	struct hz_out *o = &d->cli->door.out;

	d->count[s]++;
	if (d->w != NULL) {
		hz_jw_obj(d->w, NULL);
		hz_jw_str(d->w, "name", name);
		hz_jw_str(d->w, "state", words[s]);
		hz_line_text(d->w, "text", text);
		hz_jw_obj_end(d->w);
		return;
	}
	if (d->cli->door.quiet && s == GOOD) {
		return;
	}
	/* lint: allow hz_out_cell (our own headings) */
	hz_out_cell(o, shown, NAME_COLUMNS);
	hz_out_cell(o, hz_show_tone(o, tones[s], tr[s]), WORD_COLUMNS);
	/* lint: allow hz_out_printf (our own text; what is met is made visible by finding_why) */
	hz_out_printf(o, "%s\n", text);
}

/* The reason of the last failure, in parentheses after a text. */
static void
finding_why(struct doctor *d, const char *name, const char *shown, enum state s, const char *text)
{
	char line[1024];

	(void)snprintf(line, sizeof line, "%s (%s)", text, hz_show_str(&d->cli->door.out, hz_fail_detail()));
	finding(d, name, shown, s, line);
}

/* --- this system ------------------------------------------------------------------------------------- */

static void
locale(struct doctor *d)
{
	const char *codeset = nl_langinfo(CODESET); /* NOLINT(concurrency-mt-unsafe): one thread here */
	bool utf8 = strcmp(codeset, "UTF-8") == 0;
	char line[256];

	(void)snprintf(
	    line, sizeof line, "%s, %s", d->cli->door.lang == HZ_LANG_AR ? "العربية" : "English", codeset);
	finding(d, "locale", C_("doctor", "language"), utf8 ? GOOD : WARN,
	    utf8 ? line : _("this system has no UTF-8 locale: widths of Arabic text may be wrong"));
}

static void
memory(struct doctor *d)
{
	struct rlimit lim;
	void *p = NULL;
	bool locked = false;

	if (hz_crypto_init() == HZ_OK && hz_secret_new(LOCK_WANTED, &p) == HZ_OK) {
		locked = hz_secret_locked();
		hz_secret_free(&p);
	}
	finding(d, "memory", C_("doctor", "memory"), locked ? GOOD : WARN,
	    locked ? _("keys are locked in memory")
		   : _("keys cannot be locked in memory: raise `ulimit -l`"));
	if (getrlimit(RLIMIT_CORE, &lim) == 0) {
		finding(d, "core", C_("doctor", "core dumps"), lim.rlim_cur == 0 ? GOOD : WARN,
		    lim.rlim_cur == 0 ? _("off") : _("this program could leave its memory on the disk"));
	}
}

/* Swap in memory (zram) does not reach a disk. */
static void
swap(struct doctor *d)
{
	FILE *f = fopen("/proc/swaps", "re");
	char line[1024];
	bool on = false;

	if (f == NULL) {
		finding(d, "swap", C_("doctor", "swap"), WARN, _("cannot be found out"));
		return;
	}
	while (fgets(line, sizeof line, f) != NULL) {
		on = on || (line[0] == '/' && strncmp(line, "/dev/zram", 9) != 0);
	}
	(void)fclose(f);
	finding(d, "swap", C_("doctor", "swap"), on ? WARN : GOOD,
	    on ? _("on: what is not locked in memory may reach the disk, unless the swap is encrypted")
	       : _("none on a disk"));
}

static void
keyring(struct doctor *d)
{
	if (hz_session_possible() == HZ_OK) {
		finding(
		    d, "keyring", C_("doctor", "sessions"), GOOD, _("the kernel keeps them: `hirz unlock`"));
		return;
	}
	finding_why(d, "keyring", C_("doctor", "sessions"), WARN,
	    _("the kernel keyring refuses: each command asks for the passphrase"));
	hz_fail_clear();
}

static void
inspector(struct doctor *d)
{
	char path[HZ_INSPECT_PATH_MAX];
	struct hz_inspector *insp = NULL;
	enum hz_sandbox_level level = HZ_SANDBOX_NONE;
	enum hz_err r = hz_inspector_find(path, sizeof path);

	if (r != HZ_OK) {
		finding_why(d, "inspect", C_("doctor", "file types"), WARN,
		    _("hirz-inspect is not there: every type stays unknown"));
		hz_fail_clear();
		return;
	}
	r = hz_inspector_new(path, false, &insp);
	if (r == HZ_OK) {
		level = hz_inspector_level(insp);
	}
	hz_inspector_free(&insp);
	finding(d, "inspect", C_("doctor", "file types"), level == HZ_SANDBOX_FULL ? GOOD : WARN,
	    level == HZ_SANDBOX_FULL ? _("hirz-inspect runs in its full sandbox")
	    : level == HZ_SANDBOX_PARTIAL
		? _("hirz-inspect runs in a partial sandbox: system calls are filtered, files are not walled off "
		    "by the kernel")
		: _("hirz-inspect has no sandbox here: every type stays unknown"));
}

static void
documents(struct doctor *d)
{
	bool here = hz_inspect_pdf_here();

	finding(d, "pdf", C_("doctor", "PDF"), here ? GOOD : WARN,
	    here ? _("pdftotext reads their text, in a sandbox of its own")
		 : _("pdftotext is not there: PDF files are sealed, their text is not read "
		     "(package poppler-utils)"));
}

static void
clock_state(struct doctor *d)
{
	struct timex t = { 0 };
	int rc = adjtimex(&t);
	bool sane = hz_time_now() > YEAR_2024;
	bool synced = rc >= 0 && rc != TIME_ERROR && (t.status & STA_UNSYNC) == 0;

	finding(d, "clock", C_("doctor", "clock"),
	    !sane    ? BAD
	    : synced ? GOOD
		     : WARN,
	    !sane ? _("the date is years in the past: set it before sealing anything")
	    : synced
		? _("kept right by a time service")
		: _("not known to be kept right: compare it with another clock, its time goes into the log"));
}

/* --- the place of the vault -------------------------------------------------------------------------- */

static void
space(struct doctor *d, const char *path)
{
	struct statvfs st;
	char size[HZ_SIZE_TEXT], line[256];

	if (statvfs(path, &st) != 0) {
		finding(d, "space", C_("doctor", "space"), WARN, _("cannot be found out"));
		return;
	}
	uint64_t left = (uint64_t)st.f_bavail * st.f_frsize;
	hz_size_text(left, size);
	(void)snprintf(line, sizeof line, _("%s free"), size);
	finding(d, "space", C_("doctor", "space"),
	    left < SPACE_BAD    ? BAD
	    : left < SPACE_WARN ? WARN
				: GOOD,
	    line);
}

static void
file_system(struct doctor *d, const char *path)
{
	const char *name = NULL;
	char line[256];

	if (hz_store_fs_refused(path, &name)) {
		(void)snprintf(line, sizeof line,
		    _("%s does not keep what it acknowledges: use a local disk"), name == NULL ? "?" : name);
		finding(d, "filesystem", C_("doctor", "file system"), BAD, line);
	} else {
		finding(d, "filesystem", C_("doctor", "file system"), GOOD, _("fit for a vault"));
	}
}

static void
permissions(struct doctor *d, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		return;
	}
	bool closed = (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 && st.st_uid == geteuid();
	finding(d, "permissions", C_("doctor", "vault folder"), closed ? GOOD : WARN,
	    closed ? _("only you may look into it")
		   : _("others may look into it or it is not yours: `chmod 700` on the folder"));
}

/* --- all ---------------------------------------------------------------------------------------------- */

static void
examine(struct doctor *d)
{
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	const char *p = ".";
	bool vault = hz_cli_find(d->cli, &path) == HZ_OK && hz_buf_cstr(&path, &p) == HZ_OK;

	hz_fail_clear();
	locale(d);
	clock_state(d);
	memory(d);
	swap(d);
	keyring(d);
	inspector(d);
	documents(d);
	space(d, vault ? p : ".");
	file_system(d, vault ? p : ".");
	if (vault) {
		permissions(d, p);
	}
	hz_buf_done(&path);
}

int
hz_cmd_doctor(struct hz_cli *cli)
{
	struct doctor d = { .cli = cli };
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		d.w = hz_line_begin(o, "status");
		hz_jw_arr(d.w, "checks");
	}
	examine(&d);
	if (cli->door.json) {
		hz_jw_arr_end(d.w);
		hz_jw_int(d.w, "good", d.count[GOOD]);
		hz_jw_int(d.w, "warn", d.count[WARN]);
		hz_jw_int(d.w, "bad", d.count[BAD]);
		hz_line_end(o);
	} else if (!cli->door.quiet) {
		hz_out_puts(o, d.count[BAD] > 0    ? _("Something has to be put right first.\n")
			       : d.count[WARN] > 0 ? _("hirz works here; the notes say what is weaker.\n")
						   : _("Everything is as hirz wants it.\n"));
	}
	return d.count[BAD] > 0 ? HZ_EXIT_SOME : 0;
}
