/* Proofs of misconduct: one key, two histories [F-8.15]. */
#include "outside/outside.h"

#include "base/enc.h"
#include <stdlib.h>
#include <string.h>

#define FIRST "hirz-misconduct/v1\n"

bool
hz_is_misconduct(const void *p, size_t n)
{
	return n >= sizeof FIRST - 1 && memcmp(p, FIRST, sizeof FIRST - 1) == 0;
}

struct cursor {
	const char *s;
	size_t n, at;
};

/* "<label><value>LF" */
static enum hz_err
labelled(struct cursor *c, const char *label, const char **ret_v, size_t *ret_n)
{
	size_t head = strlen(label);
	const char *end = c->at < c->n ? memchr(c->s + c->at, '\n', c->n - c->at) : NULL;

	if (end == NULL || (size_t)(end - c->s) - c->at <= head || memcmp(c->s + c->at, label, head) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "misconduct: no line \"%s\"", label);
	}
	*ret_v = c->s + c->at + head;
	*ret_n = (size_t)(end - *ret_v);
	c->at = (size_t)(end - c->s) + 1;
	return HZ_OK;
}

/* "<label><bytes>LF" and so many bytes. */
static enum hz_err
note(struct cursor *c, const char *label, size_t *ret_at, size_t *ret_n)
{
	const char *v = NULL;
	size_t len = 0;
	uint64_t bytes = 0;
	enum hz_err err = labelled(c, label, &v, &len);

	if (err == HZ_OK) {
		err = hz_parse_u64(v, len, HZ_NOTE_MAX, &bytes);
	}
	if (err == HZ_OK && bytes > c->n - c->at) {
		err = hz_fail(HZ_MSG_FORMAT, "misconduct: it ends early");
	}
	if (err == HZ_OK) {
		*ret_at = c->at;
		*ret_n = (size_t)bytes;
		c->at += (size_t)bytes;
	}
	return err;
}

static enum hz_err
hash(const char *v, size_t len, uint8_t ret_h[static 32])
{
	size_t got = 0;
	enum hz_err err =
	    len == hz_b64_len(HZ_B64_STD, 32) ? HZ_OK : hz_fail(HZ_MSG_FORMAT, "misconduct: not a hash");

	err = err == HZ_OK ? hz_b64_get(HZ_B64_STD, v, len, ret_h, 32, &got) : err;
	return err == HZ_OK && got != 32 ? hz_fail(HZ_MSG_FORMAT, "misconduct: not a hash") : err;
}

static enum hz_err
prefix(struct cursor *c, struct hz_misconduct *m)
{
	const char *v = NULL;
	size_t len = 0;
	enum hz_err err = labelled(c, "prefix ", &v, &len);

	err = err == HZ_OK ? hash(v, len, m->prefix) : err;
	while (err == HZ_OK && c->at < c->n) {
		if (m->n == HZ_REQUEST_PROOF) {
			return hz_fail(HZ_MSG_FORMAT, "misconduct: too many hashes");
		}
		err = labelled(c, "proof ", &v, &len);
		err = err == HZ_OK ? hash(v, len, m->proof[m->n++]) : err;
	}
	return err;
}

/* Both notes by one key, and the two cannot both be true. */
static enum hz_err
contradiction(const struct hz_misconduct *m)
{
	if (strcmp(m->older.origin, m->newer.origin) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "misconduct: two logs, not one");
	}
	if (m->older.size == m->newer.size) {
		return memcmp(m->older.root, m->newer.root, 32) != 0
			   ? HZ_OK
			   : hz_fail(HZ_MSG_TAMPERED, "misconduct: the two states are the same");
	}
	if (m->older.size == 0 || memcmp(m->older.root, m->prefix, 32) == 0) {
		return hz_fail(HZ_MSG_TAMPERED, "misconduct: the two states do not contradict each other");
	}
	return hz_consistency_verify(m->older.size, m->prefix, m->newer.size, m->newer.root, m->proof, m->n);
}

