/* Unit tests of the record room. Argument: tests/vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/enc.h"
#include "base/fd.h"
#include "codec/json.h"
#include "crypto/crypto.h"
#include "record/field.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)4 << 20)
#define LOG      "hirz.invalid/00112233445566778899aabbccddeeff/01234567"

static const char *vectors_folder;

static struct hz_json_doc *
load(const char *name)
{
	struct hz_buf text = HZ_BUF_INIT(FILE_MAX);
	struct hz_json_doc *doc = NULL;
	assert_non_null(vectors_folder);
	int fd = open(vectors_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(hz_file_read(fd, name, FILE_MAX, &text), HZ_OK);
	hz_fd_close(&fd);
	assert_int_equal(hz_json_parse(text.p, text.len, false, &doc), HZ_OK);
	hz_buf_done(&text);
	return doc;
}

static const char *
text_of(const struct hz_json *obj, const char *name)
{
	const char *s = hz_json_str(hz_json_get(obj, name), NULL);
	assert_non_null(s);
	return s;
}

/* The stream of tests/vectors/README.md. */
struct noise {
	const char *label;
	unsigned block;
	uint8_t left[32];
	size_t at; /* in left; 32: used up */
};

static void
noise_bytes(void *arg, void *p, size_t n)
{
	struct noise *s = arg;
	uint8_t *out = p;
	for (size_t i = 0; i < n; i++) {
		if (s->at == sizeof s->left) {
			char text[64];
			int len = snprintf(text, sizeof text, "%s %u", s->label, s->block++);
			hz_sha256(text, (size_t)len, s->left);
			s->at = 0;
		}
		out[i] = s->left[s->at++];
	}
}

static void
fill(struct hz_record *r, const struct hz_json *v)
{
	const struct hz_json *fields = hz_json_get(v, "fields");
	const struct hz_json *ex = hz_json_get(v, "ex");
	uint64_t ver;
	hz_record_init(r);
	for (size_t i = 0; i < hz_json_count(fields); i++) {
		const struct hz_json *f = hz_json_at(fields, i);
		const char *name = hz_json_str(hz_json_at(f, 0), NULL);
		uint64_t number;
		if (hz_json_int(hz_json_at(f, 1), &number)) {
			assert_int_equal(hz_record_add_int(r, name, number), HZ_OK);
		} else {
			assert_int_equal(hz_record_add(r, name, hz_json_str(hz_json_at(f, 1), NULL)), HZ_OK);
		}
	}
	for (size_t i = 0; i < hz_json_count(ex); i++) {
		uint8_t id[16];
		assert_int_equal(hz_unhex(hz_json_str(hz_json_at(ex, i), NULL) + 3, 32, id, 16), HZ_OK);
		assert_int_equal(hz_record_add_ex(r, id), HZ_OK);
	}
	assert_int_equal(hz_unhex(text_of(v, "rid") + 3, 32, r->rid, 16), HZ_OK);
	assert_true(hz_json_int(hz_json_get(v, "ver"), &ver));
	r->ver = (uint32_t)ver;
	(void)snprintf(r->iss, sizeof r->iss, "%s", text_of(v, "iss"));
	const char *prev = hz_json_str(hz_json_get(v, "prev"), NULL);
	if (prev != NULL) {
		r->has_prev = true;
		assert_int_equal(hz_unhex(prev, strlen(prev), r->prev, 32), HZ_OK);
	}
}

static void
assert_same(const struct hz_record *a, const struct hz_record *b)
{
	assert_memory_equal(a->rid, b->rid, 16);
	assert_int_equal(a->ver, b->ver);
	assert_string_equal(a->iss, b->iss);
	assert_int_equal(a->has_prev, b->has_prev);
	assert_memory_equal(a->prev, b->prev, 32);
	assert_int_equal(a->nex, b->nex);
	for (size_t i = 0; i < a->nex; i++) {
		assert_memory_equal(a->ex[i], b->ex[i], 16);
	}
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_string_equal(a->fields[i].name, b->fields[i].name);
		assert_string_equal(a->fields[i].value, b->fields[i].value);
		assert_string_equal(a->fields[i].disclosure, b->fields[i].disclosure);
		assert_int_equal(a->fields[i].is_int, b->fields[i].is_int);
	}
}

