/* Unit tests of the anchor room: proofs of OpenTimestamps, parts in records, headers of blocks. */
#include "anchor/anchor.h"
#include "base/enc.h"
#include "base/fd.h"
#include "codec/json.h"
#include "crypto/crypto.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char head_hex[] = "004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e8929401";

/* Appends hex. */
static void
add(struct hz_buf *b, const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = NULL;

	assert_int_equal(hz_buf_room(b, n, &p), HZ_OK);
	assert_int_equal(hz_unhex(hex, 2 * n, p, n), HZ_OK);
}

/* A proof over 32 bytes of 0x11 with the rest of the tree in hex. */
static enum hz_err
read_tree(const char *tree, struct hz_ots *o)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_OTS_FILE_MAX);

	add(&b, head_hex);
	add(&b, "08");
	for (int i = 0; i < 32; i++) {
		add(&b, "11");
	}
	add(&b, tree);
	enum hz_err r = hz_ots_read(b.p, b.len, o);
	hz_buf_done(&b);
	return r;
}

#define BITCOIN "000588960d73d71901"
#define PENDING "0083dfe30d2ef90c8e"

static void
test_ots_tree(void **state)
{
	(void)state;
	struct hz_ots *o = calloc(1, sizeof *o);
	uint8_t m[64], h[32];
	assert_non_null(o);
	/* The message itself is the root: height 300 is ac 02. */
	assert_int_equal(read_tree(BITCOIN "02ac02", o), HZ_OK);
	assert_int_equal(o->n, 1);
	assert_int_equal(o->a[0].kind, HZ_OTS_BITCOIN);
	assert_int_equal(o->a[0].height, 300);
	memset(m, 0x11, sizeof m);
	assert_memory_equal(o->a[0].root, m, 32);
	/* Append two bytes, prepend one, hash; beside it a promise on the message before the hash. */
	assert_int_equal(read_tree("f002aabb"
				   "f101cc"
				   "ff" PENDING "0403612e62"
				   "08" BITCOIN "0100",
			     o),
	    HZ_OK);
	assert_int_equal(o->n, 2);
	assert_int_equal(o->a[0].kind, HZ_OTS_PENDING);
	assert_int_equal(o->a[0].uri_len, 3);
	m[0] = 0xcc;
	memset(m + 1, 0x11, 32);
	m[33] = 0xaa;
	m[34] = 0xbb;
	hz_sha256(m, 35, h);
	assert_memory_equal(o->a[1].root, h, 32);
	assert_int_equal(o->a[1].height, 0);
	/* After a branch the message is that of the fork: the second way does not see the first one's hash.
	 */
	assert_int_equal(read_tree("ff08" BITCOIN "0101" BITCOIN "0102", o), HZ_OK);
	memset(m, 0x11, sizeof m);
	hz_sha256(m, 32, h);
	assert_memory_equal(o->a[0].root, h, 32);
	assert_memory_equal(o->a[1].root, m, 32);
	/* Reverse, hexlify, other hashes. */
	assert_int_equal(read_tree("f00101f2"
				   "0302f308" BITCOIN "0101",
			     o),
	    HZ_OK);
	memset(m, 0x11, sizeof m);
	m[0] = 1;
	uint8_t r[20], s[20];
	char hex[41];
	hz_ripemd160(m, 33, r);
	hz_sha1(r, 20, s);
	hz_hex(hex, s, 20);
	hz_sha256(hex, 40, h);
	assert_memory_equal(o->a[0].root, h, 32);
	assert_int_equal(read_tree("67" BITCOIN "0101", o), HZ_OK);
	memset(m, 0x11, sizeof m);
	hz_keccak256(m, 32, h);
	assert_memory_equal(o->a[0].root, h, 32);
	/* A kind that nobody knows is kept. */
	assert_int_equal(read_tree("000102030405060708"
				   "03aabbcc",
			     o),
	    HZ_OK);
	assert_int_equal(o->a[0].kind, HZ_OTS_UNKNOWN);
	assert_string_equal(hz_ots_kind_name(o->a[0].kind), "unknown");
	assert_string_equal(hz_ots_kind_name(HZ_OTS_LITECOIN), "litecoin");
	free(o);
}

