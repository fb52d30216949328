/* Acts, events and their envelope. */
#include "tests.h"

#include "base/enc.h"
#include "custody/act.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_TYP "hirz-event+jws"

static unsigned
bits_of(const char *words, unsigned (*bit)(const char *))
{
	unsigned bits = 0;
	char *copy = strdup(words);
	char *save = NULL;
	assert_non_null(copy);
	for (char *w = strtok_r(copy, ",", &save); w != NULL; w = strtok_r(NULL, ",", &save)) {
		assert_int_not_equal(bit(w), 0);
		bits |= bit(w);
	}
	free(copy);
	return bits;
}

static unsigned
member_bit(const char *word)
{
	static const char *const names[] = { "also", "com", "ex", "hdr", "heads", "init", "keyring", "obj",
		"rec", "ref", "src", "to", "why", "x" };
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], word) == 0) {
			return 1U << i;
		}
	}
	return 0;
}

/* The table in the code is the one in the page. */
void
test_act_table(void **state)
{
	(void)state;
	struct lines l;
	bool seen[HZ_ACT_COUNT] = { false };
	lines_open_table(&l);
	while (lines_next(&l, 4)) {
		enum hz_act act = hz_act_parse(l.field[0], strlen(l.field[0]));
		const struct hz_act_row *row = hz_act_row(act);
		assert_non_null(row);
		assert_false(seen[act]);
		seen[act] = true;
		assert_int_equal(row->roles, bits_of(l.field[1], hz_role_parse));
		assert_int_equal(hz_act_roles(act), row->roles);
		assert_int_equal(row->required, bits_of(l.field[2], member_bit));
		assert_int_equal(row->allowed, bits_of(l.field[3], member_bit));
	}
	lines_close(&l, HZ_ACT_COUNT - 1);
	assert_int_equal(l.seen, HZ_ACT_COUNT - 1);
}

void
test_act_names(void **state)
{
	(void)state;
	for (int i = HZ_ACT_UNKNOWN + 1; i < HZ_ACT_COUNT; i++) {
		const char *name = hz_act_name((enum hz_act)i);
		assert_true(strlen(name) < sizeof((struct hz_event *)NULL)->act_text);
		assert_int_equal(hz_act_parse(name, strlen(name)), i);
		assert_int_equal(hz_act_parse(name, strlen(name) - 1), HZ_ACT_UNKNOWN);
	}
	assert_int_equal(hz_act_parse("", 0), HZ_ACT_UNKNOWN);
	assert_int_equal(hz_act_roles(HZ_ACT_UNKNOWN), 0);
	assert_string_equal(hz_act_name(HZ_ACT_COUNT), "unknown");
	for (unsigned bit = 1; bit <= HZ_ROLE_WITNESS; bit <<= 1) {
		assert_int_equal(hz_role_parse(hz_role_name((enum hz_member_role)bit)), bit);
	}
	assert_int_equal(hz_role_parse("judge"), 0);
	assert_string_equal(hz_role_name((enum hz_member_role)64), "unknown");
}