static void
test_vectors_good(void **state)
{
	(void)state;
	struct hz_json_doc *doc = load("record/records.json");
	const struct hz_json *good = hz_json_get(hz_json_root(doc), "good");
	assert_true(hz_json_count(good) >= 5);
	for (size_t i = 0; i < hz_json_count(good); i++) {
		const struct hz_json *v = hz_json_at(good, i);
		const struct hz_json *disclosures = hz_json_get(v, "disclosures");
		const char *payload = text_of(v, "payload");
		const char *file = text_of(v, "file");
		struct noise noise = { .label = text_of(v, "noise"), .at = 32 };
		struct hz_record r;
		struct hz_record again;
		struct hz_record_draft d = { .count = 0 };
		struct hz_buf out = HZ_BUF_INIT(HZ_RECORD_MAX);
		fill(&r, v);
		assert_int_equal(hz_record_draft_with(&r, noise_bytes, &noise, &d), HZ_OK);
		assert_int_equal(d.fields, r.n);
		for (size_t k = 0; k < r.n; k++) {
			assert_string_equal(
			    r.fields[k].disclosure, hz_json_str(hz_json_at(disclosures, k), NULL));
		}
		assert_int_equal(hz_record_payload(&r, &d, &out), HZ_OK);
		assert_int_equal(out.len, strlen(payload));
		assert_memory_equal(out.p, payload, out.len);
		assert_int_equal(hz_record_file_size(out.len, d.disclosures.len), strlen(file));
		/* The file form, and reading it again. */
		size_t jwt;
		size_t at;
		size_t len;
		assert_int_equal(hz_record_split(file, strlen(file), &jwt, &at, &len), HZ_OK);
		assert_int_equal(jwt, strlen(text_of(v, "jwt")));
		assert_int_equal(len, d.disclosures.len);
		if (len > 0) {
			assert_memory_equal(file + at, d.disclosures.p, len);
		}
		hz_record_init(&again);
		assert_int_equal(hz_record_read(payload, strlen(payload), file + at, len, &again), HZ_OK);
		assert_same(&r, &again);
		assert_int_equal(again.withheld, d.count - r.n);
		/* Without its disclosures the record says less, and how many digests stand open. */
		assert_int_equal(hz_record_read(payload, strlen(payload), NULL, 0, &again), HZ_OK);
		assert_int_equal(again.n, 0);
		assert_int_equal(again.withheld, d.count);
		hz_record_done(&again);
		hz_record_draft_done(&d);
		hz_record_done(&r);
		hz_buf_done(&out);
	}
	hz_json_free(&doc);
}

static enum hz_err
expected(const char *word)
{
	return strcmp(word, "ok") == 0         ? HZ_OK
	       : strcmp(word, "format") == 0   ? HZ_ERR_FORMAT
	       : strcmp(word, "tampered") == 0 ? HZ_ERR_TAMPERED
					       : HZ_ERR_LIMIT;
}

static void
test_vectors_bad(void **state)
{
	(void)state;
	struct hz_json_doc *doc = load("record/records.json");
	const struct hz_json *bad = hz_json_get(hz_json_root(doc), "bad");
	assert_true(hz_json_count(bad) > 70);
	for (size_t i = 0; i < hz_json_count(bad); i++) {
		const struct hz_json *v = hz_json_at(bad, i);
		const char *payload = text_of(v, "payload");
		const char *disclosures = text_of(v, "disclosures");
		struct hz_record r;
		hz_record_init(&r);
		assert_int_equal(hz_record_add(&r, "here.before", "1"), HZ_OK);
		enum hz_err err =
		    hz_record_read(payload, strlen(payload), disclosures, strlen(disclosures), &r);
		if (err != expected(text_of(v, "expect"))) {
			fail_msg("%s: error %d (%s)", text_of(v, "name"), (int)err, hz_fail_detail());
		}
		/* A failure leaves what was there. */
		assert_int_equal(hz_record_get(&r, "here.before") != NULL, err != HZ_OK);
		hz_record_done(&r);
	}
	hz_json_free(&doc);
}

