#include "vault/keyring.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC     "HIRZKEYS"
#define MAGIC_LEN 8
#define SIGN_TAG  "hirz-keyring/v1"
#define SLOT_TAG  "hirz-slot/v1"
#define WRAP_TAG  "hirz-wrap/v1"
#define WRAP_INFO "hirz-wrap-x25519/v1"

void
hz_keyring_done(struct hz_keyring *k)
{
	if (!k) {
		return;
	}
	free(k->members);
	free(k->wraps);
	free(k->slots);
	memset(k, 0, sizeof(*k));
}

HZ_RESULT
hz_keyring_add_wrap(struct hz_keyring *k, const struct hz_kr_wrap *w)
{
	if (k->nwraps >= HZ_KR_WRAPS) {
		return hz_fail(HZ_MSG_LIMIT, "keyring: more than %d wraps", HZ_KR_WRAPS);
	}
	struct hz_kr_wrap *grown = realloc(k->wraps, (k->nwraps + 1) * sizeof(*grown));
	if (!grown) {
		return hz_fail(HZ_MSG_NOMEM, "keyring wraps");
	}
	k->wraps = grown;
	k->wraps[k->nwraps++] = *w;
	return HZ_OK;
}

static enum hz_err
put_name(struct hz_buf *b, const struct hz_key_name *n)
{
	HZ_TRY(hz_put_u8(b, n->type));
	HZ_TRY(hz_put_u32(b, n->compartment));
	HZ_TRY(hz_put_u32(b, n->epoch));
	return hz_buf_put(b, n->log, 4);
}

/* The signed part [F-11.5]. */
static enum hz_err
put_signed(const struct hz_keyring *k, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_buf_put(b, k->vault_id, 16));
	HZ_TRY(hz_put_u64(b, k->generation));
	HZ_TRY(hz_buf_put(b, k->custodian, 16));
	HZ_TRY(hz_put_u16(b, (uint16_t)k->nmembers));
	for (size_t i = 0; i < k->nmembers; i++) {
		const struct hz_kr_member *m = &k->members[i];
		HZ_TRY(hz_buf_put(b, m->id, 16));
		HZ_TRY(hz_buf_put(b, m->event_pk, 32));
		HZ_TRY(hz_buf_put(b, m->bundle_pk, 32));
		HZ_TRY(hz_buf_put(b, m->x25519_pk, 32));
	}
	HZ_TRY(hz_put_u32(b, (uint32_t)k->nwraps));
	for (size_t i = 0; i < k->nwraps; i++) {
		const struct hz_kr_wrap *w = &k->wraps[i];
		HZ_TRY(put_name(b, &w->name));
		HZ_TRY(hz_buf_put(b, w->member, 16));
		HZ_TRY(hz_put_u8(b, w->method));
		HZ_TRY(hz_put_lp(b, w->bytes, w->n));
	}
	return HZ_OK;
}

static enum hz_err
put_slot_open_part(const struct hz_kr_slot *s, struct hz_buf *b)
{
	HZ_TRY(hz_buf_put(b, s->member, 16));
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_put_u32(b, s->t));
	HZ_TRY(hz_put_u32(b, s->mem_kib));
	HZ_TRY(hz_buf_put(b, s->salt, 16));
	HZ_TRY(hz_buf_put(b, s->nonce, 24));
	return hz_buf_put(b, s->box, 48);
}

static enum hz_err
put_all(struct hz_keyring *k, const struct hz_ed_key *custodian, struct hz_buf *part, struct hz_buf *msg,
    struct hz_buf *out)
{
	uint8_t sig[64], sum[32];
	HZ_TRY(put_signed(k, part));
	HZ_TRY(hz_buf_puts(msg, SIGN_TAG));
	HZ_TRY(hz_buf_put(msg, part->p, part->len));
	hz_ed_sign(custodian, msg->p, msg->len, sig);
	hz_sha256(part->p, part->len, k->signed_hash);
	size_t start = out->len;
	HZ_TRY(hz_buf_put(out, MAGIC, MAGIC_LEN));
	HZ_TRY(hz_put_u16(out, 1));
	HZ_TRY(hz_put_lp(out, part->p, part->len));
	HZ_TRY(hz_buf_put(out, sig, 64));
	HZ_TRY(hz_put_u16(out, (uint16_t)k->nslots));
	for (size_t i = 0; i < k->nslots; i++) {
		HZ_TRY(put_slot_open_part(&k->slots[i], out));
		HZ_TRY(hz_buf_put(out, k->slots[i].mac, 32));
	}
	hz_sha256(out->p + start, out->len - start, sum);
	return hz_buf_put(out, sum, 32);
}

