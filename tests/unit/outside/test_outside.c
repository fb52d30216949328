/* States of witnesses, proofs of misconduct, words; and witnesses of the room custody, with the vectors of
 * others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs these before it */
#include <cmocka.h>

#include "tests.h"

#include "../../lib/memory.h"
#include "base/enc.h"
#include "text/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK(e)         assert_int_equal(e, HZ_OK)
#define ORIGIN        "hirz.invalid/00000000000000000000000000000000/00000001"
#define LEAVES        13
#define FAILS(e, msg) assert_int_not_equal(e, HZ_OK), assert_int_equal(hz_fail_msg(), msg)

static struct hz_ed_key log_key, witness_key;
static char log_vkey[HZ_VKEY_MAX];

/* --- a small log: its tree by definition ------------------------------------------------------------------
 */

static void
leaf_at(unsigned history, size_t i, uint8_t h[static 32])
{
	uint8_t data[2] = { (uint8_t)i, (uint8_t)(i >= 5 ? history : 0) };

	hz_leaf_hash(data, sizeof data, h);
}

static void
root_of(unsigned history, size_t from, size_t to, uint8_t h[static 32])
{
	uint8_t l[32], r[32];
	size_t k = 1;

	if (to - from == 1) {
		leaf_at(history, from, h);
		return;
	}
	while (k * 2 < to - from) {
		k *= 2;
	}
	root_of(history, from, from + k, l); /* NOLINT(misc-no-recursion): thirteen leaves */
	root_of(history, from + k, to, r);
	hz_node_hash(l, r, h);
}

static size_t
path_of(unsigned history, size_t index, size_t size, uint8_t (*proof)[32])
{
	size_t lo = 0, hi = size, n = 0;
	uint8_t down[HZ_PROOF_MAX][32];

	while (hi - lo > 1) {
		size_t k = 1;
		while (k * 2 < hi - lo) {
			k *= 2;
		}
		if (index < lo + k) {
			root_of(history, lo + k, hi, down[n++]);
			hi = lo + k;
		} else {
			root_of(history, lo, lo + k, down[n++]);
			lo = lo + k;
		}
	}
	for (size_t i = 0; i < n; i++) {
		memcpy(proof[i], down[n - 1 - i], 32);
	}
	return n;
}

static void
note_of(unsigned history, size_t size, struct hz_buf *out)
{
	struct hz_checkpoint c = { .origin = ORIGIN, .size = size };

	root_of(history, 0, size, c.root);
	OK(hz_checkpoint_sign(&c, &log_key, out));
}

static int
setup(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_VKEY_MAX);
	uint8_t seed[32] = { 7 };

	(void)state;
	OK(hz_crypto_init());
	hz_ed_key_from_seed(seed, &log_key);
	seed[0] = 8;
	hz_ed_key_from_seed(seed, &witness_key);
	OK(hz_vkey_write(ORIGIN, log_key.pk, &b));
	memcpy(log_vkey, b.p, b.len);
	hz_buf_done(&b);
	return 0;
}

/* --- prefix, misconduct ------------------------------------------------------------------------------------
 */

/* From the inclusion proof of every last leaf: the root of then, and a consistency proof that holds. */
static void
prefixes(void **state)
{
	(void)state;
	for (size_t size = 2; size <= LEAVES; size++) {
		uint8_t top[32];
		root_of(0, 0, size, top);
		for (size_t was = 1; was < size; was++) {
			struct hz_tlog_proof x = { .index = was - 1 };
			uint8_t leaf[32], root[32], want[32], proof[HZ_PROOF_MAX + 1][32];
			size_t n = 0;
			x.n = path_of(0, was - 1, size, x.hashes);
			leaf_at(0, was - 1, leaf);
			OK(hz_inclusion_verify(leaf, was - 1, size, x.hashes, x.n, top));
			hz_root_up_to(leaf, &x, size, root);
			root_of(0, 0, was, want);
			assert_memory_equal(root, want, 32);
			hz_prefix_proof(leaf, &x, proof, &n);
			OK(hz_consistency_verify(was, want, size, top, proof, n));
		}
	}
}

