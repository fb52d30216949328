/* Readings of the clocks, whole logs, audit packs. */
#include "tests.h"

#include "base/enc.h"
#include "custody/pack.h"
#include "custody/trail.h"

#include <stdlib.h>
#include <string.h>

#define ORIGIN "hirz.invalid/00112233445566778899aabbccddeeff/01234567"
#define HOUR   ((uint64_t)3600 * 1000)

/* --- clock --- */

static struct hz_clock
reading(uint8_t boot, uint64_t up, uint64_t wall)
{
	return (struct hz_clock){ .there = true, .boot = { boot }, .up = up, .wall = wall };
}

void
test_clock(void **state)
{
	static const struct {
		uint64_t boot, up, wall;
		int64_t ms;
		enum hz_clock_said said;
	} after[] = {
		{ 1, 2 * HOUR, 102 * HOUR, 0, HZ_CLOCK_FINE },
		{ 1, 2 * HOUR, 102 * HOUR + 5600, 0, HZ_CLOCK_FINE }, /* two seconds and a thousandth */
		{ 1, 2 * HOUR, 102 * HOUR + 5601, 5601, HZ_CLOCK_SET },
		{ 1, 2 * HOUR, 102 * HOUR - 5601, -5601, HZ_CLOCK_SET },
		{ 1, 2 * HOUR, 92 * HOUR, -(int64_t)(10 * HOUR), HZ_CLOCK_SET },
		{ 1, HOUR - 2000, 101 * HOUR - 2000, 0, HZ_CLOCK_FINE },
		{ 1, HOUR - 2001, 101 * HOUR, 0, HZ_CLOCK_TWO },
		{ 2, 5, 150 * HOUR, 0, HZ_CLOCK_OTHER_BOOT },
		{ 2, 5, 101 * HOUR - 2000, 0, HZ_CLOCK_OTHER_BOOT },
		{ 2, 5, 101 * HOUR - 2001, -2001, HZ_CLOCK_BACK },
	};
	struct hz_clock before = reading(1, HOUR, 101 * HOUR);
	(void)state;
	for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
		struct hz_clock c = reading((uint8_t)after[i].boot, after[i].up, after[i].wall);
		int64_t ms = 77;
		assert_int_equal(hz_clock_compare(&before, &c, &ms), after[i].said);
		assert_int_equal(ms, after[i].ms);
	}
}

static struct hz_ed_key key, log_key;
static char vkey[HZ_VKEY_MAX];

static void
prepare(void)
{
	struct hz_buf v = HZ_BUF_INIT(HZ_VKEY_MAX);
	uint8_t seed[32] = { 5 };
	hz_ed_key_from_seed(seed, &key);
	seed[0]++;
	hz_ed_key_from_seed(seed, &log_key);
	assert_int_equal(hz_vkey_write(ORIGIN, log_key.pk, &v), HZ_OK);
	memcpy(vkey, v.p, v.len);
	hz_buf_done(&v);
}

static void
signed_clock(const char *x, struct hz_event *ret_e)
{
	struct hz_event e = { .act = HZ_ACT_CLOCK, .t = 1800000000, .x = x };
	struct hz_buf b = HZ_BUF_INIT(HZ_EVENT_MAX);
	(void)snprintf(e.log, sizeof e.log, "%s", ORIGIN);
	assert_int_equal(hz_event_sign(&e, &key, &b), HZ_OK);
	assert_int_equal(hz_event_read(b.p, b.len, ret_e), HZ_OK);
	hz_buf_done(&b);
}