static void
small_record(struct hz_record *r)
{
	static const uint8_t id[16] = { 1, 2, 3 };
	hz_record_init(r);
	(void)snprintf(r->iss, sizeof r->iss, "%s", LOG);
	memcpy(r->rid, id, 16);
	assert_int_equal(hz_record_add_ex(r, id), HZ_OK);
	assert_int_equal(hz_record_add(r, "kind", "exhibit"), HZ_OK);
	assert_int_equal(hz_record_add_int(r, "content.size", 17), HZ_OK);
	assert_int_equal(hz_record_add(r, "not.given", NULL), HZ_OK);
	assert_int_equal(r->n, 2);
}

static void
read_back(const struct hz_record *r, const struct hz_record_draft *d, struct hz_record *ret)
{
	struct hz_buf out = HZ_BUF_INIT(HZ_RECORD_MAX);
	hz_record_init(ret);
	assert_int_equal(hz_record_payload(r, d, &out), HZ_OK);
	assert_int_equal(
	    hz_record_read(out.p, out.len, (const char *)d->disclosures.p, d->disclosures.len, ret), HZ_OK);
	hz_buf_done(&out);
}

static void
test_draft_add(void **state)
{
	(void)state;
	struct hz_record r;
	struct hz_record got;
	struct hz_record_draft d = { .count = 0 };
	char name[32];
	small_record(&r);
	assert_int_equal(hz_record_draft(&r, &d), HZ_OK);
	assert_int_equal(d.count, 8);
	/* In the place of six decoys, then with eight digests more. */
	for (size_t i = 2; i < 10; i++) {
		(void)snprintf(name, sizeof name, "late.%zu", i);
		assert_int_equal(hz_record_draft_add(&d, name, "DM3-000117"), HZ_OK);
		assert_int_equal(d.fields, i + 1);
		assert_int_equal(d.count, i < 8 ? 8 : 16);
		read_back(&r, &d, &got);
		assert_int_equal(got.n, i + 1);
		assert_int_equal(got.withheld, d.count - (i + 1));
		assert_string_equal(hz_record_get(&got, name), "DM3-000117");
		assert_string_equal(hz_record_get(&got, "kind"), "exhibit");
		assert_true(hz_record_is(&got, "kind", "exhibit"));
		assert_false(hz_record_is(&got, "kind", "exhibi"));
		assert_false(hz_record_is(&got, "nothing.such", ""));
		assert_null(hz_record_get(&got, "not.given"));
		hz_record_done(&got);
	}
	assert_int_equal(hz_record_draft_add(&d, "Bad", "x"), HZ_ERR_FORMAT);
	assert_int_equal(hz_record_draft_add(&d, "bad", "\xff"), HZ_ERR_FORMAT);
	assert_int_equal(d.fields, 10);
	assert_int_equal(d.count, 16);
	hz_record_draft_done(&d);
	/* Also where there was no field at all. */
	hz_record_done(&r);
	small_record(&r);
	struct hz_record none;
	hz_record_init(&none);
	(void)snprintf(none.iss, sizeof none.iss, "%s", LOG);
	assert_int_equal(hz_record_draft(&none, &d), HZ_OK);
	assert_int_equal(d.count, 0);
	assert_int_equal(hz_record_draft_add(&d, "kind", "case"), HZ_OK);
	read_back(&none, &d, &got);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.withheld, 7);
	hz_record_done(&got);
	hz_record_draft_done(&d);
	hz_record_done(&none);
	hz_record_done(&r);
}