static void
misconduct(void **state)
{
	struct hz_buf a = HZ_BUF_INIT(HZ_NOTE_MAX), b = HZ_BUF_INIT(HZ_NOTE_MAX),
		      out = HZ_BUF_INIT(HZ_MISCONDUCT_MAX);
	static struct hz_misconduct m;

	(void)state;
	note_of(0, 9, &a);
	note_of(1, 9, &b);
	OK(hz_misconduct_write(log_vkey, &a, &b, NULL, NULL, 0, &out));
	OK(hz_misconduct_read(out.p, out.len, &m));
	assert_int_equal(m.older.size, 9);
	FAILS(hz_misconduct_write(log_vkey, &a, &a, NULL, NULL, 0, &out), HZ_MSG_TAMPERED);
	for (size_t i = 0; i < out.len * 8; i++) { /* no flipped bit leaves a proof */
		out.p[i / 8] = (uint8_t)(out.p[i / 8] ^ 1U << (i % 8));
		assert_int_not_equal(hz_misconduct_read(out.p, out.len, &m), HZ_OK);
		out.p[i / 8] = (uint8_t)(out.p[i / 8] ^ 1U << (i % 8));
	}
	for (size_t n = 0; n < out.len; n++) {
		assert_int_not_equal(hz_misconduct_read(out.p, n, &m), HZ_OK);
	}
	OK(hz_buf_putc(&out, '\n'));
	FAILS(hz_misconduct_read(out.p, out.len, &m), HZ_MSG_FORMAT);
	/* Another size: the later history shows what it was then. */
	struct hz_tlog_proof x = { .index = 6 };
	uint8_t leaf[32], root[32], proof[HZ_PROOF_MAX + 1][32];
	size_t n = 0;
	hz_buf_clear(&a);
	hz_buf_clear(&out);
	note_of(0, 7, &a);
	hz_buf_clear(&b);
	note_of(1, 12, &b);
	x.n = path_of(1, 6, 12, x.hashes);
	leaf_at(1, 6, leaf);
	hz_root_up_to(leaf, &x, 12, root);
	hz_prefix_proof(leaf, &x, proof, &n);
	FAILS(hz_misconduct_write(log_vkey, &b, &a, NULL, NULL, 0, &out), HZ_MSG_TAMPERED);
	OK(hz_misconduct_write(log_vkey, &b, &a, root, proof, n, &out));
	assert_int_equal(hz_is_misconduct(out.p, out.len), true);
	proof[0][3] ^= 1;
	FAILS(hz_misconduct_write(log_vkey, &b, &a, root, proof, n, &out), HZ_MSG_TAMPERED);
	/* One history: the prefix is what was signed. */
	hz_buf_clear(&b);
	note_of(0, 12, &b);
	x.n = path_of(0, 6, 12, x.hashes);
	leaf_at(0, 6, leaf);
	hz_root_up_to(leaf, &x, 12, root);
	hz_prefix_proof(leaf, &x, proof, &n);
	FAILS(hz_misconduct_write(log_vkey, &a, &b, root, proof, n, &out), HZ_MSG_TAMPERED);
	hz_buf_done(&a);
	hz_buf_done(&b);
	hz_buf_done(&out);
}

/* --- state of a witness
 * ------------------------------------------------------------------------------------- */

static void
fill_state(struct hz_state *s)
{
	struct hz_state_log *l = NULL;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);

	*s = (struct hz_state){ .kdf_t = 3, .kdf_mem = 65536, .generation = 4, .last_t = 1700000000 };
	(void)snprintf(s->key.name, sizeof s->key.name, "w.example");
	memcpy(s->key.pk, witness_key.pk, 32);
	OK(hz_state_add(s, log_vkey, &l));
	note_of(0, 9, &note);
	OK(hz_checkpoint_read(note.p, note.len, log_key.pk, &l->c));
	l->note = strndup((const char *)note.p, note.len);
	l->t = 1700000000;
	hz_buf_done(&note);
}