HZ_RESULT
hz_keyring_write(struct hz_keyring *k, const struct hz_ed_key *custodian, struct hz_buf *out)
{
	struct hz_buf part = HZ_BUF_INIT(HZ_KEYRING_MAX), msg = HZ_BUF_INIT(HZ_KEYRING_MAX + 64);
	enum hz_err r = put_all(k, custodian, &part, &msg, out);
	hz_buf_done(&part);
	hz_buf_done(&msg);
	return r;
}

static enum hz_err
get_members(struct hz_rd *r, struct hz_keyring *k)
{
	uint16_t n = 0;
	HZ_TRY(hz_get_u16(r, &n));
	if (n == 0 || n > HZ_KR_MEMBERS) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: %u members", n);
	}
	k->members = calloc(n, sizeof(*k->members));
	if (!k->members) {
		return hz_fail(HZ_MSG_NOMEM, "keyring members");
	}
	k->nmembers = n;
	for (size_t i = 0; i < n; i++) {
		struct hz_kr_member *m = &k->members[i];
		HZ_TRY(hz_get_raw(r, m->id, 16));
		HZ_TRY(hz_get_raw(r, m->event_pk, 32));
		HZ_TRY(hz_get_raw(r, m->bundle_pk, 32));
		HZ_TRY(hz_get_raw(r, m->x25519_pk, 32));
	}
	return HZ_OK;
}

static enum hz_err
get_wrap(struct hz_rd *r, struct hz_kr_wrap *w)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	HZ_TRY(hz_get_u8(r, &w->name.type));
	HZ_TRY(hz_get_u32(r, &w->name.compartment));
	HZ_TRY(hz_get_u32(r, &w->name.epoch));
	HZ_TRY(hz_get_raw(r, w->name.log, 4));
	HZ_TRY(hz_get_raw(r, w->member, 16));
	HZ_TRY(hz_get_u8(r, &w->method));
	HZ_TRY(hz_get_lp(r, HZ_KR_WRAP_BYTES, &p, &n));
	if (w->name.type < HZ_KEY_LOG || w->name.type > HZ_KEY_EPOCH_X25519 || (w->method == 1 && n != 72) ||
	    (w->method == 2 && n != 104) || w->method < 1 || w->method > 2) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: wrap of type %u, method %u, %zu bytes",
		    w->name.type, w->method, n);
	}
	memcpy(w->bytes, p, n);
	w->n = n;
	return HZ_OK;
}

static enum hz_err
get_signed(struct hz_rd *r, struct hz_keyring *k)
{
	uint8_t ver = 0;
	uint32_t n = 0;
	HZ_TRY(hz_get_u8(r, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "keyring: signed part of version %u", ver);
	}
	HZ_TRY(hz_get_raw(r, k->vault_id, 16));
	HZ_TRY(hz_get_u64(r, &k->generation));
	HZ_TRY(hz_get_raw(r, k->custodian, 16));
	HZ_TRY(get_members(r, k));
	HZ_TRY(hz_get_u32(r, &n));
	/* A wrap takes at least 106 bytes: the count cannot make us allocate more than the bytes given. */
	if (n > HZ_KR_WRAPS || n > hz_rd_left(r) / 106) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: %u wraps", n);
	}
	k->wraps = calloc(n ? n : 1, sizeof(*k->wraps));
	if (!k->wraps) {
		return hz_fail(HZ_MSG_NOMEM, "keyring wraps");
	}
	k->nwraps = n;
	for (size_t i = 0; i < n; i++) {
		HZ_TRY(get_wrap(r, &k->wraps[i]));
	}
	return hz_rd_end(r);
}

