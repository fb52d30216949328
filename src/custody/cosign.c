/* Witness keys and cosignatures (C2SP tlog-cosignature, cosignature/v1) [F-8.12]. */
#include "custody/witness.h"

#include "base/enc.h"
#include "custody/lines.h"
#include <stdio.h>
#include <string.h>

#define DASH        "\xe2\x80\x94 " /* U+2014 and a space begin a signature line */
#define DASH_LEN    (sizeof DASH - 1)
#define COSIGNATURE 0x04
#define ID_HEX      (2 * (size_t)HZ_KEY_ID)
#define SIG_BYTES   (HZ_KEY_ID + 8 + HZ_ED_SIG)
#define TEXT_LINES  3

/* The rules of names are those of vkeys: writing one checks them. */
static enum hz_err
check_name(const char *name)
{
	static const uint8_t any[HZ_ED_PK] = { 0 };
	struct hz_buf b = HZ_BUF_INIT((size_t)2 * HZ_VKEY_MAX);
	enum hz_err err = hz_vkey_write(name, any, &b);

	hz_buf_done(&b);
	return err;
}

enum hz_err
hz_wkey_write(const struct hz_witness_key *k, struct hz_buf *out)
{
	HZ_TRY(check_name(k->name));
	return hz_key_text(COSIGNATURE, k->name, k->pk, out);
}

enum hz_err
hz_wkey_parse(const char *s, size_t n, struct hz_witness_key *ret_k)
{
	const char *plus = n == 0 || n >= HZ_VKEY_MAX ? NULL : memchr(s, '+', n);
	size_t name = plus == NULL ? 0 : (size_t)(plus - s), got = 0;
	uint8_t id[HZ_KEY_ID], want[HZ_KEY_ID], key[1 + HZ_ED_PK];
	struct hz_witness_key k = { .name = "" };

	if (name == 0 || name >= sizeof k.name || n <= name + ID_HEX + 2 || plus[ID_HEX + 1] != '+') {
		return hz_fail(HZ_MSG_FORMAT, "witness key: not name+id+key");
	}
	memcpy(k.name, s, name);
	enum hz_err err =
	    memchr(s, '\0', name) == NULL ? check_name(k.name) : hz_fail(HZ_MSG_FORMAT, "witness key: name");
	if (err == HZ_OK) {
		err = hz_unhex(plus + 1, ID_HEX, id, sizeof id);
	}
	if (err == HZ_OK) {
		size_t at = name + ID_HEX + 2;
		err = hz_b64_get(HZ_B64_STD, s + at, n - at, key, sizeof key, &got);
	}
	if (err != HZ_OK) {
		return err;
	}
	if (got != sizeof key || key[0] != COSIGNATURE) {
		return hz_fail(HZ_MSG_FORMAT, "witness key: not an Ed25519 key of type 4");
	}
	memcpy(k.pk, key + 1, HZ_ED_PK);
	hz_key_id(COSIGNATURE, k.name, name, k.pk, want);
	if (memcmp(id, want, sizeof id) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "witness key: key id does not belong to name and key");
	}
	*ret_k = k;
	return HZ_OK;
}

static enum hz_err
message(uint64_t t, const void *text, size_t n, struct hz_buf *out)
{
	enum hz_err err = hz_buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)t);

	return err == HZ_OK ? hz_buf_put(out, text, n) : err;
}

enum hz_err
hz_cosign(
    const char *name, const struct hz_ed_key *key, uint64_t t, const void *text, size_t n, struct hz_buf *out)
{
	struct hz_buf m = HZ_BUF_INIT(HZ_NOTE_MAX + 64);
	uint8_t data[SIG_BYTES];
	size_t at = out->len;

	if (t == 0 || t > INT64_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "cosignature: the time is out of range");
	}
	enum hz_err err = check_name(name);
	if (err == HZ_OK) {
		err = message(t, text, n, &m);
	}
	if (err == HZ_OK) {
		hz_key_id(COSIGNATURE, name, strlen(name), key->pk, data);
		hz_be64(data + HZ_KEY_ID, t);
		hz_ed_sign(key, m.p, m.len, data + HZ_KEY_ID + 8);
		err = hz_buf_printf(out, DASH "%s ", name);
	}
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD, data, sizeof data);
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(out, '\n');
	}
	hz_buf_done(&m);
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}

