#include "tests.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct seen {
	struct hirz_vault *v;
	unsigned n, stop_at;
	uint64_t last;
	char ex[HIRZ_EX_SIZE];
};

static int
see(void *arg, const struct hirz_exhibit *e)
{
	struct seen *s = arg;
	assert_int_equal(e->size, sizeof *e);
	assert_true(e->no > s->last);
	s->last = e->no;
	(void)snprintf(s->ex, sizeof s->ex, "%s", e->ex);
	return ++s->n == s->stop_at;
}

static int
come_back(void *arg, const struct hirz_exhibit *e)
{
	struct seen *s = arg, inner = { .n = 0 };
	fails(hirz_list(s->v, NULL, see, &inner), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_add_fd(s->v, 0, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(s->v); /* does nothing */
	assert_int_equal(inner.n, 0);
	s->last = e->no;
	return 0;
}

void
lists(void **state)
{
	struct hirz_vault *v = make_vault("v");
	struct hirz_list_opts o = { HIRZ_SIZED(struct hirz_list_opts) };
	struct seen s = { .v = v };
	(void)state;
	ok(hirz_list(v, NULL, see, &s));
	assert_int_equal(s.n, 0);
	for (unsigned i = 0; i < 5; i++) {
		(void)add(v, file_of("f", 10, i), NULL);
	}
	ok(hirz_list(v, NULL, see, &s));
	assert_int_equal(s.n, 5);
	s = (struct seen){ .v = v };
	o.from = 2;
	o.limit = 3;
	ok(hirz_list(v, &o, see, &s));
	assert_int_equal(s.n, 3);
	assert_int_equal(s.last, 4);
	s = (struct seen){ .v = v, .stop_at = 2 };
	fails(hirz_list(v, NULL, see, &s), HIRZ_ERR_CANCELLED, "HZ-E095");
	assert_int_equal(s.n, 2);
	o = (struct hirz_list_opts){ HIRZ_SIZED(struct hirz_list_opts), .case_code = "none" };
	fails(hirz_list(v, &o, see, &s), HIRZ_ERR_NOT_FOUND, "HZ-E061");
	fails(hirz_list(v, NULL, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	ok(hirz_list(v, NULL, come_back, &s));
	assert_int_equal(s.last, 5);
	/* By every form of its name. */
	s = (struct seen){ .v = v };
	ok(hirz_show(v, "dm3-3", see, &s));
	assert_int_equal(s.last, 3);
	char ex[HIRZ_EX_SIZE];
	(void)snprintf(ex, sizeof ex, "%s", s.ex);
	s.last = 0;
	ok(hirz_show(v, ex, see, &s));
	assert_int_equal(s.last, 3);
	fails(hirz_show(v, "DM3-6", see, &s), HIRZ_ERR_NOT_FOUND, "HZ-E060");
	fails(hirz_show(v, "", see, &s), HIRZ_ERR_NOT_FOUND, "HZ-E060");
	fails(hirz_show(v, NULL, see, &s), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(v);
}

static int
stop_data(void *arg, const void *p, size_t n)
{
	uint64_t *total = arg;
	(void)p;
	*total += n;
	return 1;
}

void
reads(void **state)
{
	struct hirz_vault *v = make_vault("v");
	struct heard h = { .seed = 1 };
	uint64_t total = 0;
	(void)state;
	(void)add(v, file_of("f", 200000, 1), NULL);
	uint64_t before = log_size(v);
	fails(hirz_read(v, "DM3-1", NULL, hear, &h), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_read(v, "DM3-1", "", hear, &h), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_read(v, "DM3-1", "why", NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_read(v, "DM3-2", "why", hear, &h), HIRZ_ERR_NOT_FOUND, "HZ-E060");
	assert_int_equal(log_size(v), before);
	ok(hirz_read(v, "DM3-1", "why", hear, &h));
	assert_int_equal(h.n, 200000);
	assert_false(h.differs);
	assert_int_equal(log_size(v), before + 1);
	fails(hirz_read(v, "DM3-1", "why", stop_data, &total), HIRZ_ERR_CANCELLED, "HZ-E095");
	assert_true(total > 0 && total <= 65536);
	assert_int_equal(log_size(v), before + 2);
	hirz_close(v);
	v = open_vault("v", HIRZ_READ);
	fails(hirz_read(v, "DM3-1", "why", hear, &h), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(v);
}

struct told {
	unsigned n;
	char acts[256];
};

static int
tell(void *arg, const struct hirz_event *e)
{
	struct told *t = arg;
	char line[512];
	char seq[24] = "-";
	if (e->seq >= 0) {
		(void)snprintf(seq, sizeof seq, "%lld", (long long)e->seq);
	}
	(void)snprintf(line, sizeof line, "%u/%llu %s %s %s %s %s", e->log, (unsigned long long)e->index,
	    e->time, e->act, seq, e->member, e->leaf);
	assert_string_equal(e->line, line);
	assert_int_equal(strlen(e->leaf), 64);
	assert_int_equal(strncmp(e->member, "mb-", 3), 0);
	size_t at = strlen(t->acts);
	(void)snprintf(t->acts + at, sizeof t->acts - at, "%s%s:%s", t->n == 0 ? "" : " ", e->act, seq);
	t->n++;
	return 0;
}

static int
stop_event(void *arg, const struct hirz_event *e)
{
	(void)arg;
	return e->seq == 0;
}

void
custody(void **state)
{
	struct hirz_vault *v = make_vault("v");
	struct hirz_add_opts o = { HIRZ_SIZED(struct hirz_add_opts), .case_code = "C" };
	struct heard h = { .seed = 1 };
	struct told t = { .n = 0 };
	(void)state;
	(void)add(v, file_of("f", 100, 1), NULL);
	(void)add(v, file_of("g", 100, 2), NULL);
	(void)add(v, file_of("f", 100, 1), &o);
	ok(hirz_read(v, "DM3-1", "why", hear, &h));
	ok(hirz_custody(v, "DM3-1", tell, &t));
	assert_string_equal(t.acts, "acquire:0 receipt:1 record:- access:2");
	t = (struct told){ .n = 0 };
	ok(hirz_custody(v, "DM3-2", tell, &t));
	assert_string_equal(t.acts, "acquire:0");
	fails(hirz_custody(v, "DM3-2", stop_event, NULL), HIRZ_ERR_CANCELLED, "HZ-E095");
	fails(hirz_custody(v, "DM3-3", tell, &t), HIRZ_ERR_NOT_FOUND, "HZ-E060");
	fails(hirz_custody(v, "DM3-2", NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(v);
}

void
verifies(void **state)
{
	struct hirz_vault *v = make_vault("v");
	struct hirz_counts n = { HIRZ_SIZED(struct hirz_counts) };
	(void)state;
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_FULL, NULL, NULL, &n));
	assert_int_equal(n.checked, 0);
	(void)add(v, file_of("f", 100, 1), NULL);
	(void)add(v, file_of("f", 3000000, 2), NULL);
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_FULL, NULL, NULL, &n));
	assert_int_equal(n.checked, 2);
	assert_int_equal(n.matched, 2);
	assert_true(n.bytes > 3000000);
	ok(hirz_verify(v, "DM3-1", HIRZ_VERIFY_FULL, NULL, NULL, &n));
	assert_int_equal(n.checked, 1);
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_SEALED, NULL, NULL, &n));
	assert_int_equal(n.checked, 4); /* 1 and 3 segments */
	fails(hirz_verify(v, "DM3-1", HIRZ_VERIFY_SEALED, NULL, NULL, &n), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_verify(v, NULL, (enum hirz_level)9, NULL, NULL, &n), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_verify(v, "DM3-9", HIRZ_VERIFY_FULL, NULL, NULL, &n), HIRZ_ERR_NOT_FOUND, "HZ-E060");
	hirz_close(v);
	v = open_vault("v", HIRZ_SEALED);
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_SEALED, NULL, NULL, &n));
	assert_int_equal(n.checked, 4);
	fails(hirz_verify(v, NULL, HIRZ_VERIFY_FULL, NULL, NULL, &n), HIRZ_ERR_LOCKED, "HZ-E020");
	hirz_close(v);
}

/* --- damage -----------------------------------------------------------------------------------------------
 */

static void
flip(off_t at)
{
	uint8_t b;
	int fd = open(in_scratch("v/data.mdb"), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &b, 1, at), 1);
	b ^= 1;
	assert_int_equal(pwrite(fd, &b, 1, at), 1);
	assert_int_equal(close(fd), 0);
}