static enum hz_err
get_slots(struct hz_rd *r, struct hz_keyring *k)
{
	uint16_t n = 0;
	HZ_TRY(hz_get_u16(r, &n));
	if (n > HZ_KR_SLOTS) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: %u slots", n);
	}
	k->slots = calloc(n ? n : 1, sizeof(*k->slots));
	if (!k->slots) {
		return hz_fail(HZ_MSG_NOMEM, "keyring slots");
	}
	k->nslots = n;
	for (size_t i = 0; i < n; i++) {
		struct hz_kr_slot *s = &k->slots[i];
		uint8_t kdf = 0;
		HZ_TRY(hz_get_raw(r, s->member, 16));
		HZ_TRY(hz_get_u8(r, &kdf));
		if (kdf != 1) {
			return hz_fail(HZ_MSG_VAULT_NEWER, "keyring: slot of kind %u", kdf);
		}
		HZ_TRY(hz_get_u32(r, &s->t));
		HZ_TRY(hz_get_u32(r, &s->mem_kib));
		HZ_TRY(hz_get_raw(r, s->salt, 16));
		HZ_TRY(hz_get_raw(r, s->nonce, 24));
		HZ_TRY(hz_get_raw(r, s->box, 48));
		HZ_TRY(hz_get_raw(r, s->mac, 32));
	}
	return HZ_OK;
}

static enum hz_err
check_signature(const struct hz_keyring *k, const uint8_t *part, size_t n, const uint8_t *sig)
{
	struct hz_buf msg = HZ_BUF_INIT(HZ_KEYRING_MAX + 64);
	enum hz_err r = hz_buf_puts(&msg, SIGN_TAG);
	if (r == HZ_OK) {
		r = hz_buf_put(&msg, part, n);
	}
	bool good = false;
	for (size_t i = 0; r == HZ_OK && i < k->nmembers; i++) {
		if (memcmp(k->members[i].id, k->custodian, 16) == 0) {
			good = hz_ed_verify(k->members[i].event_pk, msg.p, msg.len, sig);
		}
	}
	hz_buf_done(&msg);
	if (r == HZ_OK && !good) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: the custodian's signature does not match");
	}
	return r;
}

static enum hz_err
read_file(const uint8_t *p, size_t n, struct hz_keyring *k)
{
	uint8_t sum[32], magic[MAGIC_LEN];
	uint16_t ver = 0;
	const uint8_t *part = NULL, *sig = NULL;
	size_t partlen = 0;
	if (n < MAGIC_LEN + 2 + 32) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: %zu bytes", n);
	}
	struct hz_rd r = hz_rd_over(p, n - 32);
	HZ_TRY(hz_get_raw(&r, magic, MAGIC_LEN));
	HZ_TRY(hz_get_u16(&r, &ver));
	hz_sha256(p, n - 32, sum);
	if (memcmp(sum, p + n - 32, 32) != 0) {
		return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: the closing hash does not match");
	}
	if (memcmp(magic, MAGIC, MAGIC_LEN) != 0 || ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "keyring of version %u", ver);
	}
	HZ_TRY(hz_get_lp(&r, HZ_KEYRING_MAX, &part, &partlen));
	HZ_TRY(hz_get_view(&r, 64, &sig));
	struct hz_rd sr = hz_rd_over(part, partlen);
	HZ_TRY(get_signed(&sr, k));
	HZ_TRY(get_slots(&r, k));
	HZ_TRY(hz_rd_end(&r));
	hz_sha256(part, partlen, k->signed_hash);
	return check_signature(k, part, partlen, sig);
}

HZ_RESULT
hz_keyring_read(const void *p, size_t n, struct hz_keyring *ret_k)
{
	struct hz_keyring k = { 0 };
	enum hz_err r = read_file(p, n, &k);
	if (r != HZ_OK) {
		hz_keyring_done(&k);
		if (r == HZ_ERR_FORMAT || r == HZ_ERR_LIMIT) {
			return hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: lengths do not fit");
		}
		return r;
	}
	*ret_k = k;
	return HZ_OK;
}

/* --- wraps [F-11.6] --------------------------------------------------------------------------------- */

static enum hz_err
wrap_ad(const struct hz_keyring *k, const struct hz_kr_wrap *w, struct hz_buf *ad)
{
	HZ_TRY(hz_buf_puts(ad, WRAP_TAG));
	HZ_TRY(hz_buf_put(ad, k->vault_id, 16));
	HZ_TRY(put_name(ad, &w->name));
	HZ_TRY(hz_buf_put(ad, w->member, 16));
	return hz_put_u8(ad, w->method);
}

