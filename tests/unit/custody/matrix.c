/* Every way to tamper with a log, at every position of it: what is found with nothing but the log itself, and
 * what with one checkpoint that was kept outside. The outcome is the table of SECURITY.md 11, and the test
 * fails where the page says anything else. */
#include "tests.h"

#include "base/enc.h"
#include "base/fd.h"
#include "custody/trail.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define N          200 /* events */
#define EVENTS_MAX 400
#define SPLIT      100 /* where the second history parts from the first */
#define ORIGIN     "hirz.invalid/00112233445566778899aabbccddeeff/01234567"

struct jws {
	uint8_t *p;
	size_t n;
	uint8_t leaf[32];
	bool good; /* signed by the member: need not be checked again */
};
struct log {
	struct jws e[EVENTS_MAX];
	size_t n;
	struct hz_buf note;
};
static struct hz_ed_key member, checkpoint_key, stranger;
static char kid[HZ_KID_LEN + 1], vkey[HZ_VKEY_MAX];
static uint8_t head_root[32]; /* kept outside: the root of the N events */
static const char *page;

void
matrix_page(const char *folder)
{
	page = folder;
}

/* --- making logs --- */

static void
free_log(struct log *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->e[i].p);
	}
	hz_buf_done(&l->note);
	free(l);
}

static struct log *
new_log(void)
{
	struct log *l = calloc(1, sizeof *l);
	assert_non_null(l);
	l->note = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	return l;
}

static void
put_bytes(struct log *l, const uint8_t *p, size_t n, bool good)
{
	struct jws *j = &l->e[l->n++];
	assert_true(l->n <= EVENTS_MAX);
	j->p = malloc(n + 1);
	assert_non_null(j->p);
	memcpy(j->p, p, n);
	j->n = n;
	j->good = good;
	hz_leaf_hash(p, n, j->leaf);
}

static void
put_copy(struct log *l, const struct jws *j)
{
	put_bytes(l, j->p, j->n, j->good);
}

/* What event i of a history says of itself: an exhibit is acquired, looked at, and so on; now and then the
 * clocks are read. */
static void
event_at(size_t i, unsigned history, struct hz_event *e)
{
	char hex[33];
	uint8_t id[16] = { (uint8_t)(i / 8), (uint8_t)(i >= SPLIT ? history : 0), 7 };
	memset(e, 0, sizeof *e);
	(void)snprintf(e->log, sizeof e->log, "%s", ORIGIN);
	e->t = 1800000000 + (int64_t)i * 60 + (i >= SPLIT ? history : 0);
	if (i == 0) {
		e->act = HZ_ACT_INIT;
		e->has_init = e->has_keyring = true;
		(void)snprintf(e->ex, sizeof e->ex, "mb-000102030405060708090a0b0c0d0e0f");
		from_hex("00112233445566778899aabbccddeeff", e->init.vault_id, 16);
		memcpy(e->init.event_pk, member.pk, 32);
		memcpy(e->init.bundle_pk, member.pk, 32);
		memcpy(e->init.x25519_pk, member.pk, 32);
		memcpy(e->init.member, e->ex, sizeof e->ex);
		memcpy(e->init.checkpoint, vkey, sizeof vkey);
		e->init.roles = HZ_ROLE_DOCUMENTER | HZ_ROLE_ANALYST | HZ_ROLE_LEGAL;
		return;
	}
	if (i % 25 == 0) {
		e->act = HZ_ACT_CLOCK;
		e->x = "{\"clock\":{\"boot\":\"0011223344556677\",\"sync\":\"yes\",\"up\":1,\"wall\":1}}";
		return;
	}
	hz_hex(hex, id, 16);
	(void)snprintf(e->ex, sizeof e->ex, "ex-%s", hex);
	e->has_rec = true;
	hz_sha256(&i, sizeof i, e->rec);
}

struct ends { /* of the chains while a log is written */
	uint64_t aseq, seq;
	uint8_t actor[32], subject[32];
	char ex[36];
};
static struct ends before[N]; /* of the first history, in front of each event */

/* Signs event e as the next of the log. */
static void
sign_next(struct log *l, struct hz_event *e, struct ends *s, const struct hz_ed_key *key)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_EVENT_MAX);
	e->aseq = s->aseq;
	e->has_aprev = s->aseq > 0;
	memcpy(e->aprev, s->actor, 32);
	if (e->ex[0] != '\0') {
		bool on = strcmp(e->ex, s->ex) == 0;
		e->seq = on ? s->seq : 0;
		e->has_prev = on;
		memcpy(e->prev, s->subject, 32);
		if (e->act == HZ_ACT_UNKNOWN) {
			e->act = on ? HZ_ACT_ACCESS : HZ_ACT_ACQUIRE;
			e->has_obj = e->has_com = e->has_hdr = !on;
			e->obj_size = 1048;
		}
	}
	assert_int_equal(hz_event_sign(e, key, &b), HZ_OK);
	put_bytes(l, b.p, b.len, key == &member);
	hz_buf_done(&b);
	const uint8_t *leaf = l->e[l->n - 1].leaf;
	s->aseq++;
	memcpy(s->actor, leaf, 32);
	if (e->ex[0] != '\0') {
		memcpy(s->ex, e->ex, sizeof s->ex);
		s->seq = e->seq + 1;
		memcpy(s->subject, leaf, 32);
	}
}