/* RFC 8037 A.3. */
void
test_kid(void **state)
{
	(void)state;
	uint8_t pk[32];
	size_t n;
	char kid[HZ_KID_LEN + 1];
	static const char x[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
	assert_int_equal(hz_b64_get(HZ_B64_URL, x, sizeof x - 1, pk, sizeof pk, &n), HZ_OK);
	hz_kid(pk, kid);
	assert_string_equal(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

static void
actor(const struct hz_json *root, struct hz_ed_key *key)
{
	uint8_t seed[32];
	from_hex(text_of(root, "seed"), seed, sizeof seed);
	hz_ed_key_from_seed(seed, key);
}

/* The text of the member x in a payload; allocated, NULL where there is none. */
static char *
x_of(const char *payload)
{
	struct hz_json_doc *doc = NULL;
	struct hz_buf text = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_jw w;
	char *s = NULL;
	assert_int_equal(hz_json_parse(payload, strlen(payload), true, &doc), HZ_OK);
	const struct hz_json *x = hz_json_get(hz_json_root(doc), "x");
	if (x != NULL) {
		hz_jw_begin(&w, &text);
		hz_jw_value(&w, NULL, x);
		assert_int_equal(hz_jw_end(&w), HZ_OK);
		s = strndup((const char *)text.p, text.len);
		assert_non_null(s);
	}
	hz_buf_done(&text);
	hz_json_free(&doc);
	return s;
}

void
test_events_good(void **state)
{
	(void)state;
	struct hz_json_doc *doc = vectors_load("event/events.json");
	const struct hz_json *root = hz_json_root(doc);
	const struct hz_json *good = hz_json_get(root, "good");
	struct hz_ed_key key;
	unsigned acts[HZ_ACT_COUNT] = { 0 };
	actor(root, &key);
	for (size_t i = 0; i < hz_json_count(good); i++) {
		const char *text = text_of(hz_json_at(good, i), "event");
		const char *payload = text_of(hz_json_at(good, i), "payload");
		struct hz_event e;
		uint8_t leaf[32];
		uint8_t want[32];
		struct hz_buf again = HZ_BUF_INIT(HZ_EVENT_MAX);
		assert_int_equal(hz_event_read(text, strlen(text), &e), HZ_OK);
		assert_int_equal(hz_jws_verify(text, strlen(text), key.pk), HZ_OK);
		assert_string_equal(e.kid, text_of(root, "kid"));
		acts[e.act]++;
		hz_leaf_hash(text, strlen(text), leaf);
		from_hex(text_of(hz_json_at(good, i), "leaf"), want, sizeof want);
		assert_memory_equal(leaf, want, sizeof want);
		/* The writer gives the same bytes, behind what is there already. */
		char *x = x_of(payload);
		assert_int_equal(x != NULL, e.has_x);
		e.x = x;
		assert_int_equal(hz_buf_puts(&again, "before"), HZ_OK);
		assert_int_equal(hz_event_sign(&e, &key, &again), HZ_OK);
		assert_int_equal(again.len, 6 + strlen(text));
		assert_memory_equal(again.p + 6, text, strlen(text));
		hz_buf_done(&again);
		free(x);
	}
	for (int i = 0; i < HZ_ACT_COUNT; i++) {
		assert_true(acts[i] > 0);
	}
	hz_json_free(&doc);
}

void
test_events_bad(void **state)
{
	(void)state;
	struct hz_json_doc *doc = vectors_load("event/events.json");
	const struct hz_json *root = hz_json_root(doc);
	const struct hz_json *bad = hz_json_get(root, "bad");
	struct hz_ed_key key;
	struct hz_event e;
	struct hz_event untouched;
	actor(root, &key);
	memset(&untouched, 0x5a, sizeof untouched);
	assert_true(hz_json_count(bad) > 100);
	for (size_t i = 0; i < hz_json_count(bad); i++) {
		const char *text = text_of(hz_json_at(bad, i), "event");
		const char *expect = text_of(hz_json_at(bad, i), "expect");
		memset(&e, 0x5a, sizeof e);
		enum hz_err err = hz_event_read(text, strlen(text), &e);
		if (strcmp(expect, "signature") == 0) {
			assert_int_equal(err, HZ_OK);
			assert_int_equal(hz_jws_verify(text, strlen(text), key.pk), HZ_ERR_TAMPERED);
			continue;
		}
		if (err != expected(expect)) {
			fail_msg("%s: error %d (%s)", text_of(hz_json_at(bad, i), "name"), (int)err,
			    hz_fail_detail());
		}
		assert_memory_equal(&e, &untouched, sizeof e);
	}
	hz_json_free(&doc);
}

static struct hz_event
small_event(void)
{
	struct hz_event e = { .act = HZ_ACT_ACQUIRE,
		.t = 1770091506,
		.has_obj = true,
		.has_com = true,
		.has_hdr = true,
		.has_rec = true,
		.obj_size = 1024 };
	memcpy(e.log, "hirz.invalid/00112233445566778899aabbccddeeff/01234567", 54);
	memcpy(e.ex, "ex-00112233445566778899aabbccddeeff", 36);
	memset(e.com, 1, 32);
	memset(e.hdr, 2, 32);
	memset(e.rec, 3, 32);
	memset(e.obj_root, 4, 32);
	return e;
}

static struct hz_ed_key
some_key(uint8_t first)
{
	uint8_t seed[32] = { first };
	struct hz_ed_key key;
	hz_ed_key_from_seed(seed, &key);
	return key;
}

/* No bit of an event can change: either it is no event any more or its signature does not hold. */
void
test_event_bits(void **state)
{
	(void)state;
	struct hz_event e = small_event();
	struct hz_event got;
	struct hz_ed_key key = some_key(1);
	struct hz_ed_key other = some_key(2);
	struct hz_buf b = HZ_BUF_INIT(HZ_EVENT_MAX);
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_OK);
	assert_int_equal(hz_event_read(b.p, b.len, &got), HZ_OK);
	assert_int_equal(hz_jws_verify(b.p, b.len, key.pk), HZ_OK);
	assert_int_equal(hz_jws_verify(b.p, b.len, other.pk), HZ_ERR_TAMPERED);
	for (size_t i = 0; i < b.len; i++) {
		b.p[i] ^= (uint8_t)(1U << i % 8);
		bool refused =
		    hz_event_read(b.p, b.len, &got) != HZ_OK || hz_jws_verify(b.p, b.len, key.pk) != HZ_OK;
		assert_true(refused);
		b.p[i] ^= (uint8_t)(1U << i % 8);
	}
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(hz_event_read(b.p, n, &got), HZ_ERR_FORMAT);
	}
	hz_buf_done(&b);
}

/* The longest event and one byte more. */
void
test_event_limit(void **state)
{
	(void)state;
	struct hz_event e = small_event();
	struct hz_event got;
	struct hz_ed_key key = some_key(1);
	struct hz_buf b = HZ_BUF_INIT((size_t)2 * HZ_EVENT_MAX);
	static char x[HZ_EVENT_MAX];
	bool at_limit = false;
	/* base64url never gives every length, so look for the longest. */
	for (size_t n = 44000; n < 45000; n++) {
		memset(x, 'a', n);
		memcpy(x, "{\"a\":\"", 6);
		memcpy(x + n - 2, "\"}", 3);
		e.x = x;
		hz_buf_clear(&b);
		enum hz_err err = hz_event_sign(&e, &key, &b);
		if (err != HZ_OK) {
			assert_int_equal(err, HZ_ERR_LIMIT);
			assert_int_equal(b.len, 0);
			at_limit = true;
			break;
		}
		assert_true(b.len <= HZ_EVENT_MAX);
		assert_int_equal(hz_event_read(b.p, b.len, &got), HZ_OK);
		assert_true(got.has_x);
		assert_null(got.x);
	}
	assert_true(at_limit);
	hz_buf_clear(&b);
	uint8_t *room;
	assert_int_equal(hz_buf_room(&b, HZ_EVENT_MAX + 1, &room), HZ_OK);
	memset(room, 'A', HZ_EVENT_MAX + 1);
	assert_int_equal(hz_event_read(b.p, HZ_EVENT_MAX + 1, &got), HZ_ERR_LIMIT);
	assert_int_equal(hz_event_read(b.p, HZ_EVENT_MAX, &got), HZ_ERR_FORMAT);
	hz_buf_done(&b);
}

/* What our reader would refuse is never signed. */
void
test_event_sign_refuses(void **state)
{
	(void)state;
	struct hz_ed_key key = some_key(1);
	struct hz_buf b = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event e = small_event();
	e.has_com = false;
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_ERR_INTERNAL);
	e = small_event();
	e.has_keyring = true;
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_ERR_INTERNAL);
	e = small_event();
	e.has_prev = true;
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_ERR_INTERNAL);
	e = small_event();
	e.aseq = 1;
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_ERR_INTERNAL);
	e = small_event();
	e.log[0] = 'x';
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_ERR_INTERNAL);
	e = small_event();
	e.x = "{";
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_ERR_FORMAT);
	e = small_event();
	e.obj_size = UINT64_C(1) << 53;
	assert_int_not_equal(hz_event_sign(&e, &key, &b), HZ_OK);
	assert_int_equal(b.len, 0);
	/* A buffer that is too small stays as it was. */
	struct hz_buf small = HZ_BUF_INIT(100);
	e = small_event();
	assert_int_equal(hz_event_sign(&e, &key, &small), HZ_ERR_LIMIT);
	assert_int_equal(small.len, 0);
	hz_buf_done(&small);
	hz_buf_done(&b);
}