static enum hz_err
wrap_seal(const struct hz_keyring *k, struct hz_kr_wrap *w, const uint8_t kek[static 32],
    const uint8_t key[static 32], size_t at)
{
	struct hz_buf ad = HZ_BUF_INIT(256);
	enum hz_err r = wrap_ad(k, w, &ad);
	if (r == HZ_OK) {
		hz_random(w->bytes + at, HZ_BOX_NONCE);
		hz_box_seal(kek, w->bytes + at, ad.p, ad.len, key, 32, w->bytes + at + HZ_BOX_NONCE);
		w->n = at + HZ_BOX_NONCE + 32 + HZ_BOX_TAG;
	}
	hz_buf_done(&ad);
	return r;
}

HZ_RESULT
hz_wrap_make(const struct hz_keyring *k, const struct hz_key_name *name, const uint8_t member[static 16],
    const uint8_t member_key[static 32], const uint8_t key[static 32], struct hz_kr_wrap *ret_w)
{
	struct hz_kr_wrap w = { .name = *name, .method = 1 };
	memcpy(w.member, member, 16);
	HZ_TRY(wrap_seal(k, &w, member_key, key, 0));
	*ret_w = w;
	return HZ_OK;
}

static enum hz_err
x25519_kek(const uint8_t shared[static 32], const uint8_t eph[static 32], const uint8_t recipient[static 32],
    uint8_t kek[static 32])
{
	uint8_t salt[64];
	memcpy(salt, eph, 32);
	memcpy(salt + 32, recipient, 32);
	hz_hkdf_sha256(shared, 32, salt, 64, WRAP_INFO, kek, 32);
	return HZ_OK;
}

HZ_RESULT
hz_wrap_make_x25519(const struct hz_keyring *k, const struct hz_key_name *name,
    const uint8_t member[static 16], const uint8_t recipient[static 32], const uint8_t key[static 32],
    struct hz_kr_wrap *ret_w)
{
	struct hz_kr_wrap w = { .name = *name, .method = 2 };
	uint8_t eph[32], shared[32], kek[32];
	memcpy(w.member, member, 16);
	hz_random(eph, 32);
	hz_x25519_public(eph, w.bytes);
	enum hz_err r = hz_x25519(eph, recipient, shared);
	if (r == HZ_OK) {
		r = x25519_kek(shared, w.bytes, recipient, kek);
	}
	if (r == HZ_OK) {
		r = wrap_seal(k, &w, kek, key, 32);
	}
	hz_wipe(eph, 32);
	hz_wipe(shared, 32);
	hz_wipe(kek, 32);
	if (r == HZ_OK) {
		*ret_w = w;
	}
	return r;
}

HZ_RESULT
hz_wrap_open(const struct hz_keyring *k, const struct hz_kr_wrap *w, const uint8_t member_key[static 32],
    const uint8_t *x25519_sk, uint8_t ret_key[static 32])
{
	uint8_t kek[32], shared[32], pk[32];
	size_t at = 0;
	enum hz_err r = HZ_OK;
	if (w->method == 1) {
		memcpy(kek, member_key, 32);
	} else if (!x25519_sk) {
		return hz_fail(HZ_MSG_NO_KEY,
		    "a key waits under the member's X25519 key: the passphrase is needed once");
	} else {
		at = 32;
		hz_x25519_public(x25519_sk, pk);
		r = hz_x25519(x25519_sk, w->bytes, shared);
		if (r == HZ_OK) {
			r = x25519_kek(shared, w->bytes, pk, kek);
		}
	}
	struct hz_buf ad = HZ_BUF_INIT(256);
	if (r == HZ_OK) {
		r = wrap_ad(k, w, &ad);
	}
	if (r == HZ_OK) {
		/* NOLINTNEXTLINE(readability-suspicious-call-argument): kek opens, ret_key comes out */
		r = hz_box_open(kek, w->bytes + at, ad.p, ad.len, w->bytes + at + HZ_BOX_NONCE, 48, ret_key);
		if (r != HZ_OK) {
			r = hz_fail(HZ_MSG_KEYRING_DAMAGED, "keyring: a wrapped key of type %u does not open",
			    w->name.type);
		}
	}
	hz_buf_done(&ad);
	hz_wipe(kek, 32);
	hz_wipe(shared, 32);
	return r;
}

