/* Tags: their text, what follows from runs and decisions, rows, and what a changed row is. */
#include "tests.h"

#include "base/enc.h"
#include "base/fd.h"
#include "codec/json.h"
#include "vault/internal.h"
#include "vault/tags.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- text -------------------------------------------------------------------------------------------------
 */

static struct hz_tag
tag(enum hz_axis axis, const char *value, enum hz_role role)
{
	struct hz_tag t = { .axis = axis,
		.role = role,
		.certainty = HZ_CERTAIN_ALLEGED,
		.score = 700,
		.band = HZ_BAND_STRONG };
	(void)snprintf(t.value, sizeof(t.value), "%s", value);
	return t;
}

static void
text_there_and_back(void **state)
{
	struct hz_span spans[HZ_TAG_SPANS + 1];
	struct hz_tag t = tag(HZ_AXIS_PARTY, "gov_sy.air", HZ_ROLE_PERPETRATOR), back;
	struct hz_buf out = HZ_BUF_INIT(65536), again = HZ_BUF_INIT(65536);
	(void)state;
	for (size_t i = 0; i <= HZ_TAG_SPANS; i++) {
		spans[i] = (struct hz_span){ .start = i * 10, .end = i * 10 + 4, .term = "x" };
		(void)snprintf(spans[i].rule, sizeof(spans[i].rule), "party/gov_sy.air:%zu", i + 1);
	}
	t.spans = spans;
	t.nspans = 2;
	t.ambiguous = true;
	assert_int_equal(hz_tag_text(&t, HZ_TAG_SPANS, &out), HZ_OK);
	assert_int_equal(hz_buf_putc(&out, '\0'), HZ_OK);
	assert_string_equal((char *)out.p, "party gov_sy.air alleged-perpetrator alleged 700 strong a 0 "
					   "0-4=party/gov_sy.air:1 10-14=party/gov_sy.air:2");
	for (size_t n = 0; n <= HZ_TAG_SPANS + 1; n += 13) {
		t.nspans = n;
		t.left_out = n == 13 ? 5 : 0;
		hz_buf_clear(&out);
		assert_int_equal(hz_tag_text(&t, HZ_TAG_SPANS, &out), HZ_OK);
		assert_int_equal(hz_tag_text_read((char *)out.p, out.len, &back), HZ_OK);
		assert_int_equal(back.nspans, n < HZ_TAG_SPANS ? n : HZ_TAG_SPANS);
		assert_int_equal(back.left_out, t.left_out + (n > HZ_TAG_SPANS ? n - HZ_TAG_SPANS : 0));
		hz_buf_clear(&again);
		assert_int_equal(hz_tag_text(&back, HZ_TAG_SPANS, &again), HZ_OK);
		assert_int_equal(again.len, out.len);
		assert_memory_equal(again.p, out.p, out.len);
		hz_tag_clear(&back);
	}
	hz_buf_done(&out);
	hz_buf_done(&again);
}

static void
text_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "type", "type x none stated 1 weak - 0 ", "type x none stated 1 weak -",
		"type x none stated 01 weak - 0", "type x none stated 1001 weak - 0",
		"typ x none stated 1 weak - 0", "type x@ none stated 1 weak - 0",
		"type x nobody stated 1 weak - 0", "type x none said 1 weak - 0",
		"type x none stated 1 big - 0", "type x none stated 1 weak ea 0",
		"type x none stated 1 weak -  0", " type x none stated 1 weak - 0",
		"type x none stated 1 weak - 0 1-1=a", "type x none stated 1 weak - 0 2-1=a",
		"type x none stated 1 weak - 0 1-2=", "type x none stated 1 weak - 0 1-2=a\"b",
		"type x none stated 1 weak - 0 1-2=a\\b", "type x none stated 1 weak - 0 5-6=a 1-2=a",
		"type x none stated 1 weak - 0 1-2", "type x none stated 1 weak - 0 1=2-a",
		"type 0123456789012345678901234567890123456789012345678901234567890123 none stated 1 weak - 0"
	};
	struct hz_tag t;
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (hz_tag_text_read(bad[i], strlen(bad[i]), &t) != HZ_ERR_FORMAT) {
			fail_msg("\"%s\" is read", bad[i]);
		}
	}
	char many[4096] = "type x none stated 1 weak - 0";
	for (size_t i = 0; i <= HZ_TAG_SPANS; i++) {
		assert_int_equal(hz_tag_text_read(many, strlen(many), &t), HZ_OK);
		assert_int_equal(t.nspans, i);
		hz_tag_clear(&t);
		(void)snprintf(many + strlen(many), 32, " %zu-%zu=r", i, i + 1);
	}
	assert_int_equal(hz_tag_text_read(many, strlen(many), &t), HZ_ERR_FORMAT);
}