static void
test_ots_refused(void **state)
{
	(void)state;
	static const struct {
		const char *tree;
		enum hz_err err;
	} bad[] = {
		{ "", HZ_ERR_FORMAT },
		{ "ff", HZ_ERR_FORMAT },
		{ "ff" BITCOIN "0101", HZ_ERR_FORMAT },
		{ BITCOIN "0101"
			  "00",
		    HZ_ERR_FORMAT },                        /* bytes behind */
		{ BITCOIN "020101", HZ_ERR_FORMAT },        /* behind the height */
		{ BITCOIN "00", HZ_ERR_FORMAT },            /* no height */
		{ "f00101" BITCOIN "0101", HZ_ERR_FORMAT }, /* no root of 32 bytes */
		{ "f4" BITCOIN "0101", HZ_ERR_FORMAT },
		{ "f000" BITCOIN "0101", HZ_ERR_FORMAT },
		{ "f08120" BITCOIN "0101", HZ_ERR_LIMIT },
		{ PENDING "02015c", HZ_ERR_FORMAT },
		{ PENDING "020100", HZ_ERR_FORMAT },
		{ PENDING "0201", HZ_ERR_FORMAT },
		{ "000102030405060708"
		  "8180808080808080808001",
		    HZ_ERR_FORMAT },
		{ "000102030405060708"
		  "8140",
		    HZ_ERR_LIMIT },
	};
	struct hz_ots *o = calloc(1, sizeof *o);
	assert_non_null(o);
	o->n = 77;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		enum hz_err r = read_tree(bad[i].tree, o);
		if (r != bad[i].err) {
			fail_msg("%s: %d, %s", bad[i].tree, r, hz_fail_detail());
		}
	}
	assert_int_equal(o->n, 77);
	assert_int_equal(hz_ots_read("", 0, o), HZ_ERR_FORMAT);
	assert_int_equal(hz_ots_read(o, HZ_OTS_FILE_MAX + 1, o), HZ_ERR_LIMIT);
	free(o);
}

static void
repeat(struct hz_buf *b, const char *hex, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		add(b, hex);
	}
}

/* One operation, branch, attestation more than allowed. */
static void
test_ots_limits(void **state)
{
	(void)state;
	static const struct {
		const char *first, *more, *last;
		unsigned good;
	} cases[] = {
		{ "", "08", BITCOIN "0101", HZ_OTS_DEPTH_MAX },
		{ "", "ff" BITCOIN "0101", BITCOIN "0101", HZ_OTS_ATTEST_MAX - 1 },
		/* a message of exactly 4,096 bytes: 32, hexlified seven times */
		{ "", "f3", "08" BITCOIN "0101", 7 },
	};
	struct hz_ots *o = calloc(1, sizeof *o);
	assert_non_null(o);
	for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
		for (unsigned extra = 0; extra < 2; extra++) {
			struct hz_buf b = HZ_BUF_INIT(HZ_OTS_FILE_MAX);
			add(&b, head_hex);
			add(&b, "08");
			repeat(&b, "22", 32);
			add(&b, cases[c].first);
			repeat(&b, cases[c].more, cases[c].good + extra);
			add(&b, cases[c].last);
			enum hz_err r = hz_ots_read(b.p, b.len, o);
			if (r != (extra ? HZ_ERR_LIMIT : HZ_OK)) {
				fail_msg("case %zu, %u more: %d, %s", c, extra, r, hz_fail_detail());
			}
			hz_buf_done(&b);
		}
	}
	free(o);
}

/* --- records ----------------------------------------------------------------------------------------------
 */

static const char note[] =
    "hirz.invalid/x\n9\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\xe2\x80\x94 "
    "hirz.invalid/x AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAA=\n";

