/* The audit of everything that was signed: stopped and gone on with, kept checkpoints, tiles, packs. */
#include "whole.h"

#include "audit/audit.h"
#include "custody/pack.h"
#include "vault/internal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS 600 /* readings of the clocks behind event 0 */

struct heard {
	unsigned n;
	char what[64][24], id[64][HZ_ID_TEXT];
	uint64_t stop_at; /* a signal comes with this event; 0: none */
};

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	struct heard *h = arg;
	if (strcmp(f->what, "clock-unsynced") == 0 || h->n == 64) {
		return; /* of the machine that tests */
	}
	(void)snprintf(h->what[h->n], sizeof(h->what[0]), "%s", f->what);
	(void)snprintf(h->id[h->n], sizeof(h->id[0]), "%s", f->id);
	h->n++;
}

static void
event(void *arg, unsigned log, uint64_t index, const struct hz_fact *f)
{
	const struct heard *h = arg;
	assert_int_equal(log, 0);
	assert_true(f->read);
	if (h->stop_at && index == h->stop_at) {
		assert_int_equal(raise(SIGINT), 0);
	}
}

static enum hz_err
audit(struct hz_vault *v, bool fresh, struct heard *h, struct hz_audit_result *res)
{
	static const struct hz_audit_ops ops = { .finding = finding, .event = event };
	struct hz_audit_opts o = { .mode = HZ_AUDIT_SEALED, .whole = true, .fresh = fresh };
	h->n = 0;
	return hz_audit_run(v, &o, &ops, h, res);
}

static bool
heard(const struct heard *h, const char *what, const char *id)
{
	for (unsigned i = 0; i < h->n; i++) {
		if (strcmp(h->what[i], what) == 0 && strcmp(h->id[i], id) == 0) {
			return true;
		}
	}
	return false;
}

static void
make_long(void)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	struct hz_new_event x = { .act = HZ_ACT_CLOCK };
	struct hz_ref at;
	uint8_t leaf[32];
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 3000000, 1, "t");
	assert_int_equal(hz_batch_commit(b), HZ_OK);
	for (unsigned i = 1; i < EVENTS; i++) {
		assert_int_equal(hz_batch_event(b, &x, &at, leaf, NULL), HZ_OK);
		if (i % 200 == 0) {
			assert_int_equal(hz_batch_commit(b), HZ_OK);
		}
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	hz_vault_close(&v);
}

/* In a process of its own, for a signal stays. */
static void
stopped_audit(void)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct heard h = { .stop_at = 300 };
		struct hz_audit_result res;
		hz_cancel_install();
		struct hz_vault *v = open_vault("v", HZ_VAULT_READ);
		enum hz_err r = audit(v, true, &h, &res);
		hz_vault_close(&v);
		_exit(r == HZ_ERR_CANCELLED ? 0 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void
whole_good(void **state)
{
	struct heard h = { 0 };
	struct hz_audit_result res;
	(void)state;
	make_long();
	struct hz_vault *v = open_vault("v", HZ_VAULT_READ);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK);
	assert_int_equal(h.n, 0);
	assert_int_equal(res.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(res.events, EVENTS + 1);
	assert_int_equal(res.clock_readings, EVENTS); /* of all but the acquisition */
	assert_int_equal(res.checkpoints, 5);
	assert_int_equal(res.segments, 3);
	assert_false(res.reasons & HZ_WHY_RESUMED);
	hz_vault_close(&v);
}

void
whole_stopped(void **state)
{
	struct heard h = { 0 };
	struct hz_audit_result res;
	(void)state;
	make_long();
	stopped_audit();
	struct hz_vault *v = open_vault("v", HZ_VAULT_READ);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK);
	assert_int_equal(res.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(res.resumed_events, 512); /* two chunks were through */
	assert_int_equal(res.events, EVENTS + 1);
	assert_true(res.reasons & HZ_WHY_RESUMED);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK); /* the one that ended is not gone on with */
	assert_int_equal(res.resumed_events, 0);
	hz_vault_close(&v);
	stopped_audit();
	v = open_vault("v", HZ_VAULT_READ);
	assert_int_equal(audit(v, true, &h, &res), HZ_OK);
	assert_int_equal(res.resumed_events, 0);
	hz_vault_close(&v);
}

/* Puts the content of row `from` into the place of row `to`: what somebody with the log key can do. */
static void
exchange(struct hz_vault *v, unsigned table, const uint8_t *to, const uint8_t *from, size_t kn)
{
	struct hz_buf b = HZ_BUF_INIT(65536);
	struct hz_txn *t = NULL;
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_row_get(v, t, table, from, kn, &b), HZ_OK);
	assert_int_equal(hz_row_set(v, t, table, to, kn, &b, false), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	hz_buf_done(&b);
}

static void
key12(uint8_t k[static 12], uint64_t n)
{
	hz_be32(k, 0);
	hz_be64(k + 4, n);
}

