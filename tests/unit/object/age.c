/* age files: what we write and read ourselves, and what the stock program says to it. */
#include "tests.h"

#include "object/age.h"
#include "object/payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint8_t file_key[16] = "YELLOW SUBMARINE"; /* sixteen bytes, no NUL */

/* The n-th of the test's identities, and its recipient. */
static void
identity(unsigned n, uint8_t sk[static 32], uint8_t pk[static 32])
{
	hz_sha256(&n, sizeof n, sk);
	hz_x25519_public(sk, pk);
}

static void
header_for(unsigned count, struct hz_buf *out)
{
	uint8_t pk[HZ_AGE_STANZAS_MAX][32], sk[32];

	for (unsigned i = 0; i < count; i++) {
		identity(i, sk, pk[i]);
	}
	assert_int_equal(hz_age_header_write(file_key, (const uint8_t(*)[32])pk, count, out), HZ_OK);
}

void
test_age_round(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_OBJ_HEADER_MAX + 100);
	uint8_t sk[32], pk[32], key[16];
	size_t used = 0;

	(void)state;
	header_for(1, &b);
	assert_int_equal(b.len, 168);
	identity(0, sk, pk);
	assert_int_equal(hz_age_header_open(b.p, b.len, sk, key, &used), HZ_OK);
	assert_int_equal(used, 168);
	assert_memory_equal(key, file_key, 16);
	/* What follows the header is not its business. */
	assert_int_equal(hz_buf_puts(&b, "--- more\n-> than that\n"), HZ_OK);
	assert_int_equal(hz_age_header_open(b.p, b.len, sk, key, &used), HZ_OK);
	assert_int_equal(used, 168);
	/* Not ours. */
	identity(1, sk, pk);
	memset(key, 0x5a, sizeof key);
	assert_int_equal(hz_age_header_open(b.p, b.len, sk, key, &used), HZ_ERR_LOCKED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NO_KEY);
	assert_int_equal(hz_age_header_open_scrypt(b.p, b.len, "x", 1, key, &used), HZ_ERR_LOCKED);
	assert_int_equal(key[0], 0x5a);
	hz_buf_done(&b);
}

void
test_age_recipients(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_OBJ_HEADER_MAX);
	uint8_t sk[32], pk[32], key[16], many[HZ_AGE_STANZAS_MAX + 1][32] = { { 0 } };
	size_t used = 0;

	(void)state;
	header_for(HZ_AGE_STANZAS_MAX, &b);
	for (unsigned i = 0; i < HZ_AGE_STANZAS_MAX; i += 7) {
		identity(i, sk, pk);
		assert_int_equal(hz_age_header_open(b.p, b.len, sk, key, &used), HZ_OK);
		assert_memory_equal(key, file_key, 16);
		assert_int_equal(used, b.len);
	}
	size_t before = b.len;
	const uint8_t(*list)[32] = (const uint8_t(*)[32])many;
	assert_int_equal(hz_age_header_write(file_key, list, HZ_AGE_STANZAS_MAX + 1, &b), HZ_ERR_LIMIT);
	assert_int_equal(hz_age_header_write(file_key, list, 0, &b), HZ_ERR_LIMIT);
	/* A recipient of small order gives a key that everybody knows. */
	assert_int_equal(hz_age_header_write(file_key, list, 1, &b), HZ_ERR_TAMPERED);
	assert_int_equal(b.len, before);
	hz_buf_done(&b);
}

void
test_age_flipped(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_OBJ_HEADER_MAX);
	uint8_t sk[32], pk[32], key[16];
	size_t used = 77;
	unsigned locked = 0, tampered = 0;

	(void)state;
	header_for(2, &b);
	identity(0, sk, pk);
	memset(key, 0x5a, sizeof key);
	for (size_t bit = 0; bit < b.len * 8; bit++) {
		b.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
		enum hz_err err = hz_age_header_open(b.p, b.len, sk, key, &used);
		assert_int_not_equal(err, HZ_OK);
		locked += err == HZ_ERR_LOCKED;
		tampered += err == HZ_ERR_TAMPERED;
		assert_int_equal(key[0], 0x5a);
		b.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_true(locked > 0 && tampered > 0);
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(hz_age_header_open(b.p, n, sk, key, &used), HZ_ERR_FORMAT);
	}
	assert_int_equal(used, 77);
	hz_buf_done(&b);
}