static void
make(struct hz_anchor *a, size_t token)
{
	uint8_t *p = NULL;

	hz_anchor_init(a, HZ_ANCHOR_RFC3161);
	assert_int_equal(hz_buf_puts(&a->part[HZ_ANCHOR_CHECKPOINT], note), HZ_OK);
	assert_int_equal(hz_buf_room(&a->part[HZ_ANCHOR_TOKEN], token, &p), HZ_OK);
	for (size_t i = 0; i < token; i++) {
		p[i] = (uint8_t)(i * 7);
	}
}

static void
test_record(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, HZ_ANCHOR_PIECE - 1, HZ_ANCHOR_PIECE, HZ_ANCHOR_PIECE + 1,
		HZ_ANCHOR_TOKEN_MAX };
	struct hz_record r;
	struct hz_anchor a, back;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		make(&a, sizes[i]);
		assert_int_equal(hz_buf_puts(&a.part[HZ_ANCHOR_CRLS], "list"), HZ_OK);
		assert_int_equal(hz_anchor_settle(&a), HZ_OK);
		assert_int_equal(a.c.size, 9);
		hz_record_init(&r);
		assert_int_equal(hz_anchor_to_record(&a, &r), HZ_OK);
		assert_int_equal(hz_anchor_from_record(&r, &back), HZ_OK);
		assert_int_equal(back.type, HZ_ANCHOR_RFC3161);
		for (size_t p = 0; p < HZ_ANCHOR_PARTS; p++) {
			assert_int_equal(back.part[p].len, a.part[p].len);
			if (a.part[p].len > 0) {
				assert_memory_equal(back.part[p].p, a.part[p].p, a.part[p].len);
			}
		}
		hz_anchor_done(&back);
		hz_anchor_done(&a);
		hz_record_done(&r);
	}
	/* The largest anchor fits into a record. */
	uint8_t *p = NULL;
	struct hz_record_draft d;
	make(&a, HZ_ANCHOR_TOKEN_MAX);
	assert_int_equal(hz_buf_room(&a.part[HZ_ANCHOR_CHAIN], 60000, &p), HZ_OK);
	assert_int_equal(
	    hz_buf_room(&a.part[HZ_ANCHOR_CRLS],
		HZ_ANCHOR_MAX - HZ_ANCHOR_TOKEN_MAX - 60000 - a.part[HZ_ANCHOR_CHECKPOINT].len, &p),
	    HZ_OK);
	assert_int_equal(hz_anchor_settle(&a), HZ_OK);
	hz_record_init(&r);
	assert_int_equal(hz_anchor_to_record(&a, &r), HZ_OK);
	assert_int_equal(hz_record_draft(&r, &d), HZ_OK);
	hz_record_draft_done(&d);
	hz_record_done(&r);
	assert_int_equal(hz_buf_putc(&a.part[HZ_ANCHOR_CRLS], 0), HZ_OK);
	assert_int_equal(hz_anchor_settle(&a), HZ_ERR_LIMIT);
	hz_anchor_done(&a);
}

/* A record with one field of the given name changed, left out (value NULL) or added. */
static enum hz_err
read_changed(const char *name, const char *value)
{
	struct hz_record r, changed;
	struct hz_anchor a, back;
	bool met = false;

	make(&a, 20);
	assert_int_equal(hz_anchor_settle(&a), HZ_OK);
	hz_record_init(&r);
	hz_record_init(&changed);
	assert_int_equal(hz_anchor_to_record(&a, &r), HZ_OK);
	for (size_t i = 0; i < r.n; i++) {
		bool this = strcmp(r.fields[i].name, name) == 0;
		met = met || this;
		assert_int_equal(
		    hz_record_add(&changed, r.fields[i].name, this ? value : r.fields[i].value), HZ_OK);
	}
	if (!met) {
		assert_int_equal(hz_record_add(&changed, name, value), HZ_OK);
	}
	enum hz_err e = hz_anchor_from_record(&changed, &back);
	hz_anchor_done(&back);
	hz_anchor_done(&a);
	hz_record_done(&r);
	hz_record_done(&changed);
	return e;
}

