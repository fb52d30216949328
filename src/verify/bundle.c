/* One verification from beginning to end, its findings and its verdict [F-10.2]. */
#include "verify/check.h"

#include "base/enc.h"
#include "door/lang.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct {
	const char *word, *text;
	enum hz_level level;
} findings[HZ_FINDING_COUNT] = {
#define ROW(sym, word, level, text) [HZ_FINDING_##sym] = { word, text, HZ_LEVEL_##level },
	HZ_FINDING_LIST(ROW)
#undef ROW
};
/* clang-format on */

const char *
hz_finding_word(enum hz_finding f)
{
	return findings[f].word;
}

const char *
hz_finding_text(enum hz_finding f)
{
	return findings[f].text;
}

enum hz_level
hz_finding_level(enum hz_finding f)
{
	return findings[f].level;
}

const char *
hz_tally_word(enum hz_tally_kind k)
{
	static const char *const words[HZ_TALLY_COUNT] = { "files", "events", "records", "exhibits" };

	return words[k];
}

const char *
hz_verdict_word(enum hz_verdict v)
{
	static const char *const words[] = { "VALID-WITNESSED", "VALID-SIGNED", "INCOMPLETE", "INVALID",
		"UNSUPPORTED" };

	return words[v];
}

void
hz_found(struct hz_check *c, enum hz_finding f, const char *path, const char *fmt, ...)
{
	char detail[512];
	va_list ap;

	c->count[findings[f].level]++;
	c->r.seen[f] = true;
	if (c->o->finding == NULL) {
		return;
	}
	va_start(ap, fmt);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start stands above */
	(void)vsnprintf(detail, sizeof detail, hz_fail_words(fmt), ap);
	va_end(ap);
	c->o->finding(c->o->arg, f, path, detail);
}

bool
hz_fatal(enum hz_err err)
{
	return err == HZ_ERR_NOMEM || err == HZ_ERR_IO || err == HZ_ERR_NOSPACE || err == HZ_ERR_CANCELLED ||
	       err == HZ_ERR_INTERNAL;
}

enum hz_err
hz_judge(struct hz_check *c, enum hz_err err, enum hz_finding f, const char *path)
{
	if (err == HZ_OK || hz_fatal(err)) {
		return err;
	}
	hz_found(c, f, path, "%s", hz_fail_detail());
	return HZ_OK;
}

uint32_t
hz_part_of(const struct hz_check *c, const void *p, size_t n, uint32_t parts)
{
	uint8_t h[32];

	if (parts == 1) {
		return 0;
	}
	hz_sha256_2(c->salt, sizeof c->salt, p, n, h);
	return hz_rd_be32(h) % parts;
}

uint32_t
hz_parts(uint64_t facts)
{
	uint64_t parts = facts <= HZ_VERIFY_PART_FACTS ? 1 : facts / HZ_VERIFY_PART_FACTS + 1;

	return parts > HZ_VERIFY_PARTS_MAX ? 0 : (uint32_t)parts;
}

static enum hz_err
begin(struct hz_check *c)
{
	enum hz_err err = hz_crypto_init();

	c->openings_at = c->records_at = c->proposed_at = c->cosigned_at = HZ_NOWHERE;
	c->cosigned = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	for (size_t i = 0; i < HZ_FIX_COUNT; i++) {
		c->file[i].kept = (struct hz_buf)HZ_BUF_INIT(HZ_VERIFY_TEXT_MAX);
		c->file[i].at = HZ_NOWHERE;
	}
	for (size_t i = 0; i < 4 && err == HZ_OK; i++) {
		err = hz_hash_new(HZ_HASH_SHA256, &c->manifest[i]);
	}
	if (err != HZ_OK) {
		return err;
	}
	hz_random(c->salt, sizeof c->salt);
	c->log = calloc(HZ_VERIFY_LOGS_MAX, sizeof *c->log);
	c->hidden = calloc(HZ_VERIFY_WITHHELD_MAX, sizeof *c->hidden);
	return c->log == NULL || c->hidden == NULL ? hz_fail(HZ_MSG_NOMEM, "logs") : HZ_OK;
}