/* x.clock is read where it has the one form; anything else in x says nothing and is no error. */
void
test_clock_x(void **state)
{
	static const char *const others[] = { "{}", "{\"clock\":1}", "{\"clock\":{}}",
		"{\"clock\":{\"boot\":\"001122334455667\",\"sync\":\"yes\",\"up\":1,\"wall\":2}}",
		"{\"clock\":{\"boot\":\"001122334455667G\",\"sync\":\"yes\",\"up\":1,\"wall\":2}}",
		"{\"clock\":{\"boot\":\"0011223344556677\",\"sync\":\"maybe\",\"up\":1,\"wall\":2}}",
		"{\"clock\":{\"boot\":\"0011223344556677\",\"sync\":\"yes\",\"up\":\"1\",\"wall\":2}}",
		"{\"clock\":{\"boot\":\"0011223344556677\",\"sync\":\"yes\",\"up\":1}}",
		"{\"clock\":{\"a\":1,\"boot\":\"0011223344556677\",\"sync\":\"yes\",\"up\":1,\"wall\":2}}" };
	struct hz_clock c = reading(0xAB, 123456789, 1800000000123), got;
	char x[HZ_CLOCK_X_MAX];
	struct hz_event e;
	(void)state;
	prepare();
	for (int sync = HZ_SYNC_UNKNOWN; sync <= HZ_SYNC_NO; sync++) {
		c.sync = (enum hz_clock_sync)sync;
		assert_int_equal(hz_clock_write(&c, x), HZ_OK);
		signed_clock(x, &e);
		got = e.clock;
		assert_true(got.there && e.has_x);
		assert_memory_equal(got.boot, c.boot, 8);
		assert_int_equal(got.sync, c.sync);
		assert_int_equal(got.up, c.up);
		assert_int_equal(got.wall, c.wall);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		signed_clock(others[i], &e);
		assert_true(e.has_x);
		assert_false(e.clock.there);
	}
}

/* --- trail --- */

struct heard {
	unsigned n, count[HZ_TRAIL_COUNT];
	uint64_t index;
};

static void
hear(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail)
{
	struct heard *h = arg;
	(void)log;
	assert_true(strlen(detail) > 0 || what == HZ_TRAIL_ACT_UNKNOWN);
	h->n++;
	h->count[what]++;
	h->index = index;
}

struct made {
	struct hz_buf jws[16];
	uint8_t leaf[16][32];
	size_t n;
};

static void
make(struct made *m, struct hz_event *e)
{
	(void)snprintf(e->log, sizeof e->log, "%s", ORIGIN);
	e->t = e->t ? e->t : 1800000000 + (int64_t)m->n;
	struct hz_buf *b = &m->jws[m->n];
	*b = (struct hz_buf)HZ_BUF_INIT(HZ_EVENT_MAX);
	assert_int_equal(hz_event_sign(e, &key, b), HZ_OK);
	hz_leaf_hash(b->p, b->len, m->leaf[m->n]);
	m->n++;
}

static void
make_init(struct made *m, unsigned roles)
{
	struct hz_event e = { .act = HZ_ACT_INIT, .has_init = true, .has_keyring = true };
	e.x =
	    "{\"clock\":{\"boot\":\"0011223344556677\",\"sync\":\"yes\",\"up\":1000,\"wall\":1800000000000}}";
	(void)snprintf(e.ex, sizeof e.ex, "mb-000102030405060708090a0b0c0d0e0f");
	from_hex("00112233445566778899aabbccddeeff", e.init.vault_id, 16);
	memcpy(e.init.event_pk, key.pk, 32);
	memcpy(e.init.bundle_pk, key.pk, 32);
	memcpy(e.init.x25519_pk, key.pk, 32);
	memcpy(e.init.member, e.ex, sizeof e.ex);
	memcpy(e.init.checkpoint, vkey, sizeof vkey);
	e.init.roles = roles;
	make(m, &e);
}

/* The next event about exhibit number n; number and link of its chain are the caller's. */
static void
make_next(struct made *m, enum hz_act act, unsigned n, uint64_t seq, const uint8_t *prev)
{
	struct hz_event e = { .act = act, .seq = seq, .has_rec = true, .aseq = m->n, .has_aprev = true };
	(void)snprintf(e.ex, sizeof e.ex, "ex-%032u", n);
	memcpy(e.aprev, m->leaf[m->n - 1], 32);
	e.has_obj = e.has_com = e.has_hdr = act == HZ_ACT_ACQUIRE;
	e.obj_size = 1048;
	e.has_prev = prev != NULL;
	if (prev != NULL) {
		memcpy(e.prev, prev, 32);
	}
	make(m, &e);
}

static void
done(struct made *m)
{
	for (size_t i = 0; i < m->n; i++) {
		hz_buf_done(&m->jws[i]);
	}
	memset(m, 0, sizeof *m);
}