/* Records lie in the same envelope under their own type. */
void
test_jws_records(void **state)
{
	(void)state;
	struct hz_json_doc *doc = vectors_load("record/records.json");
	const struct hz_json *root = hz_json_root(doc);
	const struct hz_json *good = hz_json_get(root, "good");
	struct hz_ed_key key;
	char kid[HZ_KID_LEN + 1];
	char got[HZ_KID_LEN + 1];
	actor(root, &key);
	hz_kid(key.pk, kid);
	assert_true(hz_json_count(good) > 0);
	for (size_t i = 0; i < hz_json_count(good); i++) {
		const char *payload = text_of(hz_json_at(good, i), "payload");
		const char *jwt = text_of(hz_json_at(good, i), "jwt");
		struct hz_buf b = HZ_BUF_INIT(HZ_JWS_MAX);
		assert_int_equal(
		    hz_jws_sign("hirz-record+sd-jwt", &key, kid, payload, strlen(payload), &b), HZ_OK);
		assert_int_equal(b.len, strlen(jwt));
		assert_memory_equal(b.p, jwt, b.len);
		hz_buf_clear(&b);
		assert_int_equal(hz_jws_parse("hirz-record+sd-jwt", jwt, strlen(jwt), got, &b), HZ_OK);
		assert_string_equal(got, kid);
		assert_int_equal(b.len, strlen(payload));
		assert_memory_equal(b.p, payload, b.len);
		hz_buf_clear(&b);
		assert_int_equal(hz_jws_parse(EVENT_TYP, jwt, strlen(jwt), got, &b), HZ_ERR_FORMAT);
		assert_int_equal(b.len, 0);
		assert_int_equal(hz_jws_verify(jwt, strlen(jwt), key.pk), HZ_OK);
		hz_buf_done(&b);
	}
	hz_json_free(&doc);
}