static void
test_record_refused(void **state)
{
	(void)state;
	assert_int_equal(read_changed("anchor.note", "something later"), HZ_OK);
	assert_int_equal(read_changed("kind", "note"), HZ_ERR_FORMAT);
	assert_int_equal(read_changed("anchor.type", "sundial"), HZ_ERR_VERSION);
	assert_int_equal(read_changed("anchor.type", NULL), HZ_ERR_FORMAT);
	assert_int_equal(read_changed("anchor.size", "10"), HZ_ERR_FORMAT);
	assert_int_equal(read_changed("anchor.token.1", NULL), HZ_ERR_FORMAT);
	assert_int_equal(read_changed("anchor.token.1", "*"), HZ_ERR_FORMAT);
	assert_int_equal(read_changed("anchor.token.1", "AB"), HZ_ERR_FORMAT); /* bits behind */
	assert_int_equal(read_changed("anchor.token.2", "AA"), HZ_ERR_FORMAT); /* the first is short */
	assert_int_equal(read_changed("anchor.checkpoint.1", "AA"), HZ_ERR_FORMAT);
	assert_int_equal(read_changed("anchor.blocks.1", "AA"), HZ_ERR_FORMAT);
	struct hz_anchor a;
	make(&a, 3);
	a.type = HZ_ANCHOR_OTS;
	assert_int_equal(hz_anchor_settle(&a), HZ_OK);
	assert_int_equal(hz_buf_puts(&a.part[HZ_ANCHOR_CHAIN], "x"), HZ_OK);
	assert_int_equal(hz_anchor_settle(&a), HZ_ERR_FORMAT);
	hz_anchor_done(&a);
}

/* --- blocks and the check
 * ------------------------------------------------------------------------------------ */

static void
test_blocks(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(80 * 64), line = HZ_BUF_INIT(80 * 2 * 70);
	uint8_t raw[80] = { 1, 2, 3 };
	char hex[161];
	hz_hex(hex, raw, 80);
	assert_int_equal(hz_blocks_read(raw, 80, &b), HZ_OK);
	assert_int_equal(b.len, 80);
	assert_int_equal(hz_buf_printf(&line, "%s\n%s\r\n%s", hex, hex, hex), HZ_OK);
	assert_int_equal(hz_blocks_read(line.p, line.len, &b), HZ_OK);
	assert_int_equal(b.len, 320);
	assert_memory_equal(b.p + 240, raw, 80);
	assert_int_equal(hz_blocks_read(line.p, line.len - 1, &b), HZ_ERR_FORMAT);
	assert_int_equal(hz_blocks_read("", 0, &b), HZ_ERR_FORMAT);
	hz_buf_clear(&line);
	hz_buf_clear(&b);
	for (int i = 0; i < 64; i++) {
		assert_int_equal(hz_buf_printf(&line, "%s\n", hex), HZ_OK);
	}
	assert_int_equal(hz_blocks_read(line.p, line.len, &b), HZ_OK);
	assert_int_equal(hz_buf_printf(&line, "%s\n", hex), HZ_OK);
	hz_buf_clear(&b);
	assert_int_equal(hz_blocks_read(line.p, line.len, &b), HZ_ERR_FORMAT);
	hz_buf_done(&b);
	hz_buf_done(&line);
}

