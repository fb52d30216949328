/* The state of a witness: one small signed text [F-8.14]. */
#include "outside/outside.h"

#include "base/enc.h"
#include <stdlib.h>
#include <string.h>

#define FIRST  "hirz-witness/v1\n"
#define AD     "hirz-witness/v1"
#define SECRET (16 + HZ_BOX_NONCE + HZ_SEED + HZ_BOX_TAG)

bool
hz_is_state(const void *p, size_t n)
{
	return n >= sizeof FIRST - 1 && memcmp(p, FIRST, sizeof FIRST - 1) == 0;
}

void
hz_state_done(struct hz_state *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->log[i].note);
	}
	free(s->log);
	s->log = NULL;
	s->n = 0;
}

/* --- writing ---------------------------------------------------------------------------------------------
 */

static enum hz_err
write_head(const struct hz_state *s, struct hz_buf *out)
{
	uint8_t secret[SECRET];

	memcpy(secret, s->salt, 16);
	memcpy(secret + 16, s->nonce, HZ_BOX_NONCE);
	memcpy(secret + 16 + HZ_BOX_NONCE, s->box, sizeof s->box);
	HZ_TRY(hz_buf_puts(out, FIRST "witness "));
	HZ_TRY(hz_wkey_write(&s->key, out));
	HZ_TRY(hz_buf_printf(out, "\nkey %u %u ", s->kdf_t, s->kdf_mem));
	HZ_TRY(hz_b64_put(out, HZ_B64_STD, secret, sizeof secret));
	return hz_buf_printf(out, "\ngeneration %llu\ntime %llu\n", (unsigned long long)s->generation,
	    (unsigned long long)s->last_t);
}

static enum hz_err
write_log(const struct hz_state_log *l, struct hz_buf *out)
{
	size_t n = l->note == NULL ? 0 : strlen(l->note);

	HZ_TRY(hz_buf_printf(out, "log %s\nseen %llu %zu\n", l->vkey, (unsigned long long)l->t, n));
	return hz_buf_put(out, l->note == NULL ? "" : l->note, n);
}

enum hz_err
hz_state_write(const struct hz_state *s, const struct hz_ed_key *key, struct hz_buf *out)
{
	uint8_t sig[HZ_ED_SIG];
	size_t at = out->len;
	enum hz_err err = write_head(s, out);

	for (size_t i = 0; i < s->n && err == HZ_OK; i++) {
		err = write_log(&s->log[i], out);
	}
	if (err == HZ_OK && out->len - at > HZ_STATE_MAX - 128) {
		err = hz_fail(HZ_MSG_LIMIT, "the state of the witness is full");
	}
	if (err == HZ_OK) {
		hz_ed_sign(key, out->p + at, out->len - at, sig);
		err = hz_buf_puts(out, "sig ");
	}
	err = err == HZ_OK ? hz_b64_put(out, HZ_B64_STD, sig, sizeof sig) : err;
	err = err == HZ_OK ? hz_buf_putc(out, '\n') : err;
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}

/* --- reading ---------------------------------------------------------------------------------------------
 */

struct cursor {
	const char *s;
	size_t n, at;
};

static bool
is_next(const struct cursor *c, const char *label)
{
	size_t head = strlen(label);

	return c->n - c->at >= head && memcmp(c->s + c->at, label, head) == 0;
}

/* "<label><value>LF" */
static enum hz_err
labelled(struct cursor *c, const char *label, const char **ret_v, size_t *ret_n)
{
	size_t head = strlen(label);
	const char *end = c->at < c->n ? memchr(c->s + c->at, '\n', c->n - c->at) : NULL;

	if (end == NULL || !is_next(c, label) || (size_t)(end - c->s) - c->at <= head) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: no line \"%s\"", label);
	}
	*ret_v = c->s + c->at + head;
	*ret_n = (size_t)(end - *ret_v);
	c->at = (size_t)(end - c->s) + 1;
	return HZ_OK;
}

static enum hz_err
labelled_number(struct cursor *c, const char *label, uint64_t *ret_v)
{
	const char *v = NULL;
	size_t n = 0;
	enum hz_err err = labelled(c, label, &v, &n);

	return err == HZ_OK ? hz_parse_u64(v, n, INT64_MAX, ret_v) : err;
}

/* Numbers of a value, each ended by a space; what is left begins at *ret_rest. */
static enum hz_err
numbers(const char *v, size_t n, size_t count, const uint64_t *max, uint64_t *ret_v, size_t *ret_rest)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		const char *end = at < n ? memchr(v + at, ' ', n - at) : NULL;
		if (end == NULL) {
			return hz_fail(HZ_MSG_FORMAT, "witness state: a number is missing");
		}
		HZ_TRY(hz_parse_u64(v + at, (size_t)(end - v) - at, max[i], &ret_v[i]));
		at = (size_t)(end - v) + 1;
	}
	*ret_rest = at;
	return HZ_OK;
}

