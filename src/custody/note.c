/* C2SP signed notes, vkeys and checkpoints [F-8.5]. */
#include "base/enc.h"
#include "custody/lines.h"

#include <stdio.h>
#include <string.h>

#define DASH       "\xe2\x80\x94 " /* U+2014 and a space begin a signature line */
#define DASH_LEN   4
#define ED25519    0x01
#define SIG_BYTES  (HZ_KEY_ID + HZ_ED_SIG)
#define SIG_MAX    4096 /* bytes of a signature of a kind that we do not know */
#define ID_HEX     (2 * (size_t)HZ_KEY_ID)
#define TEXT_LINES 3

/* A name has no white space (Unicode) and no `+`, and fits its place. */
static bool
name_ok(const char *s, size_t n)
{
	static const uint32_t spaces[] = { 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 };
	if (n == 0 || !hz_utf8_ok(s, n)) {
		return false;
	}
	uint32_t cp;
	for (size_t at = 0, used; at < n; at += used) {
		used = hz_utf8_next((const uint8_t *)s + at, n - at, &cp);
		if (cp <= 0x20 || cp == 0x7f || cp == '+' || (cp >= 0x2000 && cp <= 0x200a)) {
			return false;
		}
		for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
			if (cp == spaces[i]) {
				return false;
			}
		}
	}
	return true;
}

enum hz_err
hz_vkey_write(const char *name, const uint8_t pk[static 32], struct hz_buf *out)
{
	size_t n = strlen(name);
	if (n >= HZ_ORIGIN_MAX || !name_ok(name, n)) {
		return hz_fail(HZ_MSG_FORMAT, "vkey: not a name");
	}
	return hz_key_text(ED25519, name, pk, out);
}

enum hz_err
hz_vkey_parse(const char *s, size_t n, char *ret_name, uint8_t ret_pk[static 32])
{
	if (n >= HZ_VKEY_MAX) {
		return hz_fail(HZ_MSG_FORMAT, "vkey of %zu bytes, at most %d", n, HZ_VKEY_MAX - 1);
	}
	const char *plus = n == 0 ? NULL : memchr(s, '+', n);
	size_t name_n = plus == NULL ? 0 : (size_t)(plus - s);
	size_t key_at = name_n + 1 + ID_HEX + 1;
	if (!name_ok(s, name_n) || name_n >= HZ_ORIGIN_MAX || n <= key_at || s[key_at - 1] != '+') {
		return hz_fail(HZ_MSG_FORMAT, "vkey: not name+id+key");
	}
	uint8_t id[HZ_KEY_ID];
	uint8_t want[HZ_KEY_ID];
	uint8_t key[1 + HZ_ED_PK];
	size_t key_n = 0;
	enum hz_err err = hz_unhex(plus + 1, ID_HEX, id, sizeof id);
	if (err == HZ_OK) {
		err = hz_b64_get(HZ_B64_STD, s + key_at, n - key_at, key, sizeof key, &key_n);
	}
	if (err != HZ_OK) {
		return err;
	}
	if (key_n != sizeof key || key[0] != ED25519) {
		return hz_fail(HZ_MSG_FORMAT, "vkey: not an Ed25519 key of type 1");
	}
	hz_key_id(ED25519, s, name_n, key + 1, want);
	if (memcmp(id, want, sizeof id) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "vkey: key id does not belong to name and key");
	}
	memcpy(ret_name, s, name_n);
	ret_name[name_n] = '\0';
	memcpy(ret_pk, key + 1, HZ_ED_PK);
	return HZ_OK;
}

/* --- signed notes ------------------------------------------------------------------------------------- */

struct sig_line {
	const char *name;
	size_t name_n;
	uint8_t id[HZ_KEY_ID];
	uint8_t sig[HZ_ED_SIG];
	bool ed25519; /* of the right length */
};

/* Where the signed text ends: behind its last LF, before the last empty line. */
static enum hz_err
find_text(const char *s, size_t n, size_t *ret_text)
{
	if (n > HZ_NOTE_MAX || n < 2 || s[n - 1] != '\n' || !hz_utf8_ok(s, n)) {
		return hz_fail(HZ_MSG_FORMAT,
		    "note: not UTF-8 text of at most %d bytes that ends with a line", HZ_NOTE_MAX);
	}
	size_t text = 0;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] < 0x20 && s[i] != '\n') {
			return hz_fail(HZ_MSG_FORMAT, "note: a control character");
		}
		if (i > 0 && s[i] == '\n' && s[i - 1] == '\n') {
			text = i;
		}
	}
	if (text == 0 || text + 1 == n) {
		return hz_fail(HZ_MSG_FORMAT, "note: no signature lines after an empty line");
	}
	*ret_text = text;
	return HZ_OK;
}

