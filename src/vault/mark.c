/* The mark of a walked file [F-11.12]: over this very data.mdb, as it lies on the disk now, the walker has
 * gone within this session. It lets the next command of the session leave the walk out.
 *
 * It proves nothing by itself: it is a memory. Its key is random and lives in the kernel's memory with the
 * session, so a mark ends with the session and with the running system: whoever changes the file while the
 * machine is off, or copies it from elsewhere, meets the walker. While the system runs every change of the
 * file moves its ctime, which nobody but the system's administrator can set back. */
#include "vault/internal.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LABEL     "hirz-walked/v1"
#define LABEL_LEN (sizeof(LABEL) - 1)
#define MARK_LEN  (LABEL_LEN + 16 + (size_t)5 * 8 + 32 + 32)
/* Times of files move in steps of the system's clock tick, at most 10 ms: a file changed in the step in which
 * it was looked at would bear the same time. */
#define TICK_NS ((int64_t)20000000)

static void
mark_bytes(const struct hz_vault *v, const struct hz_store_stamp *st, const uint8_t key[static 32],
    uint8_t ret[static MARK_LEN])
{
	uint8_t *p = ret;
	memcpy(p, LABEL, LABEL_LEN); /* NOLINT(bugprone-not-null-terminated-result): bytes, no string */
	p += LABEL_LEN;
	memcpy(p, v->info.vault_id, 16);
	p += 16;
	hz_be64(p, st->dev);
	hz_be64(p + 8, st->ino);
	hz_be64(p + 16, st->size);
	hz_be64(p + 24, (uint64_t)st->mtime_ns);
	hz_be64(p + 32, (uint64_t)st->ctime_ns);
	p += (size_t)5 * 8;
	hz_sha256(
	    st->metas, sizeof(st->metas), p); /* the two transaction numbers and all else that metas say */
	p += 32;
	hz_hmac_sha256(key, 32, ret, (size_t)(p - ret), p);
}

static enum hz_err
mark_folder(int *ret_fd)
{
	return hz_state_dir("hirz/walked", ret_fd);
}

bool
hz_mark_is(const struct hz_vault *v, const uint8_t key[static 32], const char *name)
{
	struct hz_buf b = HZ_BUF_INIT(MARK_LEN + 1);
	struct hz_store_stamp st;
	uint8_t want[MARK_LEN];
	int fd = -1;
	bool good = false;
	if (mark_folder(&fd) == HZ_OK && hz_file_read(fd, name, MARK_LEN + 1, &b) == HZ_OK &&
	    b.len == MARK_LEN && hz_store_stamp(v->path, &st) == HZ_OK) {
		mark_bytes(v, &st, key, want);
		good = hz_equal(b.p, want, MARK_LEN);
#ifdef HZ_FAULT_MARK_UNBOUND
		good = memcmp(b.p, LABEL, LABEL_LEN) == 0;
#endif
	}
	hz_fd_close(&fd);
	hz_buf_done(&b);
	hz_fail_clear(); /* no mark is no failure: the walker goes */
	return good;
}

bool
hz_mark_good(const struct hz_vault *v)
{
	uint8_t key[32];
	char name[33];
	bool good = hz_session_mark(v->info.vault_id, key, name) && hz_store_fixed(v->path) &&
		    hz_mark_is(v, key, name);
	hz_wipe(key, 32);
	return good;
}

void
hz_mark_drop(const struct hz_vault *v)
{
	uint8_t key[32];
	char name[33];
	int fd = -1;
	if (hz_session_mark(v->info.vault_id, key, name) && mark_folder(&fd) == HZ_OK) {
		(void)unlinkat(fd, name, 0);
	}
	hz_wipe(key, 32);
	hz_fd_close(&fd);
	hz_fail_clear();
}

static int64_t
now_ns(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void
hz_mark_put(
    const struct hz_vault *v, const struct hz_store_stamp *st, const uint8_t key[static 32], const char *name)
{
	uint8_t mark[MARK_LEN];
	int fd = -1;
	if (mark_folder(&fd) == HZ_OK) {
		mark_bytes(v, st, key, mark);
		HZ_IGNORE(hz_file_replace(fd, name, mark, MARK_LEN, 0600));
	}
	hz_fd_close(&fd);
	hz_fail_clear();
}

void
hz_mark_write(const struct hz_vault *v, const struct hz_store_stamp *st)
{
	uint8_t key[32];
	char name[33];
	if (hz_session_mark(v->info.vault_id, key, name) && hz_store_fixed(v->path)) {
		hz_mark_put(v, st, key, name);
	}
	hz_wipe(key, 32);
}

/* Waits until the time of the file's last change lies a step of the clock back. One in the future is not
 * waited for: such a file gets no mark. */
static void
settle(int64_t ctime_ns)
{
	int64_t age = now_ns() - ctime_ns;
	if (age >= 0 && age < TICK_NS) {
		struct timespec ts = { 0, (long)(TICK_NS - age) };
		(void)nanosleep(&ts, NULL);
	}
}

HZ_RESULT
hz_mark_walk(const struct hz_vault *v, bool wait, bool *ret_stamped, struct hz_store_stamp *ret_st)
{
	struct hz_store_stamp st = { 0 };
	bool stamped = false;
	if (wait) {
		HZ_TRY(hz_store_stamp(v->path, &st));
		settle(st.ctime_ns);
	}
	int64_t begun = now_ns();
	HZ_TRY(hz_store_walk(v->path, HZ_T_COUNT, &stamped, &st));
	*ret_stamped = stamped && st.ctime_ns <= begun - TICK_NS;
	*ret_st = st;
	return HZ_OK;
}

void
hz_mark_close(const struct hz_vault *v)
{
	struct hz_store_stamp st;
	struct hz_failure f;
	bool stamped = false;
	uint8_t key[32];
	char name[33];
	hz_fail_save(&f);
	/* The writer's own trust in its file ends with its environment: what is marked is what was walked. */
	if (hz_cancel_signal() == 0 && hz_session_mark(v->info.vault_id, key, name)) {
		hz_wipe(key, 32);
		if (hz_store_fixed(v->path) && hz_mark_walk(v, true, &stamped, &st) == HZ_OK && stamped) {
			hz_mark_write(v, &st);
		}
	}
	hz_fail_clear();
	if (f.msg != HZ_MSG_NONE) {
		(void)hz_fail_restore(&f);
	}
}
