/* Chains of subjects, the list of their heads, and openings against what was committed to [F-10.1] steps 7
 * and 10. Events stand in the order of their indexes and subjects are all over them, so compact facts of each
 * event are kept and sorted; where there are too many, subjects are divided into parts and the events are
 * read once more for each part. */
#include "verify/check.h"

#include "base/enc.h"
#include "object/object.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT   17 /* 'e' or 'm', id */
#define HEAD_LINE (35 + 1 + 20 + 1 + 64)

struct fact {
	uint8_t subject[SUBJECT];
	bool starts;  /* act may be the first of such a chain */
	bool acquire; /* acquire or derive */
	uint16_t order;
	uint64_t index, seq;
	uint8_t link[32]; /* prev; in number 0, which has none, com */
	uint8_t leaf[32];
};

struct part {
	struct hz_check *c;
	uint32_t part, parts;
	struct fact *fact;
	size_t n, cap;
	bool full;
	struct hz_buf text;
};

static int
compare_facts(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int d = memcmp(x->subject, y->subject, SUBJECT);

	if (d == 0) {
		d = x->order != y->order ? (x->order < y->order ? -1 : 1) : 0;
	}
	return d != 0 ? d : (x->index > y->index) - (x->index < y->index);
}

static bool
subject_read(const char *s, size_t n, uint8_t ret_subject[static SUBJECT])
{
	if (hz_id_read(s, n, "ex-", ret_subject + 1)) {
		ret_subject[0] = 'e';
	} else if (hz_id_read(s, n, "mb-", ret_subject + 1)) {
		ret_subject[0] = 'm';
	} else {
		return false;
	}
	return true;
}

static const char *
subject_text(const uint8_t subject[static SUBJECT], char ret_s[static 36])
{
	char hex[33];

	hz_hex(hex, subject + 1, 16);
	(void)snprintf(ret_s, 36, "%s-%s", subject[0] == 'e' ? "ex" : "mb", hex);
	return ret_s;
}

static void
keep(void *arg, const struct hz_event *e, const struct hz_vlog *log, uint64_t index)
{
	struct part *x = arg;
	struct fact f = { .order = (uint16_t)log->order, .index = index, .seq = e->seq };

	if (!subject_read(e->ex, strlen(e->ex), f.subject) ||
	    hz_part_of(x->c, f.subject, SUBJECT, x->parts) != x->part) {
		return;
	}
	f.acquire = e->act == HZ_ACT_ACQUIRE || e->act == HZ_ACT_DERIVE;
	f.starts = f.subject[0] == 'e' ? f.acquire : e->act == HZ_ACT_INIT || e->act == HZ_ACT_KEY_ADD;
	memcpy(f.link, e->seq > 0 ? e->prev : e->com, 32);
	hz_leaf_hash(x->text.p, x->text.len, f.leaf);
	if (x->n == x->cap) {
		x->full = true;
		return;
	}
	x->fact[x->n++] = f;
}

/* Is link the hash of a withheld event that lies between the two places? */
static bool
hidden_between(const struct hz_check *c, const uint8_t link[static 32], const struct fact *before,
    unsigned order, uint64_t index)
{
	size_t lo = 0, hi = c->nhidden;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct hz_hidden *h = &c->hidden[mid];
		int d = memcmp(link, h->leaf, 32);
		if (d == 0) {
			return (h->order > before->order ||
				   (h->order == before->order && h->index > before->index)) &&
			       (h->order < order || (h->order == order && h->index < index));
		}
		if (d < 0) {
			hi = mid;
		} else {
			lo = mid + 1;
		}
	}
	return false;
}

/* From the event before to (seq, link) at (order, index). */
static void
step(struct hz_check *c, const struct fact *before, uint64_t seq, const uint8_t link[static 32],
    unsigned order, uint64_t index)
{
	char id[36];

	(void)subject_text(before->subject, id);
	if (seq <= before->seq) {
		hz_found(
		    c, HZ_FINDING_CHAIN, id, "number %llu twice or out of order", (unsigned long long)seq);
	} else if (seq == before->seq + 1) {
		if (memcmp(link, before->leaf, 32) != 0) {
			hz_found(c, HZ_FINDING_CHAIN, id, "number %llu does not follow the one before",
			    (unsigned long long)seq);
		}
	} else if (!hidden_between(c, link, before, order, index)) {
		hz_found(c, HZ_FINDING_CHAIN, id, "numbers between %llu and %llu are missing",
		    (unsigned long long)before->seq, (unsigned long long)seq);
	} else if (seq > before->seq + 2) {
		hz_found(c, HZ_FINDING_GAP, id, "between %llu and %llu", (unsigned long long)before->seq,
		    (unsigned long long)seq);
	}
}