static void
states(void **state)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_STATE_MAX), again = HZ_BUF_INIT(HZ_STATE_MAX);
	struct hz_state_log *l = NULL;
	struct hz_state s, r;

	(void)state;
	fill_state(&s);
	OK(hz_state_write(&s, &witness_key, &text));
	OK(hz_state_read(text.p, text.len, &r));
	assert_int_equal(r.n, 1);
	assert_int_equal(r.log[0].c.size, 9);
	assert_non_null(hz_state_find(&r, log_vkey));
	OK(hz_state_write(&r, &witness_key, &again));
	assert_int_equal(text.len, again.len);
	assert_memory_equal(text.p, again.p, text.len);
	hz_state_done(&r);
	for (size_t i = 0; i < text.len * 8; i += 5) {
		text.p[i / 8] = (uint8_t)(text.p[i / 8] ^ 1U << (i % 8));
		assert_int_not_equal(hz_state_read(text.p, text.len, &r), HZ_OK);
		text.p[i / 8] = (uint8_t)(text.p[i / 8] ^ 1U << (i % 8));
	}
	for (size_t n = 0; n < text.len; n++) {
		assert_int_not_equal(hz_state_read(text.p, n, &r), HZ_OK);
	}
	FAILS(hz_state_read(text.p, HZ_STATE_MAX + 1, &r), HZ_MSG_LIMIT);
	/* A log has one key. */
	struct hz_buf other = HZ_BUF_INIT(HZ_VKEY_MAX);
	const char *vkey = NULL;
	OK(hz_vkey_write(ORIGIN, witness_key.pk, &other));
	OK(hz_buf_cstr(&other, &vkey));
	FAILS(hz_state_add(&s, vkey, &l), HZ_MSG_TAMPERED);
	FAILS(hz_state_add(&s, "nothing", &l), HZ_MSG_FORMAT);
	hz_buf_done(&other);
	hz_state_done(&s);
	hz_buf_done(&text);
	hz_buf_done(&again);
}

static void
locked_key(void **state)
{
	const uint8_t seed[32] = { 8 };
	struct hz_state s = { .kdf_t = 1, .kdf_mem = HZ_ARGON_FLOOR_MIB * 1024 };
	struct hz_ed_key key;

	(void)state;
	OK(hz_state_lock(&s, "seven lanterns", 14, seed));
	assert_memory_equal(s.key.pk, witness_key.pk, 32);
	OK(hz_state_unlock(&s, "seven lanterns", 14, &key));
	assert_memory_equal(key.pk, witness_key.pk, 32);
	FAILS(hz_state_unlock(&s, "seven lantern", 13, &key), HZ_MSG_WRONG_PASSPHRASE);
	s.box[5] ^= 1;
	FAILS(hz_state_unlock(&s, "seven lanterns", 14, &key), HZ_MSG_WRONG_PASSPHRASE);
}

/* --- what was kept
 * -------------------------------------------------------------------------------------------- */

static void
kept(const struct hz_buf *text, enum hz_before_kind kind, uint64_t size)
{
	struct memory m = { text->p, text->len, 0 };
	const struct hz_source src = { read_memory, &m };
	struct hz_before list[2];
	size_t n = 0;

	OK(hz_before_read(&src, list, 2, &n));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].kind, kind);
	assert_int_equal(list[0].c.size, size);
	hz_before_done(list, n);
	assert_int_equal(hz_before_read(&src, list, 0, &n), HZ_ERR_LIMIT);
}