static void
root_of(const struct log *l, size_t n, uint8_t ret[static 32])
{
	struct shelf s = { .fail_store_after = -1 };
	struct hz_tree *t = NULL;
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 0, &t), HZ_OK);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(hz_tree_append(t, l->e[i].leaf), HZ_OK);
	}
	assert_int_equal(hz_tree_root(t, ret), HZ_OK);
	hz_tree_close(&t);
	shelf_done(&s);
}

static void
sign_note(struct log *l)
{
	struct hz_checkpoint c = { .size = l->n };
	(void)snprintf(c.origin, sizeof c.origin, "%s", ORIGIN);
	root_of(l, l->n, c.root);
	hz_buf_clear(&l->note);
	assert_int_equal(hz_checkpoint_sign(&c, &checkpoint_key, &l->note), HZ_OK);
}

/* A history: the first `from` events are those of the other log, the next says something else, and all that
 * follow hang on it. */
static struct log *
make_log(const struct log *other, size_t from, unsigned history, size_t n, const struct hz_ed_key *key)
{
	struct log *l = new_log();
	struct ends s = { .aseq = 0 };
	struct hz_event *e = calloc(1, sizeof *e);
	assert_non_null(e);
	for (size_t i = 0; i < from; i++) {
		put_copy(l, &other->e[i]);
	}
	if (other != NULL) {
		s = before[from];
	}
	for (size_t i = from; i < n; i++) {
		if (other == NULL) {
			before[i] = s;
		}
		event_at(i, history, e);
		e->t += other != NULL && i == from;
		if (i == 0) {
			memcpy(e->init.event_pk, key->pk, 32);
		}
		sign_next(l, e, &s, key);
	}
	free(e);
	sign_note(l);
	return l;
}

/* --- looking at one --- */

static void
found(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail)
{
	(void)log;
	(void)index;
	(void)detail;
	*(unsigned *)arg += hz_trail_level(what) == HZ_TRAIL_FAILED;
}

struct verdict {
	bool alone, with_head; /* found */
};

static struct verdict
look(const struct log *l)
{
	static const struct hz_trail_ops ops = { found };
	struct hz_trail *t = NULL;
	struct hz_event *e = calloc(1, sizeof *e);
	struct hz_checkpoint c;
	unsigned bad = 0;
	uint8_t root[32];
	bool head_there = false;
	assert_non_null(e);
	assert_int_equal(hz_trail_new(&ops, &bad, &t), HZ_OK);
	bool begun = l->n > 0 && hz_trail_log(t, l->e[0].p, l->e[0].n) == HZ_OK;
	for (size_t i = 0; begun && i < l->n; i++) {
		struct hz_fact f;
		assert_int_equal(
		    hz_trail_look(hz_trail_signers(t), i, l->e[i].p, l->e[i].n, !l->e[i].good, e, &f), HZ_OK);
		assert_int_equal(hz_trail_add(t, &f), HZ_OK);
		if (hz_trail_size(t) == N) {
			hz_trail_root(t, root);
			head_there = memcmp(root, head_root, 32) == 0;
		}
	}
	bad += !begun || hz_trail_checkpoint(t, l->note.p, l->note.len, &c) != HZ_OK;
	hz_trail_free(&t);
	free(e);
	return (struct verdict){ bad > 0, bad > 0 || !head_there };
}

/* --- the ways --- */

struct history {
	struct log *a, *b;        /* the log; another that parts from it at SPLIT, signed by the same keys */
	struct hz_buf old[N + 1]; /* every checkpoint that was ever signed of a */
};

static struct log *
copy_but(const struct log *a)
{
	struct log *l = new_log();
	assert_int_equal(hz_buf_put(&l->note, a->note.p, a->note.len), HZ_OK);
	return l;
}

static struct log *
edited(const struct history *h, size_t at, bool resign)
{
	struct log *l = copy_but(h->a);
	for (size_t i = 0; i < h->a->n; i++) {
		put_copy(l, &h->a->e[i]);
	}
	struct jws *j = &l->e[at];
	/* A letter of the payload becomes another: a changed bit as a person would see it. */
	uint8_t *dot = memchr(j->p, '.', j->n);
	dot[20] = dot[20] == 'A' ? 'B' : 'A';
	j->good = false;
	hz_leaf_hash(j->p, j->n, j->leaf);
	if (resign) {
		sign_note(l);
	}
	return l;
}