/* Salts and decoys are new each time, and digests stand in no order that tells anything. */
static void
test_random(void **state)
{
	(void)state;
	struct hz_record r;
	struct hz_record_draft a = { .count = 0 };
	struct hz_record_draft b = { .count = 0 };
	small_record(&r);
	assert_int_equal(hz_record_draft(&r, &a), HZ_OK);
	assert_int_equal(hz_record_draft(&r, &b), HZ_OK);
	assert_int_equal(a.count, b.count);
	for (size_t i = 0; i < a.count; i++) {
		for (size_t k = 0; k < b.count; k++) {
			assert_memory_not_equal(a.digests.p + 43 * i, b.digests.p + 43 * k, 43);
		}
	}
	assert_memory_not_equal(a.disclosures.p, b.disclosures.p, a.disclosures.len);
	hz_record_draft_done(&a);
	hz_record_draft_done(&b);
	hz_record_done(&r);
}

static void
test_names_and_values(void **state)
{
	(void)state;
	struct hz_record r;
	char name[HZ_FIELD_NAME_MAX + 2];
	static char value[HZ_FIELD_VALUE_MAX + 2];
	hz_record_init(&r);
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(hz_record_add(&r, name, "x"), HZ_ERR_FORMAT);
	assert_int_equal(hz_record_add(&r, name + 1, "x"), HZ_OK);
	memset(value, 'v', sizeof value - 1);
	assert_int_equal(hz_record_add(&r, "v", value), HZ_ERR_LIMIT);
	assert_int_equal(hz_record_add(&r, "v", value + 1), HZ_OK);
	static const char *const bad[] = { "", ".", "a.", ".a", "a..b", "A", "a b", "a-b", "_sd", "\xd8\xad",
		"...", "a\n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(hz_record_add(&r, bad[i], "x"), HZ_ERR_FORMAT);
	}
	static const char *const good[] = { "a", "0", "_", "_sd.a", "a._sd", "sd", "a.b.c", "relation.to.12",
		"_sdx" };
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(hz_record_add(&r, good[i], ""), HZ_OK);
	}
	assert_int_equal(hz_record_add(&r, "a", "again"), HZ_ERR_FORMAT);
	assert_int_equal(hz_record_add_int(&r, "a", 1), HZ_ERR_FORMAT);
	assert_int_equal(hz_record_add_int(&r, "big", (UINT64_C(1) << 53) - 1), HZ_OK);
	assert_int_equal(hz_record_add_int(&r, "bigger", UINT64_C(1) << 53), HZ_ERR_LIMIT);
	assert_string_equal(hz_record_get(&r, "big"), "9007199254740991");
	assert_int_equal(hz_record_addn(&r, "n", "a\0b", 3), HZ_ERR_FORMAT);
	assert_int_equal(hz_record_addn(&r, "n", "\xc0\x80", 2), HZ_ERR_FORMAT);
	assert_int_equal(hz_record_addn(&r, "n", "abc", 2), HZ_OK);
	assert_string_equal(hz_record_get(&r, "n"), "ab");
	assert_int_equal(hz_record_addn(&r, "empty", NULL, 0), HZ_OK);
	hz_record_done(&r);
	assert_int_equal(r.n, 0);
	assert_null(r.fields);
}

static void
test_counts(void **state)
{
	(void)state;
	struct hz_record r;
	struct hz_record got;
	struct hz_record_draft d = { .count = 0 };
	char name[32];
	uint8_t id[16] = { 0 };
	hz_record_init(&r);
	(void)snprintf(r.iss, sizeof r.iss, "%s", LOG);
	for (size_t i = 0; i < HZ_RECORD_FIELDS_MAX; i++) {
		(void)snprintf(name, sizeof name, "f.%zu", i);
		assert_int_equal(hz_record_add(&r, name, "x"), HZ_OK);
	}
	assert_int_equal(hz_record_add(&r, "more", "x"), HZ_ERR_LIMIT);
	for (size_t i = 0; i < HZ_RECORD_EX_MAX; i++) {
		id[0] = (uint8_t)i;
		assert_int_equal(hz_record_add_ex(&r, id), HZ_OK);
	}
	assert_int_equal(hz_record_add_ex(&r, id), HZ_ERR_LIMIT);
	assert_int_equal(hz_record_draft(&r, &d), HZ_OK);
	assert_int_equal(hz_record_draft_add(&d, "more", "x"), HZ_ERR_LIMIT);
	read_back(&r, &d, &got);
	assert_int_equal(got.n, HZ_RECORD_FIELDS_MAX);
	assert_int_equal(got.withheld, 0);
	hz_record_done(&got);
	hz_record_draft_done(&d);
	hz_record_done(&r);
	hz_record_init(&r);
	assert_int_equal(hz_record_add_ex(&r, id), HZ_OK);
	assert_int_equal(hz_record_add_ex(&r, id), HZ_ERR_FORMAT);
	hz_record_done(&r);
}