struct found {
	unsigned n;
	enum hirz_err code;
	char id[HIRZ_NUMBER_SIZE];
};

static int
find(void *arg, const char *id, enum hirz_err code, const char *why)
{
	struct found *f = arg;
	f->n++;
	f->code = code;
	(void)snprintf(f->id, sizeof f->id, "%s", id);
	assert_true(why[0] != '\0');
	return 0;
}

static enum hirz_err
sealed_check(struct hirz_counts *n)
{
	struct hirz_vault *v = NULL;
	struct found f = { .n = 0 };
	enum hirz_err r = hirz_open(in_scratch("v"), NULL, NULL, &v);
	if (r != HIRZ_OK) {
		return HIRZ_ERR_FORMAT; /* the walker refuses a damaged structure */
	}
	r = hirz_verify(v, NULL, HIRZ_VERIFY_SEALED, find, &f, n);
	assert_int_equal(f.n, n->different + n->missing);
	hirz_close(v);
	return r;
}

/* One flipped bit in a segment: found without keys, with keys, and when it is read. */
void
damage(void **state)
{
	struct hirz_vault *v = make_vault("v");
	struct hirz_counts n = { HIRZ_SIZED(struct hirz_counts) };
	struct found f = { .n = 0 };
	struct heard h = { .seed = 1 };
	struct stat st;
	off_t at = 0;
	(void)state;
	(void)add(v, file_of("f", 3000000, 1), NULL);
	(void)add(v, file_of("f", 100, 2), NULL);
	hirz_close(v);
	assert_int_equal(stat(in_scratch("v/data.mdb"), &st), 0);
	for (at = 100000; at < st.st_size; at += 300000) {
		flip(at);
		if (sealed_check(&n) == HIRZ_ERR_TAMPERED) {
			break;
		}
		flip(at);
	}
	assert_true(at < st.st_size);
	assert_int_equal(n.checked, 4);
	assert_int_equal(n.different, 1);
	assert_int_equal(n.matched, 3);
	v = open_vault("v", HIRZ_WRITE);
	fails(hirz_verify(v, NULL, HIRZ_VERIFY_FULL, find, &f, &n), HIRZ_ERR_TAMPERED, "HZ-E064");
	assert_int_equal(n.checked, 2);
	assert_int_equal(n.different, 1);
	assert_int_equal(n.matched, 1);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.code, HIRZ_ERR_TAMPERED);
	assert_string_equal(f.id, "DM3-000001");
	fails(hirz_read(v, "DM3-1", "why", hear, &h), HIRZ_ERR_TAMPERED, "HZ-E064");
	assert_true(h.n < 3000000);
	assert_false(h.differs);
	h = (struct heard){ .seed = 2 };
	ok(hirz_read(v, "DM3-2", "why", hear, &h));
	assert_int_equal(h.n, 100);
	hirz_close(v);
	/* Put back, everything matches again. */
	flip(at);
	v = open_vault("v", HIRZ_READ);
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_FULL, NULL, NULL, &n));
	hirz_close(v);
}