static struct log *
edit(const struct history *h, size_t at)
{
	return edited(h, at, false);
}

static struct log *
edit_signed(const struct history *h, size_t at)
{
	return edited(h, at, true);
}

static struct log *
spliced(const struct history *h, size_t at, size_t skip, const struct jws *insert, bool resign)
{
	struct log *l = copy_but(h->a);
	for (size_t i = 0; i < h->a->n; i++) {
		if (i == at && insert != NULL) {
			put_copy(l, insert);
		}
		if (i < at || i >= at + skip) {
			put_copy(l, &h->a->e[i]);
		}
	}
	if (resign) {
		sign_note(l);
	}
	return l;
}

static struct log *
cut_out(const struct history *h, size_t at)
{
	return spliced(h, at, 1, NULL, false);
}

static struct log *
cut_out_signed(const struct history *h, size_t at)
{
	return spliced(h, at, 1, NULL, true);
}

static struct log *
insert_copy(const struct history *h, size_t at)
{
	return spliced(h, at, 0, &h->a->e[(at + 57) % N], false);
}

static struct log *
insert_copy_signed(const struct history *h, size_t at)
{
	return spliced(h, at, 0, &h->a->e[(at + 57) % N], true);
}

/* An event of the right form and place in its chains, signed by somebody whom the log does not know. */
static struct log *
insert_strange(const struct history *h, size_t at)
{
	struct log *made = new_log();
	struct ends s = { .aseq = at };
	struct hz_event *e = calloc(1, sizeof *e);
	assert_non_null(e);
	memcpy(s.actor, h->a->e[at > 0 ? at - 1 : 0].leaf, 32);
	event_at(at == 0 ? 1 : at, 9, e);
	sign_next(made, e, &s, &stranger);
	struct log *l = spliced(h, at, 0, &made->e[0], true);
	free(e);
	free_log(made);
	return l;
}

static struct log *
twice(const struct history *h, size_t at)
{
	return spliced(h, at, 0, &h->a->e[at], true);
}

static struct log *
swap(const struct history *h, size_t at)
{
	struct log *l = copy_but(h->a);
	size_t next = (at + 1) % N;
	for (size_t i = 0; i < N; i++) {
		put_copy(l, &h->a->e[i == at ? next : i == next ? at : i]);
	}
	return l;
}

static struct log *
swap_signed(const struct history *h, size_t at)
{
	struct log *l = swap(h, at);
	sign_note(l);
	return l;
}

static struct log *
shortened(const struct history *h, size_t at)
{
	struct log *l = new_log();
	for (size_t i = 0; i < at; i++) {
		put_copy(l, &h->a->e[i]);
	}
	return l;
}

static struct log *
truncate_only(const struct history *h, size_t at)
{
	struct log *l = shortened(h, at);
	assert_int_equal(hz_buf_put(&l->note, h->a->note.p, h->a->note.len), HZ_OK);
	return l;
}

static struct log *
truncate_old(const struct history *h, size_t at)
{
	struct log *l = shortened(h, at);
	assert_int_equal(hz_buf_put(&l->note, h->old[at].p, h->old[at].len), HZ_OK);
	return l;
}

static struct log *
truncate_signed(const struct history *h, size_t at)
{
	struct log *l = shortened(h, at);
	sign_note(l);
	return l;
}

static struct log *
rechain_strange(const struct history *h, size_t at)
{
	struct log *l = make_log(h->a, at, 0, N, &stranger);
	hz_buf_clear(&l->note);
	assert_int_equal(hz_buf_put(&l->note, h->a->note.p, h->a->note.len), HZ_OK);
	return l;
}

static struct log *
rechain(const struct history *h, size_t at)
{
	return make_log(h->a, at, 0, N, &member);
}

static struct log *
fork_longer(const struct history *h, size_t at)
{
	return make_log(h->a, at, 0, N + 20, &member);
}

static struct log *
spliced_forks(const struct history *h, size_t at)
{
	struct log *l = new_log();
	for (size_t i = 0; i < N; i++) {
		put_copy(l, i < at ? &h->a->e[i] : &h->b->e[i]);
	}
	sign_note(l);
	return l;
}

static struct log *
join(const struct history *h, size_t at)
{
	struct log *l = new_log();
	for (size_t i = 0; i < N; i++) {
		put_copy(l, &h->a->e[i]);
	}
	/* The other history's events behind our own, as if both had happened. */
	put_copy(l, &h->b->e[at]);
	sign_note(l);
	return l;
}