static void
ids(void **state)
{
	static const char *const good[] = { "type:unlawful_attack.air", "party:russia@alleged-perpetrator",
		"date:2017-04-04", "place:SY02" };
	static const char *const bad[] = { "", "type", "type:", ":x", "party:x@", "party:x@nobody", "typ:x",
		"type:a b", "type:\xd8\xa7", "party:x@source@none" };
	struct hz_kept_tag t;
	char id[HZ_TAG_ID_MAX];
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(hz_tag_id_read(good[i], &t), HZ_OK);
		hz_kept_tag_id(&t, id);
		assert_string_equal(id, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(hz_tag_id_read(bad[i], &t), HZ_ERR_FORMAT);
	}
	assert_true(hz_value_below("gov_sy", "gov_sy", HZ_AXIS_PARTY));
	assert_true(hz_value_below("gov_sy.air", "gov_sy", HZ_AXIS_PARTY));
	assert_false(hz_value_below("gov_syx", "gov_sy", HZ_AXIS_PARTY));
	assert_false(hz_value_below("gov_sy", "gov_sy.air", HZ_AXIS_PARTY));
	assert_false(hz_value_below("gov_sy", "", HZ_AXIS_PARTY));
	assert_true(hz_value_below("2017-04-04", "2017-04", HZ_AXIS_DATE));
	assert_false(hz_value_below("2017-04-04", "2017-0", HZ_AXIS_DATE));
	assert_true(hz_value_below("SY0201", "SY02", HZ_AXIS_PLACE));
	assert_false(hz_value_below("SY021", "SY02", HZ_AXIS_PLACE));
}

/* --- what follows from what
 * --------------------------------------------------------------------------------- */

static const struct hz_ref nowhere = { 0, 7 };

static void
run_once(struct hz_tag_set *s, struct hz_tag *tags, size_t n, uint32_t rules, uint64_t record)
{
	struct hz_tags t = { n, tags };
	assert_int_equal(hz_tag_set_run(s, &t, rules, record, nowhere), HZ_OK);
}

static void
decide(struct hz_tag_set *s, const char *id, enum hz_decision what, char who, uint64_t record)
{
	struct hz_kept_tag t;
	struct hz_decided d = { .what = what, .record = record };
	memset(d.who, who, sizeof(d.who));
	assert_int_equal(hz_tag_id_read(id, &t), HZ_OK);
	t.certainty = HZ_CERTAIN_STATED;
	assert_int_equal(hz_tag_set_decide(s, &t, &d, nowhere), HZ_OK);
}

static struct hz_tag_standing
stands(const struct hz_tag_set *s, const char *id)
{
	struct hz_kept_tag t;
	assert_int_equal(hz_tag_id_read(id, &t), HZ_OK);
	const struct hz_kept_tag *k = hz_tag_set_find(s, &t);
	assert_non_null(k);
	return hz_tag_stands(k);
}

#define STATE(s, id, is) assert_int_equal(stands(s, id).state, is)

static void
one_person(void **state)
{
	struct hz_tag t[] = { tag(HZ_AXIS_TYPE, "a", HZ_ROLE_NONE), tag(HZ_AXIS_TYPE, "b", HZ_ROLE_NONE) };
	struct hz_tag_set s;
	(void)state;
	hz_tag_set_init(&s, 1);
	run_once(&s, t, 2, 1, 10);
	STATE(&s, "type:a", HZ_TAG_PROPOSED);
	decide(&s, "type:a", HZ_DECIDED_CONFIRMED, 'x', 11);
	STATE(&s, "type:a", HZ_TAG_CONFIRMED);
	/* What people took stays as they saw it, whatever a run says later. */
	t[0].score = 100;
	t[0].certainty = HZ_CERTAIN_DENIED;
	run_once(&s, t, 1, 2, 12);
	STATE(&s, "type:a", HZ_TAG_CONFIRMED);
	assert_int_equal(s.v[0].score, 700);
	assert_int_equal(s.v[0].certainty, HZ_CERTAIN_ALLEGED);
	assert_int_equal(s.v[0].record, 10);
	STATE(&s, "type:b", HZ_TAG_SUPERSEDED);
	run_once(&s, t, 0, 2, 13);
	STATE(&s, "type:a", HZ_TAG_CONFIRMED);
	/* A person may change his own mind. */
	decide(&s, "type:a", HZ_DECIDED_REJECTED, 'x', 14);
	STATE(&s, "type:a", HZ_TAG_REJECTED);
	decide(&s, "type:c", HZ_DECIDED_ADDED, 'x', 15);
	STATE(&s, "type:c", HZ_TAG_ADDED);
	run_once(&s, t, 0, 3, 16);
	STATE(&s, "type:c", HZ_TAG_ADDED);
	hz_tag_set_done(&s);
}

/* The same rules do not propose again what was rejected; others may, and it is said; the first still may not.
 */
