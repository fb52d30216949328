/* Messages: what the writer writes the reader reads; one bit, one byte or one limit off is refused. */
#include "sandbox/wire.h"
#include "tests.h"

static const struct hz_wire_answer good = {
	.kind = HZ_WIRE_TYPE, .level = HZ_SANDBOX_FULL, .type = "image/jpeg", .charset = "utf-8"
};

/* Version 2, kind 1, level 2, "image/jpeg", "utf-8", spelt out. */
static const uint8_t good_bytes[] = { 0, 0, 0, 26, 2, 1, 2, 0, 0, 0, 10, 'i', 'm', 'a', 'g', 'e', '/', 'j',
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
	static struct hz_wire_answer a;
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

/* The longest type and charset pass both ways. */
void
test_answer_largest(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer big = { .kind = HZ_WIRE_TYPE, .level = HZ_SANDBOX_NONE }, back;
	static uint8_t text[HZ_WIRE_TEXT_MAX];

	(void)state;
	memset(big.type, 'a', HZ_INSPECT_TYPE_MAX);
	big.type[60] = '/';
	memset(big.charset, 'b', HZ_INSPECT_CHARSET_MAX);
	assert_int_equal(hz_wire_answer_put(&b, &big), HZ_OK);
	assert_int_equal(b.len, HZ_WIRE_LEN + 3 + 4 + HZ_INSPECT_TYPE_MAX + 4 + HZ_INSPECT_CHARSET_MAX);
	assert_int_equal(hz_wire_answer_get(b.p + HZ_WIRE_LEN, b.len - HZ_WIRE_LEN, &back), HZ_OK);
	assert_string_equal(back.type, big.type);
	assert_string_equal(back.charset, big.charset);
	/* the longest text fills the limit of a message exactly */
	memset(text, 'a', sizeof(text));
	hz_buf_clear(&b);
	big = (struct hz_wire_answer){
		.kind = HZ_WIRE_TEXT, .state = HZ_INSPECT_TEXT_MORE, .text = text, .text_len = sizeof(text)
	};
	assert_int_equal(hz_wire_answer_put(&b, &big), HZ_OK);
	assert_int_equal(b.len, HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	assert_int_equal(hz_wire_answer_get(b.p + HZ_WIRE_LEN, b.len - HZ_WIRE_LEN, &back), HZ_OK);
	assert_int_equal(back.text_len, sizeof(text));
	hz_buf_done(&b);
}

void
test_answer_cut_and_trailing(void **state)
{
	static struct hz_wire_answer a;
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
	static struct hz_wire_answer a;
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
		assert_true(a.kind != HZ_WIRE_TYPE || hz_wire_type_ok(a.type, strlen(a.type)));
	}
	assert_true(refused > 4 * sizeof(body));
}

static enum hz_err
get_changed(size_t at, uint8_t value)
{
	uint8_t body[sizeof(good_bytes) - HZ_WIRE_LEN];
	static struct hz_wire_answer a;

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
	assert_int_equal(get_changed(0, 1), HZ_ERR_VERSION);
	assert_int_equal(get_changed(0, 3), HZ_ERR_VERSION);
	assert_int_equal(get_changed(1, HZ_WIRE_CLAIMS), HZ_ERR_FORMAT);
	assert_int_equal(get_changed(1, HZ_WIRE_TEXT), HZ_ERR_FORMAT);
	assert_int_equal(get_changed(1, 4), HZ_ERR_FORMAT);
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
	a.kind = (enum hz_wire_kind)4;
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_FORMAT);
	a = good;
	memset(a.type, 'a', sizeof(a.type)); /* no end */
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_FORMAT);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
}

/* Claims spelt out: width 640, make "Nikon", a time, all the bytes. */
static const uint8_t claims_bytes[] = { 0, 0, 0, 50, 2, 2, 2, 3, 1, 0, 0, 0, 3, '6', '4', '0', 16, 0, 0, 0, 5,
	'N', 'i', 'k', 'o', 'n', 22, 0, 0, 0, 23, '2', '0', '1', '1', '-', '0', '3', '-', '1', '8', 'T', '0',
	'9', ':', '1', '5', ':', '3', '0', '.', '5', '0', 'Z' };