static void
follow(const struct made *m, struct heard *h, struct hz_trail **ret_t)
{
	static const struct hz_trail_ops ops = { hear };
	struct hz_event *e = calloc(1, sizeof *e);
	struct hz_fact f;
	memset(h, 0, sizeof *h);
	assert_non_null(e);
	assert_int_equal(hz_trail_new(&ops, h, ret_t), HZ_OK);
	assert_int_equal(hz_trail_log(*ret_t, m->jws[0].p, m->jws[0].len), HZ_OK);
	for (size_t i = 0; i < m->n; i++) {
		assert_int_equal(
		    hz_trail_look(hz_trail_signers(*ret_t), i, m->jws[i].p, m->jws[i].len, true, e, &f),
		    HZ_OK);
		assert_int_equal(hz_trail_add(*ret_t, &f), HZ_OK);
	}
	free(e);
}

/* One break is one finding, and it is named for what it is. */
static void
expect(struct made *m, enum hz_trail_what what, uint64_t index)
{
	struct hz_trail *t = NULL;
	struct heard h;
	follow(m, &h, &t);
	assert_int_equal(h.n, what == HZ_TRAIL_COUNT ? 0 : 1);
	if (what != HZ_TRAIL_COUNT) {
		assert_int_equal(h.count[what], 1);
		assert_int_equal(h.index, index);
	}
	hz_trail_free(&t);
	done(m);
}

static void
begin(struct made *m)
{
	make_init(m, HZ_ROLE_DOCUMENTER | HZ_ROLE_ANALYST);
	make_next(m, HZ_ACT_ACQUIRE, 1, 0, NULL);
	make_next(m, HZ_ACT_ACCESS, 1, 1, m->leaf[1]);
}

/* An event by a key that nothing in the log leads to: rightly made and signed, in its place, and yet
 * nobody's. It is so behind a change of keys too, which this version cannot follow, and which is named beside
 * it. */
void
test_trail_signer(void **state)
{
	struct hz_ed_key own, other;
	struct made m = { .n = 0 };
	struct hz_trail *t = NULL;
	struct heard h;
	uint8_t seed[32] = { 9 };
	(void)state;
	prepare();
	own = key;
	hz_ed_key_from_seed(seed, &other);
	begin(&m);
	key = other;
	make_next(&m, HZ_ACT_ACCESS, 1, 2, m.leaf[2]);
	key = own;
	expect(&m, HZ_TRAIL_SIGNER, 3);
	make_init(&m, HZ_ROLE_DOCUMENTER | HZ_ROLE_CUSTODIAN);
	struct hz_event e = {
		.act = HZ_ACT_KEY_ADD, .has_rec = true, .has_keyring = true, .aseq = 1, .has_aprev = true
	};
	(void)snprintf(e.ex, sizeof e.ex, "mb-100102030405060708090a0b0c0d0e0f");
	memcpy(e.aprev, m.leaf[0], 32);
	make(&m, &e);
	key = other;
	make_next(&m, HZ_ACT_ACQUIRE, 1, 0, NULL);
	key = own;
	follow(&m, &h, &t);
	assert_int_equal(h.n, 2);
	assert_int_equal(h.count[HZ_TRAIL_MEMBERS], 1);
	assert_int_equal(h.count[HZ_TRAIL_SIGNER], 1);
	assert_int_equal(h.index, 2);
	const struct hz_signers *s = hz_trail_signers(t);
	assert_int_equal(s->n, 1);
	assert_ptr_equal(hz_signers_find(s, s->of[0].kid, 0), &s->of[0]);
	assert_ptr_equal(hz_signers_find(s, s->of[0].kid, UINT64_MAX - 1), &s->of[0]);
	assert_null(hz_signers_find(s, "", 0));
	struct hz_signers later = *s;
	later.of[0].from = 5;
	later.of[0].until = 7;
	assert_null(hz_signers_find(&later, s->of[0].kid, 4));
	assert_non_null(hz_signers_find(&later, s->of[0].kid, 5));
	assert_non_null(hz_signers_find(&later, s->of[0].kid, 6));
	assert_null(hz_signers_find(&later, s->of[0].kid, 7));
	assert_true(hz_signer_may(&s->of[0], HZ_ACT_CLOCK));
	assert_true(hz_signer_may(&s->of[0], HZ_ACT_ACQUIRE));
	assert_false(hz_signer_may(&s->of[0], HZ_ACT_EXPORT));
	hz_trail_free(&t);
	done(&m);
}