/* A header with these stanzas and a MAC of zeros. */
static enum hz_err
try_stanzas(const char *stanzas)
{
	char text[2000];
	uint8_t sk[32], pk[32], key[16];
	size_t used = 0;
	int n = snprintf(text, sizeof text, "age-encryption.org/v1\n%s--- %.43s\n", stanzas,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

	assert_true(n > 0 && (size_t)n < sizeof text);
	identity(0, sk, pk);
	return hz_age_header_open((const uint8_t *)text, (size_t)n, sk, key, &used);
}

#define SHARE "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
#define BODY  "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE"
#define LINE  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SALT  "AAAAAAAAAAAAAAAAAAAAAA"

void
test_age_refuses(void **state)
{
	static const struct {
		const char *stanzas;
		enum hz_err want;
	} cases[] = {
		{ "", HZ_ERR_FORMAT }, /* none */
		{ "-> X25519 " SHARE "\n" BODY "\n", HZ_ERR_LOCKED },
		{ "-> X25519 " SHARE "\n" BODY "\n-> X25519 " SHARE "\n" BODY "\n", HZ_ERR_LOCKED },
		{ "-> x\n\n", HZ_ERR_LOCKED }, /* kinds that we do not know are left alone */
		{ "-> x y z 1 2 3 4 5 6\n" LINE "\n" LINE "\n\n", HZ_ERR_LOCKED },
		{ "-> x\n" LINE "\n", HZ_ERR_FORMAT },    /* no short line at the end */
		{ "-> x\nAA\nAA\n", HZ_ERR_FORMAT },      /* two short ones */
		{ "-> x\n" LINE "A\n\n", HZ_ERR_FORMAT }, /* 65 columns */
		{ "-> x\nAB\n", HZ_ERR_FORMAT },          /* bits behind the end */
		{ "-> x\nAA==\n", HZ_ERR_FORMAT },        /* padding */
		{ "-> x\n", HZ_ERR_FORMAT },              /* no body */
		{ "->\n\n", HZ_ERR_FORMAT }, { "-> \n\n", HZ_ERR_FORMAT }, { "->  x\n\n", HZ_ERR_FORMAT },
		{ "-> x \n\n", HZ_ERR_FORMAT }, { "-> x  y\n\n", HZ_ERR_FORMAT },
		{ "-> x\ty\n\n", HZ_ERR_FORMAT }, { "-> x\r\n\n", HZ_ERR_FORMAT },
		{ "-> \xd8\xad\n\n", HZ_ERR_FORMAT }, { "->x\n\n", HZ_ERR_FORMAT }, { "\n", HZ_ERR_FORMAT },
		{ "-> X25519\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> X25519 " SHARE " x\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> X25519 " SHARE "=\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> X25519 " SHARE "A\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> X25519 " SHARE "\n\n", HZ_ERR_FORMAT },
		{ "-> X25519 " SHARE "\n" BODY "A\n", HZ_ERR_FORMAT }, /* 33 bytes */
		{ "-> X25519 " SHARE "\n" LINE "\n\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT " 10\n" BODY "\n", HZ_ERR_LOCKED },
		{ "-> scrypt " SALT " 22\n" BODY "\n", HZ_ERR_LOCKED },
		{ "-> scrypt " SALT " 23\n" BODY "\n", HZ_ERR_LIMIT },
		{ "-> scrypt " SALT " 99999999999\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT " 0\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT " 010\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT "\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT "AA 10\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT " 10 x\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT " 10\n\n", HZ_ERR_FORMAT },
		{ "-> scrypt " SALT " 10\n" BODY "\n-> x\n\n", HZ_ERR_FORMAT }, /* not alone */
		{ "-> x\n\n-> scrypt " SALT " 10\n" BODY "\n", HZ_ERR_FORMAT },
		{ "-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" BODY "\n",
		    HZ_ERR_FORMAT }, /* order */
	};
	struct hz_buf out = HZ_BUF_INIT(1000);
	uint8_t key[16] = { 0 }, payload[100] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (try_stanzas(cases[i].stanzas) != cases[i].want) {
			fail_msg("case %zu: not as wanted", i);
		}
	}
	assert_int_equal(hz_age_payload_open(payload, 15, key, &out), HZ_ERR_FORMAT);
	assert_int_equal(hz_age_payload_open(payload, 16, key, &out), HZ_ERR_FORMAT);
	assert_int_equal(hz_age_payload_open(payload, 31, key, &out), HZ_ERR_FORMAT);
	assert_int_equal(hz_age_payload_open(payload, 100, key, &out), HZ_ERR_TAMPERED);
	assert_int_equal(out.len, 0);
	hz_buf_done(&out);
}

void
test_age_limits(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(4 * HZ_OBJ_HEADER_MAX);
	uint8_t sk[32], pk[32], key[16];
	size_t used = 0;

	(void)state;
	identity(0, sk, pk);
	/* 64 stanzas and 65. */
	for (unsigned count = HZ_AGE_STANZAS_MAX; count <= HZ_AGE_STANZAS_MAX + 1; count++) {
		hz_buf_clear(&b);
		assert_int_equal(hz_buf_puts(&b, "age-encryption.org/v1\n"), HZ_OK);
		for (unsigned i = 0; i < count; i++) {
			assert_int_equal(hz_buf_puts(&b, "-> x\n\n"), HZ_OK);
		}
		assert_int_equal(hz_buf_puts(&b, "--- " BODY "\n"), HZ_OK);
		assert_int_equal(hz_age_header_open(b.p, b.len, sk, key, &used),
		    count == HZ_AGE_STANZAS_MAX ? HZ_ERR_LOCKED : HZ_ERR_LIMIT);
	}
	/* A body without end. */
	hz_buf_clear(&b);
	assert_int_equal(hz_buf_puts(&b, "age-encryption.org/v1\n-> x\n"), HZ_OK);
	while (b.len <= HZ_OBJ_HEADER_MAX) {
		assert_int_equal(hz_buf_puts(&b, LINE "\n"), HZ_OK);
	}
	assert_int_equal(hz_age_header_open(b.p, b.len, sk, key, &used), HZ_ERR_LIMIT);
	assert_int_equal(hz_age_header_open(b.p, HZ_OBJ_HEADER_MAX, sk, key, &used), HZ_ERR_FORMAT);
	hz_buf_done(&b);
}

void
test_age_texts(void **state)
{
	static const char text[] =
	    "AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU";
	struct hz_buf b = HZ_BUF_SECRET_INIT(200);
	uint8_t sk[32], pk[32], back[32];
	const char *s = NULL;

	(void)state;
	assert_int_equal(hz_age_identity_parse(text, strlen(text), sk), HZ_OK);
	assert_int_equal(hz_age_identity_text(sk, &b), HZ_OK);
	assert_int_equal(hz_buf_cstr(&b, &s), HZ_OK);
	assert_string_equal(s, text);
	hz_x25519_public(sk, pk);
	hz_buf_clear(&b);
	assert_int_equal(hz_age_recipient_text(pk, &b), HZ_OK);
	assert_int_equal(b.len, 62);
	assert_memory_equal(b.p, "age1", 4);
	assert_int_equal(hz_age_recipient_parse((const char *)b.p, b.len, back), HZ_OK);
	assert_memory_equal(back, pk, 32);
	/* One is not the other; one character changed; too short by a byte (31 and 33 bytes of data). */
	assert_int_equal(hz_age_identity_parse((const char *)b.p, b.len, back), HZ_ERR_FORMAT);
	assert_int_equal(hz_age_recipient_parse(text, strlen(text), back), HZ_ERR_FORMAT);
	b.p[20] = b.p[20] == 'q' ? 'p' : 'q';
	assert_int_equal(hz_age_recipient_parse((const char *)b.p, b.len, back), HZ_ERR_FORMAT);
	static const char empty[] = "A12UEL5L";
	assert_int_equal(hz_age_recipient_parse(empty, strlen(empty), back), HZ_ERR_FORMAT);
	assert_memory_equal(back, pk, 32);
	hz_buf_done(&b);
}

struct sunk {
	struct hz_buf b;
	unsigned calls, fail_at;
};

static enum hz_err
sink(void *arg, const void *p, size_t n)
{
	struct sunk *s = arg;

	if (++s->calls == s->fail_at) {
		return hz_fail(HZ_MSG_NO_SPACE, "sink");
	}
	return hz_buf_put(&s->b, p, n);
}

static void
write_file(const uint8_t *p, size_t n, size_t step, unsigned recipients, struct sunk *s)
{
	struct hz_age_writer *w = NULL;
	uint8_t pk[2][32], sk[32];

	identity(0, sk, pk[0]);
	identity(1, sk, pk[1]);
	assert_int_equal(hz_age_writer_new((const uint8_t(*)[32])pk, recipients, sink, s, &w), HZ_OK);
	for (size_t at = 0; at < n; at += step) {
		assert_int_equal(hz_age_writer_put(w, p + at, n - at < step ? n - at : step), HZ_OK);
	}
	assert_int_equal(hz_age_writer_put(w, NULL, 0), HZ_OK);
	assert_int_equal(hz_age_writer_end(w), HZ_OK);
	hz_age_writer_free(&w);
	assert_null(w);
	hz_age_writer_free(&w);
}

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 300001 };