/* What an earlier run found good is good only for the bytes that it saw. */
void
whole_resumed_other(void **state)
{
	struct heard h = { 0 };
	struct hz_audit_result res;
	uint8_t to[12], from[12];
	(void)state;
	make_long();
	stopped_audit();
	struct hz_vault *v = open_vault("v", HZ_VAULT_WRITE);
	key12(to, 10);
	key12(from, 11);
	exchange(v, HZ_T_EVENTS, to, from, 12);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK);
	assert_int_equal(res.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(res.resumed_events, 512);
	assert_true(heard(&h, "resumed", "event 0:511"));
	assert_true(heard(&h, "actor", "event 0:10"));
	assert_true(heard(&h, "checkpoint", "event 0:600"));
	hz_vault_close(&v);
}

void
whole_kept(void **state)
{
	struct heard h = { 0 };
	struct hz_audit_result res;
	uint8_t to[12], from[12], tile[13] = { 0 }, k[8];
	(void)state;
	make_long();
	struct hz_vault *v = open_vault("v", HZ_VAULT_WRITE);
	key12(to, 202);
	key12(from, 402);
	exchange(v, HZ_T_CHECKPOINTS, to, from, 12);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK);
	assert_int_equal(res.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(h.n, 1);
	assert_true(heard(&h, "checkpoint", "checkpoint 0:202"));
	/* A tile of others: the log is whole, but proofs made of it are not. */
	uint8_t second[13] = { 0 };
	second[12] = 1;
	exchange(v, HZ_T_TILES, tile, second, 13);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK);
	assert_true(heard(&h, "tree", "event 0:255"));
	/* And a stored piece, which an audit reads too. */
	struct hz_txn *t = NULL;
	hz_be64(k, 2);
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_set(t, HZ_T_SEGMENTS, k, 8, "x", 1), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	assert_int_equal(audit(v, false, &h, &res), HZ_OK);
	assert_true(heard(&h, "segment", "segment 2"));
	assert_true(res.reasons & HZ_WHY_CONTENT);
	hz_vault_close(&v);
}

static enum hz_err
from_fd(void *arg, void *p, size_t n, size_t *ret_n)
{
	return hz_fd_read_full(*(int *)arg, p, n, ret_n);
}

void
whole_pack(void **state)
{
	struct hz_pack *pack = NULL;
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	struct hz_audit_packed packed;
	uint64_t seen = 0, notes = 0;
	(void)state;
	make_long();
	struct hz_vault *v = open_vault("v", HZ_VAULT_READ);
	int fd = memfd_create("pack", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(hz_audit_pack(v, &(struct hz_audit_pack_opts){ .fd = fd }, &packed), HZ_OK);
	assert_int_equal(packed.events, EVENTS + 1);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), (off_t)packed.bytes);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(hz_pack_open(from_fd, &fd, &pack), HZ_OK);
	while (i.kind != HZ_PACK_END) {
		assert_int_equal(hz_pack_next(pack, &i), HZ_OK);
		seen += i.kind == HZ_PACK_EVENT;
		notes += i.kind == HZ_PACK_SECTION;
	}
	assert_int_equal(seen, EVENTS + 1);
	assert_int_equal(notes, packed.checkpoints);
	hz_pack_close(&pack);
	hz_vault_close(&v);
	/* A full disk is an error, not a short pack. */
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	v = open_vault("v", HZ_VAULT_READ);
	assert_true(full >= 0);
	assert_int_equal(
	    hz_audit_pack(v, &(struct hz_audit_pack_opts){ .fd = full }, &packed), HZ_ERR_NOSPACE);
	hz_fd_close(&full);
	hz_fd_close(&fd);
	hz_vault_close(&v);
}

/* The clocks: read in event 0, again after a day, after another start and where they went apart; not else. */
void
whole_clock(void **state)
{
	static const struct {
		int64_t up, wall;
		uint8_t boot;
		bool due;
	} last[] = { { 0, 0, 0, false }, { -1000, -1000, 0, false }, { -86399000, -86399000, 0, false },
		{ -86400000, -86400000, 0, true }, { 0, -3600000, 0, true }, { 0, 3600000, 0, true },
		{ 0, -1500, 0, false }, { 0, 0, 1, true }, { 5000, 5000, 0, true } };
	(void)state;
	struct hz_vault *v = make_vault("v");
	struct hz_clock now = { 0 };
	hz_clock_now(v, &now);
	assert_true(now.there);
	now.up += 200000000; /* as if the machine ran for days */
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		struct hz_clock c = now;
		c.up = (uint64_t)((int64_t)c.up + last[i].up);
		c.wall = (uint64_t)((int64_t)c.wall + last[i].wall);
		c.boot[0] ^= last[i].boot;
		assert_int_equal(hz_clock_due(&c, &now), last[i].due);
	}
	struct hz_clock none = { 0 };
	assert_true(hz_clock_due(&none, &now));
	/* The row decides nothing but that: with one of another start the next event brings a reading. */
	struct hz_txn *t = NULL;
	struct hz_clock c = now;
	c.boot[0] ^= 1;
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_clock_row_save(v, t, &c), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 100, 1, "t");
	(void)seal(b, 100, 2, "t");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(hz_vault_info(v)->log_size, 4); /* init, clock, two acquisitions */
	hz_vault_close(&v);
}