static enum hz_err
read_key(struct cursor *c, struct hz_state *s)
{
	static const uint64_t max[2] = { HZ_ARGON_T_MAX, (uint64_t)HZ_ARGON_MAX_MIB * 1024 };
	uint8_t secret[SECRET];
	uint64_t v[2] = { 0, 0 };
	const char *line = NULL;
	size_t n = 0, at = 0, got = 0;

	HZ_TRY(labelled(c, "key ", &line, &n));
	HZ_TRY(numbers(line, n, 2, max, v, &at));
	HZ_TRY(hz_b64_get(HZ_B64_STD, line + at, n - at, secret, sizeof secret, &got));
	if (got != sizeof secret || v[0] < 1 || v[1] < (uint64_t)HZ_ARGON_FLOOR_MIB * 1024) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: key");
	}
	s->kdf_t = (uint32_t)v[0];
	s->kdf_mem = (uint32_t)v[1];
	memcpy(s->salt, secret, 16);
	memcpy(s->nonce, secret + 16, HZ_BOX_NONCE);
	memcpy(s->box, secret + 16 + HZ_BOX_NONCE, sizeof s->box);
	return HZ_OK;
}

static enum hz_err
read_head(struct cursor *c, struct hz_state *s)
{
	const char *v = NULL;
	size_t n = 0;

	HZ_TRY(labelled(c, "witness ", &v, &n));
	HZ_TRY(hz_wkey_parse(v, n, &s->key));
	HZ_TRY(read_key(c, s));
	HZ_TRY(labelled_number(c, "generation ", &s->generation));
	return labelled_number(c, "time ", &s->last_t);
}

/* A log's place in the list, sorted by its vkey; *ret_there whether it is there. */
static size_t
place(const struct hz_state *s, const char *vkey, bool *ret_there)
{
	size_t i = 0;

	while (i < s->n && strcmp(s->log[i].vkey, vkey) < 0) {
		i++;
	}
	*ret_there = i < s->n && strcmp(s->log[i].vkey, vkey) == 0;
	return i;
}

struct hz_state_log *
hz_state_find(struct hz_state *s, const char *vkey)
{
	bool there = false;
	size_t i = place(s, vkey, &there);

	return there ? &s->log[i] : NULL;
}

enum hz_err
hz_state_add(struct hz_state *s, const char *vkey, struct hz_state_log **ret_l)
{
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	bool there = false;
	size_t i = place(s, vkey, &there), len = strlen(vkey);

	if (there) {
		*ret_l = &s->log[i];
		return HZ_OK;
	}
	HZ_TRY(hz_vkey_parse(vkey, len, name, pk));
	size_t name_n = strlen(name);
	for (size_t k = 0; k < s->n; k++) {
		if (strncmp(s->log[k].vkey, name, name_n) == 0 && s->log[k].vkey[name_n] == '+') {
			return hz_fail(HZ_MSG_TAMPERED, "another key is known for the log %s", name);
		}
	}
	if (s->n == HZ_STATE_LOGS) {
		return hz_fail(HZ_MSG_LIMIT, "a witness of more than %d logs", HZ_STATE_LOGS);
	}
	struct hz_state_log *grown = reallocarray(s->log, s->n + 1, sizeof *grown);
	if (grown == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "the logs of a witness");
	}
	s->log = grown;
	memmove(&grown[i + 1], &grown[i], (s->n - i) * sizeof *grown);
	grown[i] = (struct hz_state_log){ .note = NULL };
	memcpy(grown[i].vkey, vkey, len + 1);
	memcpy(grown[i].c.origin, name, name_n + 1);
	s->n++;
	*ret_l = &grown[i];
	return HZ_OK;
}

static enum hz_err
read_note(struct cursor *c, size_t n, struct hz_state_log *l)
{
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	if (n > c->n - c->at) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: it ends early");
	}
	HZ_TRY(hz_vkey_parse(l->vkey, strlen(l->vkey), name, pk));
	HZ_TRY(hz_checkpoint_read(c->s + c->at, n, pk, &l->c));
	if (strcmp(l->c.origin, name) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "witness state: a checkpoint of another log");
	}
	l->note = strndup(c->s + c->at, n);
	c->at += n;
	return l->note == NULL ? hz_fail(HZ_MSG_NOMEM, "a checkpoint") : HZ_OK;
}

