/* Small things that a command wants to find again on this machine, outside the vault: encrypted and named
 * under keys from the log key, like the pin [F-11.9]. */
#include "vault/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum hz_err
folder(int *ret_fd)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the programs do not change their environment */
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char path[4096];
	int n = 0;
	if (state && state[0] == '/') {
		n = snprintf(path, sizeof(path), "%s/hirz/memo", state);
	} else if (home && home[0] == '/') {
		n = snprintf(path, sizeof(path), "%s/.local/state/hirz/memo", home);
	}
	if (n <= 0 || (size_t)n >= sizeof(path)) {
		return hz_fail(HZ_MSG_IO, "no HOME and no XDG_STATE_HOME: nowhere to keep it");
	}
	return hz_dir_make(path, ret_fd);
}

static enum hz_err
keys(const struct hz_vault *v, const char *what, char name[static 33], uint8_t key[static 32])
{
	char label[64];
	uint8_t h[32];
	const uint8_t *lk = hz_vault_key(v, HZ_KEY_LOG, 0, 1);
	if (v->no_outside_pin) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "this vault leaves nothing outside");
	}
	if (!lk) {
		return hz_fail(HZ_MSG_NO_KEY, "no log key");
	}
	(void)snprintf(label, sizeof(label), "hirz-memo-name/v1 %s", what);
	hz_hkdf_sha256(lk, 32, v->info.vault_id, 16, label, h, 32);
	hz_hex(name, h, 16);
	(void)snprintf(label, sizeof(label), "hirz-memo-key/v1 %s", what);
	hz_hkdf_sha256(lk, 32, v->info.vault_id, 16, label, key, 32);
	return HZ_OK;
}

HZ_RESULT
hz_memo_read(const struct hz_vault *v, const char *what, struct hz_buf *out)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_MEMO_MAX + HZ_BOX_NONCE + HZ_BOX_TAG);
	char name[33];
	uint8_t key[32], *p = NULL;
	int fd = -1;
	enum hz_err r = keys(v, what, name, key);
	r = r == HZ_OK ? folder(&fd) : r;
	r = r == HZ_OK ? hz_file_read(fd, name, b.max, &b) : r;
	if (r == HZ_OK && b.len < HZ_BOX_NONCE + HZ_BOX_TAG) {
		r = hz_fail(HZ_MSG_FORMAT, "a memo is cut");
	}
	r = r == HZ_OK ? hz_buf_room(out, b.len - HZ_BOX_NONCE - HZ_BOX_TAG, &p) : r;
	if (r == HZ_OK) {
		r = hz_box_open(key, b.p, v->info.vault_id, 16, b.p + HZ_BOX_NONCE, b.len - HZ_BOX_NONCE, p);
		if (r != HZ_OK) {
			out->len -= b.len - HZ_BOX_NONCE - HZ_BOX_TAG;
		}
	}
	hz_wipe(key, 32);
	hz_fd_close(&fd);
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_memo_write(const struct hz_vault *v, const char *what, const void *p, size_t n)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_MEMO_MAX + HZ_BOX_NONCE + HZ_BOX_TAG);
	char name[33];
	uint8_t key[32], *to = NULL;
	int fd = -1;
	enum hz_err r = keys(v, what, name, key);
	r = r == HZ_OK ? folder(&fd) : r;
	r = r == HZ_OK ? hz_buf_room(&b, HZ_BOX_NONCE + n + HZ_BOX_TAG, &to) : r;
	if (r == HZ_OK) {
		hz_random(to, HZ_BOX_NONCE);
		hz_box_seal(key, to, v->info.vault_id, 16, p, n, to + HZ_BOX_NONCE);
		r = hz_file_replace(fd, name, b.p, b.len, 0600);
	}
	hz_wipe(key, 32);
	hz_fd_close(&fd);
	hz_buf_done(&b);
	return r;
}

void
hz_memo_drop(const struct hz_vault *v, const char *what)
{
	char name[33];
	uint8_t key[32];
	int fd = -1;
	if (keys(v, what, name, key) == HZ_OK && folder(&fd) == HZ_OK) {
		(void)unlinkat(fd, name, 0);
	}
	hz_wipe(key, 32);
	hz_fd_close(&fd);
	hz_fail_clear();
}