void
test_jws_limits(void **state)
{
	(void)state;
	struct hz_ed_key key = some_key(1);
	char kid[HZ_KID_LEN + 1];
	char got[HZ_KID_LEN + 1];
	struct hz_buf b = HZ_BUF_INIT((size_t)2 * HZ_JWS_MAX);
	struct hz_buf small = HZ_BUF_INIT(3);
	static const uint8_t zeros[HZ_JWS_MAX];
	hz_kid(key.pk, kid);
	assert_int_equal(hz_jws_sign(EVENT_TYP, &key, kid, zeros, sizeof zeros, &b), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 0);
	/* One too long for the reader, one that the caller's buffer cannot hold. */
	uint8_t *room;
	assert_int_equal(hz_buf_room(&b, HZ_JWS_MAX + 1, &room), HZ_OK);
	assert_int_equal(hz_jws_parse(EVENT_TYP, room, HZ_JWS_MAX + 1, got, &small), HZ_ERR_LIMIT);
	assert_int_equal(hz_jws_verify(room, HZ_JWS_MAX + 1, key.pk), HZ_ERR_LIMIT);
	hz_buf_clear(&b);
	assert_int_equal(hz_jws_sign(EVENT_TYP, &key, kid, "abcd", 4, &b), HZ_OK);
	assert_int_equal(hz_jws_parse(EVENT_TYP, b.p, b.len, got, &small), HZ_ERR_LIMIT);
	assert_int_equal(small.len, 0);
	hz_buf_clear(&b);
	assert_int_equal(hz_jws_sign(EVENT_TYP, &key, kid, "abc", 3, &b), HZ_OK);
	assert_int_equal(hz_jws_parse(EVENT_TYP, b.p, b.len, got, &small), HZ_OK);
	assert_int_equal(small.len, 3);
	hz_buf_done(&small);
	hz_buf_done(&b);
}