static enum hz_err
read_log(struct cursor *c, struct hz_state *s)
{
	static const uint64_t max[1] = { INT64_MAX };
	struct hz_state_log *l = NULL;
	char vkey[HZ_VKEY_MAX];
	const char *v = NULL;
	size_t n = 0, at = 0, before = s->n;
	uint64_t t = 0, bytes = 0;

	HZ_TRY(labelled(c, "log ", &v, &n));
	if (n >= sizeof vkey || memchr(v, '\0', n) != NULL) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: a log");
	}
	memcpy(vkey, v, n);
	vkey[n] = '\0';
	HZ_TRY(hz_state_add(s, vkey, &l));
	if (s->n == before || l != &s->log[s->n - 1]) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: logs are not in order");
	}
	HZ_TRY(labelled(c, "seen ", &v, &n));
	HZ_TRY(numbers(v, n, 1, max, &t, &at));
	HZ_TRY(hz_parse_u64(v + at, n - at, HZ_NOTE_MAX, &bytes));
	l->t = t;
	if ((bytes == 0) != (t == 0) || t > s->last_t) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: a time");
	}
	return bytes == 0 ? HZ_OK : read_note(c, (size_t)bytes, l);
}

static enum hz_err
read_all(struct cursor *c, struct hz_state *s)
{
	const char *v = NULL;
	uint8_t sig[HZ_ED_SIG];
	size_t n = 0, got = 0;

	HZ_TRY(read_head(c, s));
	while (is_next(c, "log ")) {
		HZ_TRY(read_log(c, s));
	}
	size_t signed_n = c->at;
	HZ_TRY(labelled(c, "sig ", &v, &n));
	HZ_TRY(hz_b64_get(HZ_B64_STD, v, n, sig, sizeof sig, &got));
	if (got != sizeof sig || c->at != c->n) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: signature, or bytes after it");
	}
	return hz_ed_verify(s->key.pk, c->s, signed_n, sig)
		   ? HZ_OK
		   : hz_fail(HZ_MSG_TAMPERED, "witness state: it was altered");
}

enum hz_err
hz_state_read(const void *p, size_t n, struct hz_state *ret_s)
{
	struct cursor c = { p, n, sizeof FIRST - 1 };
	struct hz_state s = { .n = 0 };

	if (n > HZ_STATE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "witness state: %zu bytes", n);
	}
	if (!hz_is_state(p, n)) {
		return hz_fail(HZ_MSG_FORMAT, "witness state: not one of version 1");
	}
	enum hz_err err = read_all(&c, &s);
	if (err != HZ_OK) {
		hz_state_done(&s);
		return err;
	}
	*ret_s = s;
	return HZ_OK;
}

/* --- the key ---------------------------------------------------------------------------------------------
 */

static enum hz_err
derive(const struct hz_state *s, const void *phrase, size_t n, uint8_t ret_k[static 64])
{
	return hz_argon2id(phrase, n, s->salt, s->kdf_mem, s->kdf_t, ret_k);
}

enum hz_err
hz_state_lock(struct hz_state *s, const void *phrase, size_t n, const uint8_t seed[static HZ_SEED])
{
	uint8_t k[64];

	hz_random(s->salt, sizeof s->salt);
	hz_random(s->nonce, sizeof s->nonce);
	hz_ed_public(seed, s->key.pk);
	enum hz_err err = derive(s, phrase, n, k);
	if (err == HZ_OK) {
		hz_box_seal(k, s->nonce, AD, sizeof AD - 1, seed, HZ_SEED, s->box);
	}
	hz_wipe(k, sizeof k);
	return err;
}

enum hz_err
hz_state_unlock(const struct hz_state *s, const void *phrase, size_t n, struct hz_ed_key *ret_key)
{
	uint8_t k[64], seed[HZ_SEED];
	enum hz_err err = derive(s, phrase, n, k);

	if (err == HZ_OK &&
	    hz_box_open(k, s->nonce, AD, sizeof AD - 1, s->box, sizeof s->box, seed) != HZ_OK) {
		err = hz_fail(HZ_MSG_WRONG_PASSPHRASE, "the key of the witness");
	}
	if (err == HZ_OK) {
		hz_ed_key_from_seed(seed, ret_key);
		if (memcmp(ret_key->pk, s->key.pk, sizeof s->key.pk) != 0) {
			err = hz_fail(HZ_MSG_TAMPERED, "witness state: its key is another one");
		}
	}
	hz_wipe(seed, sizeof seed);
	hz_wipe(k, sizeof k);
	return err;
}