static void
test_check_ots(void **state)
{
	(void)state;
	struct hz_anchor a;
	struct hz_anchor_given g = { .now = 0 };
	struct hz_anchor_facts *f = calloc(1, sizeof *f);
	struct hz_buf *t = &a.part[HZ_ANCHOR_TOKEN];
	uint8_t h[32], block[80] = { 0 };
	char hex[65];
	assert_non_null(f);
	hz_anchor_init(&a, HZ_ANCHOR_OTS);
	assert_int_equal(hz_buf_puts(&a.part[HZ_ANCHOR_CHECKPOINT], note), HZ_OK);
	hz_sha256(note, strlen(note), h);
	hz_hex(hex, h, 32);
	add(t, head_hex);
	add(t, "08");
	add(t, hex);
	size_t tree = t->len;
	add(t, PENDING "020161");
	assert_int_equal(hz_anchor_settle(&a), HZ_OK);
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_OK);
	assert_int_equal(f->state, HZ_ANCHOR_PENDING);
	t->len = tree;
	add(t, BITCOIN "03b8b71d"); /* height 482232 */
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_OK);
	assert_int_equal(f->state, HZ_ANCHOR_UNTRUSTED);
	assert_int_equal(f->ots.a[0].height, 482232);
	/* A block with another root proves nothing, with this root it does. */
	g.blocks = (struct hz_tsa_bytes){ block, 80 };
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_OK);
	assert_int_equal(f->state, HZ_ANCHOR_UNTRUSTED);
	assert_int_equal(f->confirmed, 0);
	memcpy(block + 36, h, 32);
	block[68] = 0x10;
	block[71] = 0x01;
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_OK);
	assert_int_equal(f->state, HZ_ANCHOR_GOOD);
	assert_int_equal(f->t, 0x01000010);
	assert_int_equal(f->confirmed, 1);
	/* Kept with the anchor it counts for its own member only. */
	assert_int_equal(hz_buf_put(&a.part[HZ_ANCHOR_BLOCKS], block, 80), HZ_OK);
	g.blocks.n = 0;
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_OK);
	assert_int_equal(f->state, HZ_ANCHOR_UNTRUSTED);
	g.own_chain = true;
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_OK);
	assert_int_equal(f->state, HZ_ANCHOR_GOOD);
	/* Another checkpoint. */
	a.part[HZ_ANCHOR_CHECKPOINT].p[0] ^= 1;
	assert_int_equal(hz_anchor_check(&a, &g, f, NULL, NULL), HZ_ERR_TAMPERED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_ANCHOR_INVALID);
	hz_anchor_done(&a);
	free(f);
}

/* --- conformance
 * ---------------------------------------------------------------------------------------------- */

static bool
load(const char *name, struct hz_buf *b)
{
	char path[512];

	if (getenv("HIRZ_SHARED") == NULL || getenv("HIRZ_SHARED")[0] == '\0') {
		return false;
	}
	*b = (struct hz_buf)HZ_BUF_INIT((size_t)1 << 20);
	(void)snprintf(path, sizeof path, "%s/conformance/ots/%s", getenv("HIRZ_SHARED"), name);
	assert_int_equal(hz_file_read(AT_FDCWD, path, (size_t)1 << 20, b), HZ_OK);
	return true;
}