enum hz_err
hz_misconduct_read(const void *p, size_t n, struct hz_misconduct *ret_m)
{
	struct cursor c = { p, n, sizeof FIRST - 1 };
	const char *v = NULL;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	size_t len = 0;

	*ret_m = (struct hz_misconduct){ .n = 0 };
	if (n > HZ_MISCONDUCT_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "misconduct: %zu bytes", n);
	}
	if (!hz_is_misconduct(p, n)) {
		return hz_fail(HZ_MSG_FORMAT, "misconduct: not a proof of misconduct of version 1");
	}
	enum hz_err err = labelled(&c, "vkey ", &v, &len);
	if (err == HZ_OK && len >= sizeof ret_m->vkey) {
		err = hz_fail(HZ_MSG_FORMAT, "misconduct: vkey");
	}
	if (err == HZ_OK) {
		memcpy(ret_m->vkey, v, len);
		err = hz_vkey_parse(v, len, name, pk);
	}
	err = err == HZ_OK ? note(&c, "older ", &ret_m->older_at, &ret_m->older_n) : err;
	err = err == HZ_OK ? note(&c, "newer ", &ret_m->newer_at, &ret_m->newer_n) : err;
	if (err == HZ_OK) {
		err = hz_checkpoint_read(c.s + ret_m->older_at, ret_m->older_n, pk, &ret_m->older);
	}
	if (err == HZ_OK) {
		err = hz_checkpoint_read(c.s + ret_m->newer_at, ret_m->newer_n, pk, &ret_m->newer);
	}
	if (err == HZ_OK &&
	    (strcmp(name, ret_m->older.origin) != 0 || ret_m->older.size > ret_m->newer.size)) {
		err = hz_fail(
		    HZ_MSG_FORMAT, "misconduct: not the origin of the key, or not the older one first");
	}
	if (err == HZ_OK && ret_m->older.size != ret_m->newer.size) {
		err = prefix(&c, ret_m);
	}
	if (err == HZ_OK && c.at != n) {
		err = hz_fail(HZ_MSG_FORMAT, "misconduct: bytes after its end");
	}
	return err == HZ_OK ? contradiction(ret_m) : err;
}

static enum hz_err
put_note(struct hz_buf *out, const char *label, const struct hz_buf *b)
{
	enum hz_err err = hz_buf_printf(out, "%s%zu\n", label, b->len);

	return err == HZ_OK ? hz_buf_put(out, b->p, b->len) : err;
}

static enum hz_err
put_hash(struct hz_buf *out, const char *label, const uint8_t h[static 32])
{
	enum hz_err err = hz_buf_puts(out, label);

	err = err == HZ_OK ? hz_b64_put(out, HZ_B64_STD, h, 32) : err;
	return err == HZ_OK ? hz_buf_putc(out, '\n') : err;
}

enum hz_err
hz_misconduct_write(const char *vkey, const struct hz_buf *a, const struct hz_buf *b,
    const uint8_t *prefix_root, const void *proof, size_t n, struct hz_buf *out)
{
	struct hz_misconduct *m = calloc(1, sizeof *m);
	struct hz_checkpoint ca, cb;
	size_t at = out->len;
	enum hz_err err = m == NULL ? hz_fail(HZ_MSG_NOMEM, "misconduct") : HZ_OK;

	err = err == HZ_OK ? hz_checkpoint_read(a->p, a->len, NULL, &ca) : err;
	err = err == HZ_OK ? hz_checkpoint_read(b->p, b->len, NULL, &cb) : err;
	if (err == HZ_OK) {
		bool swap = ca.size > cb.size;
		err = hz_buf_printf(out, FIRST "vkey %s\n", vkey);
		err = err == HZ_OK ? put_note(out, "older ", swap ? b : a) : err;
		err = err == HZ_OK ? put_note(out, "newer ", swap ? a : b) : err;
		if (err == HZ_OK && ca.size != cb.size && prefix_root != NULL) {
			err = put_hash(out, "prefix ", prefix_root);
			for (size_t i = 0; i < n && err == HZ_OK; i++) {
				err = put_hash(out, "proof ", (const uint8_t *)proof + 32 * i);
			}
		}
	}
	if (err == HZ_OK) {
		err = hz_misconduct_read(out->p + at, out->len - at, m);
		if (err == HZ_ERR_FORMAT) { /* without what shows it there is no contradiction */
			err = hz_fail(HZ_MSG_TAMPERED, "%s", "the two states do not contradict each other");
		}
	}
	free(m);
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}
