/* Signed notes, checkpoints, vkeys and proof files. */
#include "tests.h"

#include "base/enc.h"

#include <stdlib.h>
#include <string.h>

struct key_of_log {
	struct hz_ed_key key;
	const char *vkey;
};

static struct key_of_log
log_key(const struct hz_json *root)
{
	struct key_of_log k;
	uint8_t seed[32];
	from_hex(text_of(root, "seed"), seed, sizeof seed);
	hz_ed_key_from_seed(seed, &k.key);
	k.vkey = text_of(root, "vkey");
	return k;
}

void
test_checkpoints(void **state)
{
	(void)state;
	struct hz_json_doc *doc = vectors_load("checkpoint/checkpoints.json");
	const struct hz_json *root = hz_json_root(doc);
	struct key_of_log k = log_key(root);
	const struct hz_json *good = hz_json_get(root, "good");
	const struct hz_json *accepted = hz_json_get(root, "accepted");
	const struct hz_json *bad = hz_json_get(root, "bad");
	for (size_t i = 0; i < hz_json_count(good); i++) {
		const struct hz_json *v = hz_json_at(good, i);
		const char *note = text_of(v, "note");
		struct hz_checkpoint c;
		struct hz_buf b = HZ_BUF_INIT(HZ_NOTE_MAX);
		assert_int_equal(hz_checkpoint_read(note, strlen(note), k.key.pk, &c), HZ_OK);
		assert_string_equal(c.origin, text_of(v, "origin"));
		assert_int_equal(c.size, strtoull(text_of(v, "size"), NULL, 10));
		assert_int_equal(hz_checkpoint_sign(&c, &k.key, &b), HZ_OK);
		assert_int_equal(b.len, strlen(note));
		assert_memory_equal(b.p, note, b.len);
		hz_buf_done(&b);
	}
	for (size_t i = 0; i < hz_json_count(accepted); i++) {
		const char *note = text_of(hz_json_at(accepted, i), "note");
		struct hz_checkpoint c;
		assert_int_equal(hz_checkpoint_read(note, strlen(note), k.key.pk, &c), HZ_OK);
		assert_int_equal(c.size, 5);
	}
	for (size_t i = 0; i < hz_json_count(bad); i++) {
		const char *note = text_of(hz_json_at(bad, i), "note");
		enum hz_err want = expected(text_of(hz_json_at(bad, i), "expect"));
		struct hz_checkpoint c = { .size = 77 };
		enum hz_err err = hz_checkpoint_read(note, strlen(note), k.key.pk, &c);
		if (err != want) {
			fail_msg("%s: error %d (%s)", text_of(hz_json_at(bad, i), "name"), (int)err,
			    hz_fail_detail());
		}
		assert_int_equal(c.size, 77);
		/* Without a key only the form counts. */
		err = hz_checkpoint_read(note, strlen(note), NULL, &c);
		assert_int_equal(err, want == HZ_ERR_TAMPERED ? HZ_OK : want);
	}
	assert_true(hz_json_count(good) >= 4 && hz_json_count(accepted) >= 4 && hz_json_count(bad) >= 30);
	hz_json_free(&doc);
}