void
test_trail(void **state)
{
	struct made m = { .n = 0 };
	struct hz_trail *t = NULL;
	struct heard h;
	uint8_t subject[HZ_SUBJECT_BYTES];
	size_t at = 0, subjects = 0;
	char id[36];
	(void)state;
	prepare();
	begin(&m);
	make_next(&m, HZ_ACT_ACCESS, 1, 2, m.leaf[2]);
	follow(&m, &h, &t);
	assert_int_equal(h.n, 0);
	assert_true(hz_subject_read("ex-00000000000000000000000000000001", subject));
	const struct hz_trail_subject *s = hz_trail_subject(t, subject);
	assert_non_null(s);
	assert_int_equal(s->next, 3);
	assert_true(s->acquired);
	assert_memory_equal(s->head, m.leaf[3], 32);
	hz_subject_text(subject, id);
	assert_string_equal(id, "ex-00000000000000000000000000000001");
	assert_false(hz_subject_read("rc-00000000000000000000000000000001", subject));
	assert_false(hz_subject_read("ex-0000000000000000000000000000001", subject));
	subject[16] ^= 1;
	assert_null(hz_trail_subject(t, subject));
	while (hz_trail_next(t, &at) != NULL) {
		subjects++;
	}
	assert_int_equal(subjects, 2);
	hz_trail_free(&t);
	done(&m);

	begin(&m);
	make_next(&m, HZ_ACT_ACCESS, 1, 1, m.leaf[1]); /* a second event of number 1 */
	expect(&m, HZ_TRAIL_FORK, 3);
	begin(&m);
	make_next(&m, HZ_ACT_ACCESS, 1, 3, m.leaf[2]);
	expect(&m, HZ_TRAIL_GAP, 3);
	begin(&m);
	make_next(&m, HZ_ACT_ACCESS, 1, 2, m.leaf[1]);
	expect(&m, HZ_TRAIL_CHAIN, 3);
	begin(&m);
	make_next(&m, HZ_ACT_RECEIPT, 2, 0, NULL); /* an exhibit that nobody acquired */
	expect(&m, HZ_TRAIL_CHAIN, 3);
	begin(&m);
	make_next(&m, HZ_ACT_REDACT, 1, 2, m.leaf[2]); /* legal only */
	expect(&m, HZ_TRAIL_ROLE, 3);
	begin(&m);
	memcpy(m.leaf[2], m.leaf[1], 32); /* of its signer's events one is passed over */
	make_next(&m, HZ_ACT_ACCESS, 1, 2, m.leaf[2]);
	follow(&m, &h, &t);
	assert_int_equal(h.count[HZ_TRAIL_ACTOR], 1);
	hz_trail_free(&t);
	done(&m);
	begin(&m);
	m.jws[2].p[m.jws[2].len - 3] ^= 1;
	follow(&m, &h, &t);
	assert_int_equal(h.count[HZ_TRAIL_SIGNATURE] + h.count[HZ_TRAIL_EVENT], 1);
	assert_int_equal(h.n, 1); /* nothing came after it that could miss it */
	hz_trail_free(&t);
	done(&m);
}

static void
make_clock(struct made *m, int64_t t, const char *boot, uint64_t up, uint64_t wall)
{
	struct hz_event e = { .act = HZ_ACT_CLOCK, .t = t, .aseq = m->n, .has_aprev = true };
	char x[HZ_CLOCK_X_MAX];
	(void)snprintf(x, sizeof x,
	    "{\"clock\":{\"boot\":\"%s\",\"sync\":\"yes\",\"up\":%llu,\"wall\":%llu}}", boot,
	    (unsigned long long)up, (unsigned long long)wall);
	e.x = x;
	memcpy(e.aprev, m->leaf[m->n - 1], 32);
	make(m, &e);
}

