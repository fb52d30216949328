#include "tests.h"

#include "codec/json.h"

#include <stdio.h>

struct hz_rules *
rules_of_bytes(const void *p, size_t n)
{
	struct hz_rules *r = NULL;
	if (hz_rules_load(p, n, &r) != HZ_OK) {
		fail_msg("rules: %s", hz_fail_detail());
	}
	return r;
}

struct hz_rules *
rules_of(const char *body)
{
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	assert_ok(hz_buf_puts(&b, HEAD));
	assert_ok(hz_buf_puts(&b, body));
	struct hz_rules *r = rules_of_bytes(b.p, b.len);
	hz_buf_done(&b);
	return r;
}

int
small_setup(void **state)
{
	*state = rules_of(small_rules());
	return 0;
}

int
small_teardown(void **state)
{
	hz_rules_free((struct hz_rules **)state);
	return 0;
}

static char *
say(const struct hz_rules *r, const char *text, size_t n, const struct hz_classify_when *when, bool spans)
{
	struct hz_tags t = { 0, NULL };
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	const char *s;
	assert_ok(hz_classify(r, text, n, when, &t));
	for (size_t i = 0; i < t.n; i++) {
		const struct hz_tag *x = &t.v[i];
		char id[128];
		hz_tag_id(x, id);
		assert_true(x->nspans > 0);
		assert_ok(hz_buf_printf(&b, "%s%s %s %u %s%s%s", i > 0 ? "; " : "", id,
		    hz_certainty_word(x->certainty), x->score, hz_band_word(x->band),
		    x->ambiguous ? " ambiguous" : "", x->experimental ? " experimental" : ""));
		for (size_t k = 0; spans && k < x->nspans; k++) {
			assert_true(x->spans[k].start < x->spans[k].end && x->spans[k].end <= n);
			assert_ok(hz_buf_printf(&b, " %zu-%zu", x->spans[k].start, x->spans[k].end));
		}
		if (!spans) {
			assert_ok(hz_buf_printf(&b, " *%zu", x->nspans + x->left_out));
		}
	}
	assert_ok(hz_buf_cstr(&b, &s));
	char *copy = strdup(s);
	hz_buf_done(&b);
	hz_tags_done(&t);
	assert_non_null(copy);
	return copy;
}

char *
said(const struct hz_rules *r, const char *text, size_t n, const struct hz_classify_when *when)
{
	return say(r, text, n, when, true);
}

char *
said_short(const struct hz_rules *r, const char *text, size_t n, const struct hz_classify_when *when)
{
	return say(r, text, n, when, false);
}

void
expect(const struct hz_rules *r, const char *text, const char *want)
{
	char *got = said_short(r, text, strlen(text), NULL);
	if (strcmp(got, want) != 0) {
		fail_msg("\"%s\"\n  says  %s\n  not   %s", text, got, want);
	}
	free(got);
}

const struct hz_tag *
find_tag(const struct hz_tags *t, const char *id)
{
	for (size_t i = 0; i < t->n; i++) {
		char own[128];
		hz_tag_id(&t->v[i], own);
		if (strcmp(own, id) == 0) {
			return &t->v[i];
		}
	}
	return NULL;
}

static bool
read_file(const char *name, struct hz_buf *out)
{
	char part[16384];
	size_t n;
	FILE *f = fopen(name, "rb");
	if (f == NULL) {
		return false;
	}
	while ((n = fread(part, 1, sizeof part, f)) > 0) {
		assert_ok(hz_buf_put(out, part, n));
	}
	assert_int_equal(fclose(f), 0);
	return true;
}

static const char *shipped; /* data/syria.rules */

struct hz_rules *
shipped_rules(void)
{
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_rules *r = NULL;
	if (shipped != NULL && read_file(shipped, &b)) {
		r = rules_of_bytes(b.p, b.len);
	}
	hz_buf_done(&b);
	return r;
}

bool
each_text(size_t most, void (*f)(const char *text, size_t n, void *arg), void *arg)
{
	static const char *const names[] = { "labelled", "unlabelled" };
	const char *shared = getenv("HIRZ_SHARED");
	most = getenv("HIRZ_TEST_VALGRIND") != NULL ? most / 20 : most;
	bool any = false;
	for (size_t i = 0; shared != NULL && i < 2; i++) {
		struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
		char path[512];
		(void)snprintf(path, sizeof path, "%s/corpus/%s.jsonl", shared, names[i]);
		size_t left = most;
		if (read_file(path, &b)) {
			const char *p = (const char *)b.p;
			const char *end = p + b.len;
			while (left-- > 0 && p < end) {
				const char *line = memchr(p, '\n', (size_t)(end - p));
				size_t len = (size_t)((line == NULL ? end : line) - p);
				struct hz_json_doc *doc = NULL;
				size_t n = 0;
				assert_ok(hz_json_parse(p, len, false, &doc));
				const char *text = hz_json_str(hz_json_get(hz_json_root(doc), "text"), &n);
				f(text, n, arg);
				hz_json_free(&doc);
				any = true;
				p += len + 1;
			}
		}
		hz_buf_done(&b);
	}
	return any;
}

int
main(int argc, char **argv)
{
	shipped = argc > 1 ? argv[1] : NULL;
	struct CMUnitTest all[128];
	size_t n = 0;
	for (size_t i = 0; i < n_rules_tests; i++) {
		all[n++] = rules_tests[i];
	}
	for (size_t i = 0; i < n_match_tests; i++) {
		all[n++] = match_tests[i];
	}
	for (size_t i = 0; i < n_gate_tests; i++) {
		all[n++] = gate_tests[i];
	}
	for (size_t i = 0; i < n_hostile_tests; i++) {
		all[n++] = hostile_tests[i];
	}
	for (size_t i = 0; i < n_why_tests; i++) {
		all[n++] = why_tests[i];
	}
	for (size_t i = 0; i < n_roles_tests; i++) {
		all[n++] = roles_tests[i];
	}
	for (size_t i = 0; i < n_testimony_tests; i++) {
		all[n++] = testimony_tests[i];
	}
	return _cmocka_run_group_tests("classify", all, n, NULL, NULL);
}
