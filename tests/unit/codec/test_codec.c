#include "codec/json.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define assert_ok(call)        assert_int_equal((call), HZ_OK)
#define assert_err(call, code) assert_int_equal((call), (code))

static enum hz_err
try_parse(const char *s, size_t n, bool canonical)
{
	/* Exactly n bytes of heap: reading one byte too far is seen by the sanitizer. */
	char *copy = malloc(n == 0 ? 1 : n);
	assert_non_null(copy);
	memcpy(copy, s, n);
	struct hz_json_doc *doc = NULL;
	enum hz_err err = hz_json_parse(copy, n, canonical, &doc);
	assert_int_equal(doc != NULL, err == HZ_OK);
	hz_json_free(&doc);
	assert_null(doc);
	free(copy);
	return err;
}

static enum hz_err
try_text(const char *s, bool canonical)
{
	return try_parse(s, strlen(s), canonical);
}

static void
values_are_read(void **state)
{
	(void)state;
	static const char text[] =
	    " { \"b\" : [ 1 , true , false , null , \"x\" ] , \"a\" : { } ,\r\n\t\"n\" : 9007199254740991 } ";
	struct hz_json_doc *doc = NULL;
	assert_ok(hz_json_parse(text, strlen(text), false, &doc));
	const struct hz_json *root = hz_json_root(doc);
	assert_int_equal(hz_json_type_of(root), HZ_JSON_OBJECT);
	assert_int_equal(hz_json_count(root), 3);
	assert_string_equal(hz_json_name_at(root, 0), "b");
	assert_string_equal(hz_json_name_at(root, 1), "a");
	assert_null(hz_json_name_at(root, 3));
	const struct hz_json *b = hz_json_get(root, "b");
	assert_ptr_equal(b, hz_json_at(root, 0));
	assert_int_equal(hz_json_type_of(b), HZ_JSON_ARRAY);
	assert_int_equal(hz_json_count(b), 5);
	uint64_t v = 0;
	bool t = false;
	size_t len = 0;
	assert_true(hz_json_int(hz_json_at(b, 0), &v) && v == 1);
	assert_true(hz_json_bool(hz_json_at(b, 1), &t) && t);
	assert_true(hz_json_bool(hz_json_at(b, 2), &t) && !t);
	assert_int_equal(hz_json_type_of(hz_json_at(b, 3)), HZ_JSON_NULL);
	assert_string_equal(hz_json_str(hz_json_at(b, 4), &len), "x");
	assert_int_equal(len, 1);
	assert_null(hz_json_name_at(b, 0));
	assert_null(hz_json_at(b, 5));
	assert_true(hz_json_int(hz_json_get(root, "n"), &v) && v == 9007199254740991U);
	assert_int_equal(hz_json_count(hz_json_get(root, "a")), 0);
	/* Wrong questions have an answer. */
	assert_null(hz_json_get(root, "c"));
	assert_null(hz_json_get(b, "b"));
	assert_null(hz_json_str(b, &len));
	assert_false(hz_json_int(b, &v));
	assert_false(hz_json_bool(b, &t));
	assert_null(hz_json_str(NULL, &len));
	assert_false(hz_json_int(NULL, &v));
	assert_false(hz_json_bool(NULL, &t));
	assert_null(hz_json_get(NULL, "a"));
	assert_null(hz_json_at(NULL, 0));
	assert_int_equal(hz_json_count(NULL), 0);
	assert_int_equal(hz_json_type_of(NULL), HZ_JSON_NULL);
	hz_json_free(&doc);
	assert_ok(try_text("0", true));
	assert_ok(try_text("\"\"", true));
	assert_ok(try_text("null", true));
}

static void
strings_are_decoded(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
		size_t n;
	} known[] = {
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8 },
		{ "\"\\u0041\\u00e9\\u062D\\u4e2d\"", "A\xC3\xA9\xD8\xAD\xE4\xB8\xAD", 8 },
		{ "\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80", 4 },
		{ "\"\\uDBFF\\uDFFF\"", "\xF4\x8F\xBF\xBF", 4 },
		{ "\"a\\u0000b\"", "a\0b", 3 },
		{ "\"\xD8\xAD\xD8\xB1\xD8\xB2\x7f\"", "\xD8\xAD\xD8\xB1\xD8\xB2\x7f", 7 },
		{ "\"\"", "", 0 },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct hz_json_doc *doc = NULL;
		size_t len = 99;
		assert_ok(hz_json_parse(known[i].in, strlen(known[i].in), false, &doc));
		const char *s = hz_json_str(hz_json_root(doc), &len);
		assert_int_equal(len, known[i].n);
		assert_memory_equal(s, known[i].out, len + 1);
		hz_json_free(&doc);
	}
}

