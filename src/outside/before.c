/* What was kept from before, whatever form it has [F-10.4]. */
#include "outside/inner.h"

#include "base/enc.h"
#include "base/sort.h"
#include "custody/pack.h"
#include "manifest/manifest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIN_FIRST   "hirz-pin/v1\n"
#define PROOF_FIRST "c2sp.org/tlog-proof@v1\n"
#define OLD_FIRST   "old "
#define CHECKPOINT  "custody/checkpoint"
#define EVENTS      "custody/events/"
#define PROOFS      "custody/proofs/"

struct tar_source {
	const struct hz_source *src;
	uint64_t at;
};

static enum hz_err
tar_read(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct tar_source *s = arg;
	enum hz_err err = s->src->read(s->src->arg, s->at, p, n, ret_n);

	s->at += err == HZ_OK ? *ret_n : 0;
	return err;
}

static enum hz_err
member_text(struct hz_tar_reader *tar, const struct hz_tar_member *m, size_t max, struct hz_buf *out)
{
	uint8_t *p = NULL;
	size_t got = 1;

	if (m->size > max) {
		return hz_fail(HZ_MSG_FORMAT, "%s is too large", m->path);
	}
	enum hz_err err = hz_buf_room(out, (size_t)m->size, &p);
	for (size_t at = 0; err == HZ_OK && got > 0; at += got) {
		err = hz_tar_read(tar, p + at, (size_t)m->size - at, &got);
	}
	return err;
}

/* The leaf hash of an event, whole or withheld. */
static enum hz_err
take_leaf(struct hz_before *b, const char *name, const struct hz_buf *text)
{
	size_t digits = strspn(name, "0123456789");
	struct hz_leaf_at l = { 0, { 0 } };

	if (b->nleaf == HZ_BEFORE_LEAVES || hz_parse_u64(name, digits, UINT64_MAX, &l.index) != HZ_OK ||
	    (strcmp(name + digits, ".leaf") == 0 &&
		hz_unhex((const char *)text->p, text->len, l.leaf, 32) != HZ_OK)) {
		hz_fail_clear();
		return HZ_OK;
	}
	if (strcmp(name + digits, ".leaf") != 0) {
		hz_leaf_hash(text->p, text->len, l.leaf);
	}
	if ((b->nleaf & (b->nleaf - 1)) == 0) { /* grows at powers of two */
		struct hz_leaf_at *grown =
		    reallocarray(b->leaf, b->nleaf == 0 ? 1 : 2 * b->nleaf, sizeof *grown);
		if (grown == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "events of an earlier bundle");
		}
		b->leaf = grown;
	}
	b->leaf[b->nleaf++] = l;
	return HZ_OK;
}

static int
by_index(const void *a, const void *b)
{
	uint64_t x = ((const struct hz_leaf_at *)a)->index, y = ((const struct hz_leaf_at *)b)->index;

	return x < y ? -1 : x > y;
}

/* The checkpoint of an earlier bundle and the leaf hashes of its events. Only the checkpoint's signature
 * matters, which is checked with the rest. */
static enum hz_err
from_bundle(const struct hz_source *src, struct hz_before *b)
{
	struct tar_source s = { src, 0 };
	struct hz_buf text = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_tar_reader *tar = NULL;
	struct hz_tar_member m;
	bool found = false, have = false;
	enum hz_err err = hz_tar_open(tar_read, &s, &tar);

	while (err == HZ_OK && (err = hz_tar_next(tar, &found, &m)) == HZ_OK && found) {
		const char *path = strchr(m.path, '/') + 1;
		if (strcmp(path, CHECKPOINT) == 0) {
			have = true;
			err = member_text(tar, &m, HZ_NOTE_MAX, &b->note);
		} else if (strncmp(path, EVENTS, sizeof EVENTS - 1) == 0) {
			hz_buf_clear(&text);
			err = member_text(tar, &m, HZ_EVENT_MAX, &text);
			err = err == HZ_OK ? take_leaf(b, path + sizeof EVENTS - 1, &text) : err;
		} else if (strcmp(path, EVENTS) > 0) {
			break;
		}
	}
	if (err == HZ_OK && !have) {
		err = hz_fail(HZ_MSG_FORMAT, "a bundle without a checkpoint");
	}
	if (b->nleaf > 0) {
		hz_sort(b->leaf, b->nleaf, sizeof *b->leaf, by_index);
	}
	hz_tar_close(&tar);
	hz_buf_done(&text);
	return err;
}

