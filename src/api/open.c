/* Making, opening, unlocking, closing; sessions; what is known of a vault. */
#include "api/api.h"

#include "base/enc.h"
#include "door/passphrase.h"
#include "text/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(HIRZ_PASSPHRASE_MAX == HZ_PASSPHRASE_MAX, "length of a passphrase");
_Static_assert(HIRZ_PASSPHRASE_CHARS_MIN == HZ_PASSPHRASE_CHARS, "length of a new passphrase");
_Static_assert((int)HIRZ_SEALED == (int)HZ_VAULT_SEALED && (int)HIRZ_READ == (int)HZ_VAULT_READ &&
		   (int)HIRZ_WRITE == (int)HZ_VAULT_WRITE,
    "modes");

struct asking {
	struct hirz_key key;
	bool fresh; /* a new passphrase: must not be too weak */
};

/* As the program's own door does it: NFKC, and bytes that are not UTF-8 as they are. */
static enum hz_err
take(const struct asking *a, const void *p, size_t n, struct hz_buf *out)
{
	size_t chars = 0;
	if (n == 0) {
		return hz_fail(HZ_MSG_PASSPHRASE_WEAK, "it is empty");
	}
	if (n > HIRZ_PASSPHRASE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a passphrase has at most %d bytes", HIRZ_PASSPHRASE_MAX);
	}
	HZ_TRY(hz_utf8_ok(p, n) ? hz_text_nfkc(p, n, out) : hz_buf_put(out, p, n));
	unsigned bits = hz_passphrase_bits(out->p, out->len, &chars);
	if (a->fresh && (chars < HZ_PASSPHRASE_CHARS || bits < HZ_PASSPHRASE_BITS)) {
		return hz_fail(HZ_MSG_PASSPHRASE_WEAK, "too short, or too easy to guess");
	}
	return HZ_OK;
}

static enum hz_err
passphrase(void *arg, struct hz_buf *out)
{
	const struct asking *a = arg;
	void *buf = NULL;
	size_t n = 0;
	if (a->key.passphrase != NULL) {
		return take(a, a->key.passphrase, a->key.passphrase_len, out);
	}
	if (a->key.ask == NULL) {
		return hz_fail(HZ_MSG_INPUT_NEEDED, "no passphrase is given");
	}
	HZ_TRY(hz_secret_new(HIRZ_PASSPHRASE_MAX, &buf));
	enum hz_err r = a->key.ask(a->key.arg, buf, HIRZ_PASSPHRASE_MAX, &n) == 0 ? HZ_OK : hz_api_stopped();
	r = r == HZ_OK ? take(a, buf, n, out) : r;
	hz_secret_free(&buf);
	return r;
}

/* Descriptors 0 to 2 are where programs print: data.mdb must not get one of these numbers. */
static enum hz_err
std_open(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) == -1) {
			return hz_fail(
			    HZ_MSG_USAGE, "descriptor %d is closed: open the null device on it", fd);
		}
	}
	return HZ_OK;
}

static enum hz_err
handle(const char *path, struct hirz_vault **ret)
{
	struct hirz_vault *v = calloc(1, sizeof(*v));
	if (v == NULL || (v->path = strdup(path)) == NULL) {
		free(v);
		return hz_fail(HZ_MSG_NOMEM, "the vault handle");
	}
	*ret = v;
	return HZ_OK;
}

static void
drop(struct hirz_vault *v)
{
	if (v != NULL) {
		hz_inspector_free(&v->inspector);
		hz_vault_close(&v->v);
		free(v->path);
		free(v);
	}
}

static enum hz_err
open_vault(struct hirz_vault *v, enum hirz_mode mode, const struct hirz_key *key)
{
	struct hz_vault_opts vo = {
		.mode = (enum hz_vault_mode)mode, .force_fs = v->force_fs, .full_walk = true
	};
	struct asking a = { .fresh = false };
	HZ_TRY(hz_api_opts(key, &a.key, sizeof a.key));
	HZ_TRY(std_open());
	struct hz_unlock u = { passphrase, &a, (a.key.flags & HIRZ_KEY_NO_SESSION) != 0 };
	return hz_vault_open(v->path, &vo, &u, &v->v);
}

static enum hz_err
init_steps(const char *path, const struct hirz_init_opts *opts, const struct hirz_key *key,
    struct hirz_vault **ret_v)
{
	struct hirz_init_opts o;
	struct asking a = { .fresh = true };
	struct hirz_vault *v = NULL;
	HZ_TRY(hz_api_opts(opts, &o, sizeof o));
	HZ_TRY(hz_api_opts(key, &a.key, sizeof a.key));
	if (path == NULL || ret_v == NULL || o.org == NULL || o.desk == NULL) {
		return hz_fail(
		    HZ_MSG_USAGE, "path, organisation, desk and the place of the handle are needed");
	}
	if ((o.flags & ~(HIRZ_OPEN_FORCE_FS | HIRZ_OPEN_NO_PIN)) != 0) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "flags %x", o.flags);
	}
	HZ_TRY(std_open());
	HZ_TRY(handle(path, &v));
	v->mode = HIRZ_WRITE;
	v->force_fs = (o.flags & HIRZ_OPEN_FORCE_FS) != 0;
	struct hz_vault_new n = { .org = o.org,
		.desk = o.desk,
		.kdf_mib = o.kdf_mib,
		.no_pin = (o.flags & HIRZ_OPEN_NO_PIN) != 0,
		.force_fs = v->force_fs };
	struct hz_unlock u = { passphrase, &a, true };
	enum hz_err r = hz_vault_init(path, &n, &u, &v->v);
	if (r != HZ_OK) {
		drop(v);
		return r;
	}
	*ret_v = v;
	return HZ_OK;
}