void
test_age_writer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		static const size_t steps[] = { 1000000, 65536, 65537, 4001 };
		uint8_t *p = pattern(sizes[i], 9), sk[32], pk[32], key[16];
		for (size_t j = 0; j < sizeof steps / sizeof steps[0]; j++) {
			struct sunk s = { .b = HZ_BUF_INIT((size_t)1 << 20) };
			struct hz_buf plain = HZ_BUF_INIT((size_t)1 << 20);
			size_t used = 0;
			write_file(p, sizes[i], steps[j], 2, &s);
			for (unsigned who = 0; who < 2; who++) {
				identity(who, sk, pk);
				assert_int_equal(hz_age_header_open(s.b.p, s.b.len, sk, key, &used), HZ_OK);
				hz_buf_clear(&plain);
				assert_int_equal(
				    hz_age_payload_open(s.b.p + used, s.b.len - used, key, &plain), HZ_OK);
				assert_int_equal(plain.len, sizes[i]);
				assert_int_equal(memcmp(plain.p, p, sizes[i]), 0);
			}
			/* A byte less, which may leave an empty chunk; a bit in the payload: nothing of it
			 * comes out. */
			bool empty = sizes[i] == 0 || sizes[i] == 65537;
			hz_buf_clear(&plain);
			assert_int_equal(hz_age_payload_open(s.b.p + used, s.b.len - used - 1, key, &plain),
			    empty ? HZ_ERR_FORMAT : HZ_ERR_TAMPERED);
			s.b.p[s.b.len - 1] ^= 1;
			assert_int_equal(
			    hz_age_payload_open(s.b.p + used, s.b.len - used, key, &plain), HZ_ERR_TAMPERED);
			assert_int_equal(plain.len, 0);
			hz_buf_done(&plain);
			hz_buf_done(&s.b);
		}
		free(p);
	}
}