void
hz_before_leaf(struct hz_before *b, uint64_t index, const uint8_t leaf[static 32])
{
	const struct hz_leaf_at want = { index, { 0 } };
	const struct hz_leaf_at *l =
	    b->nleaf == 0 ? NULL : bsearch(&want, b->leaf, b->nleaf, sizeof *b->leaf, by_index);

	if (l == NULL) {
		return;
	}
	if (memcmp(l->leaf, leaf, 32) != 0) {
		b->differs = index < b->differs ? index : b->differs;
	} else if (b->same == UINT64_MAX || index > b->same) {
		b->same = index;
	}
}

/* "<label> <value>LF"; steps over it. */
static bool
pin_line(const char **s, size_t *n, const char *label, const char **ret_value, size_t *ret_len)
{
	size_t head = strlen(label);
	const char *end = *n == 0 ? NULL : memchr(*s, '\n', *n);

	if (end == NULL || (size_t)(end - *s) <= head || memcmp(*s, label, head) != 0) {
		return false;
	}
	*ret_value = *s + head;
	*ret_len = (size_t)(end - *s) - head;
	*n -= (size_t)(end - *s) + 1;
	*s = end + 1;
	return true;
}

/* The lines before the checkpoint [F-11.9]. */
static enum hz_err
from_pin(const struct hz_buf *text, struct hz_before *b)
{
	const char *s = (const char *)text->p + sizeof PIN_FIRST - 1, *v = NULL;
	size_t n = text->len - (sizeof PIN_FIRST - 1), len = 0;

	if (!pin_line(&s, &n, "vkey ", &v, &len) || len >= sizeof b->vkey) {
		return hz_fail(HZ_MSG_FORMAT, "pin: vkey");
	}
	memcpy(b->vkey, v, len);
	b->vkey[len] = '\0';
	if (!pin_line(&s, &n, "event0 ", &v, &len) || hz_unhex(v, len, b->event0, 32) != HZ_OK || n == 0 ||
	    s[0] != '\n') {
		return hz_fail(HZ_MSG_FORMAT, "pin: event0");
	}
	b->kind = HZ_BEFORE_PIN;
	return hz_buf_put(&b->note, s + 1, n - 1);
}

static enum hz_err
from_misconduct(const struct hz_buf *text, struct hz_before *b)
{
	struct hz_misconduct *m = calloc(1, sizeof *m);
	enum hz_err err = m == NULL ? hz_fail(HZ_MSG_NOMEM, "a proof of misconduct")
				    : hz_misconduct_read(text->p, text->len, m);

	if (err == HZ_OK) {
		b->kind = HZ_BEFORE_MISCONDUCT;
		memcpy(b->vkey, m->vkey, sizeof b->vkey);
		err = hz_buf_put(&b->note, text->p + m->older_at, m->older_n);
	}
	free(m);
	return err;
}

static enum hz_err
from_state(const struct hz_buf *text, struct hz_before *list, size_t max, size_t *ret_n)
{
	struct hz_state st;
	enum hz_err err = hz_state_read(text->p, text->len, &st);

	if (err != HZ_OK) {
		return err;
	}
	size_t n = 0;
	for (size_t i = 0; i < st.n && err == HZ_OK; i++) {
		if (st.log[i].note == NULL) {
			continue;
		}
		if (n == max) {
			err = hz_fail(HZ_MSG_LIMIT, "more than %zu checkpoints from before", max);
			break;
		}
		struct hz_before *b = &list[n++];
		*b = (struct hz_before){ .kind = HZ_BEFORE_WITNESS,
			.c = st.log[i].c,
			.note = HZ_BUF_INIT(HZ_NOTE_MAX),
			.differs = UINT64_MAX,
			.same = UINT64_MAX };
		memcpy(b->vkey, st.log[i].vkey, sizeof b->vkey);
		err = hz_buf_puts(&b->note, st.log[i].note);
	}
	hz_state_done(&st);
	if (err == HZ_OK && n == 0) {
		err = hz_fail(HZ_MSG_FORMAT, "a witness that has cosigned nothing yet");
	}
	if (err != HZ_OK) {
		hz_before_done(list, n);
		return err;
	}
	*ret_n = n;
	return HZ_OK;
}