/* --- slots [F-11.7] --------------------------------------------------------------------------------- */

static enum hz_err
slot_mac(const uint8_t vault_id[static 16], const struct hz_kr_slot *s, const uint8_t key[static 32],
    uint8_t mac[static 32])
{
	struct hz_buf m = HZ_BUF_INIT(512);
	enum hz_err r = hz_buf_puts(&m, SLOT_TAG);
	if (r == HZ_OK) {
		r = hz_buf_put(&m, vault_id, 16);
	}
	if (r == HZ_OK) {
		r = put_slot_open_part(s, &m);
	}
	if (r == HZ_OK) {
		hz_hmac_sha256(key, 32, m.p, m.len, mac);
	}
	hz_buf_done(&m);
	return r;
}

static void
slot_ad(const uint8_t vault_id[static 16], const uint8_t member[static 16], uint8_t ad[static 44])
{
	memcpy(ad, SLOT_TAG, 12); /* NOLINT(bugprone-not-null-terminated-result): bytes, no string */
	memcpy(ad + 12, vault_id, 16);
	memcpy(ad + 28, member, 16);
}

HZ_RESULT
hz_slot_make(const uint8_t vault_id[static 16], const uint8_t member[static 16], const void *pw, size_t pwlen,
    uint32_t mem_kib, uint32_t t, const uint8_t seed[static 32], struct hz_kr_slot *ret_s)
{
	struct hz_kr_slot s = { .t = t, .mem_kib = mem_kib };
	uint8_t k[64], ad[44];
	memcpy(s.member, member, 16);
	hz_random(s.salt, 16);
	hz_random(s.nonce, 24);
	HZ_TRY(hz_argon2id(pw, pwlen, s.salt, mem_kib, t, k));
	slot_ad(vault_id, member, ad);
	hz_box_seal(k, s.nonce, ad, sizeof(ad), seed, 32, s.box);
	enum hz_err r = slot_mac(vault_id, &s, k + 32, s.mac);
	hz_wipe(k, sizeof(k));
	if (r == HZ_OK) {
		*ret_s = s;
	}
	return r;
}

HZ_RESULT
hz_slot_open(const uint8_t vault_id[static 16], const struct hz_kr_slot *s, const void *pw, size_t pwlen,
    uint8_t ret_seed[static 32])
{
	uint8_t k[64], ad[44], mac[32];
	enum hz_err r = hz_argon2id(pw, pwlen, s->salt, s->mem_kib, s->t, k);
	if (r == HZ_OK) {
		r = slot_mac(vault_id, s, k + 32, mac);
	}
	if (r == HZ_OK && !hz_equal(mac, s->mac, 32)) {
		r = hz_fail(HZ_MSG_WRONG_PASSPHRASE, "%s", "");
	}
	if (r == HZ_OK) {
		slot_ad(vault_id, s->member, ad);
		r = hz_box_open(k, s->nonce, ad, sizeof(ad), s->box, 48, ret_seed);
	}
	hz_wipe(k, sizeof(k));
	return r;
}

void
hz_member_keys_derive(
    const uint8_t vault_id[static 16], const uint8_t seed[static 32], struct hz_member_keys *ret_k)
{
	static const char label[] = "hirz-member/v1";
	uint8_t msg[sizeof(label) - 1 + 16], base[32], sub[32];
	memcpy(msg, label, sizeof(label) - 1);
	memcpy(msg + sizeof(label) - 1, vault_id, 16);
	hz_blake2b_keyed(seed, msg, sizeof(msg), base);
	hz_kdf(base, 1, sub);
	hz_ed_key_from_seed(sub, &ret_k->event);
	hz_kdf(base, 2, sub);
	hz_ed_key_from_seed(sub, &ret_k->bundle);
	hz_kdf(base, 3, ret_k->x25519_sk);
	hz_kdf(base, 7, ret_k->wrap_key);
	hz_wipe(base, 32);
	hz_wipe(sub, 32);
}
