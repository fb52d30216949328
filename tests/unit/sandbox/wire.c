/* Messages: what the writer writes the reader reads; one bit, one byte or one limit off is refused. */
#include "sandbox/wire.h"
#include "tests.h"

static const struct hz_wire_answer good = { HZ_WIRE_TYPE, HZ_SANDBOX_FULL, "image/jpeg", "utf-8" };

/* Version 1, kind 1, level 2, "image/jpeg", "utf-8", spelt out. */
static const uint8_t good_bytes[] = { 0, 0, 0, 26, 1, 1, 2, 0, 0, 0, 10, 'i', 'm', 'a', 'g', 'e', '/', 'j',
	'p', 'e', 'g', 0, 0, 0, 5, 'u', 't', 'f', '-', '8' };

static bool
type_ok(const char *s)
{
	return hz_wire_type_ok(s, strlen(s));
}

void
test_type_grammar(void **state)
{
	static const char *const yes[] = { "image/jpeg", "a/b", "application/vnd.ms-excel", "x-world/x-vrml",
		"image/svg+xml", "1/2", "a!#$&^_.+-/b!#$&^_.+-" };
	static const char *const no[] = { "", "/", "a", "a/", "/b", "a/b/c", "Image/jpeg", "image/JPEG",
		"a b/c", "a/b ", "a/b;c=d", "a/b\n", "a/\xc3\xa9", "-a/b", "a/-b", "a/.b", "a/b\x1b[31m",
		"a/%41", "a/b,c" };
	char longest[HZ_INSPECT_TYPE_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		assert_true(type_ok(yes[i]));
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		assert_false(type_ok(no[i]));
	}
	assert_false(hz_wire_type_ok("a/b\0c", 5));
	memset(longest, 'a', sizeof(longest));
	longest[1] = '/';
	assert_true(hz_wire_type_ok(longest, HZ_INSPECT_TYPE_MAX));
	assert_false(hz_wire_type_ok(longest, HZ_INSPECT_TYPE_MAX + 1));
	/* every single byte: only the allowed ones */
	for (unsigned c = 0; c < 256; c++) {
		uint8_t t[] = { 'a', '/', 'b', (uint8_t)c };
		bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			       (c != 0 && strchr("!#$&^_.+-", (int)c) != NULL);

		assert_int_equal(hz_wire_type_ok(t, sizeof(t)), allowed);
	}
	assert_true(hz_wire_charset_ok("iso-8859-1", 10));
	assert_false(hz_wire_charset_ok("", 0));
	assert_false(hz_wire_charset_ok("UTF-8", 5));
	assert_false(hz_wire_charset_ok("a b", 3));
	memset(longest, 'a', sizeof(longest));
	assert_true(hz_wire_charset_ok(longest, HZ_INSPECT_CHARSET_MAX));
	assert_false(hz_wire_charset_ok(longest, HZ_INSPECT_CHARSET_MAX + 1));
}

void
test_answer_bytes(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a;
	size_t n = 0;

	(void)state;
	assert_int_equal(hz_wire_answer_put(&b, &good), HZ_OK);
	assert_int_equal(b.len, sizeof(good_bytes));
	assert_memory_equal(b.p, good_bytes, sizeof(good_bytes));
	assert_int_equal(hz_wire_length(b.p, HZ_WIRE_ANSWER_MIN, HZ_WIRE_ANSWER_MAX, &n), HZ_OK);
	assert_int_equal(n, sizeof(good_bytes) - HZ_WIRE_LEN);
	memset(&a, 0x55, sizeof(a));
	assert_int_equal(hz_wire_answer_get(b.p + HZ_WIRE_LEN, n, &a), HZ_OK);
	assert_int_equal(a.kind, good.kind);
	assert_int_equal(a.level, good.level);
	assert_string_equal(a.type, good.type);
	assert_string_equal(a.charset, good.charset);
	hz_buf_done(&b);
}