static bool
begins(const struct hz_buf *text, const char *first)
{
	size_t n = strlen(first);

	return text->len >= n && memcmp(text->p, first, n) == 0;
}

/* Everything that holds one checkpoint. */
static enum hz_err
one(const struct hz_source *src, const struct hz_buf *text, struct hz_before *b)
{
	enum hz_err err;

	if (text->len >= 512 && memcmp(text->p + 257, "ustar", 5) == 0) {
		err = from_bundle(src, b);
	} else if (hz_pack_is(text->p, text->len)) {
		err = hz_before_pack(src, b);
	} else if (text->len > HZ_OUTSIDE_TEXT_MAX + HZ_NOTE_MAX) {
		err = hz_fail(HZ_MSG_FORMAT, "too large for what it should be");
	} else if (begins(text, PIN_FIRST)) {
		err = from_pin(text, b);
	} else if (hz_is_misconduct(text->p, text->len)) {
		err = from_misconduct(text, b);
	} else if (begins(text, PROOF_FIRST)) {
		struct hz_tlog_proof x;
		err = hz_tlog_proof_read(text->p, text->len, &x);
		err = err == HZ_OK ? hz_buf_put(&b->note, text->p + x.note_at, text->len - x.note_at) : err;
	} else if (begins(text, OLD_FIRST)) {
		struct hz_witness_request x;
		err = hz_witness_request_read(text->p, text->len, &x);
		err = err == HZ_OK ? hz_buf_put(&b->note, text->p + x.note_at, text->len - x.note_at) : err;
	} else {
		err = hz_buf_put(&b->note, text->p, text->len);
	}
	return err == HZ_OK ? hz_checkpoint_read(b->note.p, b->note.len, NULL, &b->c) : err;
}

static enum hz_err
read_text(const struct hz_source *src, struct hz_buf *out)
{
	uint8_t part[8192];
	size_t got = 1;
	enum hz_err err = HZ_OK;

	/* A bundle is known by its beginning and read again from there. */
	while (err == HZ_OK && got > 0 && out->len < HZ_STATE_MAX &&
	       (out->len < 512 || memcmp(out->p + 257, "ustar", 5) != 0) && !hz_pack_is(out->p, out->len)) {
		err = src->read(src->arg, out->len, part, sizeof part, &got);
		err = err == HZ_OK ? hz_buf_put(out, part, got) : err;
	}
	return err;
}

enum hz_err
hz_before_read(const struct hz_source *src, struct hz_before *ret_list, size_t max, size_t *ret_n)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_STATE_MAX + 8192);
	enum hz_err err = read_text(src, &text);

	if (err == HZ_OK && max == 0) {
		err = hz_fail(HZ_MSG_LIMIT, "too many checkpoints from before");
	}
	if (err == HZ_OK && hz_is_state(text.p, text.len)) {
		err = from_state(&text, ret_list, max, ret_n);
	} else if (err == HZ_OK) {
		struct hz_before b = {
			.note = HZ_BUF_INIT(HZ_NOTE_MAX), .differs = UINT64_MAX, .same = UINT64_MAX
		};
		err = one(src, &text, &b);
		if (err == HZ_OK) {
			*ret_list = b;
			*ret_n = 1;
		} else {
			hz_before_done(&b, 1);
		}
	}
	hz_buf_done(&text);
	return err;
}

void
hz_before_done(struct hz_before *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		hz_buf_done(&list[i].note);
		free(list[i].leaf);
		list[i].leaf = NULL;
	}
}

void
hz_root_up_to(const uint8_t leaf[static 32], const struct hz_tlog_proof *proof, uint64_t size,
    uint8_t ret_root[static 32])
{
	uint64_t fn = proof->index, sn = size - 1;

	memcpy(ret_root, leaf, 32);
	for (size_t i = 0; i < proof->n; i++) {
		if ((fn & 1) != 0 || fn == sn) {
			hz_node_hash(proof->hashes[i], ret_root, ret_root);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		}
		fn >>= 1;
		sn >>= 1;
	}
}