static const struct {
	const char *change, *keys;
	struct log *(*make)(const struct history *h, size_t at);
	size_t from; /* first position that makes sense */
} ways[] = {
	{ "edit an event", "none", edit, 0 },
	{ "edit an event", "checkpoint key", edit_signed, 0 },
	{ "delete an event", "none", cut_out, 0 },
	{ "delete an event", "checkpoint key", cut_out_signed, 0 },
	{ "insert a copy of another event", "none", insert_copy, 0 },
	{ "insert a copy of another event", "checkpoint key", insert_copy_signed, 0 },
	{ "insert an event of somebody unknown", "checkpoint key", insert_strange, 0 },
	{ "swap two neighbours", "none", swap, 0 },
	{ "swap two neighbours", "checkpoint key", swap_signed, 0 },
	{ "duplicate an event", "checkpoint key", twice, 0 },
	{ "change an event and re-chain what follows", "none", rechain_strange, 0 },
	{ "change an event and re-chain what follows", "checkpoint key, a member's", rechain, 0 },
	{ "cut off the end, newest checkpoint left", "none", truncate_only, 1 },
	{ "cut off the end, with a checkpoint of that day", "none", truncate_old, 1 },
	{ "cut off the end and sign anew", "checkpoint key", truncate_signed, 1 },
	{ "fork: cut off, go on otherwise, longer than before", "checkpoint key, a member's", fork_longer,
	    1 },
	{ "splice: begin of one fork, end of the other", "checkpoint key", spliced_forks, 1 },
	{ "append an event of the other fork", "checkpoint key", join, SPLIT },
};

static void
histories(struct history *h)
{
	h->a = make_log(NULL, 0, 0, N, &member);
	h->b = make_log(h->a, SPLIT, 1, N, &member);
	root_of(h->a, N, head_root);
	struct log *l = new_log();
	for (size_t i = 0; i < N; i++) {
		put_copy(l, &h->a->e[i]);
		sign_note(l);
		h->old[i + 1] = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
		assert_int_equal(hz_buf_put(&h->old[i + 1], l->note.p, l->note.len), HZ_OK);
	}
	free_log(l);
}

static void
prepare(void)
{
	struct hz_buf v = HZ_BUF_INIT(HZ_VKEY_MAX);
	uint8_t seed[32] = { 11 };
	hz_ed_key_from_seed(seed, &member);
	seed[0]++;
	hz_ed_key_from_seed(seed, &checkpoint_key);
	seed[0]++;
	hz_ed_key_from_seed(seed, &stranger);
	hz_kid(member.pk, kid);
	assert_int_equal(hz_vkey_write(ORIGIN, checkpoint_key.pk, &v), HZ_OK);
	memcpy(vkey, v.p, v.len);
	hz_buf_done(&v);
}

void
test_matrix(void **state)
{
	struct hz_buf security = HZ_BUF_INIT((size_t)1 << 20);
	struct history h;
	unsigned wrong = 0;
	(void)state;
	if (getenv("HIRZ_TEST_VALGRIND") != NULL) {
		skip(); /* thousands of logs would take it many minutes */
	}
	assert_non_null(page);
	int fd = open(page, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(hz_file_read(fd, "SECURITY.md", security.max, &security), HZ_OK);
	assert_int_equal(hz_buf_putc(&security, '\0'), HZ_OK);
	hz_fd_close(&fd);
	prepare();
	memset(&h, 0, sizeof h);
	histories(&h);
	struct verdict fine = look(h.a);
	assert_false(fine.alone || fine.with_head); /* the log itself is right */
	fine = look(h.b);
	assert_false(fine.alone);    /* and so is the other history, for who knows nothing else */
	assert_true(fine.with_head); /* but not for who kept a checkpoint of the first */
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		unsigned alone = 0, with_head = 0, all = 0;
		char row[256];
		for (size_t at = ways[i].from; at < N; at++, all++) {
			struct log *l = ways[i].make(&h, at);
			struct verdict v = look(l);
			alone += v.alone;
			with_head += v.with_head;
			free_log(l);
		}
		(void)snprintf(row, sizeof row, "\n| %s | %s | %u of %u | %u of %u |\n", ways[i].change,
		    ways[i].keys, alone, all, with_head, all);
		assert_int_equal(with_head, all); /* with a head from outside nothing passes */
		if (strstr((const char *)security.p, row) == NULL) {
			print_error("SECURITY.md does not say: %s", row + 1);
			wrong++;
		}
	}
	for (size_t i = 0; i <= N; i++) {
		hz_buf_done(&h.old[i]);
	}
	free_log(h.a);
	free_log(h.b);
	hz_buf_done(&security);
	assert_int_equal(wrong, 0);
}