/* The largest record, and one that is larger. */
static void
test_size(void **state)
{
	(void)state;
	static char value[HZ_FIELD_VALUE_MAX + 1];
	char name[32];
	size_t best = 0;
	memset(value, 'v', sizeof value - 1);
	for (size_t last = 0; last <= HZ_FIELD_VALUE_MAX; last += 1024) {
		struct hz_record r;
		struct hz_record_draft d = { .count = 0 };
		struct hz_buf out = HZ_BUF_INIT(HZ_RECORD_MAX);
		small_record(&r);
		for (size_t i = 0; i < 11; i++) {
			(void)snprintf(name, sizeof name, "f.%zu", i);
			assert_int_equal(hz_record_addn(&r, name, value, HZ_FIELD_VALUE_MAX), HZ_OK);
		}
		assert_int_equal(hz_record_addn(&r, "last", value, last), HZ_OK);
		enum hz_err err = hz_record_draft(&r, &d);
		if (err == HZ_OK) {
			err = hz_record_payload(&r, &d, &out);
		}
		if (err == HZ_OK) {
			size_t size = hz_record_file_size(out.len, d.disclosures.len);
			assert_true(size > best && size <= HZ_RECORD_MAX);
			best = size;
			struct hz_record got;
			read_back(&r, &d, &got);
			hz_record_done(&got);
		} else {
			assert_int_equal(err, HZ_ERR_LIMIT);
			assert_int_equal(out.len, 0);
		}
		hz_buf_done(&out);
		hz_record_draft_done(&d);
		hz_record_done(&r);
	}
	assert_true(best > HZ_RECORD_MAX - 3000);
	struct hz_record r;
	hz_record_init(&r);
	static const char zeros[HZ_RECORD_MAX + 1];
	assert_int_equal(hz_record_read(zeros, 1, zeros, HZ_RECORD_MAX, &r), HZ_ERR_LIMIT);
	assert_int_equal(hz_record_read(zeros, HZ_RECORD_MAX, zeros, 0, &r), HZ_ERR_LIMIT);
	assert_int_equal(hz_record_read(zeros, SIZE_MAX, zeros, SIZE_MAX, &r), HZ_ERR_LIMIT);
	size_t a;
	size_t b;
	size_t c;
	assert_int_equal(hz_record_split(zeros, sizeof zeros, &a, &b, &c), HZ_ERR_LIMIT);
	assert_int_equal(hz_record_split(zeros, sizeof zeros - 1, &a, &b, &c), HZ_ERR_FORMAT);
}

/* What may not be written. */
static void
test_heads(void **state)
{
	(void)state;
	struct hz_record r;
	struct hz_record_draft d = { .count = 0 };
	struct hz_buf out = HZ_BUF_INIT(HZ_RECORD_MAX);
	struct hz_buf small = HZ_BUF_INIT(100);
	small_record(&r);
	assert_int_equal(hz_record_draft(&r, &d), HZ_OK);
	r.ver = 0;
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_ERR_FORMAT);
	r.ver = 2;
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_ERR_FORMAT);
	r.has_prev = true;
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_OK);
	r.ver = 1;
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_ERR_FORMAT);
	r.has_prev = false;
	r.iss[0] = 'x';
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_ERR_FORMAT);
	memset(r.iss, 'a', sizeof r.iss);
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_ERR_FORMAT);
	(void)snprintf(r.iss, sizeof r.iss, "%s", LOG);
	assert_int_equal(hz_record_payload(&r, &d, &small), HZ_ERR_LIMIT);
	assert_int_equal(small.len, 0);
	hz_buf_done(&small);
	hz_buf_done(&out);
	hz_record_draft_done(&d);
	hz_record_done(&r);
}