void
test_trail_clock(void **state)
{
	static const char *const same = "0011223344556677", *const other = "1011223344556677";
	const int64_t t = 1800000000;
	const uint64_t w = 1800000000000;
	struct made m = { .n = 0 };
	(void)state;
	prepare();
	make_init(&m, HZ_ROLE_DOCUMENTER);
	make_clock(&m, t + 3600, same, 1000 + HOUR, w + HOUR);
	expect(&m, HZ_TRAIL_COUNT, 0);
	make_init(&m, HZ_ROLE_DOCUMENTER); /* set a year on, then seen by the time since the start */
	make_clock(&m, t + INT64_C(366) * 86400, same, 1000 + HOUR, w + UINT64_C(8784) * HOUR);
	expect(&m, HZ_TRAIL_CLOCK_SET, 1);
	make_init(&m, HZ_ROLE_DOCUMENTER);
	make_clock(&m, t, other, 5, w - 10 * HOUR); /* behind after a start, while t claims nothing */
	expect(&m, HZ_TRAIL_CLOCK_BACK, 1);
	make_init(&m, HZ_ROLE_DOCUMENTER);
	make_clock(&m, t, same, 1, w);
	make_clock(&m, t + 10, other, 100000, w + 10000);
	make_clock(&m, t + 20, other, 50000, w + 20000);
	expect(&m, HZ_TRAIL_CLOCK_TWO, 3);
	make_init(&m, HZ_ROLE_DOCUMENTER);
	make_clock(&m, t - 864000, same, 2000, w + 1000); /* ten days back in t alone */
	expect(&m, HZ_TRAIL_CLOCK_BACK, 1);
	make_init(&m, HZ_ROLE_DOCUMENTER);
	struct hz_event late = {
		.act = HZ_ACT_CLOCK, .t = t + INT64_C(172800), .aseq = 1, .has_aprev = true
	};
	memcpy(late.aprev, m.leaf[0], 32);
	make(&m, &late); /* a clock event that tells nothing */
	expect(&m, HZ_TRAIL_CLOCK_MISSING, 1);
}

/* --- packs --- */

struct memory {
	const uint8_t *p;
	size_t n, at, piece;
};

static enum hz_err
from_memory(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct memory *m = arg;
	size_t left = m->n - m->at;
	n = n < m->piece ? n : m->piece;
	*ret_n = left < n ? left : n;
	memcpy(p, m->p + m->at, *ret_n);
	m->at += *ret_n;
	return HZ_OK;
}

static enum hz_err
read_all(const void *p, size_t n, size_t piece, unsigned count[static 4])
{
	struct memory m = { p, n, 0, piece };
	struct hz_pack *pack = NULL;
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	memset(count, 0, 4 * sizeof count[0]);
	assert_int_equal(hz_pack_open(from_memory, &m, &pack), HZ_OK);
	enum hz_err r = HZ_OK;
	while (r == HZ_OK && i.kind != HZ_PACK_END) {
		r = hz_pack_next(pack, &i);
		count[i.kind] += r == HZ_OK;
	}
	hz_pack_close(&pack);
	return r;
}

static const char good[] = HZ_PACK_FIRST "log a/b 2\nevent0\nwitness 3\nab\nevent1\ncheckpoint 4\na\nb\n"
					 "log a/c 1\nevent\ncheckpoint 2\nx\nend\n";