static void
rejected(void **state)
{
	struct hz_tag t[] = { tag(HZ_AXIS_TYPE, "a", HZ_ROLE_NONE) };
	uint8_t x[HZ_WHO_LEN];
	struct hz_tag_set s;
	(void)state;
	memset(x, 'x', sizeof(x));
	hz_tag_set_init(&s, 1);
	run_once(&s, t, 1, 1, 10);
	assert_false(hz_tag_by(&s.v[0], x));
	decide(&s, "type:a", HZ_DECIDED_REJECTED, 'x', 11);
	assert_true(hz_tag_by(&s.v[0], x));
	run_once(&s, t, 1, 1, 12);
	STATE(&s, "type:a", HZ_TAG_REJECTED);
	run_once(&s, t, 0, 2, 13);
	STATE(&s, "type:a", HZ_TAG_REJECTED);
	run_once(&s, t, 1, 2, 14);
	STATE(&s, "type:a", HZ_TAG_PROPOSED);
	assert_true(stands(&s, "type:a").before);
	assert_false(hz_tag_by(&s.v[0], x));
	run_once(&s, t, 1, 1, 15);
	STATE(&s, "type:a", HZ_TAG_REJECTED);
	run_once(&s, t, 1, 2, 16);
	decide(&s, "type:a", HZ_DECIDED_CONFIRMED, 'x', 17);
	STATE(&s, "type:a", HZ_TAG_CONFIRMED);
	run_once(&s, t, 1, 1, 18);
	STATE(&s, "type:a", HZ_TAG_CONFIRMED);
	hz_tag_set_done(&s);
}

#define P "party:p@alleged-perpetrator"

static void
two_people(void **state)
{
	struct hz_tag t[] = { tag(HZ_AXIS_PARTY, "p", HZ_ROLE_PERPETRATOR) };
	struct hz_tag_set s;
	(void)state;
	hz_tag_set_init(&s, 1);
	run_once(&s, t, 1, 1, 10);
	decide(&s, P, HZ_DECIDED_CONFIRMED, 'x', 11);
	STATE(&s, P, HZ_TAG_PROPOSED);
	assert_int_equal(stands(&s, P).people, 1);
	decide(&s, P, HZ_DECIDED_CONFIRMED, 'x', 12); /* twice is not two */
	STATE(&s, P, HZ_TAG_PROPOSED);
	decide(&s, P, HZ_DECIDED_REJECTED, 'y', 13);
	STATE(&s, P, HZ_TAG_PROPOSED);
	assert_true(stands(&s, P).disputed);
	run_once(&s, t, 1, 1, 14);
	assert_true(stands(&s, P).disputed);
	decide(&s, P, HZ_DECIDED_CONFIRMED, 'y', 15);
	STATE(&s, P, HZ_TAG_CONFIRMED);
	assert_false(stands(&s, P).disputed);
	/* Nobody is named on the word of one, by hand either. */
	decide(&s, "party:q@source", HZ_DECIDED_ADDED, 'x', 16);
	STATE(&s, "party:q@source", HZ_TAG_PROPOSED);
	decide(&s, "party:q@source", HZ_DECIDED_CONFIRMED, 'y', 17);
	STATE(&s, "party:q@source", HZ_TAG_ADDED);
	decide(&s, "party:r@none", HZ_DECIDED_ADDED, 'x', 18);
	decide(&s, "party:r@none", HZ_DECIDED_REJECTED, 'x', 19);
	STATE(&s, "party:r@none", HZ_TAG_REJECTED);
	hz_tag_set_done(&s);
}

static void
limits(void **state)
{
	struct hz_tag_set s;
	struct hz_tag *many = calloc(HZ_TAGS_KEPT + 1, sizeof(*many));
	struct hz_tags t = { HZ_TAGS_KEPT + 1, many };
	(void)state;
	assert_non_null(many);
	hz_tag_set_init(&s, 1);
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned i = 0; i <= HZ_TAGS_KEPT; i++) {
			char v[16];
			(void)snprintf(v, sizeof(v), "v%u_%04u", round, i);
			many[i] = tag(HZ_AXIS_TYPE, v, HZ_ROLE_NONE);
		}
		t.n = HZ_TAGS_KEPT + 1;
		assert_int_equal(hz_tag_set_run(&s, &t, 1, 10 + round, nowhere), HZ_ERR_LIMIT);
		t.n = HZ_TAGS_KEPT;
		assert_int_equal(hz_tag_set_run(&s, &t, 1, 10 + round, nowhere), HZ_OK);
		assert_true(s.n <= HZ_TAG_SET_MAX);
	}
	struct hz_kept_tag like;
	struct hz_decided d = { .what = HZ_DECIDED_CONFIRMED, .record = 5 };
	assert_int_equal(hz_tag_id_read("type:v3_0000", &like), HZ_OK);
	for (unsigned i = 0; i < HZ_TAG_PEOPLE; i++) {
		d.who[0] = (uint8_t)i;
		assert_int_equal(hz_tag_set_decide(&s, &like, &d, nowhere), HZ_OK);
	}
	d.who[0] = HZ_TAG_PEOPLE;
	assert_int_equal(hz_tag_set_decide(&s, &like, &d, nowhere), HZ_ERR_LIMIT);
	d.who[0] = 0; /* known already */
	assert_int_equal(hz_tag_set_decide(&s, &like, &d, nowhere), HZ_OK);
	assert_int_equal(hz_tag_id_read("type:none", &like), HZ_OK);
	assert_int_equal(hz_tag_set_decide(&s, &like, &d, nowhere), HZ_ERR_USAGE);
	hz_tag_set_done(&s);
	free(many);
}

