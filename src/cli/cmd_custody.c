/* hirz custody: every act on one exhibit, from its newest event back to the first, checked while it is read.
 */
#include "cli/print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_MAX 10000000 /* events on one exhibit */

struct item {
	struct hz_ref at;
	bool mention;
};
struct chain {
	struct hz_cli *cli;
	struct hz_view *view;
	struct hz_exhibit e;
	struct hz_actors actors;
	struct hz_seen *seen;
	struct item *items;
	size_t n, cap;
	/* A log's tree and root, kept while events of one log follow each other. */
	struct hz_tree *tree;
	struct hz_log_info log;
};

static enum hz_err
add(struct chain *c, struct hz_ref at, bool mention)
{
	if (c->n == c->cap) {
		size_t cap = c->cap == 0 ? 64 : c->cap * 2;
		struct item *more = cap > CHAIN_MAX ? NULL : reallocarray(c->items, cap, sizeof *more);
		if (more == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "a chain of custody");
		}
		c->items = more;
		c->cap = cap;
	}
	c->items[c->n++] = (struct item){ at, mention };
	return HZ_OK;
}

/* That the event is in the log's tree, whose root the checkpoint signs. */
static enum hz_err
in_log(struct chain *c)
{
	uint8_t proof[HZ_PROOF_MAX][32];
	size_t n = 0;
	struct hz_ref at = c->seen->at;
	enum hz_err r = HZ_OK;

	if (c->tree == NULL || c->log.no != at.log) {
		hz_tree_close(&c->tree);
		r = hz_log_info(c->view, at.log, &c->log);
		r = r == HZ_OK ? hz_log_tree(c->view, at.log, &c->tree) : r;
	}
	if (r == HZ_OK && at.index >= c->log.size) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, _("event %" PRIu64 " is not in its log"), at.index);
	}
	r = r == HZ_OK ? hz_tree_inclusion(c->tree, at.index, c->log.size, proof, &n) : r;
	return r == HZ_OK ? hz_inclusion_verify(c->seen->leaf, at.index, c->log.size, proof, n, c->log.root)
			  : r;
}

static enum hz_err
broken(const struct chain *c, struct hz_ref at, const char *what)
{
	return hz_fail(HZ_MSG_VAULT_TAMPERED, _("the chain of %s is broken at event %" PRIu64 ": %s"),
	    c->e.number, at.index, what);
}

/* From the newest event, which the exhibit's row names, back to number 0. */
static enum hz_err
walk(struct chain *c)
{
	struct hz_ref at = c->e.head_ref;
	uint8_t want[32];
	uint64_t seq = c->e.next_seq;
	enum hz_err r = HZ_OK;

	(void)memcpy(want, c->e.head, 32);
	while (r == HZ_OK && seq > 0) {
		seq--;
		r = hz_seen_load(c->view, &c->actors, at, true, c->seen);
		r = r == HZ_OK ? in_log(c) : r;
		if (r != HZ_OK) {
			break;
		}
		const struct hz_event *ev = &c->seen->ev;
		if (memcmp(c->seen->leaf, want, 32) != 0) {
			r = broken(c, at, _("it is not the event that the next one names"));
		} else if (strcmp(ev->ex, c->e.ex_text) != 0) {
			r = broken(c, at, _("it is about something else"));
		} else if (ev->seq != seq || ev->has_prev != (seq > 0)) {
			r = broken(c, at, _("its number is wrong"));
		} else {
			r = add(c, at, false);
		}
		(void)memcpy(want, ev->prev, 32);
		at = c->seen->links.prev;
	}
	return r;
}

static enum hz_err
mentions(struct chain *c)
{
	struct hz_ref pos = { 0, 0 }, at;
	bool found = true;
	enum hz_err r = HZ_OK;

	while (r == HZ_OK && found) {
		r = hz_mention_next(c->view, c->e.no, &pos, &found, &at);
		if (r == HZ_OK && found) {
			r = add(c, at, true);
		}
	}
	return r;
}

static int
by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->at.log != y->at.log) {
		return x->at.log < y->at.log ? -1 : 1;
	}
	return x->at.index < y->at.index ? -1 : x->at.index > y->at.index;
}

static enum hz_err
print(struct chain *c)
{
	struct hz_out *o = &c->cli->door.out;
	enum hz_err r = HZ_OK;

	qsort(c->items, c->n, sizeof *c->items, by_place);
	if (!c->cli->door.json) {
		hz_seen_head(o);
	}
	for (size_t i = 0; r == HZ_OK && i < c->n && !hz_out_broken(o); i++) {
		r = hz_seen_load(c->view, &c->actors, c->items[i].at, true, c->seen);
		r = r == HZ_OK && c->items[i].mention ? in_log(c) : r;
		if (r != HZ_OK) {
			break;
		}
		if (c->cli->door.json) {
			hz_seen_json(o, c->seen, c->items[i].mention ? NULL : c->e.number);
		} else {
			hz_seen_row(o, c->seen, NULL);
		}
	}
	if (r == HZ_OK && !c->cli->door.json) {
		hz_out_printf(o, _("Chain of %s: %s, every signature is good, every event is in the log.\n"),
		    hz_show_id(o, c->e.number), hz_show_tone(o, HZ_TONE_GOOD, C_("chain", "unbroken")));
	}
	return r;
}

static enum hz_err
custody(struct chain *c)
{
	enum hz_err r = hz_exhibit_find(c->view, hz_args_bare(&c->cli->args, 0), &c->e);

	r = r == HZ_OK ? hz_exhibit_check(c->view, &c->e) : r;
	r = r == HZ_OK ? hz_actors_load(c->view, &c->actors) : r;
	r = r == HZ_OK ? hz_seen_new(&c->seen) : r;
	r = r == HZ_OK ? walk(c) : r;
	r = r == HZ_OK ? mentions(c) : r;
	r = r == HZ_OK ? print(c) : r;
	hz_tree_close(&c->tree);
	hz_seen_free(&c->seen);
	hz_actors_done(&c->actors);
	free(c->items);
	return r;
}

int
hz_cmd_custody(struct hz_cli *cli)
{
	struct chain c = { .cli = cli };
	struct hz_vault *v = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_READ, &v);

	r = r == HZ_OK ? hz_view_begin(v, &c.view) : r;
	r = r == HZ_OK ? custody(&c) : r;
	hz_view_end(&c.view);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