void
test_answer_claims(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	static struct hz_wire_answer a = { .kind = HZ_WIRE_CLAIMS, .level = HZ_SANDBOX_FULL }, back;
	uint8_t body[sizeof(claims_bytes) - HZ_WIRE_LEN];

	(void)state;
	assert_true(hz_claims_put(&a.claims, HZ_CLAIM_EXIF_TIME_TAKEN, "2011-03-18T09:15:30.50Z", 23));
	assert_true(hz_claims_put(&a.claims, HZ_CLAIM_EXIF_MAKE, "Nikon", 5));
	assert_true(hz_claims_put(&a.claims, HZ_CLAIM_WIDTH, "640", 3));
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_OK);
	assert_int_equal(b.len, sizeof(claims_bytes));
	assert_memory_equal(b.p, claims_bytes, sizeof(claims_bytes));
	assert_int_equal(hz_wire_answer_get(claims_bytes + HZ_WIRE_LEN, sizeof(body), &back), HZ_OK);
	assert_int_equal(back.claims.n, 3);
	assert_string_equal(hz_claims_get(&back.claims, HZ_CLAIM_EXIF_MAKE), "Nikon");
	for (size_t cut = 0; cut < sizeof(body); cut++) {
		assert_int_equal(hz_wire_answer_get(claims_bytes + HZ_WIRE_LEN, cut, &back), HZ_ERR_FORMAT);
	}
	/* every flipped bit is refused, or well-formed and another answer */
	for (size_t bit = 0; bit < 8 * sizeof(body); bit++) {
		memcpy(body, claims_bytes + HZ_WIRE_LEN, sizeof(body));
		body[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (hz_wire_answer_get(body, sizeof(body), &back) == HZ_OK) {
			hz_buf_clear(&b);
			assert_int_equal(hz_wire_answer_put(&b, &back), HZ_OK);
			assert_int_equal(b.len, sizeof(claims_bytes));
			assert_memory_equal(b.p + HZ_WIRE_LEN, body, sizeof(body));
		}
	}
	/* the writer refuses what is out of order, and too many */
	hz_buf_clear(&b);
	a.claims.list[0].key = HZ_CLAIM_EXIF_MODEL;
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_FORMAT);
	a.claims.n = HZ_CLAIMS_MAX + 1;
	assert_int_equal(hz_wire_answer_put(&b, &a), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
}

static enum hz_err
put_text(enum hz_inspect_text text_state, const char *text, size_t n)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a = {
		.kind = HZ_WIRE_TEXT, .state = text_state, .text = (const uint8_t *)text, .text_len = n
	};
	enum hz_err err = hz_wire_answer_put(&b, &a);

	if (err == HZ_OK) {
		struct hz_wire_answer back;

		assert_int_equal(hz_wire_answer_get(b.p + HZ_WIRE_LEN, b.len - HZ_WIRE_LEN, &back), HZ_OK);
		assert_int_equal(back.state, text_state);
		assert_int_equal(back.text_len, n);
		assert_true(n == 0 || memcmp(back.text, text, n) == 0);
	}
	hz_buf_done(&b);
	return err;
}