/* The chain of one subject from fact i on; returns where the next begins. */
static size_t
check_subject(struct part *x, size_t i, const uint64_t *last, const uint8_t *head)
{
	struct hz_check *c = x->c;
	const struct fact *first = &x->fact[i];
	char id[36];
	size_t n = i + 1;

	(void)subject_text(first->subject, id);
	if (first->seq != 0) {
		hz_found(c, HZ_FINDING_CHAIN, id, "it does not begin with number 0");
	}
	if (!first->starts) {
		hz_found(c, HZ_FINDING_CHAIN, id, "it begins with an act that begins none");
	}
	for (; n < x->n && memcmp(x->fact[n].subject, first->subject, SUBJECT) == 0; n++) {
		const struct fact *f = &x->fact[n];
		if (f->seq == 0) {
			hz_found(c, HZ_FINDING_CHAIN, id, "number 0 twice");
		} else {
			step(c, f - 1, f->seq, f->link, f->order, f->index);
		}
		c->made += f->acquire && f->seq == 0 ? 1 : 0;
	}
	c->made += first->acquire && first->seq == 0 ? 1 : 0;
	if (last == NULL) {
		hz_found(c, HZ_FINDING_HEADS, id, "it is not in the list");
	} else if (*last == UINT64_MAX) {
		hz_found(c, HZ_FINDING_HEADS, id, "number");
	} else {
		step(c, &x->fact[n - 1], *last + 1, head, (unsigned)c->nchain, 0);
	}
	return n;
}

/* <id> SP <number> SP <hash> */
static bool
head_read(const char *s, size_t n, uint8_t ret_subject[static SUBJECT], uint64_t *ret_last,
    uint8_t ret_leaf[static 32])
{
	if (n < 36 + 2 + 64 || s[35] != ' ' || s[n - 65] != ' ') {
		return false;
	}
	return subject_read(s, 35, ret_subject) &&
	       hz_parse_u64(s + 36, n - 65 - 36, UINT64_MAX, ret_last) == HZ_OK &&
	       hz_unhex(s + n - 64, 64, ret_leaf, 32) == HZ_OK;
}

/* The lines of heads beside the sorted facts. Form and order are looked at in the first part only. */
static enum hz_err
lines(struct part *x, struct hz_walk *w)
{
	struct hz_check *c = x->c;
	uint8_t subject[SUBJECT], before[SUBJECT] = { 0 }, leaf[32];
	char id[36];
	const char *line = NULL;
	uint64_t last = 0;
	size_t at = 0, n = 0;
	bool found = false;
	enum hz_err err;

	while ((err = hz_walk_line(w, HEAD_LINE, &found, &line, &n)) == HZ_OK && found) {
		if (!head_read(line, n, subject, &last, leaf) || memcmp(before, subject, SUBJECT) >= 0) {
			if (x->part == 0) {
				hz_found(
				    c, HZ_FINDING_HEADS, "", "a line is not of the form, or out of order");
			}
			return HZ_OK;
		}
		memcpy(before, subject, SUBJECT);
		if (hz_part_of(c, subject, SUBJECT, x->parts) != x->part) {
			continue;
		}
		while (at < x->n && memcmp(x->fact[at].subject, subject, SUBJECT) < 0) {
			at = check_subject(x, at, NULL, NULL);
		}
		if (at < x->n && memcmp(x->fact[at].subject, subject, SUBJECT) == 0) {
			at = check_subject(x, at, &last, leaf);
		} else {
			hz_found(c, HZ_FINDING_HEADS, subject_text(subject, id), "no event of it is here");
		}
	}
	while (err == HZ_OK && at < x->n) {
		at = check_subject(x, at, NULL, NULL);
	}
	return err;
}