void
test_vkeys(void **state)
{
	(void)state;
	struct hz_json_doc *doc = vectors_load("checkpoint/checkpoints.json");
	const struct hz_json *good = hz_json_get(hz_json_root(doc), "vkeys");
	const struct hz_json *bad = hz_json_get(hz_json_root(doc), "bad_vkeys");
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	uint8_t want[32];
	for (size_t i = 0; i < hz_json_count(good); i++) {
		const struct hz_json *v = hz_json_at(good, i);
		const char *text = hz_json_str(hz_json_at(v, 2), NULL);
		struct hz_buf b = HZ_BUF_INIT(HZ_VKEY_MAX);
		assert_int_equal(hz_vkey_parse(text, strlen(text), name, pk), HZ_OK);
		assert_string_equal(name, hz_json_str(hz_json_at(v, 0), NULL));
		from_hex(hz_json_str(hz_json_at(v, 1), NULL), want, sizeof want);
		assert_memory_equal(pk, want, sizeof want);
		assert_int_equal(hz_vkey_write(name, pk, &b), HZ_OK);
		assert_int_equal(b.len, strlen(text));
		assert_memory_equal(b.p, text, b.len);
		hz_buf_done(&b);
	}
	for (size_t i = 0; i < hz_json_count(bad); i++) {
		const char *text = hz_json_str(hz_json_at(bad, i), NULL);
		memcpy(name, "same", 5);
		if (hz_vkey_parse(text, strlen(text), name, pk) != HZ_ERR_FORMAT) {
			fail_msg("%s", text);
		}
		assert_string_equal(name, "same");
	}
	assert_true(hz_json_count(bad) >= 20);
	/* The example of C2SP signed-note. */
	static const char example[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
	assert_int_equal(hz_vkey_parse(example, sizeof example - 1, name, pk), HZ_OK);
	assert_string_equal(name, "example.com/foo");
	/* Names that may not be written. */
	struct hz_buf b = HZ_BUF_INIT(HZ_VKEY_MAX);
	char long_name[HZ_ORIGIN_MAX + 1];
	memset(long_name, 'n', HZ_ORIGIN_MAX);
	long_name[HZ_ORIGIN_MAX] = '\0';
	assert_int_equal(hz_vkey_write(long_name, pk, &b), HZ_ERR_FORMAT);
	assert_int_equal(hz_vkey_write("a b", pk, &b), HZ_ERR_FORMAT);
	assert_int_equal(hz_vkey_write("a+b", pk, &b), HZ_ERR_FORMAT);
	assert_int_equal(hz_vkey_write("", pk, &b), HZ_ERR_FORMAT);
	assert_int_equal(b.len, 0);
	assert_int_equal(hz_vkey_write(long_name + 1, pk, &b), HZ_OK);
	hz_buf_done(&b);
	hz_json_free(&doc);
}

/* No bit of a checkpoint with one signature can change. */
void
test_checkpoint_bits(void **state)
{
	(void)state;
	uint8_t seed[32] = { 9 };
	struct hz_ed_key key;
	struct hz_checkpoint c = { .origin = "hirz.invalid/00112233445566778899aabbccddeeff/01234567",
		.size = 12345 };
	struct hz_checkpoint got;
	struct hz_buf b = HZ_BUF_INIT(HZ_NOTE_MAX);
	hz_ed_key_from_seed(seed, &key);
	memset(c.root, 0xab, sizeof c.root);
	assert_int_equal(hz_checkpoint_sign(&c, &key, &b), HZ_OK);
	assert_int_equal(hz_checkpoint_read(b.p, b.len, key.pk, &got), HZ_OK);
	assert_memory_equal(&got, &c, sizeof c);
	for (size_t i = 0; i < b.len * 8; i++) {
		b.p[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_int_not_equal(hz_checkpoint_read(b.p, b.len, key.pk, &got), HZ_OK);
		b.p[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(hz_checkpoint_read(b.p, n, key.pk, &got), HZ_ERR_FORMAT);
	}
	memcpy(c.origin, "a b", 4);
	hz_buf_clear(&b);
	assert_int_equal(hz_checkpoint_sign(&c, &key, &b), HZ_ERR_FORMAT);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
}

void
test_note_limits(void **state)
{
	(void)state;
	uint8_t seed[32] = { 9 };
	struct hz_note_key known = { .name = "k" };
	struct hz_ed_key key;
	struct hz_buf b = HZ_BUF_INIT((size_t)2 * HZ_NOTE_MAX);
	size_t text = 77;
	size_t verified = 77;
	uint8_t sig[68];
	hz_ed_key_from_seed(seed, &key);
	memcpy(known.pk, key.pk, 32);
	/* The longest note and one byte more. */
	const size_t tail = 1 + 4 + 2 + hz_b64_len(HZ_B64_STD, sizeof sig) + 1;
	for (size_t more = 0; more < 2; more++) {
		uint8_t *room;
		size_t n = HZ_NOTE_MAX - tail + more;
		hz_buf_clear(&b);
		assert_int_equal(hz_buf_room(&b, n, &room), HZ_OK);
		memset(room, 'x', n);
		room[n - 1] = '\n';
		struct hz_buf v = HZ_BUF_INIT(HZ_VKEY_MAX);
		assert_int_equal(hz_vkey_write("k", key.pk, &v), HZ_OK);
		assert_int_equal(hz_unhex((const char *)v.p + 2, 8, sig, 4), HZ_OK);
		hz_buf_done(&v);
		hz_ed_sign(&key, b.p, n, sig + 4);
		assert_int_equal(hz_buf_puts(&b, "\n\xe2\x80\x94 k "), HZ_OK);
		assert_int_equal(hz_b64_put(&b, HZ_B64_STD, sig, sizeof sig), HZ_OK);
		assert_int_equal(hz_buf_puts(&b, "\n"), HZ_OK);
		assert_int_equal(b.len, HZ_NOTE_MAX + more);
		enum hz_err err = hz_note_verify(b.p, b.len, &known, 1, &text, &verified);
		assert_int_equal(err, more == 0 ? HZ_OK : HZ_ERR_FORMAT);
		assert_int_equal(text, HZ_NOTE_MAX - tail);
		assert_int_equal(verified, 1);
	}
	hz_buf_done(&b);
}

void
test_signed_notes(void **state)
{
	(void)state;
	struct lines l;
	if (!lines_open(&l, "notes")) {
		return;
	}
	while (lines_next(&l, 6)) {
		size_t n;
		char name[HZ_ORIGIN_MAX];
		uint8_t pk[32];
		uint8_t *p = bytes_of(l.field[3], &n);
		if (l.field[0][0] == 'V') {
			enum hz_err err = hz_vkey_parse((const char *)p, n, name, pk);
			assert_int_equal(err, strcmp(l.field[1], "good") == 0 ? HZ_OK : HZ_ERR_FORMAT);
			free(p);
			continue;
		}
		struct hz_note_key keys[2];
		size_t nkeys = 0;
		for (unsigned i = 4; i < 6 && l.field[i][0] != '\0'; i++) {
			size_t key_n;
			uint8_t *text = bytes_of(l.field[i], &key_n);
			assert_int_equal(
			    hz_vkey_parse((const char *)text, key_n, keys[nkeys].name, keys[nkeys].pk),
			    HZ_OK);
			nkeys++;
			free(text);
		}
		size_t text;
		size_t verified = 0;
		enum hz_err err = hz_note_verify(p, n, keys, nkeys, &text, &verified);
		enum hz_err want = strcmp(l.field[1], "ok") == 0          ? HZ_OK
				   : strcmp(l.field[1], "malformed") == 0 ? HZ_ERR_FORMAT
									  : HZ_ERR_TAMPERED;
		assert_int_equal(err, want);
		assert_int_equal(verified, strtoull(l.field[2], NULL, 10));
		free(p);
	}
	lines_close(&l, 25);
}

static void
numbered_leaf(uint64_t i, uint8_t ret[static 32])
{
	char text[32];
	int n = snprintf(text, sizeof text, "leaf %llu", (unsigned long long)i);
	hz_leaf_hash(text, (size_t)n, ret);
}

/* What a checker does with a proof file: form, checkpoint, inclusion. */
static enum hz_err
check_proof(const void *p, size_t n, const uint8_t pk[static 32], const uint8_t leaf[static 32])
{
	struct hz_tlog_proof proof;
	struct hz_checkpoint c;
	enum hz_err err = hz_tlog_proof_read(p, n, &proof);
	if (err == HZ_OK) {
		err = hz_checkpoint_read((const uint8_t *)p + proof.note_at, n - proof.note_at, pk, &c);
	}
	return err == HZ_OK ? hz_inclusion_verify(leaf, proof.index, c.size, proof.hashes, proof.n, c.root)
			    : err;
}

void
test_proofs(void **state)
{
	(void)state;
	struct hz_json_doc *doc = vectors_load("proof/proofs.json");
	const struct hz_json *root = hz_json_root(doc);
	const struct hz_json *good = hz_json_get(root, "good");
	const struct hz_json *bad = hz_json_get(root, "bad");
	struct key_of_log k = log_key(root);
	uint8_t leaves[300][32];
	for (size_t i = 0; i < 300; i++) {
		numbered_leaf(i, leaves[i]);
	}
	for (size_t i = 0; i < hz_json_count(good); i++) {
		const struct hz_json *v = hz_json_at(good, i);
		const char *want = text_of(v, "proof");
		uint64_t size = 0;
		uint64_t index = 0;
		assert_true(hz_json_int(hz_json_get(v, "size"), &size) &&
			    hz_json_int(hz_json_get(v, "index"), &index));
		struct shelf s;
		struct hz_tree *t = tree_of(&s, leaves, size);
		struct hz_checkpoint c = { .size = size };
		(void)snprintf(c.origin, sizeof c.origin, "%s", text_of(root, "origin"));
		uint8_t proof[HZ_PROOF_MAX][32];
		size_t n;
		struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
		struct hz_buf b = HZ_BUF_INIT(HZ_NOTE_MAX);
		assert_int_equal(hz_tree_root(t, c.root), HZ_OK);
		assert_int_equal(hz_tree_inclusion(t, index, size, proof, &n), HZ_OK);
		assert_int_equal(hz_checkpoint_sign(&c, &k.key, &note), HZ_OK);
		assert_int_equal(hz_tlog_proof_write(index, proof, n, note.p, note.len, &b), HZ_OK);
		assert_int_equal(b.len, strlen(want));
		assert_memory_equal(b.p, want, b.len);
		assert_int_equal(check_proof(b.p, b.len, k.key.pk, leaves[index]), HZ_OK);
		assert_int_equal(
		    check_proof(b.p, b.len, k.key.pk, leaves[(index + 1) % 300]), HZ_ERR_TAMPERED);
		hz_buf_done(&b);
		hz_buf_done(&note);
		hz_tree_close(&t);
		shelf_done(&s);
	}
	for (size_t i = 0; i < hz_json_count(bad); i++) {
		const char *text = text_of(hz_json_at(bad, i), "proof");
		enum hz_err err = check_proof(text, strlen(text), k.key.pk, leaves[3]);
		if (err != expected(text_of(hz_json_at(bad, i), "expect"))) {
			fail_msg("%s: error %d (%s)", text_of(hz_json_at(bad, i), "name"), (int)err,
			    hz_fail_detail());
		}
	}
	assert_true(hz_json_count(good) >= 20 && hz_json_count(bad) >= 20);
	struct hz_buf b = HZ_BUF_INIT(HZ_NOTE_MAX);
	assert_int_equal(hz_tlog_proof_write(0, leaves, HZ_PROOF_MAX + 1, "x", 1, &b), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
	hz_json_free(&doc);
}

void
test_proof_syntax(void **state)
{
	(void)state;
	struct lines l;
	if (!lines_open(&l, "syntax")) {
		return;
	}
	while (lines_next(&l, 3)) {
		struct hz_tlog_proof proof = { .index = 77 };
		size_t n;
		uint8_t *p = bytes_of(l.field[2], &n);
		/* The line that nothing authenticates is not taken [F-8.6]. */
		bool want = strcmp(l.field[0], "parses") == 0 && strcmp(l.field[1], "extra") != 0;
		enum hz_err err = hz_tlog_proof_read(p, n, &proof);
		if (err != (want ? HZ_OK : HZ_ERR_FORMAT)) {
			fail_msg("%s: error %d", l.field[1], (int)err);
		}
		assert_true(want || proof.index == 77);
		free(p);
	}
	lines_close(&l, 12);
}

void
test_own_tlog(void **state)
{
	(void)state;
	struct lines l;
	uint8_t leaves[64][32];
	size_t entries = 0;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	struct shelf s;
	struct hz_tree *t = NULL;
	if (!lines_open(&l, "tlog")) {
		return;
	}
	while (lines_next(&l, 4)) {
		size_t n;
		uint8_t *p = bytes_of(l.field[2], &n);
		if (l.field[0][0] == 'K') {
			assert_int_equal(hz_vkey_parse((const char *)p, n, name, pk), HZ_OK);
		} else if (l.field[0][0] == 'E') {
			hz_leaf_hash(p, n, leaves[entries++]);
		} else if (l.field[0][0] == 'P') {
			uint8_t leaf[32];
			size_t leaf_n;
			uint8_t *entry = bytes_of(l.field[3], &leaf_n);
			hz_leaf_hash(entry, leaf_n, leaf);
			assert_int_equal(check_proof(p, n, pk, leaf), expected(l.field[1]));
			free(entry);
		} else {
			struct hz_checkpoint c;
			uint8_t root[32];
			bool fork = strcmp(l.field[1], "fork") == 0;
			assert_int_equal(
			    hz_checkpoint_read(p, n, pk, &c), fork ? HZ_OK : expected(l.field[1]));
			if (t == NULL) {
				t = tree_of(&s, leaves, entries);
			}
			if (strcmp(l.field[1], "format") != 0) {
				assert_int_equal(hz_tree_root_at(t, c.size, root), HZ_OK);
				assert_int_equal(memcmp(root, c.root, 32) != 0, fork);
			}
		}
		free(p);
	}
	lines_close(&l, 60);
	assert_non_null(t);
	hz_tree_close(&t);
	shelf_done(&s);
}
