#include "cli/tags.h"

#include <stdlib.h>
#include <string.h>

bool
hz_is_media_word(const char *s, size_t n)
{
	static const char *const tops[] = { "application", "audio", "font", "image", "message", "model",
		"multipart", "text", "unknown", "video" };

	for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
		if (strlen(tops[i]) == n && memcmp(tops[i], s, n) == 0) {
			return true;
		}
	}
	return memchr(s, '/', n) != NULL;
}

bool
hz_role_read(const char *s, enum hz_role *ret)
{
	static const struct {
		const char *word;
		enum hz_role role;
	} parts[] = { { "perpetrator", HZ_ROLE_PERPETRATOR }, { "victim", HZ_ROLE_TARGET },
		{ "target", HZ_ROLE_TARGET }, { "location", HZ_ROLE_LOCATION },
		{ "control", HZ_ROLE_LOCATION } };

	for (int r = HZ_ROLE_NONE; r <= HZ_ROLE_SOURCE; r++) {
		if (strcmp(hz_role_word((enum hz_role)r), s) == 0) {
			*ret = (enum hz_role)r;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (strcmp(parts[i].word, s) == 0) {
			*ret = parts[i].role;
			return true;
		}
	}
	return false;
}

/* --- JSON ------------------------------------------------------------------------------------------------
 */

/* The texts of an exhibit that have tags: at most the exhibit and all that can be made out of it. */
struct texts {
	size_t n;
	struct hz_tag_set set[HZ_DERIVED_MAX + 1];
};

static void
load(struct hz_view *w, uint64_t exhibit, struct texts *t)
{
	unsigned n = 0;
	bool found = true;

	while (found && t->n <= HZ_DERIVED_MAX) {
		if (hz_tag_set_next(w, exhibit, &n, &found, &t->set[t->n]) != HZ_OK) {
			return; /* `verify` says what is wrong */
		}
		t->n += found ? 1 : 0;
	}
}

typedef void each_fn(void *arg, const struct hz_tag_set *s, const struct hz_kept_tag *t);

static void
each(const struct texts *x, each_fn *fn, void *arg)
{
	for (size_t i = 0; i < x->n; i++) {
		for (size_t k = 0; k < x->set[i].n; k++) {
			fn(arg, &x->set[i], &x->set[i].v[k]);
		}
	}
}

struct ids {
	struct hz_jw *w;
	const struct texts *all;
};

/* Two texts of one exhibit may have the same tag: it is listed once. */
static bool
listed_before(const struct texts *x, const struct hz_tag_set *s, const struct hz_kept_tag *t)
{
	static const struct hz_tag_query shown = { .axis = 0 };

	for (size_t i = 0; &x->set[i] != s; i++) {
		const struct hz_kept_tag *same = hz_tag_set_find(&x->set[i], t);
		if (same != NULL && hz_tag_matches(same, &shown)) {
			return true;
		}
	}
	return false;
}

static void
put_id(void *arg, const struct hz_tag_set *s, const struct hz_kept_tag *t)
{
	static const struct hz_tag_query shown = { .axis = 0 };
	struct ids *x = arg;
	char id[HZ_TAG_ID_MAX];

	if (hz_tag_matches(t, &shown) && !listed_before(x->all, s, t)) {
		hz_kept_tag_id(t, id);
		hz_jw_str(x->w, NULL, id);
	}
}

struct named {
	const char *value;
	bool several;
};

static void
find_named(void *arg, const struct hz_tag_set *s, const struct hz_kept_tag *t)
{
	struct named *x = arg;
	enum hz_tag_state state = hz_tag_stands(t).state;

	(void)s;
	if (t->axis != HZ_AXIS_PARTY || t->role != HZ_ROLE_PERPETRATOR || t->certainty == HZ_CERTAIN_DENIED ||
	    (state != HZ_TAG_CONFIRMED && state != HZ_TAG_ADDED)) {
		return;
	}
	x->several = x->several || (x->value != NULL && strcmp(x->value, t->value) != 0);
	x->value = t->value;
}

static void
put_state(void *arg, const struct hz_tag_set *s, const struct hz_kept_tag *t)
{
	struct hz_jw *w = arg;
	struct hz_tag_standing st = hz_tag_stands(t);
	char id[HZ_TAG_ID_MAX];

	hz_kept_tag_id(t, id);
	hz_jw_obj(w, NULL);
	hz_jw_str(w, "axis", hz_axis_word(t->axis));
	hz_jw_str(w, "certainty", hz_certainty_word(t->certainty));
	hz_jw_bool(w, "disputed", st.disputed);
	hz_jw_str(w, "id", id);
	hz_jw_bool(w, "made_text", hz_is_derived(s->exhibit));
	hz_jw_str(w, "role", hz_role_word(t->role));
	hz_jw_int(w, "score", t->score);
	hz_jw_str(w, "state", hz_tag_state_word(st.state));
	hz_jw_str(w, "value", t->value);
	hz_jw_obj_end(w);
}

void
hz_tags_json(struct hz_jw *w, struct hz_view *view, uint64_t exhibit, bool all)
{
	struct texts *x = calloc(1, sizeof *x);
	struct ids ids = { w, x };
	struct named named = { NULL, false };

	hz_jw_arr(w, "tags");
	if (x != NULL) {
		load(view, exhibit, x);
		each(x, put_id, &ids);
		each(x, find_named, &named);
	}
	hz_jw_arr_end(w);
	if (named.value == NULL || named.several) {
		hz_jw_null(w, "party");
	} else {
		hz_jw_str(w, "party", named.value);
	}
	if (all) {
		hz_jw_arr(w, "tag_states");
		if (x != NULL) {
			each(x, put_state, w);
		}
		hz_jw_arr_end(w);
	}
	for (size_t i = 0; x != NULL && i < x->n; i++) {
		hz_tag_set_done(&x->set[i]);
	}
	free(x);
}