static void
forms(void **state)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), fork = HZ_BUF_INIT(HZ_NOTE_MAX),
		      b = HZ_BUF_INIT(HZ_STATE_MAX);
	struct hz_state s;

	(void)state;
	note_of(0, 9, &note);
	note_of(2, 9, &fork);
	kept(&note, HZ_BEFORE_CHECKPOINT, 9);
	OK(hz_witness_request_write(0, NULL, 0, note.p, note.len, &b));
	kept(&b, HZ_BEFORE_CHECKPOINT, 9);
	hz_buf_clear(&b);
	OK(hz_tlog_proof_write(3, NULL, 0, note.p, note.len, &b));
	kept(&b, HZ_BEFORE_CHECKPOINT, 9);
	hz_buf_clear(&b);
	OK(hz_misconduct_write(log_vkey, &note, &fork, NULL, NULL, 0, &b));
	kept(&b, HZ_BEFORE_MISCONDUCT, 9);
	hz_buf_clear(&b);
	fill_state(&s);
	OK(hz_state_write(&s, &witness_key, &b));
	kept(&b, HZ_BEFORE_WITNESS, 9);
	hz_state_done(&s);
	hz_buf_done(&note);
	hz_buf_done(&fork);
	hz_buf_done(&b);
}

static void
where_they_part(void **state)
{
	struct hz_leaf_at leaves[3] = { { 2, { 2 } }, { 5, { 5 } }, { 8, { 8 } } };
	struct hz_before b = { .leaf = leaves, .nleaf = 3, .differs = UINT64_MAX, .same = UINT64_MAX };
	uint8_t h[32] = { 2 };

	(void)state;
	hz_before_leaf(&b, 3, h);
	assert_true(b.same == UINT64_MAX && b.differs == UINT64_MAX);
	hz_before_leaf(&b, 2, h);
	assert_int_equal(b.same, 2);
	hz_before_leaf(&b, 8, h);
	assert_int_equal(b.differs, 8);
	hz_before_leaf(&b, 5, h);
	assert_int_equal(b.differs, 5);
}

/* --- words
 * ----------------------------------------------------------------------------------------------------- */

static unsigned
distance(const struct hz_buf *a, const struct hz_buf *b)
{
	unsigned row[66];

	for (unsigned j = 0; j <= b->len; j++) {
		row[j] = j;
	}
	for (unsigned i = 1; i <= a->len; i++) {
		unsigned left = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= b->len; j++) {
			unsigned up = row[j], cost = left + (a->p[i - 1] != b->p[j - 1]);
			row[j] = up + 1 < row[j - 1] + 1 ? up + 1 : row[j - 1] + 1;
			row[j] = row[j] < cost ? row[j] : cost;
			left = up;
		}
	}
	return row[b->len];
}

static void
lists(void **state)
{
	static struct hz_buf folded[256];

	(void)state;
	for (int lang = HZ_WORDS_EN; lang <= HZ_WORDS_AR; lang++) {
		for (unsigned i = 0; i < 256; i++) {
			struct hz_buf word = HZ_BUF_INIT(64);
			folded[i] = (struct hz_buf)HZ_BUF_INIT(64);
			OK(hz_word_put((enum hz_words_lang)lang, (uint8_t)i, &word));
			assert_in_range(word.len, 3, 20);
			OK(hz_text_fold(word.p, word.len, &folded[i]));
			for (unsigned k = 0; k < i; k++) {
				/* Arabic letters are two bytes that may differ in one: different is what
				 * counts there. */
				assert_true(
				    distance(&folded[i], &folded[k]) >= (lang == HZ_WORDS_EN ? 2 : 1));
			}
			hz_buf_done(&word);
		}
		for (unsigned i = 0; i < 256; i++) {
			hz_buf_done(&folded[i]);
		}
	}
}