void
test_age_writer_sink_fails(void **state)
{
	uint8_t *p = pattern(200000, 10), pk[32], sk[32];

	(void)state;
	identity(0, sk, pk);
	for (unsigned at = 1; at <= 5; at++) {
		struct sunk s = { .b = HZ_BUF_INIT((size_t)1 << 20), .fail_at = at };
		struct hz_age_writer *w = NULL;
		const uint8_t(*list)[32] = (const uint8_t(*)[32])pk;
		enum hz_err err = hz_age_writer_new(list, 1, sink, &s, &w);
		assert_int_equal(err, at == 1 ? HZ_ERR_NOSPACE : HZ_OK);
		if (err == HZ_OK) {
			/* Header, three full chunks, the last. */
			assert_int_equal(hz_age_writer_put(w, p, 200000), at < 5 ? HZ_ERR_NOSPACE : HZ_OK);
			if (at < 5) {
				assert_int_equal(hz_age_writer_put(w, p, 1), HZ_ERR_NOSPACE); /* it stays */
			}
			assert_int_equal(hz_age_writer_end(w), HZ_ERR_NOSPACE);
			assert_int_equal(s.calls, at); /* nothing more went out */
		}
		hz_age_writer_free(&w);
		hz_buf_done(&s.b);
	}
	free(p);
}