static void
no_json_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", " ", "{", "}", "[", "]", "{]", "[}", "[1", "[1,", "[1,]",
		"[,1]", "[1 2]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}",
		"{\"a\" 1}", "{\"a\":1 \"b\":2}", "{'a':1}", "nul", "nulll", "True", "truefalse", "1 1",
		"[]]", "{}{}", "[1]x", "\xEF\xBB\xBF{}", "\v1", "-0", "-1", "+1", "00", "01", "1.0", "1.",
		".5", "1e3", "1E3", "0x1", "9007199254740992", "99999999999999999999999999", "NaN",
		"Infinity", "[1e]", "/**/1", "\"", "\"a", "\"\\\"", "\"\\", "\"\\x\"", "\"\\u\"", "\"\\u12\"",
		"\"\\u123g\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"",
		"\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"", "\"\\udc00\"", "\"\\ud800\\udc0\"", "\"\n\"",
		"\"\t\"", "\"\x1f\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xFF\"", "\"\xD8\"",
		"\"\xF4\x90\x80\x80\"", "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":1}",
		"{\"a\":1,\"\\u0061\":2}", "{\"a\\u0000b\":1}", "[{\"x\":{\"y\":1,\"y\":1}}]" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_err(try_text(wrong[i], false), HZ_ERR_FORMAT);
		assert_err(try_text(wrong[i], true), HZ_ERR_FORMAT);
	}
	assert_err(try_parse("1\0", 2, false), HZ_ERR_FORMAT);
	assert_err(try_parse("\"a\0b\"", 5, false), HZ_ERR_FORMAT);
	assert_err(try_parse("\0", 1, false), HZ_ERR_FORMAT);
	struct hz_json_doc *doc = NULL;
	assert_err(hz_json_parse(NULL, 0, false, &doc), HZ_ERR_FORMAT);
	hz_json_free(&doc);
}

/* JSON, but not in the one form. */
static void
other_forms_are_not_canonical(void **state)
{
	(void)state;
	static const char *const other[] = { " 1", "1 ", "1\n", "{ }", "[1, 2]", "{\"a\": 1}",
		"{\"b\":1,\"a\":2}", "{\"a\":{\"d\":1,\"c\":2}}", "\"\\/\"", "\"\\u0041\"", "\"\\u000a\"",
		"\"\\u001F\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\u0022\"", "{\"\\u0061\":1}",
		"\"\\u007f\"" };
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
		assert_ok(try_text(other[i], false));
		assert_err(try_text(other[i], true), HZ_ERR_FORMAT);
	}
	static const char *const one[] = { "{}", "[]", "{\"a\":{\"c\":[],\"d\":[{}]},\"b\":null}",
		"\"\\u001f\\u0000\\n\\b\"", "\"\\\"\\\\/\x7f\"", "{\"\":0}",
		"{\"A\":1,\"a\":2,\"\xC3\xA9\":3}", "{\"a\":1,\"ab\":2}" };
	for (size_t i = 0; i < sizeof one / sizeof one[0]; i++) {
		assert_ok(try_text(one[i], true));
	}
}

static void
one_flipped_bit(void **state)
{
	(void)state;
	static const char good[] = "{\"act\":\"acquire\",\"n\":[1,20,null],\"o\":{\"t\":true}}";
	assert_ok(try_text(good, true));
	char s[sizeof good];
	unsigned refused = 0;
	for (size_t i = 0; i < (sizeof good - 1) * 8; i++) {
		memcpy(s, good, sizeof good);
		s[i / 8] = (char)(s[i / 8] ^ (1 << (i % 8)));
		/* What is still taken must be another text, in canonical form. */
		struct hz_json_doc *doc = NULL;
		enum hz_err err = hz_json_parse(s, sizeof good - 1, true, &doc);
		if (err != HZ_OK) {
			assert_int_equal(err, HZ_ERR_FORMAT);
			refused++;
			continue;
		}
		struct hz_buf out = HZ_BUF_INIT(1000);
		struct hz_jw w;
		hz_jw_begin(&w, &out);
		hz_jw_value(&w, NULL, hz_json_root(doc));
		assert_ok(hz_jw_end(&w));
		assert_int_equal(out.len, sizeof good - 1);
		assert_memory_equal(out.p, s, out.len);
		hz_buf_done(&out);
		hz_json_free(&doc);
	}
	assert_true(refused > (sizeof good - 1) * 4);
}