static enum hz_err
heads(struct part *x)
{
	struct hz_walk *w = NULL;
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;
	enum hz_err err;

	if (!x->c->file[HZ_FIX_HEADS].there) {
		return HZ_OK; /* named as missing */
	}
	err = hz_walk_open(x->c, x->c->file[HZ_FIX_HEADS].at, hz_fixed_path(HZ_FIX_HEADS), &w);
	if (err == HZ_OK) {
		err = hz_walk_next(w, &found, &path, &size);
	}
	if (err == HZ_OK) {
		err = hz_judge(x->c, lines(x, w), HZ_FINDING_HEADS, "");
	}
	hz_walk_close(&w);
	return err;
}

/* The first event of an exhibit, or NULL. */
static const struct fact *
begin_of(const struct part *x, const uint8_t subject[static SUBJECT])
{
	size_t lo = 0, hi = x->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (memcmp(x->fact[mid].subject, subject, SUBJECT) < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo < x->n && memcmp(x->fact[lo].subject, subject, SUBJECT) == 0 ? &x->fact[lo] : NULL;
}

static enum hz_err
openings(struct part *x)
{
	struct hz_check *c = x->c;
	struct hz_walk *w = NULL;
	struct hz_place p;
	uint8_t subject[SUBJECT] = { 'e' }, h[32];
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;
	enum hz_err err = hz_walk_open(c, c->openings_at, "custody/openings/", &w);

	while (err == HZ_OK && (err = hz_walk_next(w, &found, &path, &size)) == HZ_OK && found) {
		hz_place_of(path, &p);
		memcpy(subject + 1, p.id, sizeof p.id);
		if (p.kind != HZ_KIND_OPENING || size > HZ_OPENING_MAX ||
		    hz_part_of(c, subject, SUBJECT, x->parts) != x->part) {
			continue; /* a longer one has not the form, which was reported */
		}
		err = hz_walk_take(w, HZ_OPENING_MAX, &x->text);
		if (err != HZ_OK) {
			break;
		}
		hz_sha256(x->text.p, x->text.len, h);
		const struct fact *f = begin_of(x, subject);
		if (f == NULL || !f->acquire || f->seq != 0 || memcmp(f->link, h, sizeof h) != 0) {
			hz_found(c, HZ_FINDING_OPENING, path, "%s", "");
		}
	}
	hz_walk_close(&w);
	return err;
}

enum hz_err
hz_step_chains(struct hz_check *c)
{
	uint64_t events = c->r.tally[HZ_TALLY_EVENTS].checked;
	struct part x = { .c = c, .parts = hz_parts(events), .text = HZ_BUF_INIT(HZ_EVENT_MAX) };
	enum hz_err err = HZ_OK;

	if (x.parts == 0) {
		hz_found(c, HZ_FINDING_LIMIT, "custody/events", "%llu events", (unsigned long long)events);
		return HZ_OK;
	}
	x.cap = events < HZ_VERIFY_FACTS_MAX ? (size_t)events + 1 : HZ_VERIFY_FACTS_MAX;
	x.fact = malloc(x.cap * sizeof *x.fact);
	if (x.fact == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "chains");
	}
	for (x.part = 0; x.part < x.parts && err == HZ_OK && !x.full; x.part++) {
		x.n = 0;
		for (size_t i = 0; i < c->nchain && err == HZ_OK; i++) {
			err = hz_walk_events(c, c->chain[i], &x.text, keep, &x);
		}
		if (err == HZ_OK && !x.full) {
			hz_sort(x.fact, x.n, sizeof *x.fact, compare_facts);
			err = heads(&x);
		}
		if (err == HZ_OK && !x.full) {
			err = openings(&x);
		}
	}
	if (err == HZ_OK && x.full) {
		hz_found(c, HZ_FINDING_LIMIT, "custody/events", "a chain of too many events");
	}
	uint64_t here = c->r.tally[HZ_TALLY_EXHIBITS].checked;
	if (err == HZ_OK && c->made > here) {
		c->r.without_content = c->made - here;
		hz_found(c, HZ_FINDING_NO_CONTENT, "", "%llu", (unsigned long long)c->r.without_content);
	}
	free(x.fact);
	hz_buf_done(&x.text);
	return err;
}