static void
save(const char *dir, const char *name, const void *p, size_t n)
{
	char path[300];

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Whether "age -d" opens dir/name to exactly these bytes (dir/plain). */
static bool
age_opens(const char *dir, const char *name)
{
	char command[1000];

	(void)snprintf(command, sizeof command,
	    "age -d -i '%s/id' '%s/%s' >'%s/out' 2>/dev/null && cmp -s '%s/out' '%s/plain'", dir, dir, name,
	    dir, dir, dir);
	return system(command) == 0;
}

void
test_age_program(void **state)
{
	char dir[] = "/tmp/hirz-test-age-XXXXXX", command[300];
	struct hz_buf text = HZ_BUF_SECRET_INIT(200);
	uint8_t sk[32], pk[32];

	(void)state;
	if (system("age --version >/dev/null 2>&1") != 0) {
		printf("# skipped: the program age is not installed\n");
		return;
	}
	assert_non_null(mkdtemp(dir));
	identity(0, sk, pk);
	assert_int_equal(hz_age_identity_text(sk, &text), HZ_OK);
	save(dir, "id", text.p, text.len);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		/* A whole file of the writer. */
		struct sunk s = { .b = HZ_BUF_INIT((size_t)1 << 20) };
		uint8_t *p = pattern(sizes[i], 11);
		write_file(p, sizes[i], 50000, 2, &s);
		save(dir, "plain", p, sizes[i]);
		save(dir, "x.age", s.b.p, s.b.len);
		assert_true(age_opens(dir, "x.age"));
		s.b.p[s.b.len - 1] ^= 1;
		save(dir, "x.age", s.b.p, s.b.len);
		assert_false(age_opens(dir, "x.age"));
		hz_buf_done(&s.b);
		free(p);
	}
	/* A sealed object behind a header made later: padded content. */
	struct basket b = BASKET_INIT;
	struct hz_sealed o;
	struct hz_buf file = HZ_BUF_INIT((size_t)4 << 20);
	size_t n = 1500000;
	uint64_t padded = 0;
	uint8_t *p = pattern(n, 12);
	seal_all(&b, p, n, n, true, &o);
	assert_int_equal(hz_pad_len(n, &padded), HZ_OK);
	uint8_t *plain = calloc(1, padded);
	assert_non_null(plain);
	memcpy(plain, p, n);
	assert_int_equal(hz_age_header_write(o.file_key, (const uint8_t(*)[32])pk, 1, &file), HZ_OK);
	assert_int_equal(hz_buf_put(&file, b.payload.p, b.payload.len), HZ_OK);
	save(dir, "plain", plain, padded);
	save(dir, "x.age", file.p, file.len);
	assert_true(age_opens(dir, "x.age"));
	free(plain);
	free(p);
	hz_buf_done(&file);
	hz_buf_done(&o.addrs);
	basket_done(&b);
	hz_buf_done(&text);
	(void)snprintf(command, sizeof command, "rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
}
