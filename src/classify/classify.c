/* A text to its tags, sentence by sentence. */
#include "classify/classify.h"

#include "classify/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum hz_err
engine_begin(struct engine *e, const struct hz_rules *r, size_t n, const struct hz_classify_when *when)
{
	size_t keys = r->n_classes + r->n_lines + r->n_sections + r->n_alts + 1;
	e->r = r;
	e->when = when;
	e->n_touched = HZ_CLASSIFY_WORDS;
	e->slot = calloc(keys, sizeof *e->slot);
	e->stamp = calloc(keys, sizeof *e->stamp);
	e->asked = calloc(r->n_classes + 1, sizeof *e->asked);
	e->class_seen = calloc(r->n_classes + 1, sizeof *e->class_seen);
	if (e->slot == NULL || e->stamp == NULL || e->asked == NULL || e->class_seen == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "tags");
	}
	return known_begin(e, n);
}

static void
engine_done(struct engine *e)
{
	tally_done(e);
	why_done(e);
	known_done(e);
	free(e->slot);
	free(e->stamp);
	free(e->asked);
	free(e->class_seen);
	free(e->matches);
	free(e->order);
	free(e->bits);
	free(e);
}

static enum hz_err
too_large(size_t n)
{
	return hz_fail(HZ_MSG_LIMIT, "text of %zu bytes, at most %zu", n, HZ_CLASSIFY_BYTES);
}

static enum hz_err
run(const struct hz_rules *r, const void *text, size_t n, const struct hz_classify_when *when, bool why,
    struct hz_tags *ret)
{
	if (n > HZ_CLASSIFY_BYTES) {
		return too_large(n);
	}
	struct engine *e = calloc(1, sizeof *e);
	if (e == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "tags");
	}
	enum hz_err err = engine_begin(e, r, n, when);
	if (err == HZ_OK && why) {
		err = why_begin(e);
	}
	cut_begin(&e->cut, text, n);
	while (err == HZ_OK && cut_sentence(e)) {
		err = judge_sentence(e);
		e->n_words_before += e->n_words;
	}
	if (err == HZ_OK) {
		err = tally_end(e, ret);
	}
	engine_done(e);
	return err;
}

enum hz_err
hz_classify(const struct hz_rules *r, const void *text, size_t n, const struct hz_classify_when *when,
    struct hz_tags *ret)
{
	return run(r, text, n, when, false, ret);
}

enum hz_err
hz_classify_why(const struct hz_rules *r, const void *text, size_t n, const struct hz_classify_when *when,
    struct hz_tags *ret)
{
	return run(r, text, n, when, true, ret);
}

static bool
is_around(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum hz_err
hz_classify_sentence(const void *text, size_t n, size_t at, size_t *ret_start, size_t *ret_end)
{
	const uint8_t *p = text;
	if (n > HZ_CLASSIFY_BYTES) {
		return too_large(n);
	}
	if (at >= n) {
		return hz_fail(HZ_MSG_USAGE, "byte %zu of %zu", at, n);
	}
	struct engine *e = calloc(1, sizeof *e);
	if (e == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "sentence");
	}
	enum hz_err err = known_begin(e, n);
	if (err != HZ_OK) {
		free(e);
		return err;
	}
	size_t start = 0;
	size_t end = n;
	cut_begin(&e->cut, text, n);
	while (cut_sentence(e)) {
		start = e->cut.sentence_start;
		end = e->cut.sentence_end;
		if (end > at) {
			break;
		}
		start = end;
		end = n; /* behind the last one there are no words */
	}
	known_done(e);
	free(e);
	while (start < end && is_around(p[start])) {
		start++;
	}
	while (end > start && is_around(p[end - 1])) {
		end--;
	}
	*ret_start = start;
	*ret_end = end;
	return HZ_OK;
}

void
hz_tags_done(struct hz_tags *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].spans);
		free(t->v[i].why);
	}
	free(t->v);
	*t = (struct hz_tags){ 0, NULL };
}

void
hz_tag_id(const struct hz_tag *t, char out[static 128])
{
	bool role = t->role != HZ_ROLE_NONE;
	int n = snprintf(out, 128, "%s:%s%s%s", hz_axis_word(t->axis), t->value, role ? "@" : "",
	    role ? hz_role_word(t->role) : "");
	hz_assert(n > 0 && n < 128);
}

const char *
hz_role_word(enum hz_role role)
{
	static const char *const words[] = { "none", "alleged-perpetrator", "victim-or-target",
		"location-or-control", "source" };
	return role <= HZ_ROLE_SOURCE ? words[role] : "none";
}

const char *
hz_certainty_word(enum hz_certainty c)
{
	static const char *const words[] = { "", "stated", "alleged", "likely", "denied" };
	return c <= HZ_CERTAIN_DENIED ? words[c] : "";
}

const char *
hz_band_word(unsigned band)
{
	static const char *const words[] = { "", "weak", "medium", "strong" };
	return band <= HZ_BAND_STRONG ? words[band] : "";
}

const char *
hz_axis_word(enum hz_axis a)
{
	static const char *const words[] = { "", "type", "party", "place", "date" };
	return a <= HZ_AXIS_DATE ? words[a] : "";
}
