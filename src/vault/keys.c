/* The keyring on disk and the secrets in memory. */
#include "vault/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

HZ_RESULT
hz_secrets_new(size_t cap, struct hz_secrets **ret)
{
	void *p = NULL;
	HZ_TRY(hz_secret_new(sizeof(struct hz_secrets) + cap * sizeof(struct hz_shared_key), &p));
	struct hz_secrets *s = p;
	s->cap = cap;
	*ret = s;
	return HZ_OK;
}

HZ_RESULT
hz_keys_read_file(struct hz_vault *v, const char *name, struct hz_keyring *ret)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_KEYRING_MAX);
	enum hz_err r = hz_file_read(v->dirfd, name, HZ_KEYRING_MAX, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_KEYRING_DAMAGED, "%s is missing", name);
	}
	if (r == HZ_OK) {
		r = hz_keyring_read(b.p, b.len, ret);
	}
	hz_buf_done(&b);
	return r;
}

/* Room for one more key; secrets are copied and wiped, never reallocated. */
static enum hz_err
secrets_room(struct hz_vault *v, size_t more)
{
	if (v->sec && v->sec->n + more <= v->sec->cap) {
		return HZ_OK;
	}
	struct hz_secrets *grown = NULL;
	size_t n = v->sec ? v->sec->n : 0;
	HZ_TRY(hz_secrets_new((n + more) * 2 + 16, &grown));
	if (v->sec) {
		size_t cap = grown->cap;
		memcpy(grown, v->sec, sizeof(*grown) + n * sizeof(struct hz_shared_key));
		grown->cap = cap;
		void *old = v->sec;
		hz_secret_free(&old);
	}
	v->sec = grown;
	return HZ_OK;
}

/* Opens every wrap for this member. A wrap that waits under the X25519 key is skipped in a session, which
 * does not hold that key. */
HZ_RESULT
hz_keys_load_shared(struct hz_vault *v)
{
	HZ_TRY(secrets_room(v, v->kr.nwraps + 64));
	v->sec->n = 0;
	bool has_x = !hz_is_zero(v->sec->me.x25519_sk, 32);
	for (size_t i = 0; i < v->kr.nwraps; i++) {
		const struct hz_kr_wrap *w = &v->kr.wraps[i];
		if (memcmp(w->member, v->member, 16) != 0 || (w->method == 2 && !has_x)) {
			continue;
		}
		struct hz_shared_key *k = &v->sec->keys[v->sec->n];
		HZ_TRY(hz_wrap_open(
		    &v->kr, w, v->sec->me.wrap_key, has_x ? v->sec->me.x25519_sk : NULL, k->key));
		k->name = w->name;
		v->sec->n++;
	}
	return HZ_OK;
}

static enum hz_err
unlock_slots(struct hz_vault *v, const struct hz_buf *pw)
{
	uint8_t seed[32];
	enum hz_err r = hz_fail(HZ_MSG_WRONG_PASSPHRASE, "%s", ""); /* the message says it all */
	for (size_t i = 0; i < v->kr.nslots; i++) {
		r = hz_slot_open(v->info.vault_id, &v->kr.slots[i], pw->p, pw->len, seed);
		if (r == HZ_OK) {
			memcpy(v->member, v->kr.slots[i].member, 16);
			hz_member_keys_derive(v->info.vault_id, seed, &v->sec->me);
			break;
		}
		if (r != HZ_ERR_LOCKED) {
			break;
		}
	}
	hz_wipe(seed, sizeof(seed));
	return r;
}

HZ_RESULT
hz_keys_unlock(struct hz_vault *v, const struct hz_unlock *unlock)
{
	bool found = false;
	HZ_TRY(hz_secrets_new(v->kr.nwraps + 64, &v->sec));
	if (!unlock->no_session) {
		HZ_TRY(hz_session_load(v, &found));
		v->info.from_session = found;
	}
	if (!found) {
		struct hz_buf pw = HZ_BUF_SECRET_INIT(4096);
		enum hz_err r = unlock->passphrase(unlock->arg, &pw);
		int64_t begun = hz_time_boot_ns();
		if (r == HZ_OK) {
			r = unlock_slots(v, &pw);
		}
		hz_buf_done(&pw);
		v->info.unlock_seconds = (double)(hz_time_boot_ns() - begun) / 1e9;
		HZ_TRY(r);
	}
	hz_kid(v->sec->me.event.pk, v->kid);
	hz_id_text("mb-", v->member, v->info.member);
	return hz_keys_load_shared(v);
}

HZ_RESULT
hz_keys_add(struct hz_vault *v, const struct hz_key_name *name, const uint8_t key[static 32])
{
	struct hz_kr_wrap w;
	HZ_TRY(secrets_room(v, 1));
	HZ_TRY(hz_wrap_make(&v->kr, name, v->member, v->sec->me.wrap_key, key, &w));
	HZ_TRY(hz_keyring_add_wrap(&v->kr, &w));
	struct hz_shared_key *k = &v->sec->keys[v->sec->n++];
	k->name = *name;
	memcpy(k->key, key, 32);
	return HZ_OK;
}

/* A change of the keyring [design: keyring changes]: keyring.new is on disk before the event that names it.
 */
HZ_RESULT
hz_keys_stage(struct hz_vault *v)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_KEYRING_MAX);
	v->kr.generation++;
	memcpy(v->kr.custodian, v->member, 16);
	enum hz_err r = hz_keyring_write(&v->kr, &v->sec->me.event, &b);
	if (r == HZ_OK) {
		if (unlinkat(v->dirfd, "keyring.new", 0) != 0 && errno != ENOENT) {
			r = hz_fail_sys(HZ_MSG_IO, errno, "removing an old keyring.new");
		}
	}
	if (r == HZ_OK) {
		r = hz_file_create(v->dirfd, "keyring.new", b.p, b.len, 0600);
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_keys_publish(struct hz_vault *v)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_KEYRING_MAX);
	if (renameat(v->dirfd, "keyring.new", v->dirfd, "keyring") != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "putting the new keyring in place");
	}
	enum hz_err r = hz_dir_sync(v->dirfd);
	if (r == HZ_OK) {
		r = hz_file_read(v->dirfd, "keyring", HZ_KEYRING_MAX, &b);
	}
	if (r == HZ_OK) {
		r = hz_file_replace(v->dirfd, "keyring.2", b.p, b.len, 0600);
	}
	hz_buf_done(&b);
	return r;
}

/* The keyring that the log names wins: a run may have died between the event and the rename, or between the
 * rename and the copy. A writer then finishes what was begun. */
HZ_RESULT
hz_keys_pick(struct hz_vault *v, const uint8_t named[static 32])
{
	static const char *const others[] = { "keyring.new", "keyring.2" };
	if (memcmp(v->kr.signed_hash, named, 32) == 0) {
		return HZ_OK;
	}
	for (size_t i = 0; i < 2; i++) {
		struct hz_keyring k = { 0 };
		if (hz_keys_read_file(v, others[i], &k) != HZ_OK) {
			continue;
		}
		if (memcmp(k.signed_hash, named, 32) != 0 || memcmp(k.vault_id, v->info.vault_id, 16) != 0) {
			hz_keyring_done(&k);
			continue;
		}
		hz_keyring_done(&v->kr);
		v->kr = k;
		HZ_TRY(hz_keys_load_shared(v));
		if (v->mode == HZ_VAULT_WRITE && i == 0) {
			return hz_keys_publish(v);
		}
		return HZ_OK;
	}
	return hz_fail(HZ_MSG_KEYRING_DAMAGED, "no keyring file is the one that the log names");
}
