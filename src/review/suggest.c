/* What the model in use says of a text. */
#include "review/hide.h"
#include "review/inner.h"
#include "review/learn.h"

#include <stdlib.h>
#include <string.h>

struct hz_suggester {
	struct hz_model *model;
	struct hz_model_row row;
	struct hz_rules *rules;
	struct hz_learn_names *names;
};

void
hz_suggester_close(struct hz_suggester **s)
{
	if (*s) {
		hz_model_free(&(*s)->model);
		hz_rules_free(&(*s)->rules);
		hz_learn_names_free(&(*s)->names);
		free(*s);
		*s = NULL;
	}
}

/* The rules under which it learned: what was left out then is left out now. */
static enum hz_err
load_rules(struct hz_view *w, struct hz_suggester *s)
{
	struct hz_buf file = HZ_BUF_INIT(HZ_RULES_FILE_MAX);
	struct hz_rules_row row;
	bool found = false;
	enum hz_err r = hz_rules_row_find(w, s->row.rules, &found, &row);
	if (r == HZ_OK && !found) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "the rules of model %u are missing", s->row.no);
	}
	r = r == HZ_OK ? hz_rules_bytes(w, &row, &file) : r;
	r = r == HZ_OK ? hz_rules_load(file.p, file.len, &s->rules) : r;
	r = r == HZ_OK ? hz_hide_names(s->rules, &s->names) : r;
	hz_buf_done(&file);
	return r;
}

HZ_RESULT
hz_suggester_open(struct hz_view *w, bool *ret_found, struct hz_suggester **ret)
{
	struct hz_buf bytes = HZ_BUF_SECRET_INIT(HZ_LEARN_FILE);
	struct hz_suggester *s = calloc(1, sizeof(*s));
	bool found = false;
	enum hz_err r =
	    s ? hz_model_row_newest(w, &found, &s->row, &bytes) : hz_fail(HZ_MSG_NOMEM, "a model");
	found = r == HZ_OK && found && s->row.size > 0;
	if (found) {
		r = hz_model_load(bytes.p, bytes.len, &s->model);
		if (r == HZ_OK && memcmp(hz_model_set(s->model), s->row.set, 32) != 0) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "model %u is of other examples", s->row.no);
		}
		r = r == HZ_OK ? load_rules(w, s) : r;
	}
	hz_buf_done(&bytes);
	if (r != HZ_OK || !found) {
		hz_suggester_close(&s);
	}
	if (r == HZ_OK) {
		*ret_found = found;
		*ret = s;
	}
	return r;
}

const struct hz_model *
hz_suggester_model(const struct hz_suggester *s)
{
	return s->model;
}

const struct hz_model_row *
hz_suggester_row(const struct hz_suggester *s)
{
	return &s->row;
}

static bool
among(const char *type, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i], type) == 0) {
			return true;
		}
	}
	return false;
}

static void
choose(const struct hz_model_scores *scores, const char *const *tagged, size_t ntagged,
    struct hz_suggestions *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < scores->n; i++) {
		const struct hz_model_score *s = &scores->v[i];
		bool has = among(s->cls->type, tagged, ntagged);
		if (!has && s->score < HZ_LEARN_SUGGEST) {
			continue;
		}
		struct hz_suggestion *to = &ret->v[ret->n++];
		*to = (struct hz_suggestion){ .score = s->score,
			.tagged = has,
			.right = hz_model_right(s->cls),
			.confirmed = s->cls->confirmed,
			.rejected = s->cls->rejected,
			.ntop = s->ntop };
		memcpy(to->type, s->cls->type, sizeof(to->type));
		memcpy(to->top, s->top, sizeof(to->top));
	}
}

HZ_RESULT
hz_suggest(const struct hz_suggester *s, const void *text, size_t n, const struct hz_classify_when *when,
    const char *const *tagged, size_t ntagged, struct hz_suggestions *ret)
{
	struct hz_model_scores *scores = malloc(sizeof(*scores));
	struct hz_hidden h = { 0 };
	enum hz_err r = scores ? hz_hidden_of(s->rules, text, n, when, &h) : hz_fail(HZ_MSG_NOMEM, "scores");
	if (r == HZ_OK) {
		struct hz_learn_text t = { text, h.limit, h.v, h.n };
		r = hz_model_score(s->model, &t, s->names, scores);
	}
	if (r == HZ_OK) {
		choose(scores, tagged, ntagged, ret);
	}
	hz_hidden_done(&h);
	free(scores);
	return r;
}

static size_t
types_of(const struct hz_tag_set *set, const char **ret)
{
	size_t n = 0;
	for (size_t i = 0; i < set->n; i++) {
		if (set->v[i].axis == HZ_AXIS_TYPE && hz_tag_stands(&set->v[i]).state != HZ_TAG_SUPERSEDED) {
			ret[n++] = set->v[i].value;
		}
	}
	return n;
}

HZ_RESULT
hz_suggest_for(const struct hz_suggester *s, struct hz_view *w, uint64_t exhibit, struct hz_suggestions *ret)
{
	struct hz_buf text = HZ_BUF_SECRET_INIT((size_t)HZ_REVIEW_TEXT_MAX);
	struct hz_classify_when when = { "", "" };
	struct hz_exhibit e;
	struct hz_tag_set set;
	bool found = false;
	HZ_TRY(hz_exhibit_get(w, exhibit, &e));
	if (e.size > HZ_REVIEW_TEXT_MAX) {
		ret->n = 0;
		return HZ_OK;
	}
	HZ_TRY(hz_review_when(w, &e, &when));
	HZ_TRY(hz_tag_set_load(w, exhibit, &found, &set));
	const char **types = calloc(set.n + 1, sizeof(*types));
	enum hz_err r = types ? hz_review_text(w, &e, &text) : hz_fail(HZ_MSG_NOMEM, "types");
	if (r == HZ_OK) {
		r = hz_suggest(s, text.p, text.len, &when, types, types_of(&set, types), ret);
	}
	free(types);
	hz_buf_done(&text);
	hz_tag_set_done(&set);
	return r;
}