static void
end(struct hz_check *c)
{
	for (size_t i = 0; i < HZ_FIX_COUNT; i++) {
		hz_buf_done(&c->file[i].kept);
	}
	for (size_t i = 0; i < 4; i++) {
		hz_hash_free(&c->manifest[i]);
	}
	hz_buf_done(&c->cosigned);
	free(c->log);
	free(c->hidden);
	free(c->anchor);
	free(c->by_size);
	free(c->renewal);
}

/* Everything that follows the first reading. */
static enum hz_err
steps(struct hz_check *c)
{
	static enum hz_err (*const step[])(struct hz_check * c) = { hz_step_stamps, hz_step_events,
		hz_step_chains, hz_step_signatures, hz_step_records, hz_step_stamped, hz_step_outside };
	enum hz_err err = hz_step_manifests(c);

	if (err == HZ_OK) {
		err = hz_step_bag(c);
	}
	if (err == HZ_OK) {
		err = hz_step_logs(c);
	}
	/* Without the log's first event and checkpoint nothing else has a key to be checked with. */
	for (size_t i = 0; i < sizeof step / sizeof step[0] && err == HZ_OK && c->nchain > 0 && !c->ended;
	     i++) {
		err = step[i](c);
	}
	return err;
}

enum hz_verdict
hz_verdict_of(struct hz_check *c, bool empty)
{
	if (c->count[HZ_LEVEL_FAILED] > 0) {
		return HZ_INVALID;
	}
	if (c->count[HZ_LEVEL_UNKNOWN] > 0) {
		return HZ_UNSUPPORTED;
	}
	if (c->o->key == NULL || c->o->key->kind == HZ_TRUST_NONE) {
		hz_found(c, HZ_FINDING_NO_KEY, "", "%s", "");
	}
	if (empty) {
		hz_found(c, HZ_FINDING_NO_EXHIBIT, "", "%s", "");
	}
	if (c->count[HZ_LEVEL_OPEN] > 0) {
		return HZ_INCOMPLETE;
	}
	return c->witnessed ? HZ_VALID_WITNESSED : HZ_VALID_SIGNED;
}

enum hz_err
hz_verify_bundle(
    const struct hz_source *src, const struct hz_verify_opts *opts, struct hz_verify_result *ret_r)
{
	struct hz_check *c = calloc(1, sizeof *c);

	if (c == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "verification");
	}
	hz_assert(opts->nbefore <= HZ_VERIFY_BEFORE_MAX);
	c->src = src;
	c->o = opts;
	enum hz_err err = begin(c);
	if (err == HZ_OK) {
		err = hz_step_files(c);
	}
	if (err == HZ_OK && !c->r.seen[HZ_FINDING_TAR]) {
		err = steps(c);
		/* The tar was right once: later damage means that somebody writes to the file meanwhile. */
		err = hz_judge(c, err, HZ_FINDING_TAR, "");
	}
	if (err == HZ_OK) {
		struct hz_tally *files = &c->r.tally[HZ_TALLY_FILES];
		files->matched =
		    files->checked - (files->different < files->checked ? files->different : files->checked);
		c->r.verdict = hz_verdict_of(c, c->r.tally[HZ_TALLY_EXHIBITS].matched == 0);
		c->r.rollback = c->r.seen[HZ_FINDING_FORK] || c->r.seen[HZ_FINDING_ROLLBACK];
		*ret_r = c->r;
	}
	end(c);
	free(c);
	return err;
}

int
hz_verify_exit(const struct hz_verify_result *r)
{
	if (r->verdict != HZ_INVALID) {
		return r->verdict == HZ_INCOMPLETE ? 3 : r->verdict == HZ_UNSUPPORTED ? 6 : 0;
	}
	for (size_t i = 0; i < HZ_FINDING_COUNT; i++) {
		if (r->seen[i] && findings[i].level == HZ_LEVEL_FAILED && i != HZ_FINDING_FORK &&
		    i != HZ_FINDING_ROLLBACK) {
			return 4;
		}
	}
	return 11;
}
