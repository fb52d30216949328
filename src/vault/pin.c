/* Pins: remembered checkpoints, one in the vault in clear, one in the user's state folder, encrypted
 * [F-11.9]. */
#include "vault/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIN_MAX 8192
#define HEAD    "hirz-pin/v1\n"

struct pin {
	struct hz_checkpoint c;
	char vkey[HZ_VKEY_MAX];
	uint8_t event0[32];
};

static enum hz_err
pin_text(const struct hz_vault *v, struct hz_buf *b)
{
	char hex[65];
	hz_hex(hex, v->log.event0, 32);
	HZ_TRY(hz_buf_printf(b, HEAD "vkey %s\nevent0 %s\n\n", v->log.vkey, hex));
	/* Without cosignatures: the pin lies in clear, and who our witnesses are is nobody's business. */
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	HZ_TRY(hz_vkey_parse(v->log.vkey, strlen(v->log.vkey), name, pk));
	return hz_checkpoint_bare(v->note.p, v->note.len, pk, b);
}

/* One line "word value\n" of exactly this word; borrowed value. */
static enum hz_err
pin_line(const char *p, size_t n, size_t *at, const char *word, const char **ret_v, size_t *ret_n)
{
	size_t wn = strlen(word);
	const char *end = *at < n ? memchr(p + *at, '\n', n - *at) : NULL;
	if (!end || (size_t)(end - (p + *at)) <= wn + 1 || memcmp(p + *at, word, wn) != 0 ||
	    p[*at + wn] != ' ') {
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "pin: no line %s", word);
	}
	*ret_v = p + *at + wn + 1;
	*ret_n = (size_t)(end - *ret_v);
	*at = (size_t)(end - p) + 1;
	return HZ_OK;
}

static enum hz_err
pin_parse(const char *p, size_t n, struct pin *ret)
{
	size_t at = sizeof(HEAD) - 1, vn = 0, en = 0;
	const char *vk = NULL, *ev = NULL;
	struct pin pin;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	memset(&pin, 0, sizeof(pin));
	if (n < at || memcmp(p, HEAD, at) != 0) {
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "pin: not a pin");
	}
	HZ_TRY(pin_line(p, n, &at, "vkey", &vk, &vn));
	HZ_TRY(pin_line(p, n, &at, "event0", &ev, &en));
	if (vn >= sizeof(pin.vkey) || at >= n || p[at] != '\n') {
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "pin: form");
	}
	memcpy(pin.vkey, vk, vn);
	HZ_TRY(hz_unhex(ev, en, pin.event0, 32));
	HZ_TRY(hz_vkey_parse(vk, vn, name, pk));
	HZ_TRY(hz_checkpoint_read(p + at + 1, n - at - 1, pk, &pin.c));
	if (strcmp(pin.c.origin, name) != 0) {
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "pin: key and checkpoint name different logs");
	}
	*ret = pin;
	return HZ_OK;
}