void
hz_prefix_proof(const uint8_t leaf[static 32], const struct hz_tlog_proof *proof,
    uint8_t ret_proof[static HZ_PROOF_MAX + 1][32], size_t *ret_n)
{
	uint64_t fn = proof->index;
	uint8_t r[32];
	size_t at = 0, n = 0;

	/* Up to the largest complete subtree that ends with the leaf. */
	memcpy(r, leaf, 32);
	for (; (fn & 1) != 0 && at < proof->n; fn >>= 1) {
		hz_node_hash(proof->hashes[at++], r, r);
	}
	if (fn != 0) { /* else it is the whole smaller tree: the checker has its root */
		memcpy(ret_proof[n++], r, 32);
	}
	for (; at < proof->n; at++) {
		memcpy(ret_proof[n++], proof->hashes[at], 32);
	}
	*ret_n = n;
}

struct prefix {
	uint64_t index, size;
	bool leaf_there, proof_there;
	uint8_t leaf[32];
	struct hz_tlog_proof proof;
};

static enum hz_err
prefix_member(struct prefix *x, const char *path, struct hz_tar_reader *tar, const struct hz_tar_member *m)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_NOTE_MAX + 8192);
	bool event = strncmp(path, EVENTS, sizeof EVENTS - 1) == 0;
	bool proof = strncmp(path, PROOFS, sizeof PROOFS - 1) == 0;
	const char *name = path + sizeof EVENTS - 1; /* both are of one length */
	struct hz_checkpoint c;
	uint64_t index = 0;
	enum hz_err err = HZ_OK;

	_Static_assert(sizeof EVENTS == sizeof PROOFS, "one length");
	if ((!event && !proof) ||
	    hz_parse_u64(name, strspn(name, "0123456789"), UINT64_MAX, &index) != HZ_OK ||
	    index != x->index) {
		hz_fail_clear();
		return HZ_OK;
	}
	err = member_text(tar, m, text.max, &text);
	if (err == HZ_OK && event) {
		struct hz_before b = { .nleaf = 0 };
		err = take_leaf(&b, name, &text);
		x->leaf_there = b.nleaf == 1;
		if (x->leaf_there) {
			memcpy(x->leaf, b.leaf[0].leaf, 32);
		}
		free(b.leaf);
	} else if (err == HZ_OK) {
		err = hz_tlog_proof_read(text.p, text.len, &x->proof);
		err = err == HZ_OK ? hz_checkpoint_read(
					 text.p + x->proof.note_at, text.len - x->proof.note_at, NULL, &c)
				   : err;
		if (err == HZ_OK) {
			x->size = c.size;
			x->proof_there = x->proof.index == index && index + 1 < c.size;
		}
	}
	hz_buf_done(&text);
	return err;
}

enum hz_err
hz_bundle_prefix(const struct hz_source *src, uint64_t size, uint8_t ret_root[static 32],
    uint8_t ret_proof[static HZ_PROOF_MAX + 1][32], size_t *ret_n)
{
	struct tar_source s = { src, 0 };
	struct hz_tar_reader *tar = NULL;
	struct hz_tar_member m;
	struct prefix *x = calloc(1, sizeof *x);
	bool found = false;

	if (x == NULL || size == 0) {
		free(x);
		return size == 0 ? HZ_ERR_NOT_FOUND : hz_fail(HZ_MSG_NOMEM, "a proof");
	}
	x->index = size - 1;
	enum hz_err err = hz_tar_open(tar_read, &s, &tar);
	while (err == HZ_OK && (err = hz_tar_next(tar, &found, &m)) == HZ_OK && found) {
		const char *path = strchr(m.path, '/') + 1;
		err = prefix_member(x, path, tar, &m);
		if (strncmp(path, "data/", 5) == 0) {
			break;
		}
	}
	hz_tar_close(&tar);
	if (err == HZ_OK && x->leaf_there && x->proof_there) {
		hz_root_up_to(x->leaf, &x->proof, x->size, ret_root);
		hz_prefix_proof(x->leaf, &x->proof, ret_proof, ret_n);
	} else if (err == HZ_OK) {
		err = HZ_ERR_NOT_FOUND;
	}
	free(x);
	return err;
}