static void
test_conformance(void **state)
{
	(void)state;
	static const struct {
		const char *file, *proof;
		uint64_t height; /* of a Bitcoin block; 0: none */
	} good[] = {
		{ "bad-stamp.txt", "bad-stamp.txt.ots", 0 },
		{ "different-blockchains.txt", "different-blockchains.txt.ots", 0 },
		{ "empty", "empty.ots", 129405 },
		{ "incomplete.txt", "incomplete.txt.ots", 0 },
		{ "known-and-unknown-notary.txt", "known-and-unknown-notary.txt.ots", 0 },
		{ "merkle2.txt", "merkle2.txt.ots", 0 },
		{ "merkle3.txt", "merkle3.txt.ots", 0 },
		{ "sha1/a", "sha1/a-or-b.ots", 0 },
		{ "sha1/b", "sha1/a-or-b.ots", 0 },
		{ "two-calendars.txt", "two-calendars.txt.ots", 0 },
		{ "unknown-notary.txt", "unknown-notary.txt.ots", 0 },
	};
	struct hz_ots *o = calloc(1, sizeof *o);
	struct hz_buf file, proof;
	uint8_t h[32];
	assert_non_null(o);
	if (!load("invalid/bad-major-version.ots", &proof)) {
		free(o);
		print_message("# the suite is not tested: HIRZ_SHARED is not set\n");
		return;
	}
	assert_int_equal(hz_ots_read(proof.p, proof.len, o), HZ_ERR_VERSION);
	hz_buf_done(&proof);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		bool reached = good[i].height == 0;
		assert_true(load(good[i].file, &file) && load(good[i].proof, &proof));
		enum hz_err r = hz_ots_read(proof.p, proof.len, o);
		if (r != HZ_OK) {
			fail_msg("%s: %s", good[i].proof, hz_fail_detail());
		}
		assert_true(o->n >= 1);
		for (size_t k = 0; k < o->n; k++) {
			reached =
			    reached || (o->a[k].kind == HZ_OTS_BITCOIN && o->a[k].height == good[i].height);
		}
		assert_true(reached);
		if (o->hash == HZ_OTS_SHA256) {
			hz_sha256(file.p, file.len, h);
			assert_memory_equal(h, o->digest, 32);
		} else {
			assert_int_equal(o->hash, HZ_OTS_SHA1);
			hz_sha1(file.p, file.len, h);
			assert_memory_equal(h, o->digest, 20);
		}
		/* Cut anywhere it is refused. */
		for (size_t n = 0; n < proof.len; n += 1 + n / 16) {
			assert_int_not_equal(hz_ots_read(proof.p, n, o), HZ_OK);
		}
		hz_buf_done(&file);
		hz_buf_done(&proof);
	}
	free(o);
}

/* --- our own ------------------------------------------------------------------------------------------- */

static const char *vectors = "";

static size_t
bytes_of(const struct hz_json *v, const char *name, uint8_t *p, size_t max)
{
	size_t n = 0;
	const char *s = hz_json_str(hz_json_get(v, name), &n);

	assert_non_null(s);
	assert_true(n / 2 <= max);
	assert_int_equal(n == 0 ? HZ_OK : hz_unhex(s, n, p, n / 2), HZ_OK);
	return n / 2;
}

static void
found_as(const struct hz_ots *o, const struct hz_json *found)
{
	static const struct {
		const char *word;
		enum hz_ots_kind kind;
	} kinds[] = { { "pending", HZ_OTS_PENDING }, { "bitcoin", HZ_OTS_BITCOIN },
		{ "litecoin", HZ_OTS_LITECOIN }, { "unknown", HZ_OTS_UNKNOWN } };
	uint8_t root[32];
	char hex[65];
	size_t n = 0;

	assert_int_equal(o->n, hz_json_count(found));
	for (size_t i = 0; i < o->n; i++) {
		const struct hz_json *f = hz_json_at(found, i);
		const char *word = hz_json_str(hz_json_at(f, 0), &n);
		uint64_t height = 0;
		for (size_t k = 0; k < 4; k++) {
			assert_int_equal(o->a[i].kind == kinds[k].kind, strcmp(word, kinds[k].word) == 0);
		}
		if (o->a[i].kind == HZ_OTS_BITCOIN || o->a[i].kind == HZ_OTS_LITECOIN) {
			assert_true(hz_json_int(hz_json_at(f, 1), &height));
			assert_int_equal(o->a[i].height, height);
			memcpy(root, o->a[i].root, 32);
			hz_hex(hex, root, 32);
			assert_string_equal(hex, hz_json_str(hz_json_at(f, 2), &n));
		}
	}
}