static enum hz_err
inside_read(int dirfd, struct pin *ret)
{
	struct hz_buf b = HZ_BUF_INIT(PIN_MAX);
	enum hz_err r = hz_file_read(dirfd, "pin", PIN_MAX, &b);
	if (r == HZ_OK) {
		r = pin_parse((const char *)b.p, b.len, ret);
		if (r == HZ_ERR_FORMAT || r == HZ_ERR_TAMPERED) {
			struct hz_failure f;
			hz_fail_save(&f);
			r = hz_fail(HZ_MSG_VAULT_DAMAGED, "pin: %s", f.detail);
		}
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_pin_inside_read(int dirfd, struct hz_checkpoint *ret_c, char *ret_vkey, uint8_t ret_event0[static 32])
{
	struct pin p;
	HZ_TRY(inside_read(dirfd, &p));
	*ret_c = p.c;
	memcpy(ret_vkey, p.vkey, sizeof(p.vkey));
	memcpy(ret_event0, p.event0, 32);
	return HZ_OK;
}

/* --- outside ----------------------------------------------------------------------------------------- */

HZ_RESULT
hz_state_dir(const char *name, int *ret_fd)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the programs do not change their environment */
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct hz_buf p = HZ_BUF_INIT(4096);
	const char *path = NULL;
	enum hz_err r;
	if (state && state[0] == '/') {
		r = hz_buf_printf(&p, "%s/%s", state, name);
	} else if (home && home[0] == '/') {
		r = hz_buf_printf(&p, "%s/.local/state/%s", home, name);
	} else {
		r = hz_fail(
		    HZ_MSG_IO, "no HOME and no XDG_STATE_HOME: nowhere to keep the pin outside the vault");
	}
	if (r == HZ_OK) {
		r = hz_buf_cstr(&p, &path);
	}
	if (r == HZ_OK) {
		r = hz_dir_make(path, ret_fd);
	}
	hz_buf_done(&p);
	return r;
}

static enum hz_err
outside_keys(const struct hz_vault *v, char name[static 33], uint8_t key[static 32])
{
	uint8_t h[32];
	const uint8_t *lk = hz_vault_key(v, HZ_KEY_LOG, 0, 1);
	if (!lk) {
		return hz_fail(HZ_MSG_NO_KEY, "no log key");
	}
	hz_hkdf_sha256(lk, 32, v->info.vault_id, 16, "hirz-pin-name/v1", h, 32);
	hz_hex(name, h, 16);
	hz_hkdf_sha256(lk, 32, v->info.vault_id, 16, "hirz-pin-key/v1", key, 32);
	return HZ_OK;
}

static enum hz_err
outside_read(const struct hz_vault *v, struct pin *ret)
{
	struct hz_buf b = HZ_BUF_INIT(PIN_MAX), text = HZ_BUF_INIT(PIN_MAX);
	char name[33];
	uint8_t key[32], *p = NULL;
	int fd = -1;
	enum hz_err r = outside_keys(v, name, key);
	if (r == HZ_OK) {
		r = hz_state_dir("hirz/pins", &fd);
	}
	if (r == HZ_OK) {
		r = hz_file_read(fd, name, PIN_MAX, &b);
	}
	if (r == HZ_OK && b.len < HZ_BOX_NONCE + HZ_BOX_TAG) {
		r = hz_fail(HZ_MSG_VAULT_DAMAGED, "the pin outside the vault is cut");
	}
	if (r == HZ_OK) {
		r = hz_buf_room(&text, b.len - HZ_BOX_NONCE - HZ_BOX_TAG, &p);
	}
	if (r == HZ_OK) {
		r = hz_box_open(key, b.p, v->info.vault_id, 16, b.p + HZ_BOX_NONCE, b.len - HZ_BOX_NONCE, p);
	}
	if (r == HZ_OK) {
		r = pin_parse((const char *)text.p, text.len, ret);
	}
	hz_wipe(key, 32);
	hz_fd_close(&fd);
	hz_buf_done(&b);
	hz_buf_done(&text);
	return r;
}

static enum hz_err
outside_write(const struct hz_vault *v, const struct hz_buf *text)
{
	struct hz_buf b = HZ_BUF_INIT(PIN_MAX);
	char name[33];
	uint8_t key[32], *p = NULL;
	int fd = -1;
	enum hz_err r = outside_keys(v, name, key);
	if (r == HZ_OK) {
		r = hz_state_dir("hirz/pins", &fd);
	}
	if (r == HZ_OK) {
		r = hz_buf_room(&b, HZ_BOX_NONCE + text->len + HZ_BOX_TAG, &p);
	}
	if (r == HZ_OK) {
		hz_random(p, HZ_BOX_NONCE);
		hz_box_seal(key, p, v->info.vault_id, 16, text->p, text->len, p + HZ_BOX_NONCE);
		r = hz_file_replace(fd, name, b.p, b.len, 0600);
	}
	hz_wipe(key, 32);
	hz_fd_close(&fd);
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_pins_write(struct hz_vault *v, bool now)
{
	int64_t t = hz_time_boot_ns();
	if (!now && t - v->pin_written_ns < 1000000000) {
		return HZ_OK;
	}
	struct hz_buf b = HZ_BUF_INIT(PIN_MAX);
	enum hz_err r = pin_text(v, &b);
	if (r == HZ_OK) {
		r = hz_file_replace(v->dirfd, "pin", b.p, b.len, 0600);
	}
	/* A pin that cannot be written outside must not lose evidence: it is said, and the work goes on. */
	if (r == HZ_OK && !v->no_outside_pin && outside_write(v, &b) != HZ_OK) {
		v->info.outside_pin_failed = true;
		hz_fail_copy(v->info.pin_note, sizeof(v->info.pin_note), hz_fail_detail());
		hz_fail_clear();
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		v->pin_written_ns = t;
	}
	return r;
}

/* --- checking ---------------------------------------------------------------------------------------- */

/* Whether the vault's log reaches and contains the pinned checkpoint. */
static enum hz_err
log_extends(struct hz_vault *v, struct hz_txn *t, const struct hz_log_info *l, const struct pin *p, bool *ret)
{
	struct hz_tiles_over over = { v, t, l->no, NULL };
	struct hz_tree *tree = NULL;
	uint8_t root[32];
	*ret = false;
	if (p->c.size > l->size) {
		return HZ_OK;
	}
	HZ_TRY(hz_tree_over(&over, l->size, &tree));
	enum hz_err r = hz_tree_root_at(tree, p->c.size, root);
	hz_tree_close(&tree);
	HZ_TRY(r);
	*ret = memcmp(root, p->c.root, 32) == 0;
	return HZ_OK;
}

/* A log that continued a restored copy names the newest checkpoint that was remembered then: a pin of the
 * closed log is covered when it is exactly that one [F-8.3]. */
static enum hz_err
restore_covers(struct hz_vault *v, struct hz_txn *t, uint32_t closed, const struct pin *p, bool *ret)
{
	struct hz_view w = { .v = v, .t = t };
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event *e = calloc(1, sizeof(*e));
	struct hz_ref at = { closed + 1, 0 };
	char hex[65], want[128];
	*ret = false;
	if (!e) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	enum hz_err r = hz_event_load(&w, at, &jws, NULL);
	if (r == HZ_OK) {
		r = hz_event_read(jws.p, jws.len, e);
	}
	if (r == HZ_OK) {
		hz_hex(hex, p->c.root, 32);
		(void)snprintf(want, sizeof(want), "%llu %s", (unsigned long long)p->c.size, hex);
		*ret = e->act == HZ_ACT_RESTORE && strcmp(e->init.pinned, want) == 0;
	}
	free(e);
	hz_buf_done(&jws);
	return r;
}

static enum hz_err
check_one(struct hz_vault *v, const struct pin *p)
{
	struct hz_txn *t = NULL;
	struct hz_log_info l;
	bool good = false;
	HZ_TRY(hz_txn_begin(v->store, false, &t));
	enum hz_err r = HZ_OK;
	for (uint32_t i = 0; r == HZ_OK && i <= v->ct.log; i++) {
		r = hz_log_row_load(v, t, i, &l, NULL);
		if (r == HZ_OK && strcmp(l.origin, p->c.origin) == 0) {
			/* Without keys the fingerprint is read from the pin: a wrong one is found here. */
			if (memcmp(l.event0, p->event0, 32) != 0) {
				r = hz_fail(
				    HZ_MSG_VAULT_TAMPERED, "the pin names another event 0 than the log");
				break;
			}
			r = log_extends(v, t, &l, p, &good);
			if (r == HZ_OK && !good && i < v->ct.log) {
				r = restore_covers(v, t, i, p, &good);
			}
			break;
		}
	}
	hz_txn_abort(&t);
	if (r == HZ_OK && !good) {
		v->info.rollback = true;
		v->info.pin_size = p->c.size;
		memcpy(v->info.pin_root, p->c.root, 32);
	}
	return r;
}

HZ_RESULT
hz_pins_check(struct hz_vault *v)
{
	struct pin p;
	enum hz_err r = inside_read(v->dirfd, &p);
	if (r == HZ_ERR_NOT_FOUND) {
		v->info.inside_pin_missing = true;
	} else {
		HZ_TRY(r);
		HZ_TRY(check_one(v, &p));
	}
#ifndef HZ_FAULT_NO_OUTSIDE_PIN
	if (!v->no_outside_pin) {
		r = outside_read(v, &p);
		if (r == HZ_OK) {
			return check_one(v, &p);
		}
		if (r == HZ_ERR_NOT_FOUND) {
			v->info.outside_pin_missing = true;
		} else {
			v->info.outside_pin_failed = true;
			hz_fail_copy(v->info.pin_note, sizeof(v->info.pin_note), hz_fail_detail());
		}
		hz_fail_clear();
	}
#endif
	return HZ_OK;
}