void
test_answer_text(void **state)
{
	static const char *const wrong[] = { "\x1b", "\r", "a\x7f", "\xc2\x80", "x\xc2\x9f", "\xd8", "\xff",
		"\b" };
	static char big[HZ_WIRE_TEXT_MAX + 1];

	(void)state;
	assert_int_equal(put_text(HZ_INSPECT_TEXT_MORE, "a\tb\nc\f\xd8\xa7\xc2\xa0", 10), HZ_OK);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_ALL, "", 0), HZ_OK);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_CUT, "x", 1), HZ_OK);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_NONE, "", 0), HZ_OK);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_NONE, "x", 1), HZ_ERR_FORMAT);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_MORE, "", 0), HZ_ERR_FORMAT);
	assert_int_equal(put_text((enum hz_inspect_text)4, "", 0), HZ_ERR_FORMAT);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_ALL, "a\0b", 3), HZ_ERR_FORMAT);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(put_text(HZ_INSPECT_TEXT_ALL, wrong[i], strlen(wrong[i])), HZ_ERR_FORMAT);
	}
	memset(big, 'a', sizeof(big));
	assert_int_equal(put_text(HZ_INSPECT_TEXT_ALL, big, HZ_WIRE_TEXT_MAX), HZ_OK);
	assert_int_equal(put_text(HZ_INSPECT_TEXT_ALL, big, HZ_WIRE_TEXT_MAX + 1), HZ_ERR_FORMAT);
}

void
test_wire_lengths(void **state)
{
	static const struct {
		uint8_t p[HZ_WIRE_LEN];
		enum hz_err want;
	} cases[] = {
		{ { 0, 0, 0, 0 }, HZ_ERR_LIMIT },
		{ { 0, 0, 0, 10 }, HZ_ERR_LIMIT },
		{ { 0, 0, 0, 11 }, HZ_OK },
		{ { 0, 1, 0, 11 }, HZ_OK },
		{ { 0, 1, 0, 12 }, HZ_ERR_LIMIT },
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
	static const uint8_t head[] = { 0, 0, 0, 13, 2, 3, 1, 0, 0, 0, 1, 0, 0, 0, 7 };
	struct hz_wire_request q = { HZ_INSPECT_ASK_TYPE | HZ_INSPECT_ASK_CLAIMS, true,
		(UINT64_C(1) << 32) + 7, NULL, 2 };
	size_t n = 0;

	(void)state;
	hz_wire_request_head(m, &q);
	assert_memory_equal(m, head, sizeof(head));
	q = (struct hz_wire_request){ HZ_INSPECT_ASK_TEXT, false, HZ_INSPECT_SIZE_UNKNOWN, NULL,
		HZ_INSPECT_DATA_MAX };
	hz_wire_request_head(m, &q);
	assert_int_equal(hz_wire_length(m, HZ_WIRE_REQUEST_HEAD, HZ_WIRE_REQUEST_MAX, &n), HZ_OK);
	assert_int_equal(n, HZ_WIRE_REQUEST_MAX);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, n, &q), HZ_OK);
	assert_int_equal(q.n, HZ_INSPECT_DATA_MAX);
	assert_int_equal(q.asked, HZ_INSPECT_ASK_TEXT);
	assert_false(q.has_source);
	assert_true(q.size == HZ_INSPECT_SIZE_UNKNOWN);
	assert_ptr_equal(q.data, m + HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, n + 1, &q), HZ_ERR_LIMIT);
	assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, HZ_WIRE_REQUEST_HEAD, &q), HZ_OK);
	assert_int_equal(q.n, 0);
	for (size_t cut = 0; cut < HZ_WIRE_REQUEST_HEAD; cut++) {
		assert_int_equal(hz_wire_request_get(m + HZ_WIRE_LEN, cut, &q), HZ_ERR_FORMAT);
	}
	uint8_t *p = m + HZ_WIRE_LEN;

	memset(p + 3, 0, 8);
	p[10] = 1; /* a size of one byte, and one byte, and two */
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD + 1, &q), HZ_OK);
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD + 2, &q), HZ_ERR_FORMAT);
	p[2] = 2; /* source */
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD, &q), HZ_ERR_FORMAT);
	p[2] = 0;
	p[1] = 0; /* nothing asked; more than there is */
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD, &q), HZ_ERR_FORMAT);
	p[1] = 8;
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD, &q), HZ_ERR_FORMAT);
	p[1] = 7;
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD, &q), HZ_OK);
	p[0] = 1;
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD, &q), HZ_ERR_VERSION);
	p[0] = 3;
	assert_int_equal(hz_wire_request_get(p, HZ_WIRE_REQUEST_HEAD, &q), HZ_ERR_VERSION);
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