/* Every content has one form: what is read is written as it was, and each flipped bit is refused or another.
 */
static void
row_form(void **state)
{
	struct hz_tag t[] = { tag(HZ_AXIS_TYPE, "a.b", HZ_ROLE_NONE), tag(HZ_AXIS_PARTY, "p", HZ_ROLE_TARGET),
		tag(HZ_AXIS_DATE, "2017-04-04", HZ_ROLE_NONE) };
	struct hz_tag_set s, back;
	struct hz_buf row = HZ_BUF_INIT(65536), again = HZ_BUF_INIT(65536);
	unsigned refused = 0;
	(void)state;
	hz_tag_set_init(&s, 1);
	run_once(&s, t, 3, 2, 10);
	decide(&s, "party:p@victim-or-target", HZ_DECIDED_CONFIRMED, 'x', 11);
	decide(&s, "party:p@victim-or-target", HZ_DECIDED_REJECTED, 'y', 12);
	decide(&s, "type:z", HZ_DECIDED_ADDED, 'x', 13);
	assert_int_equal(hz_tag_set_put(&s, &row), HZ_OK);
	for (size_t n = 0; n < row.len; n++) {
		assert_int_not_equal(hz_tag_set_read(row.p, n, 1, &back), HZ_OK);
	}
	assert_int_equal(hz_tag_set_read(row.p, row.len, 1, &back), HZ_OK);
	hz_tag_set_done(&back);
	for (size_t bit = 0; bit < row.len * 8; bit++) {
		row.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		enum hz_err r = hz_tag_set_read(row.p, row.len, 1, &back);
		refused += r != HZ_OK;
		if (r == HZ_OK) {
			hz_buf_clear(&again);
			assert_int_equal(hz_tag_set_put(&back, &again), HZ_OK);
			assert_int_equal(again.len, row.len);
			assert_memory_equal(again.p, row.p, row.len);
			hz_tag_set_done(&back);
		}
		row.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(refused > 200);
	assert_int_equal(hz_buf_putc(&row, '\0'), HZ_OK);
	assert_int_equal(hz_tag_set_read(row.p, row.len, 1, &back), HZ_ERR_FORMAT);
	hz_tag_set_done(&s);
	hz_buf_done(&row);
	hz_buf_done(&again);
}

static void
names(void **state)
{
	static const char kid[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	uint8_t a[HZ_WHO_LEN], b[HZ_WHO_LEN];
	char longest[HZ_REVIEWER_MAX + 2];
	(void)state;
	assert_int_equal(hz_reviewer_id(kid, "Lina", a), HZ_OK);
	assert_int_equal(hz_reviewer_id(kid, " LINA ", b), HZ_OK);
	assert_memory_equal(a, b, sizeof(a));
	assert_int_equal(hz_reviewer_id(kid, "Omar", b), HZ_OK);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(hz_reviewer_id(kid, NULL, a), HZ_OK);
	assert_int_equal(hz_reviewer_id(kid, "", b), HZ_OK);
	assert_memory_equal(a, b, sizeof(a));
	memset(longest, 'x', sizeof(longest));
	longest[HZ_REVIEWER_MAX] = '\0';
	assert_int_equal(hz_reviewer_id(kid, longest, a), HZ_OK);
	longest[HZ_REVIEWER_MAX] = 'x';
	longest[HZ_REVIEWER_MAX + 1] = '\0';
	assert_int_equal(hz_reviewer_id(kid, longest, a), HZ_ERR_LIMIT);
}

/* --- vectors [F-13.1] -------------------------------------------------------------------------------------
 */

static struct hz_json_doc *
vectors(void)
{
	struct hz_buf text = HZ_BUF_INIT(1 << 20);
	struct hz_json_doc *doc = NULL;
	int fd = open(vectors_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(hz_file_read(fd, "tag/tags.json", 1 << 20, &text), HZ_OK);
	hz_fd_close(&fd);
	assert_int_equal(hz_json_parse(text.p, text.len, false, &doc), HZ_OK);
	hz_buf_done(&text);
	return doc;
}

static const char *
str(const struct hz_json *v)
{
	const char *s = hz_json_str(v, NULL);
	assert_non_null(s);
	return s;
}

static void
vector_fields(const struct hz_json *list)
{
	struct hz_buf out = HZ_BUF_INIT(65536);
	assert_true(hz_json_count(list) > 10);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		const char *s = str(hz_json_get(hz_json_at(list, i), "text"));
		bool ok = strcmp(str(hz_json_get(hz_json_at(list, i), "expect")), "ok") == 0;
		struct hz_tag t;
		assert_int_equal(hz_tag_text_read(s, strlen(s), &t), ok ? HZ_OK : HZ_ERR_FORMAT);
		if (ok) {
			hz_buf_clear(&out);
			assert_int_equal(hz_tag_text(&t, HZ_TAG_SPANS, &out), HZ_OK);
			assert_int_equal(out.len, strlen(s));
			assert_memory_equal(out.p, s, out.len);
			hz_tag_clear(&t);
		}
	}
	hz_buf_done(&out);
}

static void
vector_step(struct hz_tag_set *s, const struct hz_json *step, enum hz_axis axis, uint64_t n)
{
	const char *first = str(hz_json_at(step, 0));
	struct hz_ref at = { 0, n };
	uint8_t h[32];
	if (hz_json_count(step) == 1) {
		uint32_t rules = (uint32_t)strtoul(first[0] == '-' ? first + 1 : first, NULL, 10);
		struct hz_tag t = tag(axis, "x", HZ_ROLE_NONE);
		struct hz_tags run = { first[0] == '-' ? 0 : 1, &t };
		t.score = 100 * rules;
		t.band = HZ_BAND_MEDIUM;
		assert_int_equal(hz_tag_set_run(s, &run, rules, n, at), HZ_OK);
		return;
	}
	struct hz_kept_tag k = { .axis = axis, .value = "x", .certainty = HZ_CERTAIN_STATED };
	struct hz_decided d = { .record = n };
	for (int w = HZ_DECIDED_CONFIRMED; w <= HZ_DECIDED_ADDED; w++) {
		if (strcmp(first, hz_decision_word((enum hz_decision)w)) == 0) {
			d.what = (enum hz_decision)w;
		}
	}
	hz_sha256(str(hz_json_at(step, 1)), strlen(str(hz_json_at(step, 1))), h);
	memcpy(d.who, h, sizeof(d.who));
	assert_int_equal(hz_tag_set_decide(s, &k, &d, at), HZ_OK);
}

static void
vector_files(void **state)
{
	struct hz_json_doc *doc = vectors();
	const struct hz_json *list = hz_json_get(hz_json_root(doc), "standings");
	struct hz_buf row = HZ_BUF_INIT(65536);
	(void)state;
	vector_fields(hz_json_get(hz_json_root(doc), "fields"));
	assert_true(hz_json_count(list) > 30);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		const struct hz_json *c = hz_json_at(list, i), *steps = hz_json_get(c, "steps");
		enum hz_axis axis =
		    strcmp(str(hz_json_get(c, "axis")), "party") == 0 ? HZ_AXIS_PARTY : HZ_AXIS_TYPE;
		struct hz_tag_set s;
		char hex[2048];
		bool disputed = false, before = false;
		hz_tag_set_init(&s, 1);
		for (size_t k = 0; k < hz_json_count(steps); k++) {
			vector_step(&s, hz_json_at(steps, k), axis, k + 1);
		}
		struct hz_tag_standing st = hz_tag_stands(&s.v[0]);
		assert_true(hz_json_bool(hz_json_get(c, "disputed"), &disputed) &&
			    hz_json_bool(hz_json_get(c, "before"), &before));
		assert_string_equal(hz_tag_state_word(st.state), str(hz_json_get(c, "state")));
		assert_int_equal(st.disputed, disputed);
		assert_int_equal(st.before, before);
		hz_buf_clear(&row);
		assert_int_equal(hz_tag_set_put(&s, &row), HZ_OK);
		assert_true(row.len * 2 < sizeof(hex));
		hz_hex(hex, row.p, row.len);
		assert_string_equal(hex, str(hz_json_get(c, "row")));
		hz_tag_set_done(&s);
	}
	hz_buf_done(&row);
	hz_json_free(&doc);
}

/* --- in a vault
 * --------------------------------------------------------------------------------------------- */

static const char rules_text[] = "hirz-rules 1\nname test\nversion 1\n";

static uint32_t
keep_rules(struct hz_batch *b, uint8_t seed, const void *file, size_t n, bool is_new)
{
	uint8_t id[32];
	uint32_t no = 0;
	bool fresh = !is_new;
	memset(id, seed, sizeof(id));
	struct hz_new_rules x = { .file = file, .size = n, .id = id, .name = "test", .version = "1" };
	assert_int_equal(hz_batch_rules(b, &x, &no, &fresh), HZ_OK);
	assert_int_equal(fresh, is_new);
	return no;
}

static bool
classified(struct hz_batch *b, uint64_t exhibit, uint32_t rules, struct hz_tag *tags, size_t n)
{
	uint8_t id[32];
	struct hz_tags t = { n, tags };
	struct hz_classify_when when = { "2017-04-04", "2017-04-04" };
	struct hz_tag_set s;
	bool fresh = false;
	memset(id, (int)rules, sizeof(id));
	struct hz_new_classification x = { .exhibit = exhibit,
		.rules = rules,
		.rules_id = id,
		.rules_version = "1",
		.engine = "test 1",
		.when = &when,
		.tags = &t };
	assert_int_equal(hz_batch_classification(b, &x, &fresh, &s), HZ_OK);
	assert_true(s.n >= n);
	hz_tag_set_done(&s);
	return fresh;
}

static enum hz_err
reviewed(struct hz_batch *b, uint64_t exhibit, const char *id, enum hz_decision what, const char *by)
{
	struct hz_kept_tag t;
	struct hz_tag_set s;
	assert_int_equal(hz_tag_id_read(id, &t), HZ_OK);
	t.certainty = HZ_CERTAIN_STATED;
	struct hz_new_review x = { .exhibit = exhibit,
		.tag = &t,
		.what = what,
		.by = by,
		.why = "seen",
		.proof = "reasonable-grounds" };
	enum hz_err r = hz_batch_review(b, &x, &s);
	if (r == HZ_OK) {
		hz_tag_set_done(&s);
	}
	return r;
}

static enum hz_err
checked(struct hz_vault *v, uint64_t exhibit)
{
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, exhibit, &e), HZ_OK);
	enum hz_err r = hz_tag_set_check(w, &e);
	r = r == HZ_OK ? hz_tag_rows_check(w) : r;
	r = r == HZ_OK ? hz_rules_rows_check(w) : r;
	hz_view_end(&w);
	return r;
}