void
test_pack(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(4096);
	unsigned count[4];
	(void)state;
	for (size_t piece = 1; piece < sizeof good; piece++) {
		assert_int_equal(read_all(good, sizeof good - 1, piece, count), HZ_OK);
		assert_int_equal(count[HZ_PACK_LOG], 2);
		assert_int_equal(count[HZ_PACK_EVENT], 3);
		assert_int_equal(count[HZ_PACK_SECTION], 3);
	}
	assert_int_equal(hz_buf_puts(&b, HZ_PACK_FIRST), HZ_OK);
	assert_int_equal(hz_pack_put_log(&b, "a/b", 2), HZ_OK);
	assert_int_equal(hz_pack_put_event(&b, "event0", 6), HZ_OK);
	assert_int_equal(hz_pack_put_section(&b, "witness", "ab\n", 3), HZ_OK);
	assert_int_equal(hz_pack_put_event(&b, "event1", 6), HZ_OK);
	assert_int_equal(hz_pack_put_section(&b, "checkpoint", "a\nb\n", 4), HZ_OK);
	assert_int_equal(hz_pack_put_log(&b, "a/c", 1), HZ_OK);
	assert_int_equal(hz_pack_put_event(&b, "event", 5), HZ_OK);
	assert_int_equal(hz_pack_put_section(&b, "checkpoint", "x\n", 2), HZ_OK);
	assert_int_equal(hz_buf_puts(&b, HZ_PACK_LAST), HZ_OK);
	assert_int_equal(b.len, sizeof good - 1);
	assert_memory_equal(b.p, good, b.len);
	assert_true(hz_pack_is(b.p, b.len));
	assert_false(hz_pack_is(b.p, 5));
	hz_buf_done(&b);
	/* Cut anywhere, it is not a pack. */
	for (size_t n = 0; n < sizeof good - 1; n++) {
		assert_int_equal(read_all(good, n, 7, count), HZ_ERR_FORMAT);
	}
}

void
test_pack_bad(void **state)
{
	static const char *const bad[] = { "", "hirz-audit-pack/v2\nlog a 1\ne\nend\n", HZ_PACK_FIRST "end\n",
		HZ_PACK_FIRST "e\nend\n", HZ_PACK_FIRST "log a 0\nend\n", HZ_PACK_FIRST "log a 01\ne\nend\n",
		HZ_PACK_FIRST "log a\ne\nend\n", HZ_PACK_FIRST "log  1\ne\nend\n",
		HZ_PACK_FIRST "log a 1\nend\n", HZ_PACK_FIRST "log a 1\ne\nf\nend\n",
		HZ_PACK_FIRST "log a 2\ne\nlog b 1\nf\nend\n", HZ_PACK_FIRST "log a 1\ne\n\nend\n",
		HZ_PACK_FIRST "log a 1\ne\nend\n\n", HZ_PACK_FIRST "log a 1\ne\nend\nx",
		HZ_PACK_FIRST "log a 1\ne\nX 2\na\nend\n", HZ_PACK_FIRST "log a 1\ne\nx 0\nend\n",
		HZ_PACK_FIRST "log a 1\ne\nx 2\nab\nend\n", HZ_PACK_FIRST "log a 1\ne\nx 1048577\n\nend\n",
		HZ_PACK_FIRST "log a 1\ne\nx  2\na\nend\n",
		HZ_PACK_FIRST "checkpoint 2\na\nlog a 1\ne\nend\n" };
	struct hz_buf b = HZ_BUF_INIT((size_t)4 << 20);
	unsigned count[4];
	uint8_t *p = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(read_all(bad[i], strlen(bad[i]), 64, count), HZ_ERR_FORMAT);
	}
	for (int over = 0; over <= 1; over++) { /* the longest event, and one byte more */
		hz_buf_clear(&b);
		assert_int_equal(hz_buf_puts(&b, HZ_PACK_FIRST "log a 1\n"), HZ_OK);
		assert_int_equal(hz_buf_room(&b, (size_t)HZ_EVENT_MAX + (size_t)over, &p), HZ_OK);
		memset(p, 'e', (size_t)HZ_EVENT_MAX + (size_t)over);
		assert_int_equal(hz_buf_puts(&b, "\nend\n"), HZ_OK);
		assert_int_equal(read_all(b.p, b.len, 4096, count), over ? HZ_ERR_FORMAT : HZ_OK);
	}
	hz_buf_clear(&b);
	assert_int_equal(hz_buf_puts(&b, HZ_PACK_FIRST), HZ_OK);
	for (unsigned i = 0; i <= HZ_PACK_LOGS_MAX; i++) {
		assert_int_equal(hz_buf_puts(&b, "log a 1\ne\n"), HZ_OK);
	}
	assert_int_equal(hz_buf_puts(&b, HZ_PACK_LAST), HZ_OK);
	assert_int_equal(read_all(b.p, b.len, 4096, count), HZ_ERR_LIMIT);
	hz_buf_done(&b);
}