enum hirz_err
hirz_init(const char *path, const struct hirz_init_opts *opts, const struct hirz_key *key,
    struct hirz_vault **ret_v)
{
	hz_fail_clear();
	return hz_api_end(init_steps(path, opts, key, ret_v));
}

static enum hz_err
open_steps(const char *path, const struct hirz_open_opts *opts, const struct hirz_key *key,
    struct hirz_vault **ret_v)
{
	struct hirz_open_opts o;
	struct hirz_vault *v = NULL;
	HZ_TRY(hz_api_opts(opts, &o, sizeof o));
	if (path == NULL || ret_v == NULL || o.mode > HIRZ_WRITE) {
		return hz_fail(HZ_MSG_USAGE, "a path, a mode and the place of the handle are needed");
	}
	if ((o.flags & ~HIRZ_OPEN_FORCE_FS) != 0) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "flags %x", o.flags);
	}
	HZ_TRY(handle(path, &v));
	v->mode = (enum hirz_mode)o.mode;
	v->force_fs = (o.flags & HIRZ_OPEN_FORCE_FS) != 0;
	enum hz_err r = open_vault(v, v->mode, key);
	if (r != HZ_OK) {
		drop(v);
		return r;
	}
	*ret_v = v;
	return HZ_OK;
}

enum hirz_err
hirz_open(const char *path, const struct hirz_open_opts *opts, const struct hirz_key *key,
    struct hirz_vault **ret_v)
{
	hz_fail_clear();
	return hz_api_end(open_steps(path, opts, key, ret_v));
}

/* One process must not have data.mdb open twice, so the old handle goes first. */
static enum hz_err
reopen(struct hirz_vault *v, enum hirz_mode mode, const struct hirz_key *key)
{
	struct hz_failure f;
	if (mode != HIRZ_READ && mode != HIRZ_WRITE) {
		return hz_fail(HZ_MSG_USAGE, "a mode with keys is needed");
	}
	hz_vault_close(&v->v);
	enum hz_err r = open_vault(v, mode, key);
	if (r == HZ_OK) {
		v->mode = mode;
		return HZ_OK;
	}
	hz_fail_save(&f);
	HZ_IGNORE(open_vault(v, v->mode, key)); /* v->v stays NULL: every later call says so */
	return hz_fail_restore(&f);
}

enum hirz_err
hirz_unlock(struct hirz_vault *v, enum hirz_mode mode, const struct hirz_key *key)
{
	enum hz_err r = hz_api_enter(v, HIRZ_SEALED);
	return r == HZ_OK ? hz_api_leave(v, reopen(v, mode, key)) : hz_api_end(r);
}

void
hirz_close(struct hirz_vault *v)
{
	/* In a callback it would take away the ground under the call that is under way. */
	if (v != NULL && !v->busy) {
		drop(v);
	}
}

enum hirz_err
hirz_session_keep(struct hirz_vault *v, unsigned seconds)
{
	enum hz_err r = hz_api_enter(v, HIRZ_READ);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	r = seconds == 0 ? hz_fail(HZ_MSG_USAGE, "a session has a time") : hz_session_store(v->v, seconds);
	return hz_api_leave(v, r);
}

enum hirz_err
hirz_session_end(struct hirz_vault *v)
{
	uint8_t id[16];
	bool was = false;
	enum hz_err r = hz_api_enter(v, HIRZ_SEALED);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	r = hz_vault_peek_id(v->path, id);
	r = r == HZ_OK ? hz_session_drop(id, &was) : r;
	return hz_api_leave(v, r);
}

static uint32_t
info_flags(const struct hz_vault_info *i)
{
	return (i->locked ? HIRZ_INFO_LOCKED : 0) | (i->rollback ? HIRZ_INFO_ROLLBACK : 0) |
	       (i->inside_pin_missing ? HIRZ_INFO_PIN_INSIDE_MISSING : 0) |
	       (i->outside_pin_missing ? HIRZ_INFO_PIN_OUTSIDE_MISSING : 0) |
	       (i->outside_pin_failed ? HIRZ_INFO_PIN_OUTSIDE_FAILED : 0) |
	       (i->from_session ? HIRZ_INFO_FROM_SESSION : 0) |
	       (hz_secret_locked() ? 0 : HIRZ_INFO_MEMORY_NOT_LOCKED);
}

static enum hz_err
fill_info(struct hirz_vault *v, struct hirz_info *ret)
{
	const struct hz_vault_info *i = hz_vault_info(v->v);
	struct hirz_info n = { .mode = (uint32_t)v->mode,
		.flags = info_flags(i),
		.exhibits = i->exhibits,
		.log_size = i->log_size,
		.removed = i->orphan_bytes };
	if (ret == NULL) {
		return hz_fail(HZ_MSG_USAGE, "no place for the result");
	}
	HZ_TRY(hz_api_ret_check(ret));
	(void)snprintf(n.vault, sizeof n.vault, "%s", i->vault_hex);
	(void)snprintf(n.fingerprint, sizeof n.fingerprint, "%s", i->fingerprint);
	(void)snprintf(n.desk, sizeof n.desk, "%s", i->desk);
	(void)snprintf(n.member, sizeof n.member, "%s", i->member);
	(void)snprintf(n.origin, sizeof n.origin, "%s", i->origin);
	(void)snprintf(n.org, sizeof n.org, "%s", i->org);
	memcpy(n.log_root, i->log_root, 32);
	hz_api_ret(&n, sizeof n, ret);
	return HZ_OK;
}

enum hirz_err
hirz_info(struct hirz_vault *v, struct hirz_info *ret)
{
	enum hz_err r = hz_api_enter(v, HIRZ_SEALED);
	return r == HZ_OK ? hz_api_leave(v, fill_info(v, ret)) : hz_api_end(r);
}