/* Two exhibits, a text made out of the first; rules, runs, decisions. */
static struct hz_vault *
filled(void)
{
	struct hz_tag t[] = { tag(HZ_AXIS_TYPE, "a", HZ_ROLE_NONE),
		tag(HZ_AXIS_PARTY, "p", HZ_ROLE_PERPETRATOR) };
	struct hz_span span = { .start = 0, .end = 4, .term = "x", .rule = "type/a:1" };
	struct hz_vault *v = make_vault("t");
	struct hz_batch *b = NULL;
	t[0].spans = t[1].spans = &span;
	t[0].nspans = t[1].nspans = 1;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, "some text", 9, "2017-04-04");
	(void)seal_text(b, 0, "another", 7, NULL);
	struct hz_exhibit d = seal_text(b, 1, "made of it", 10, NULL);
	assert_int_equal(keep_rules(b, 1, rules_text, sizeof(rules_text) - 1, true), 1);
	assert_int_equal(keep_rules(b, 1, rules_text, sizeof(rules_text) - 1, false), 1);
	assert_int_equal(keep_rules(b, 2, "other rules", 11, true), 2);
	assert_true(classified(b, 1, 1, t, 2));
	assert_false(classified(b, 1, 1, t, 2)); /* the very same */
	assert_true(classified(b, d.no, 1, t, 1));
	assert_int_equal(reviewed(b, 1, "type:a", HZ_DECIDED_CONFIRMED, "Lina"), HZ_OK);
	assert_int_equal(reviewed(b, 1, P, HZ_DECIDED_CONFIRMED, "Lina"), HZ_OK);
	assert_int_equal(reviewed(b, 1, P, HZ_DECIDED_REJECTED, "Omar"), HZ_OK);
	assert_int_equal(reviewed(b, 1, "type:none", HZ_DECIDED_REJECTED, "Omar"), HZ_ERR_USAGE);
	assert_int_equal(reviewed(b, 2, "type:b", HZ_DECIDED_ADDED, NULL), HZ_OK);
	assert_true(classified(b, 1, 2, t, 1));
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