/* One line without its LF. */
static enum hz_err
read_sig(const char *line, size_t n, struct sig_line *ret_l)
{
	uint8_t bytes[SIG_MAX];
	size_t got = 0;
	struct sig_line l = { .name = "" };
	if (n <= DASH_LEN || memcmp(line, DASH, DASH_LEN) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "note: not a signature line");
	}
	l.name = line + DASH_LEN;
	const char *space = memchr(l.name, ' ', n - DASH_LEN);
	l.name_n = space == NULL ? 0 : (size_t)(space - l.name);
	if (!name_ok(l.name, l.name_n)) {
		return hz_fail(HZ_MSG_FORMAT, "note: signature line without a name");
	}
	size_t at = DASH_LEN + l.name_n + 1;
	enum hz_err err = hz_b64_get(HZ_B64_STD, line + at, n - at, bytes, sizeof bytes, &got);
	if (err == HZ_OK && got <= HZ_KEY_ID) {
		err = hz_fail(HZ_MSG_FORMAT, "note: signature of %zu bytes", got);
	}
	if (err != HZ_OK) {
		return err;
	}
	memcpy(l.id, bytes, HZ_KEY_ID);
	l.ed25519 = got == SIG_BYTES;
	if (l.ed25519) {
		memcpy(l.sig, bytes + HZ_KEY_ID, HZ_ED_SIG);
	}
	*ret_l = l;
	return HZ_OK;
}

static bool
is_by(const struct sig_line *l, const struct hz_note_key *k)
{
	uint8_t id[HZ_KEY_ID];
	size_t n = strlen(k->name);
	if (n != l->name_n || memcmp(k->name, l->name, n) != 0) {
		return false;
	}
	hz_key_id(ED25519, k->name, n, k->pk, id);
	return memcmp(id, l->id, sizeof id) == 0;
}

/* Had an earlier line this name and id? Only the first line of a key counts. */
static enum hz_err
seen_before(const char *s, size_t from, size_t to, const struct sig_line *l, bool *ret_seen)
{
	*ret_seen = false;
	while (from < to && !*ret_seen) {
		struct sig_line before = { .name = "" };
		const char *end = memchr(s + from, '\n', to - from);
		hz_assert(end != NULL);
		enum hz_err err = read_sig(s + from, (size_t)(end - s) - from, &before);
		if (err != HZ_OK) {
			return err;
		}
		*ret_seen = before.name_n == l->name_n && memcmp(before.name, l->name, l->name_n) == 0 &&
			    memcmp(before.id, l->id, HZ_KEY_ID) == 0;
		from = (size_t)(end - s) + 1;
	}
	return HZ_OK;
}

/* Form of all lines; checks those of known keys. */
static enum hz_err
check_lines(
    const char *s, size_t n, size_t text, const struct hz_note_key *keys, size_t nkeys, size_t *ret_verified)
{
	size_t verified = 0;
	size_t lines = 0;
	for (size_t at = text + 1; at < n;) {
		struct sig_line l = { .name = "" };
		const char *end = memchr(s + at, '\n', n - at);
		hz_assert(end != NULL);
		if (++lines > HZ_NOTE_SIGS) {
			return hz_fail(HZ_MSG_FORMAT, "note: more than %d signatures", HZ_NOTE_SIGS);
		}
		enum hz_err err = read_sig(s + at, (size_t)(end - s) - at, &l);
		if (err != HZ_OK) {
			return err;
		}
		const struct hz_note_key *by = NULL;
		for (size_t k = 0; k < nkeys && by == NULL; k++) {
			by = is_by(&l, &keys[k]) ? &keys[k] : NULL;
		}
		bool seen = false;
		if (by != NULL) {
			err = seen_before(s, text + 1, at, &l, &seen);
		}
		if (err != HZ_OK) {
			return err;
		}
		if (by != NULL && !seen) {
			if (!l.ed25519 || !hz_ed_verify(by->pk, s, text, l.sig)) {
				return hz_fail(
				    HZ_MSG_TAMPERED, "note: the signature of %s does not match", by->name);
			}
			verified++;
		}
		at = (size_t)(end - s) + 1;
	}
	*ret_verified = verified;
	return HZ_OK;
}