static void
depth_has_a_limit(void **state)
{
	(void)state;
	char s[64];
	for (size_t depth = 1; depth <= 20; depth++) {
		memset(s, '[', depth);
		memset(s + depth, ']', depth);
		enum hz_err want = depth <= HZ_JSON_DEPTH ? HZ_OK : HZ_ERR_LIMIT;
		assert_err(try_parse(s, 2 * depth, true), want);
		assert_err(try_parse(s, 2 * depth, false), want);
	}
	assert_ok(try_text("{\"a\":[{\"a\":[{\"a\":[{\"a\":[]}]}]}]}", true));
	assert_err(try_text("{\"a\":[{\"a\":[{\"a\":[{\"a\":[[]]}]}]}]}", true), HZ_ERR_LIMIT);
	char *deep = malloc(1000000);
	assert_non_null(deep);
	memset(deep, '[', 1000000);
	assert_err(try_parse(deep, 1000000, false), HZ_ERR_LIMIT);
	free(deep);
}

static void
number_of_values_has_a_limit(void **state)
{
	(void)state;
	/* The array itself counts. */
	size_t most = HZ_JSON_MAX_NODES - 1;
	char *s = malloc(2 * most + 10);
	assert_non_null(s);
	for (size_t extra = 0; extra < 2; extra++) {
		size_t n = 0;
		s[n++] = '[';
		for (size_t i = 0; i < most + extra; i++) {
			s[n++] = '7';
			s[n++] = ',';
		}
		s[n - 1] = ']';
		assert_int_equal(try_parse(s, n, true), extra == 0 ? HZ_OK : HZ_ERR_LIMIT);
	}
	free(s);
	/* The size is refused before a byte is read. */
	struct hz_json_doc *doc = NULL;
	assert_err(hz_json_parse("", (size_t)HZ_JSON_MAX_BYTES + 1, false, &doc), HZ_ERR_LIMIT);
	assert_null(doc);
}

static void
many_members_are_found(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(1000000);
	struct hz_jw w;
	hz_jw_begin(&w, &b);
	hz_jw_obj(&w, NULL);
	char name[16];
	for (unsigned i = 0; i < 3000; i++) {
		(void)snprintf(name, sizeof name, "m%u", i * 7919 % 3000);
		hz_jw_int(&w, name, i * 7919 % 3000);
	}
	hz_jw_obj_end(&w);
	assert_ok(hz_jw_end(&w));
	struct hz_json_doc *doc = NULL;
	assert_err(hz_json_parse(b.p, b.len, true, &doc), HZ_ERR_FORMAT);
	assert_ok(hz_json_parse(b.p, b.len, false, &doc));
	for (unsigned i = 0; i < 3000; i++) {
		uint64_t v = 0;
		(void)snprintf(name, sizeof name, "m%u", i);
		assert_true(hz_json_int(hz_json_get(hz_json_root(doc), name), &v));
		assert_int_equal(v, i);
	}
	assert_null(hz_json_get(hz_json_root(doc), "m3000"));
	/* Emitted again, the names are in order. */
	hz_buf_clear(&b);
	hz_jw_begin(&w, &b);
	hz_jw_value(&w, NULL, hz_json_root(doc));
	assert_ok(hz_jw_end(&w));
	hz_json_free(&doc);
	assert_ok(hz_json_parse(b.p, b.len, true, &doc));
	assert_string_equal(hz_json_name_at(hz_json_root(doc), 2), "m10");
	hz_json_free(&doc);
	hz_buf_done(&b);
}

