/* Sessions in the kernel keyring [F-11.10]. The key lies in the user keyring so that other terminals of this
 * user find it; it is linked into the session keyring first, else it could not be read; only a possessor may
 * read it; it always has a time-out. Where the kernel refuses, nothing is kept and the caller says so. */
#include "vault/internal.h"

#include <errno.h>
#include <keyutils.h>
#include <stdio.h>
#include <string.h>

#define LABEL     "hirz-session/v2"
#define LABEL_LEN 15
#define BLOB_LEN  (LABEL_LEN + 16 + 16 + 32 + 32 + 32 + 32)
#define RIGHTS    (KEY_POS_ALL | KEY_USR_VIEW | KEY_USR_SEARCH | KEY_USR_LINK)

static void
describe(const uint8_t vault_id[static 16], char name[static 64])
{
	char hex[33];
	hz_hex(hex, vault_id, 16);
	(void)snprintf(name, 64, "hirz:%s", hex);
}

/* Puts the blob into the user keyring with a time-out, and reads it back: a keyring that keeps but does not
 * give is of no use. */
static enum hz_err
keep(const char *name, const uint8_t b[static BLOB_LEN], unsigned seconds, key_serial_t *ret_id)
{
	uint8_t probe[BLOB_LEN];
	/* The user keyring must be reachable from the session keyring: possession is what lets us read. */
	(void)keyctl_link(KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING);
	key_serial_t id = add_key("user", name, b, BLOB_LEN, KEY_SPEC_USER_KEYRING);
	if (id < 0) {
		return hz_fail_sys(HZ_MSG_NO_SESSION, errno, "the kernel keyring refused the session");
	}
	if (keyctl_set_timeout(id, seconds) != 0 || keyctl_setperm(id, RIGHTS) != 0) {
		int e = errno;
		(void)keyctl_revoke(id);
		return hz_fail_sys(HZ_MSG_NO_SESSION, e, "the kernel keyring refused a time-out or rights");
	}
	long n = keyctl_read(id, (char *)probe, sizeof(probe));
	hz_wipe(probe, sizeof(probe));
	if (n != BLOB_LEN) {
		(void)keyctl_revoke(id);
		return hz_fail(HZ_MSG_NO_SESSION, "the kernel keyring does not give the session back");
	}
	*ret_id = id;
	return HZ_OK;
}

HZ_RESULT
hz_session_store(const struct hz_vault *v, unsigned seconds)
{
	char name[64];
	void *p = NULL;
	key_serial_t id = -1;
	if (!v->sec || seconds == 0) {
		return hz_fail(HZ_MSG_NO_SESSION, "nothing to keep");
	}
	HZ_TRY(hz_secret_new(BLOB_LEN, &p));
	uint8_t *b = p;
	memcpy(b, LABEL, LABEL_LEN); /* NOLINT(bugprone-not-null-terminated-result): bytes, no string */
	memcpy(b + LABEL_LEN, v->info.vault_id, 16);
	memcpy(b + LABEL_LEN + 16, v->member, 16);
	memcpy(
	    b + LABEL_LEN + 32, v->sec->me.event.sk, 32); /* the first half of an expanded key is its seed */
	memcpy(b + LABEL_LEN + 64, v->sec->me.bundle.sk, 32);
	memcpy(b + LABEL_LEN + 96, v->sec->me.wrap_key, 32);
	hz_random(b + LABEL_LEN + 128, 32); /* the key of marks: of this session only */
	describe(v->info.vault_id, name);
	enum hz_err r = keep(name, b, seconds, &id);
	hz_secret_free(&p);
	return r;
}

HZ_RESULT
hz_session_possible(void)
{
	static const uint8_t nothing[BLOB_LEN];
	uint8_t id16[16];
	char name[64];
	key_serial_t id = -1;
	HZ_TRY(hz_crypto_init());
	hz_random(id16, 16);
	describe(id16, name);
	HZ_TRY(keep(name, nothing, 5, &id));
	(void)keyctl_revoke(id);
	(void)keyctl_unlink(id, KEY_SPEC_USER_KEYRING);
	return HZ_OK;
}

static key_serial_t
find(const uint8_t vault_id[static 16])
{
	char name[64];
	describe(vault_id, name);
	(void)keyctl_link(KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING);
	return (key_serial_t)keyctl_search(KEY_SPEC_USER_KEYRING, "user", name, 0);
}

HZ_RESULT
hz_session_load(struct hz_vault *v, bool *ret_found)
{
	uint8_t b[BLOB_LEN];
	*ret_found = false;
	key_serial_t id = find(v->info.vault_id);
	if (id < 0) {
		return HZ_OK;
	}
	long n = keyctl_read(id, (char *)b, sizeof(b));
	if (n == BLOB_LEN && memcmp(b, LABEL, LABEL_LEN) == 0 &&
	    memcmp(b + LABEL_LEN, v->info.vault_id, 16) == 0) {
		memcpy(v->member, b + LABEL_LEN + 16, 16);
		hz_ed_key_from_seed(b + LABEL_LEN + 32, &v->sec->me.event);
		hz_ed_key_from_seed(b + LABEL_LEN + 64, &v->sec->me.bundle);
		memcpy(v->sec->me.wrap_key, b + LABEL_LEN + 96, 32);
		*ret_found = true;
	}
	hz_wipe(b, sizeof(b));
	return HZ_OK;
}

bool
hz_session_mark(const uint8_t vault_id[static 16], uint8_t ret_key[static 32], char ret_name[static 33])
{
	uint8_t b[BLOB_LEN], name[16];
	key_serial_t id = find(vault_id);
	bool good = id >= 0 && keyctl_read(id, (char *)b, sizeof(b)) == BLOB_LEN &&
		    memcmp(b, LABEL, LABEL_LEN) == 0 && memcmp(b + LABEL_LEN, vault_id, 16) == 0;
	if (good) {
		/* The name stays from session to session, so that one file serves for all of them. */
		hz_hkdf_sha256(
		    b + LABEL_LEN + 96, 32, vault_id, 16, "hirz-walked-name/v1", name, sizeof(name));
		hz_hex(ret_name, name, sizeof(name));
		memcpy(ret_key, b + LABEL_LEN + 128, 32);
	}
	hz_wipe(b, sizeof(b));
	return good;
}

HZ_RESULT
hz_session_drop(const uint8_t vault_id[static 16], bool *ret_was)
{
	key_serial_t id = find(vault_id);
	*ret_was = id >= 0;
	if (id >= 0) {
		if (keyctl_revoke(id) != 0) {
			return hz_fail_sys(
			    HZ_MSG_NO_SESSION, errno, "the kernel keyring did not end the session");
		}
		(void)keyctl_unlink(id, KEY_SPEC_USER_KEYRING);
	}
	return HZ_OK;
}

bool
hz_session_peek(const uint8_t vault_id[static 16], unsigned *ret_left)
{
	*ret_left = 0;
	return find(vault_id) >= 0;
}