static void
kept(void **state)
{
	struct hz_vault *v = filled();
	struct hz_view *w = NULL;
	struct hz_tag_set s;
	struct hz_rules_row row;
	struct hz_buf bytes = HZ_BUF_INIT(HZ_RULES_FILE_MAX);
	struct hz_tags tags;
	uint8_t id[32];
	unsigned n = 0, sets = 0;
	uint32_t no = 1;
	bool found = true;
	(void)state;
	hz_vault_close(&v);
	v = open_vault("t", HZ_VAULT_READ);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	while (found) {
		assert_int_equal(hz_tag_set_next(w, 1, &n, &found, &s), HZ_OK);
		sets += found;
		if (found && s.exhibit == 1) {
			STATE(&s, "type:a", HZ_TAG_CONFIRMED);
			assert_true(stands(&s, P).disputed);
			assert_int_equal(hz_classification_tags(w, s.v[0].record, &tags), HZ_OK);
			assert_int_equal(tags.n, 2);
			assert_int_equal(tags.v[0].spans[0].end, 4);
			hz_tags_done(&tags);
		} else if (found) {
			assert_int_equal(hz_derived_origin(s.exhibit), 1);
		}
		hz_tag_set_done(&s);
	}
	assert_int_equal(sets, 2);
	for (found = true; found;) {
		assert_int_equal(hz_rules_row_next(w, &no, &found, &row), HZ_OK);
	}
	assert_int_equal(no, 3);
	memset(id, 1, sizeof(id));
	assert_int_equal(hz_rules_row_find(w, id, &found, &row), HZ_OK);
	assert_true(found);
	assert_int_equal(hz_rules_bytes(w, &row, &bytes), HZ_OK);
	assert_int_equal(bytes.len, sizeof(rules_text) - 1);
	assert_memory_equal(bytes.p, rules_text, bytes.len);
	hz_buf_done(&bytes);
	hz_view_end(&w);
	hz_vault_close(&v);
	v = open_vault("t", HZ_VAULT_READ);
	assert_int_equal(checked(v, 1), HZ_OK);
	assert_int_equal(checked(v, 2), HZ_OK);
	assert_int_equal(checked(v, hz_derived_no(1, 1)), HZ_OK);
	hz_vault_close(&v);
}