static void
test_own_vectors(void **state)
{
	struct hz_buf text = HZ_BUF_INIT(1 << 20);
	struct hz_json_doc *doc = NULL;
	struct hz_ots *o = calloc(1, sizeof *o);
	uint8_t *proof = malloc(65536), about[32];
	char path[4096];
	size_t n = 0;

	(void)state;
	assert_true(o != NULL && proof != NULL);
	(void)snprintf(path, sizeof path, "%s/anchor/anchors.json", vectors);
	assert_int_equal(hz_file_read(AT_FDCWD, path, 1 << 20, &text), HZ_OK);
	assert_int_equal(hz_json_parse(text.p, text.len, false, &doc), HZ_OK);
	const struct hz_json *root = hz_json_root(doc), *list = hz_json_get(root, "good");
	assert_int_equal(bytes_of(root, "about", about, 32), 32);
	assert_true(hz_json_count(list) >= 9);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		print_message("# %s\n", hz_json_str(hz_json_get(hz_json_at(list, i), "name"), &n));
		n = bytes_of(hz_json_at(list, i), "proof", proof, 65536);
		assert_int_equal(hz_ots_read(proof, n, o), HZ_OK);
		assert_int_equal(o->hash, HZ_OTS_SHA256);
		assert_memory_equal(o->digest, about, 32);
		found_as(o, hz_json_get(hz_json_at(list, i), "found"));
	}
	list = hz_json_get(root, "bad");
	assert_true(hz_json_count(list) >= 15);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		print_message("# %s\n", hz_json_str(hz_json_get(hz_json_at(list, i), "name"), &n));
		n = bytes_of(hz_json_at(list, i), "proof", proof, 65536);
		assert_true(hz_ots_read(proof, n, o) != HZ_OK || o->hash != HZ_OTS_SHA256 ||
			    memcmp(o->digest, about, 32) != 0);
	}
	hz_json_free(&doc);
	hz_buf_done(&text);
	free(proof);
	free(o);
}

/* The record of an anchor, from its fields and back. */
static void
test_own_record(void **state)
{
	struct hz_buf text = HZ_BUF_INIT(1 << 20);
	struct hz_json_doc *doc = NULL;
	struct hz_record r;
	struct hz_anchor a;
	char path[4096];
	size_t n = 0, len = 0;

	(void)state;
	(void)snprintf(path, sizeof path, "%s/anchor/anchors.json", vectors);
	assert_int_equal(hz_file_read(AT_FDCWD, path, 1 << 20, &text), HZ_OK);
	assert_int_equal(hz_json_parse(text.p, text.len, false, &doc), HZ_OK);
	const struct hz_json *fields = hz_json_get(hz_json_root(doc), "record_fields");
	hz_record_init(&r);
	assert_true(hz_json_count(fields) >= 5);
	for (size_t i = 0; i < hz_json_count(fields); i++) {
		const struct hz_json *f = hz_json_at(fields, i);
		const char *name = hz_json_str(hz_json_at(f, 0), &n),
			   *value = hz_json_str(hz_json_at(f, 1), &len);
		uint64_t v = 0;
		if (value != NULL) {
			assert_int_equal(hz_record_addn(&r, name, value, len), HZ_OK);
		} else {
			assert_true(hz_json_int(hz_json_at(f, 1), &v));
			assert_int_equal(hz_record_add_int(&r, name, v), HZ_OK);
		}
	}
	assert_int_equal(hz_anchor_from_record(&r, &a), HZ_OK);
	assert_int_equal(a.type, HZ_ANCHOR_OTS);
	assert_int_equal(a.c.size, 3);
	struct hz_record again;
	hz_record_init(&again);
	assert_int_equal(hz_anchor_to_record(&a, &again), HZ_OK);
	for (size_t i = 0; i < r.n; i++) {
		assert_non_null(hz_record_get(&again, r.fields[i].name));
		assert_string_equal(hz_record_get(&again, r.fields[i].name), r.fields[i].value);
	}
	hz_record_done(&again);
	hz_record_done(&r);
	hz_anchor_done(&a);
	hz_json_free(&doc);
	hz_buf_done(&text);
}

int
main(int argc, char **argv)
{
	vectors = argc > 1 ? argv[1] : "";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_vectors),
		cmocka_unit_test(test_own_record),
		cmocka_unit_test(test_ots_tree),
		cmocka_unit_test(test_ots_refused),
		cmocka_unit_test(test_ots_limits),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_record_refused),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_check_ots),
		cmocka_unit_test(test_conformance),
	};

	if (hz_crypto_init() != HZ_OK) {
		return 1;
	}
	return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
