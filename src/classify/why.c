/* Which word made a role, and which a certainty: kept only where an explanation is asked for. It is read off
 * what the judgement has left behind, and changes nothing of it. */
#include "classify/engine.h"

#include <stdlib.h>

enum hz_err
why_begin(struct engine *e)
{
	e->why = calloc(1, sizeof *e->why);
	return e->why == NULL ? hz_fail(HZ_MSG_NOMEM, "cues") : HZ_OK;
}

void
why_done(struct engine *e)
{
	if (e->why != NULL) {
		free(e->why->spans);
	}
	free(e->why);
	e->why = NULL;
}

static struct cue_at
cue_of(const struct engine *e, const struct match *m, uint32_t line)
{
	return (struct cue_at){ e->words[m->s].start, e->words[m->e].end, m->ref, line };
}

/* Between two matches, in words; 0 where they touch or overlap. */
static unsigned
gap(const struct match *a, const struct match *b)
{
	if (a->s > b->e) {
		return (unsigned)(a->s - b->e - 1);
	}
	return b->s > a->e ? (unsigned)(b->s - a->e - 1) : 0;
}

/* The nearest cue of this kind; where reaching, of those that reach m. NULL. */
static const struct match *
find_cue(const struct engine *e, const struct match *m, enum cue which, bool reaching)
{
	const struct match *best = NULL;
	for (size_t i = 0; e->has_cue[which] && i < e->n_matches; i++) {
		const struct match *c = &e->matches[i];
		unsigned first = 0;
		unsigned last = 0;
		if (c->dead || c->kind != KIND_CUE || e->r->sections[c->section].which != which) {
			continue;
		}
		cue_reach(e, c, &first, &last);
		if ((!reaching || (m->e >= first && m->s <= last)) &&
		    (best == NULL || gap(c, m) < gap(best, m))) {
			best = c;
		}
	}
	return best;
}

/* Kinds of cues that make a certainty, those that are asked first in front. */
static const enum cue makes[HZ_CERTAIN_DENIED + 1][3] = { [0] = { CUE_COUNT },
	[HZ_CERTAIN_STATED] = { CUE_CONFIRMED, CUE_COUNT },
	[HZ_CERTAIN_ALLEGED] = { CUE_DENIED, CUE_UNCONFIRMED, CUE_ALLEGED },
	[HZ_CERTAIN_LIKELY] = { CUE_LIKELY, CUE_COUNT },
	[HZ_CERTAIN_DENIED] = { CUE_NEGATED, CUE_DENIED, CUE_COUNT } };

static const struct match *
find_says(const struct engine *e, const struct match *m, enum hz_certainty c)
{
	const struct match *found = NULL;
	for (size_t i = 0; found == NULL && i < 3 && makes[c][i] != CUE_COUNT; i++) {
		found = find_cue(e, m, makes[c][i], true);
	}
	return found;
}

/* Who denies is a source by the word of denial, and what is denied is so by the same word. */
enum hz_err
why_span(struct engine *e, const struct match *m, enum hz_role role, enum hz_certainty certainty,
    uint32_t *ret_why)
{
	struct why *w = e->why;
	const struct match *says = NULL;
	const struct match *denial = m->denier ? find_cue(e, m, CUE_DENIED, false) : NULL;
	struct why_at at = { .certainty = certainty, .role = { .alt = NONE }, .says = { .alt = NONE } };
	HZ_TRY(more((void **)&w->spans, &w->cap_spans, w->n_spans + 1, sizeof *w->spans));
	if (m->kind == KIND_CUE) { /* of one that nobody knows: the word is both */
		at.role = cue_of(e, m, m->line);
	} else if (denial != NULL && role != m->role) {
		at.role = cue_of(e, denial, denial->line);
	} else if (role != HZ_ROLE_NONE && m->cue != 0) {
		at.role = cue_of(e, &e->matches[m->cue - 1], m->cue_line);
		at.joined = m->joined;
	}
	if (denial != NULL) {
		says = certainty == HZ_CERTAIN_DENIED ? denial : NULL;
	} else if (m->kind == KIND_TYPE || m->kind == KIND_PARTY) {
		says = find_says(e, m, certainty);
		if (says == NULL && m->role_denied && m->cue != 0) {
			says = find_says(e, &e->matches[m->cue - 1], certainty);
		}
	}
	if (says != NULL) {
		at.says = cue_of(e, says, says->line);
	}
	*ret_why = (uint32_t)w->n_spans;
	w->spans[w->n_spans++] = at;
	return HZ_OK;
}