static void
test_split(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum hz_err err;
		size_t jwt, at, len;
	} cases[] = { { "j~", HZ_OK, 1, 2, 0 }, { "a.b.c~d~", HZ_OK, 5, 6, 1 }, { "a~b~c~", HZ_OK, 1, 2, 3 },
		{ "", HZ_ERR_FORMAT, 0, 0, 0 }, { "a", HZ_ERR_FORMAT, 0, 0, 0 },
		{ "~", HZ_ERR_FORMAT, 0, 0, 0 }, { "~a~", HZ_ERR_FORMAT, 0, 0, 0 },
		{ "a~b", HZ_ERR_FORMAT, 0, 0, 0 }, { "a~~", HZ_ERR_FORMAT, 0, 0, 0 },
		{ "a~b~\n", HZ_ERR_FORMAT, 0, 0, 0 } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t jwt = 0;
		size_t at = 0;
		size_t len = 0;
		assert_int_equal(
		    hz_record_split(cases[i].text, strlen(cases[i].text), &jwt, &at, &len), cases[i].err);
		assert_int_equal(jwt, cases[i].jwt);
		assert_int_equal(at, cases[i].at);
		assert_int_equal(len, cases[i].len);
	}
}

/* No bit of a disclosure can change. */
static void
test_bits(void **state)
{
	(void)state;
	struct hz_record r;
	struct hz_record got;
	struct hz_record_draft d = { .count = 0 };
	struct hz_buf out = HZ_BUF_INIT(HZ_RECORD_MAX);
	small_record(&r);
	hz_record_init(&got);
	assert_int_equal(hz_record_draft(&r, &d), HZ_OK);
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_OK);
	for (size_t i = 0; i < 8 * d.disclosures.len; i++) {
		d.disclosures.p[i / 8] ^= (uint8_t)(1U << i % 8);
		enum hz_err err =
		    hz_record_read(out.p, out.len, (const char *)d.disclosures.p, d.disclosures.len, &got);
		assert_true(err == HZ_ERR_TAMPERED || err == HZ_ERR_FORMAT);
		d.disclosures.p[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	for (size_t n = 0; n < out.len; n++) {
		assert_int_equal(
		    hz_record_read(out.p, n, (const char *)d.disclosures.p, d.disclosures.len, &got),
		    HZ_ERR_FORMAT);
	}
	hz_buf_done(&out);
	hz_record_draft_done(&d);
	hz_record_done(&r);
}

/* The example of RFC 9901: its digest is found, then its white space is refused, which is not canonical. */
static void
test_rfc9901(void **state)
{
	(void)state;
	static const char disclosure[] =
	    "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
	static const char family[] = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0";
	struct hz_record r;
	struct hz_record_draft d = { .count = 0 };
	struct hz_buf out = HZ_BUF_INIT(HZ_RECORD_MAX);
	small_record(&r);
	assert_int_equal(hz_record_draft(&r, &d), HZ_OK);
	memcpy(d.digests.p, family, 43);
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_OK);
	assert_int_equal(
	    hz_record_read(out.p, out.len, disclosure, sizeof disclosure - 1, &r), HZ_ERR_FORMAT);
	/* With another digest it is a stranger. */
	d.digests.p[0] = 'Y';
	hz_buf_clear(&out);
	assert_int_equal(hz_record_payload(&r, &d, &out), HZ_OK);
	assert_int_equal(
	    hz_record_read(out.p, out.len, disclosure, sizeof disclosure - 1, &r), HZ_ERR_TAMPERED);
	hz_buf_done(&out);
	hz_record_draft_done(&d);
	hz_record_done(&r);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_good),
		cmocka_unit_test(test_vectors_bad),
		cmocka_unit_test(test_draft_add),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_names_and_values),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_rfc9901),
	};
	vectors_folder = argc > 1 ? argv[1] : NULL;
	if (hz_crypto_init() != HZ_OK) {
		return 1;
	}
	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