static void
words(void **state)
{
	uint8_t b[HZ_WORDS], back[HZ_WORDS];
	unsigned found = 0;

	(void)state;
	hz_words_of("a\n1\nb\n", 6, b);
	for (int lang = HZ_WORDS_EN; lang <= HZ_WORDS_AR; lang++) {
		struct hz_buf text = HZ_BUF_INIT(4096);
		for (size_t i = 0; i < HZ_WORDS; i++) {
			OK(hz_word_put((enum hz_words_lang)lang, b[i], &text));
			OK(hz_buf_puts(&text, i % 2 == 0 ? " - " : "\xd8\x8c\n3. "));
		}
		OK(hz_words_read((const char *)text.p, text.len, back));
		assert_memory_equal(b, back, sizeof b);
		OK(hz_word_put(HZ_WORDS_EN, 1, &text));
		FAILS(hz_words_read((const char *)text.p, text.len, back), HZ_MSG_FORMAT);
		hz_buf_done(&text);
	}
	FAILS(hz_words_read("", 0, back), HZ_MSG_FORMAT);
	FAILS(hz_words_read("\xff", 1, back), HZ_MSG_FORMAT);
	/* Any one word wrong is found but for one in 256. */
	for (unsigned wrong = 1; wrong < 256; wrong++) {
		struct hz_buf text = HZ_BUF_INIT(4096);
		for (size_t i = 0; i < HZ_WORDS; i++) {
			OK(hz_word_put(HZ_WORDS_EN, (uint8_t)(i == 4 ? b[i] ^ wrong : b[i]), &text));
			OK(hz_buf_putc(&text, ' '));
		}
		found += hz_words_read((const char *)text.p, text.len, back) == HZ_ERR_TAMPERED;
		hz_buf_done(&text);
	}
	assert_in_range(found, 245, 255);
}

/* --- witnesses
 * ---------------------------------------------------------------------------------------------------- */

static void
cosignatures(void **state)
{
	struct hz_witness_key k = { .name = "w.example" }, back;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), line = HZ_BUF_INIT(HZ_COSIG_LINE),
		      key = HZ_BUF_INIT(HZ_VKEY_MAX), bare = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_cosignature c;
	size_t text = 0;

	(void)state;
	memcpy(k.pk, witness_key.pk, 32);
	OK(hz_wkey_write(&k, &key));
	OK(hz_wkey_parse((const char *)key.p, key.len, &back));
	assert_string_equal(back.name, k.name);
	for (size_t i = 0; i < key.len; i++) {
		key.p[i] ^= 2;
		assert_int_not_equal(hz_wkey_parse((const char *)key.p, key.len, &back), HZ_OK);
		key.p[i] ^= 2;
	}
	note_of(0, 9, &note);
	OK(hz_checkpoint_text(note.p, note.len, &text));
	assert_int_equal(hz_cosign("w.example", &witness_key, 0, note.p, text, &line), HZ_ERR_LIMIT);
	OK(hz_cosign("w.example", &witness_key, INT64_MAX, note.p, text, &line));
	OK(hz_cosignature_read((const char *)line.p, line.len - 1, &c));
	assert_true(hz_cosignature_by(&c, &k));
	assert_true(hz_cosignature_good(&c, &k, note.p, text));
	c.t--;
	assert_false(hz_cosignature_good(&c, &k, note.p, text));
	assert_false(hz_cosignature_good(&c, &k, note.p, text - 1));
	OK(hz_buf_put(&note, line.p, line.len));
	OK(hz_checkpoint_bare(note.p, note.len, log_key.pk, &bare));
	assert_int_equal(bare.len + line.len, note.len);
	FAILS(hz_checkpoint_bare(note.p, note.len, witness_key.pk, &bare), HZ_MSG_TAMPERED);
	hz_buf_done(&note);
	hz_buf_done(&bare);
	hz_buf_done(&line);
	hz_buf_done(&key);
}

int
main(int argc, char **argv)
{
	outside_vectors = argc > 1 ? argv[1] : "";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes),
		cmocka_unit_test(misconduct),
		cmocka_unit_test(states),
		cmocka_unit_test(locked_key),
		cmocka_unit_test(forms),
		cmocka_unit_test(where_they_part),
		cmocka_unit_test(lists),
		cmocka_unit_test(words),
		cmocka_unit_test(cosignatures),
		cmocka_unit_test(requests_of_others),
		cmocka_unit_test(policy_of_others),
		cmocka_unit_test(script_of_others),
		cmocka_unit_test(own_witness),
		cmocka_unit_test(own_policies),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