/* The largest answer passes both ways and fills the limit exactly. */
void
test_answer_largest(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer big = { HZ_WIRE_TYPE, HZ_SANDBOX_NONE, "", "" }, back;

	(void)state;
	memset(big.type, 'a', HZ_INSPECT_TYPE_MAX);
	big.type[60] = '/';
	memset(big.charset, 'b', HZ_INSPECT_CHARSET_MAX);
	assert_int_equal(hz_wire_answer_put(&b, &big), HZ_OK);
	assert_int_equal(b.len, HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	assert_int_equal(hz_wire_answer_get(b.p + HZ_WIRE_LEN, b.len - HZ_WIRE_LEN, &back), HZ_OK);
	assert_string_equal(back.type, big.type);
	assert_string_equal(back.charset, big.charset);
	hz_buf_done(&b);
}

void
test_answer_cut_and_trailing(void **state)
{
	struct hz_wire_answer a;
	uint8_t more[sizeof(good_bytes) + 1];
	size_t n = sizeof(good_bytes) - HZ_WIRE_LEN;

	(void)state;
	memcpy(more, good_bytes, sizeof(good_bytes));
	more[sizeof(good_bytes)] = 0;
	memset(&a, 0x55, sizeof(a));
	for (size_t cut = 0; cut < n; cut++) {
		assert_int_equal(hz_wire_answer_get(good_bytes + HZ_WIRE_LEN, cut, &a), HZ_ERR_FORMAT);
	}
	assert_int_equal(hz_wire_answer_get(more + HZ_WIRE_LEN, n + 1, &a), HZ_ERR_FORMAT);
	assert_int_equal(a.type[0], 0x55); /* untouched on failure */
}

/* Every flipped bit is refused, or gives another answer that is just as well-formed: never the same. */
void
test_answer_flipped(void **state)
{
	uint8_t body[sizeof(good_bytes) - HZ_WIRE_LEN];
	struct hz_wire_answer a;
	unsigned refused = 0;

	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof(body); bit++) {
		memcpy(body, good_bytes + HZ_WIRE_LEN, sizeof(body));
		body[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (hz_wire_answer_get(body, sizeof(body), &a) != HZ_OK) {
			refused++;
			continue;
		}
		assert_true(a.kind != good.kind || a.level != good.level || strcmp(a.type, good.type) != 0 ||
			    strcmp(a.charset, good.charset) != 0);
		assert_true(hz_wire_type_ok(a.type, strlen(a.type)));
	}
	assert_true(refused > 4 * sizeof(body));
}

static enum hz_err
get_changed(size_t at, uint8_t value)
{
	uint8_t body[sizeof(good_bytes) - HZ_WIRE_LEN];
	struct hz_wire_answer a;

	memcpy(body, good_bytes + HZ_WIRE_LEN, sizeof(body));
	body[at] = value;
	return hz_wire_answer_get(body, sizeof(body), &a);
}

void
test_answer_rules(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a = good;

	(void)state;
	assert_int_equal(get_changed(0, 0), HZ_ERR_VERSION);
	assert_int_equal(get_changed(0, 2), HZ_ERR_VERSION);
	assert_int_equal(get_changed(1, 2), HZ_ERR_FORMAT);
	assert_int_equal(get_changed(1, HZ_WIRE_GREETING), HZ_ERR_FORMAT); /* a greeting with a type */
	assert_int_equal(get_changed(2, 3), HZ_ERR_FORMAT);
	assert_int_equal(get_changed(2, 1), HZ_OK);
	assert_int_equal(get_changed(6, HZ_INSPECT_TYPE_MAX + 1), HZ_ERR_LIMIT);
	assert_int_equal(get_changed(3, 0x80), HZ_ERR_LIMIT);
	assert_int_equal(get_changed(7, 'I'), HZ_ERR_FORMAT);
	assert_int_equal(get_changed(7, 0), HZ_ERR_FORMAT);
	assert_int_equal(get_changed(20, HZ_INSPECT_CHARSET_MAX + 1), HZ_ERR_LIMIT);
	/* the writer refuses the same */
	a.type[0] = '\0';
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_FORMAT); /* a charset without a type */
	a = good;
	a.kind = HZ_WIRE_GREETING;
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_FORMAT);
	a = good;
	memset(a.type, 'a', sizeof(a.type)); /* no end */
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_FORMAT);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
}

void
test_wire_lengths(void **state)
{
	static const struct {
		uint8_t p[HZ_WIRE_LEN];
		enum hz_err want;
	} cases[] = {
		{ { 0, 0, 0, 0 }, HZ_ERR_LIMIT },
		{ { 0, 0, 0, 1 }, HZ_ERR_LIMIT },
		{ { 0, 0, 0, 2 }, HZ_OK },
		{ { 0, 1, 0, 2 }, HZ_OK },
		{ { 0, 1, 0, 3 }, HZ_ERR_LIMIT },
		{ { 0xff, 0xff, 0xff, 0xff }, HZ_ERR_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = 77;

		assert_int_equal(
		    hz_wire_length(cases[i].p, HZ_WIRE_REQUEST_HEAD, HZ_WIRE_REQUEST_MAX, &n), cases[i].want);
		assert_int_equal(n == 77, cases[i].want != HZ_OK);
	}
}

void
test_wire_requests(void **state)
{
	static uint8_t m[HZ_WIRE_LEN + HZ_WIRE_REQUEST_MAX + 1];
	struct hz_wire_request q = { 0 };
	size_t n = 0;

	(void)state;
	hz_wire_request_head(m, HZ_WIRE_OP_TYPE, HZ_INSPECT_DATA_MAX);
	assert_int_equal(hz_wire_length(m, HZ_WIRE_REQUEST_HEAD, HZ_WIRE_REQUEST_MAX, &n), HZ_OK);
	assert_int_equal(n, HZ_WIRE_REQUEST_MAX);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, n, &q), HZ_OK);
	assert_int_equal(q.n, HZ_INSPECT_DATA_MAX);
	assert_ptr_equal(q.data, m + HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, n + 1, &q), HZ_ERR_LIMIT);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, 2, &q), HZ_OK);
	assert_int_equal(q.n, 0);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, 1, &q), HZ_ERR_FORMAT);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, 0, &q), HZ_ERR_FORMAT);
	m[HZ_WIRE_LEN] = 2;
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, 2, &q), HZ_ERR_VERSION);
	m[HZ_WIRE_LEN] = 1;
	m[HZ_WIRE_LEN + 1] = 2;
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, 2, &q), HZ_ERR_FORMAT);
}

void
test_words(void **state)
{
	(void)state;
	assert_string_equal(hz_sandbox_level_word(HZ_SANDBOX_NONE), "none");
	assert_string_equal(hz_sandbox_level_word(HZ_SANDBOX_PARTIAL), "partial");
	assert_string_equal(hz_sandbox_level_word(HZ_SANDBOX_FULL), "full");
	assert_string_equal(hz_inspect_reason_word(HZ_INSPECT_KNOWN), "known");
	assert_string_equal(hz_inspect_reason_word(HZ_INSPECT_TIMEOUT), "timeout");
	assert_string_equal(hz_inspect_reason_word(HZ_INSPECT_GAVE_UP), "gave-up");
}