enum hz_err
hz_note_verify(const void *p, size_t n, const struct hz_note_key *keys, size_t nkeys, size_t *ret_text,
    size_t *ret_verified)
{
	size_t text = 0;
	size_t verified = 0;
	enum hz_err err = find_text(p, n, &text);
	if (err == HZ_OK) {
		err = check_lines(p, n, text, keys, nkeys, &verified);
	}
	if (err != HZ_OK) {
		return err;
	}
	if (verified == 0) {
		return hz_fail(HZ_MSG_TAMPERED, "note: not signed by a known key");
	}
	*ret_text = text;
	*ret_verified = verified;
	return HZ_OK;
}

/* --- checkpoints -------------------------------------------------------------------------------------- */

enum hz_err
hz_checkpoint_sign(const struct hz_checkpoint *c, const struct hz_ed_key *key, struct hz_buf *out)
{
	size_t at = out->len;
	size_t name_n = strlen(c->origin);
	uint8_t sig[SIG_BYTES];
	if (!name_ok(c->origin, name_n)) {
		return hz_fail(HZ_MSG_FORMAT, "checkpoint: not an origin");
	}
	enum hz_err err = hz_buf_printf(out, "%s\n%llu\n", c->origin, (unsigned long long)c->size);
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD, c->root, sizeof c->root);
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(out, '\n');
	}
	if (err == HZ_OK) {
		hz_key_id(ED25519, c->origin, name_n, key->pk, sig);
		hz_ed_sign(key, out->p + at, out->len - at, sig + HZ_KEY_ID);
		err = hz_buf_printf(out, "\n" DASH "%s ", c->origin);
	}
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD, sig, sizeof sig);
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(out, '\n');
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}

static enum hz_err
read_text(const char *s, size_t n, struct hz_checkpoint *ret)
{
	const char *line[TEXT_LINES];
	size_t len[TEXT_LINES];
	size_t at = 0;
	for (unsigned i = 0; i < TEXT_LINES; i++) {
		const char *end = at < n ? memchr(s + at, '\n', n - at) : NULL;
		if (end == NULL) {
			return hz_fail(HZ_MSG_FORMAT, "checkpoint: not three lines");
		}
		line[i] = s + at;
		len[i] = (size_t)(end - s) - at;
		at += len[i] + 1;
	}
	if (at != n) {
		return hz_fail(HZ_MSG_FORMAT, "checkpoint: more than three lines");
	}
	if (!name_ok(line[0], len[0]) || len[0] >= sizeof ret->origin) {
		return hz_fail(HZ_MSG_FORMAT, "checkpoint: not an origin");
	}
	size_t got = 0;
	enum hz_err err = hz_parse_u64(line[1], len[1], UINT64_MAX, &ret->size);
	if (err == HZ_OK && len[2] != hz_b64_len(HZ_B64_STD, HZ_HASH)) {
		err = hz_fail(HZ_MSG_FORMAT, "checkpoint: root is not 32 bytes");
	}
	if (err == HZ_OK) {
		err = hz_b64_get(HZ_B64_STD, line[2], len[2], ret->root, sizeof ret->root, &got);
	}
	if (err == HZ_OK && got != HZ_HASH) {
		err = hz_fail(HZ_MSG_FORMAT, "checkpoint: root is not 32 bytes");
	}
	if (err == HZ_OK) {
		memcpy(ret->origin, line[0], len[0]);
		ret->origin[len[0]] = '\0';
	}
	return err;
}

enum hz_err
hz_checkpoint_read(const void *p, size_t n, const uint8_t *pk, struct hz_checkpoint *ret)
{
	struct hz_checkpoint c = { .size = 0 };
	struct hz_note_key key;
	size_t text = 0;
	size_t verified = 0;
	enum hz_err err = find_text(p, n, &text);
	if (err == HZ_OK) {
		err = read_text(p, text, &c);
	}
	if (err == HZ_OK && pk != NULL) {
		memcpy(key.name, c.origin, sizeof key.name);
		memcpy(key.pk, pk, sizeof key.pk);
		err = hz_note_verify(p, n, &key, 1, &text, &verified);
	} else if (err == HZ_OK) {
		err = check_lines(p, n, text, NULL, 0, &verified);
	}
	if (err == HZ_OK) {
		*ret = c;
	}
	return err;
}
