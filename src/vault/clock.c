/* The clocks, as the log tells them [F-8.20]: a reading in the first event of a log, at the start of a
 * session, once a day in use, and where the wall clock was set since the last one. */
#include "vault/write.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#define DAY_MS  (UINT64_C(86400) * 1000)
#define BOOT_ID 36

/* The id that the system drew when it began. Where it cannot be read the hash is of the vault id alone: then
 * every start of the machine looks like one. */
static void
boot_hash(const struct hz_vault *v, uint8_t ret[static 8])
{
	char id[BOOT_ID];
	uint8_t h[32];
	size_t n = 0;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && (hz_fd_read_full(fd, id, sizeof(id), &n) != HZ_OK || n != sizeof(id))) {
		n = 0;
		hz_fail_clear();
	}
	hz_fd_close(&fd);
	hz_sha256_2(v->info.vault_id, 16, id, n, h);
	memcpy(ret, h, 8);
}

static enum hz_clock_sync
synchronised(void)
{
	struct timex t = { .modes = 0 };
	int r = adjtimex(&t);
	return r < 0                                        ? HZ_SYNC_UNKNOWN
	       : r == TIME_ERROR || (t.status & STA_UNSYNC) ? HZ_SYNC_NO
							    : HZ_SYNC_YES;
}

void
hz_clock_now(const struct hz_vault *v, struct hz_clock *c)
{
	int64_t wall = hz_time_now_ns(), up = hz_time_boot_ns();
	if (!c->there) {
		boot_hash(v, c->boot);
		c->sync = synchronised();
		c->there = true;
	}
	c->wall = wall > 0 ? (uint64_t)wall / 1000000 : 0;
	c->up = up > 0 ? (uint64_t)up / 1000000 : 0;
}

bool
hz_clock_due(const struct hz_clock *last, const struct hz_clock *now)
{
	int64_t ms = 0;
	return !last->there || hz_clock_compare(last, now, &ms) != HZ_CLOCK_FINE ||
	       now->up >= last->up + DAY_MS;
}

HZ_RESULT
hz_clock_row_load(struct hz_vault *v, struct hz_txn *t, struct hz_clock *ret)
{
	struct hz_buf b = HZ_BUF_INIT(256);
	struct hz_clock c = { .there = true };
	uint8_t k[5] = { HZ_META_CLOCK }, ver = 0;
	hz_be32(k + 1, v->log.no);
	enum hz_err r = hz_row_get(v, t, HZ_T_META, k, sizeof(k), &b);
	if (r == HZ_ERR_NOT_FOUND) {
		memset(ret, 0, sizeof(*ret));
		return HZ_OK;
	}
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	r = r == HZ_OK ? hz_get_u8(&rd, &ver) : r;
	r = r == HZ_OK ? hz_get_raw(&rd, c.boot, sizeof(c.boot)) : r;
	r = r == HZ_OK ? hz_get_u64(&rd, &c.up) : r;
	r = r == HZ_OK ? hz_get_u64(&rd, &c.wall) : r;
	r = r == HZ_OK ? hz_rd_end(&rd) : r;
	hz_buf_done(&b);
	if (r == HZ_OK && ver != 1) {
		r = hz_fail(HZ_MSG_VAULT_NEWER, "a clock row of version %u", ver);
	}
	if (r == HZ_OK) {
		*ret = c;
	}
	return r;
}

HZ_RESULT
hz_clock_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_clock *c)
{
	struct hz_buf b = HZ_BUF_INIT(256);
	uint8_t k[5] = { HZ_META_CLOCK };
	hz_be32(k + 1, v->log.no);
	enum hz_err r = hz_put_u8(&b, 1);
	r = r == HZ_OK ? hz_buf_put(&b, c->boot, sizeof(c->boot)) : r;
	r = r == HZ_OK ? hz_put_u64(&b, c->up) : r;
	r = r == HZ_OK ? hz_put_u64(&b, c->wall) : r;
	r = r == HZ_OK ? hz_row_set(v, t, HZ_T_META, k, sizeof(k), &b, false) : r;
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_vault_clock(struct hz_vault *v)
{
	struct hz_new_event x = { .act = HZ_ACT_CLOCK };
	return hz_vault_event(v, &x, NULL, NULL, NULL);
}