/* A rules file of more than one part. */
static void
large_rules(void **state)
{
	struct hz_vault *v = make_vault("t");
	struct hz_batch *b = NULL;
	struct hz_view *w = NULL;
	struct hz_rules_row row;
	struct hz_buf bytes = HZ_BUF_INIT(HZ_RULES_FILE_MAX);
	uint8_t *file = malloc(HZ_RULES_FILE_MAX + 1), id[32] = { 9 };
	(void)state;
	assert_non_null(file);
	fill(file, HZ_RULES_FILE_MAX + 1, 0, 5);
	struct hz_new_rules x = {
		.file = file, .size = HZ_RULES_FILE_MAX + 1, .id = id, .name = "n", .version = "v"
	};
	uint32_t no = 0;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_rules(b, &x, &no, NULL), HZ_ERR_LIMIT);
	x.size = 0;
	assert_int_equal(hz_batch_rules(b, &x, &no, NULL), HZ_ERR_LIMIT);
	x.size = HZ_RULES_FILE_MAX;
	assert_int_equal(hz_batch_rules(b, &x, &no, NULL), HZ_OK);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_rules_rows_check(w), HZ_OK);
	assert_int_equal(hz_rules_row_get(w, no, &row), HZ_OK);
	assert_int_equal(hz_rules_bytes(w, &row, &bytes), HZ_OK);
	assert_int_equal(bytes.len, HZ_RULES_FILE_MAX);
	assert_memory_equal(bytes.p, file, bytes.len);
	hz_view_end(&w);
	hz_buf_done(&bytes);
	hz_vault_close(&v);
	free(file);
}

/* Changes one value in the store, as somebody with a database tool would; remove: takes it out. */
static void
change(struct hz_vault *v, unsigned table, const uint8_t *k, size_t kn, size_t bit, bool remove)
{
	struct hz_txn *t = NULL;
	const uint8_t *p = NULL;
	size_t n = 0;
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_get(t, table, k, kn, &p, &n), HZ_OK);
	if (remove) {
		assert_int_equal(hz_del(t, table, k, kn), HZ_OK);
	} else {
		uint8_t *copy = malloc(n);
		assert_non_null(copy);
		memcpy(copy, p, n);
		copy[bit / 8 % n] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(hz_set(t, table, k, kn, copy, n), HZ_OK);
		free(copy);
	}
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
}

static void
flipped(void **state)
{
	static const uint8_t tag_key[9] = { 0, 0, 0, 0, 0, 0, 0, 1, 0 };
	static const uint8_t heads[3][8] = { { 0, 0, 0, 1, 0, 0, 0, 0 }, { 0, 0, 0, 1, 0, 0, 0, 1 },
		{ 0, 0, 0, 2, 0, 0, 0, 1 } };
	struct hz_vault *v = filled();
	(void)state;
	assert_int_equal(checked(v, 1), HZ_OK);
	for (size_t bit = 0; bit < 4096; bit += 73) {
		change(v, HZ_T_TAGS, tag_key, 9, bit, false);
		assert_int_equal(checked(v, 1), HZ_ERR_TAMPERED);
		change(v, HZ_T_TAGS, tag_key, 9, bit, false);
		for (size_t i = 0; i < 3; i++) {
			change(v, HZ_T_RULES, heads[i], 8, bit, false);
			assert_int_equal(checked(v, 1), HZ_ERR_TAMPERED);
			change(v, HZ_T_RULES, heads[i], 8, bit, false);
		}
	}
	assert_int_equal(checked(v, 1), HZ_OK);
	change(v, HZ_T_RULES, heads[2], 8, 0, true);
	assert_int_equal(checked(v, 1), HZ_ERR_TAMPERED);
	hz_vault_close(&v);
	shell("rm -rf '%s/t'", scratch());
	v = filled();
	change(v, HZ_T_RULES, heads[0], 8, 0, true);
	assert_int_equal(checked(v, 1), HZ_ERR_TAMPERED);
	hz_vault_close(&v);
	shell("rm -rf '%s/t'", scratch());
	v = filled();
	change(v, HZ_T_TAGS, tag_key, 9, 0, true);
	assert_int_equal(checked(v, 1), HZ_ERR_TAMPERED);
	hz_vault_close(&v);
}