enum hz_err
hz_cosignature_read(const char *line, size_t n, struct hz_cosignature *ret_c)
{
	uint8_t data[SIG_BYTES];
	struct hz_cosignature c = { .name = "" };
	size_t got = 0;

	if (n <= DASH_LEN || memcmp(line, DASH, DASH_LEN) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "cosignature: not a signature line");
	}
	const char *name = line + DASH_LEN, *space = memchr(name, ' ', n - DASH_LEN);
	size_t name_n = space == NULL ? 0 : (size_t)(space - name);
	if (name_n == 0 || name_n >= sizeof c.name || memchr(name, '\0', name_n) != NULL) {
		return hz_fail(HZ_MSG_FORMAT, "cosignature: a line without a name");
	}
	memcpy(c.name, name, name_n);
	enum hz_err err =
	    hz_b64_get(HZ_B64_STD, space + 1, n - DASH_LEN - name_n - 1, data, sizeof data, &got);
	if (err == HZ_OK && got != sizeof data) {
		err = hz_fail(HZ_MSG_FORMAT, "cosignature: %zu bytes", got);
	}
	if (err == HZ_OK) {
		err = check_name(c.name);
	}
	if (err != HZ_OK) {
		return err;
	}
	memcpy(c.id, data, HZ_KEY_ID);
	c.t = hz_rd_be64(data + HZ_KEY_ID);
	memcpy(c.sig, data + HZ_KEY_ID + 8, HZ_ED_SIG);
	if (c.t == 0 || c.t > INT64_MAX) {
		return hz_fail(HZ_MSG_FORMAT, "cosignature: the time is out of range");
	}
	*ret_c = c;
	return HZ_OK;
}

bool
hz_cosignature_by(const struct hz_cosignature *c, const struct hz_witness_key *k)
{
	uint8_t id[HZ_KEY_ID];

	hz_key_id(COSIGNATURE, k->name, strlen(k->name), k->pk, id);
	return strcmp(c->name, k->name) == 0 && memcmp(c->id, id, sizeof id) == 0;
}

bool
hz_cosignature_good(
    const struct hz_cosignature *c, const struct hz_witness_key *k, const void *text, size_t n)
{
	struct hz_buf m = HZ_BUF_INIT(HZ_NOTE_MAX + 64);
	bool good = message(c->t, text, n, &m) == HZ_OK && hz_ed_verify(k->pk, m.p, m.len, c->sig);

	hz_buf_done(&m);
#ifdef HZ_FAULT_NO_COSIGNATURE
	good = true;
#endif
	return good;
}

enum hz_err
hz_checkpoint_text(const void *p, size_t n, size_t *ret_text)
{
	const char *s = p;
	size_t at = 0;

	for (int i = 0; i < TEXT_LINES; i++) {
		const char *end = at < n ? memchr(s + at, '\n', n - at) : NULL;
		if (end == NULL || end == s + at) {
			return hz_fail(HZ_MSG_FORMAT, "checkpoint: not three lines");
		}
		at = (size_t)(end - s) + 1;
	}
	if (at >= n || s[at] != '\n') {
		return hz_fail(HZ_MSG_FORMAT, "checkpoint: no empty line after three");
	}
	*ret_text = at;
	return HZ_OK;
}

enum hz_err
hz_checkpoint_bare(const void *p, size_t n, const uint8_t pk[static 32], struct hz_buf *out)
{
	const char *s = p;
	struct hz_checkpoint c;
	size_t text = 0;
	enum hz_err err = hz_checkpoint_read(p, n, pk, &c);

	if (err == HZ_OK) {
		err = hz_checkpoint_text(p, n, &text);
	}
	/* The first line that makes the note good alone is that of the log. */
	for (size_t at = text + 1; err == HZ_OK && at < n;) {
		const char *end = memchr(s + at, '\n', n - at);
		size_t len = (end == NULL ? n : (size_t)(end - s) + 1) - at, was = out->len;
		err = hz_buf_put(out, p, text + 1);
		if (err == HZ_OK) {
			err = hz_buf_put(out, s + at, len);
		}
		if (err == HZ_OK && hz_checkpoint_read(out->p + was, out->len - was, pk, &c) == HZ_OK) {
			return HZ_OK;
		}
		out->len = was;
		at += len;
	}
	return err == HZ_OK ? hz_fail(HZ_MSG_TAMPERED, "checkpoint: not signed by its log") : err;
}