static void
writer_makes_the_one_form(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(1000);
	struct hz_jw w;
	const char *s = NULL;
	hz_jw_begin(&w, &b);
	hz_jw_obj(&w, NULL);
	hz_jw_arr(&w, "a");
	hz_jw_int(&w, NULL, 0);
	hz_jw_int(&w, NULL, 9007199254740991U);
	hz_jw_obj(&w, NULL);
	hz_jw_obj_end(&w);
	hz_jw_arr(&w, NULL);
	hz_jw_arr_end(&w);
	hz_jw_arr_end(&w);
	hz_jw_bool(&w, "b", true);
	hz_jw_bool(&w, "c", false);
	hz_jw_null(&w, "d");
	hz_jw_str(&w, "e", "\"\\/\b\f\n\r\t\x01\x1f\x7f\xD8\xAD");
	hz_jw_strn(&w, "f", "x\0y", 3);
	hz_jw_strn(&w, "g", NULL, 0);
	hz_jw_hex(&w, "h", "\x00\xAB\xFF", 3);
	hz_jw_b64url(&w, "i", "\xFB\xFF", 2);
	hz_jw_str(&w, "j", NULL);
	hz_jw_hex(&w, "k", NULL, 0);
	hz_jw_b64url(&w, "l", NULL, 0);
	hz_jw_str(&w, "\n", "");
	hz_jw_obj_end(&w);
	assert_ok(hz_jw_end(&w));
	assert_ok(hz_buf_cstr(&b, &s));
	assert_string_equal(s,
	    "{\"a\":[0,9007199254740991,{},[]],\"b\":true,\"c\":false,\"d\":null,"
	    "\"e\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xD8\xAD\",\"f\":\"x\\u0000y\",\"g\":\"\",\"h\":\"00abff\","
	    "\"i\":\"-_8\",\"j\":null,\"k\":\"\",\"l\":\"\",\"\\n\":\"\"}");
	hz_buf_done(&b);
}

static void
writer_keeps_its_first_error(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(20);
	struct hz_jw w;
	hz_jw_begin(&w, &b);
	hz_jw_str(&w, NULL, "12345678901234567890");
	hz_jw_strn(&w, NULL, "\xFF", 1);
	assert_err(hz_jw_end(&w), HZ_ERR_LIMIT);
	hz_buf_clear(&b);
	hz_jw_begin(&w, &b);
	hz_jw_strn(&w, NULL, "\xFF", 1);
	hz_jw_int(&w, NULL, UINT64_MAX);
	assert_err(hz_jw_end(&w), HZ_ERR_FORMAT);
	hz_jw_begin(&w, &b);
	hz_jw_int(&w, NULL, UINT64_C(1) << 53);
	assert_err(hz_jw_end(&w), HZ_ERR_LIMIT);
	hz_jw_begin(&w, &b);
	hz_jw_arr(&w, NULL);
	assert_err(hz_jw_end(&w), HZ_ERR_INTERNAL);
	hz_jw_begin(&w, &b);
	hz_jw_arr_end(&w);
	assert_err(hz_jw_end(&w), HZ_ERR_INTERNAL);
	hz_buf_done(&b);
	struct hz_buf large = HZ_BUF_INIT(100);
	for (int depth = HZ_JSON_DEPTH; depth <= HZ_JSON_DEPTH + 1; depth++) {
		hz_buf_clear(&large);
		hz_jw_begin(&w, &large);
		for (int i = 0; i < depth; i++) {
			hz_jw_arr(&w, NULL);
		}
		for (int i = 0; i < depth; i++) {
			hz_jw_arr_end(&w);
		}
		assert_int_equal(hz_jw_end(&w), depth == HZ_JSON_DEPTH ? HZ_OK : HZ_ERR_LIMIT);
	}
	hz_buf_done(&large);
}

/* Every cut of a valid text is refused: nothing ends early by chance. */
static void
every_cut_is_refused(void **state)
{
	(void)state;
	static const char good[] =
	    "{\"a\":[1,\"\\u0001\\ud83d\\ude00\xD8\xAD\",true,false,null,{}],\"b\":\"x\"}";
	assert_ok(try_text(good, false));
	for (size_t n = 0; n < sizeof good - 1; n++) {
		assert_err(try_parse(good, n, false), HZ_ERR_FORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(strings_are_decoded),
		cmocka_unit_test(no_json_is_refused),
		cmocka_unit_test(other_forms_are_not_canonical),
		cmocka_unit_test(one_flipped_bit),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(number_of_values_has_a_limit),
		cmocka_unit_test(many_members_are_found),
		cmocka_unit_test(writer_makes_the_one_form),
		cmocka_unit_test(writer_keeps_its_first_error),
		cmocka_unit_test(every_cut_is_refused),
	};
	struct CMUnitTest all[32];
	size_t n = sizeof tests / sizeof tests[0];

	memcpy(all, tests, sizeof tests);
	for (size_t i = 0; i < sinks_count; i++) {
		all[n++] = sinks_tests[i];
	}
	return _cmocka_run_group_tests("codec", all, n, NULL, NULL);
}