/* Rows that open, but say what no event says. */
static void
forged(void **state)
{
	uint8_t k[9] = { 0, 0, 0, 0, 0, 0, 0, 1, 0 };
	struct hz_vault *v = filled();
	struct hz_view *w = NULL;
	struct hz_txn *t = NULL;
	struct hz_tag_set s;
	struct hz_buf row = HZ_BUF_INIT(65536);
	bool found = false;
	(void)state;
	for (unsigned what = 0; what < 6; what++) {
		assert_int_equal(hz_view_begin(v, &w), HZ_OK);
		assert_int_equal(hz_tag_set_load(w, what == 5 ? 2 : 1, &found, &s), HZ_OK);
		hz_view_end(&w);
		k[7] = what == 5 ? 2 : 1;
		struct hz_kept_tag saved = s.v[0];
		struct hz_decided d = s.v[0].decided[0];
		switch (what) {
		case 0:
			s.v[0].score++;
			break;
		case 1:
			s.v[0].decided[0].what = HZ_DECIDED_REJECTED;
			break;
		case 2:
			s.v[0].decided[0].who[3] ^= 1;
			break;
		case 3:
			s.at.index--;
			break;
		case 4:
			s.v[0].value[0] = '0';
			break;
		default:
			s.v[0].certainty = HZ_CERTAIN_DENIED;
			break;
		}
		hz_buf_clear(&row);
		assert_int_equal(hz_tag_set_put(&s, &row), HZ_OK);
		assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
		assert_int_equal(hz_row_set(v, t, HZ_T_TAGS, k, 9, &row, false), HZ_OK);
		assert_int_equal(hz_txn_commit(&t), HZ_OK);
		assert_int_equal(checked(v, k[7]), HZ_ERR_TAMPERED);
		s.at.index += what == 3;
		struct hz_decided *keep = s.v[0].decided;
		s.v[0] = saved;
		s.v[0].decided = keep;
		s.v[0].decided[0] = d;
		hz_buf_clear(&row);
		assert_int_equal(hz_tag_set_put(&s, &row), HZ_OK);
		assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
		assert_int_equal(hz_row_set(v, t, HZ_T_TAGS, k, 9, &row, false), HZ_OK);
		assert_int_equal(hz_txn_commit(&t), HZ_OK);
		assert_int_equal(checked(v, k[7]), HZ_OK);
		hz_tag_set_done(&s);
	}
	/* Tags of an exhibit that there is not. */
	k[7] = 9;
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_row_set(v, t, HZ_T_TAGS, k, 9, &row, false), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	assert_int_not_equal(checked(v, 1), HZ_OK);
	hz_buf_done(&row);
	hz_vault_close(&v);
}

/* As many tags with as many spans as an engine gives: the record holds them, and what it does not is counted.
 */
static void
full_record(void **state)
{
	struct hz_vault *v = make_vault("t");
	struct hz_batch *b = NULL;
	struct hz_tag *t = calloc(HZ_TAGS_KEPT + 20, sizeof(*t));
	struct hz_span *spans = calloc(HZ_TAG_SPANS, sizeof(*spans));
	struct hz_view *w = NULL;
	struct hz_tag_set s;
	struct hz_tags back;
	bool found = false;
	(void)state;
	assert_non_null(t);
	assert_non_null(spans);
	for (size_t i = 0; i < HZ_TAG_SPANS; i++) {
		spans[i] = (struct hz_span){ .start = 1000000 + i, .end = 1000100 + i };
		memset(spans[i].rule, 'r', sizeof(spans[i].rule) - 1);
	}
	for (size_t i = 0; i < HZ_TAGS_KEPT + 20; i++) {
		char value[64];
		(void)snprintf(value, sizeof(value), "%04zu", i);
		memset(value + 4, 'v', sizeof(value) - 5);
		value[63] = '\0';
		t[i] = tag(HZ_AXIS_PARTY, value, HZ_ROLE_LOCATION);
		t[i].spans = spans;
		t[i].nspans = HZ_TAG_SPANS;
	}
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, "some text", 9, NULL);
	(void)keep_rules(b, 1, rules_text, sizeof(rules_text) - 1, true);
	assert_true(classified(b, 1, 1, t, HZ_TAGS_KEPT));
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(checked(v, 1), HZ_OK);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_tag_set_load(w, 1, &found, &s), HZ_OK);
	assert_int_equal(s.n, HZ_TAGS_KEPT);
	assert_int_equal(hz_classification_tags(w, s.record, &back), HZ_OK);
	assert_int_equal(back.n, HZ_TAGS_KEPT);
	assert_true(back.v[0].nspans >= 1);
	assert_int_equal(back.v[0].nspans + back.v[0].left_out, HZ_TAG_SPANS);
	hz_tags_done(&back);
	hz_tag_set_done(&s);
	hz_view_end(&w);
	hz_vault_close(&v);
	free(t);
	free(spans);
}

const struct CMUnitTest tags_tests[] = {
	cmocka_unit_test(text_there_and_back),
	cmocka_unit_test(text_refused),
	cmocka_unit_test(ids),
	cmocka_unit_test(one_person),
	cmocka_unit_test(rejected),
	cmocka_unit_test(two_people),
	cmocka_unit_test(limits),
	cmocka_unit_test(row_form),
	cmocka_unit_test(names),
	cmocka_unit_test(vector_files),
	cmocka_unit_test_setup_teardown(kept, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(large_rules, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(flipped, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(forged, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(full_record, scratch_make, scratch_drop),
};
const size_t tags_count = sizeof(tags_tests) / sizeof(tags_tests[0]);
