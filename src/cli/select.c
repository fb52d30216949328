#include "cli/select.h"

#include "base/enc.h"
#include "base/fd.h"
#include "cli/query.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VIEW_ROWS 10000 /* a view that lives long keeps a writer from using free pages again */

void
hz_selection_done(struct hz_selection *s)
{
	free(s->no);
	free(s->cases);
	*s = (struct hz_selection){ 0 };
}

static enum hz_err
take(struct hz_selection *s, uint64_t no)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 64 : s->cap * 2;
		uint64_t *more = reallocarray(s->no, cap, sizeof *more);
		if (more == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "a list of %zu exhibits", cap);
		}
		s->no = more;
		s->cap = cap;
	}
	s->no[s->n++] = no;
	return HZ_OK;
}

/* Every exhibit, or those that the query means. */
static enum hz_err
take_matching(struct hz_vault *v, struct hz_query *q, struct hz_selection *s)
{
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	uint64_t no = 1, seen = 0;
	bool found = true;
	enum hz_err r = hz_view_begin(v, &w);

	r = r == HZ_OK && q != NULL ? hz_query_bind(q, w) : r;
	while (r == HZ_OK) {
		bool match = q == NULL;
		r = hz_cancel_check();
		r = r == HZ_OK ? hz_exhibit_next(w, &no, &found, &e) : r;
		if (r != HZ_OK || !found) {
			break;
		}
		r = q != NULL ? hz_query_match(q, w, &e, NULL, &match) : HZ_OK;
		r = r == HZ_OK && match ? take(s, e.no) : r;
		if (r == HZ_OK && ++seen % VIEW_ROWS == 0) {
			hz_view_end(&w);
			r = hz_view_begin(v, &w);
		}
	}
	hz_view_end(&w);
	return r;
}

HZ_RESULT
hz_select_all(struct hz_vault *v, struct hz_selection *ret_s)
{
	return take_matching(v, NULL, ret_s);
}

static enum hz_err
take_case(struct hz_selection *s, struct hz_view *w, const struct hz_case *c)
{
	uint64_t no = 1;
	bool found = true;
	struct hz_ref at;
	uint32_t *more = reallocarray(s->cases, s->ncases + 1, sizeof *more);
	enum hz_err r = HZ_OK;

	if (more == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a list of cases");
	}
	s->cases = more;
	s->cases[s->ncases++] = c->no;
	while (r == HZ_OK && found) {
		r = hz_case_member_next(w, c->no, &no, &found, &at);
		r = r == HZ_OK && found ? take(s, no++) : r;
	}
	return r;
}

/* Whether a word has the form of an exhibit's number or id. */
static bool
is_id(const char *s, const char *desk)
{
	size_t n = strlen(desk);

	return (strncmp(s, "ex-", 3) == 0 && hz_is_hex(s + 3, strlen(s + 3))) ||
	       (strncasecmp(s, desk, n) == 0 && s[n] == '-' && s[n + 1] != '\0' &&
		   strspn(s + n + 1, "0123456789") == strlen(s + n + 1));
}

static bool
all_ids(struct hz_cli *cli, const char *desk, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (!is_id(hz_args_bare(&cli->args, i), desk)) {
			return false;
		}
	}
	return true;
}

/* An exhibit or a case; an exhibit's number wins. */
static enum hz_err
take_word(struct hz_selection *s, struct hz_view *w, const char *word, unsigned rules)
{
	struct hz_exhibit e;
	struct hz_case c;
	enum hz_err r = hz_exhibit_find(w, word, &e);

	if (r == HZ_OK) {
		return take(s, e.no);
	}
	if (r != HZ_ERR_NOT_FOUND || (rules & HZ_SELECT_CASES) == 0) {
		return r;
	}
	r = hz_case_find(w, word, &c);
	if (r == HZ_ERR_NOT_FOUND && is_id(word, hz_vault_info(hz_view_vault(w))->desk)) {
		return hz_exhibit_find(w, word, &e); /* say that the exhibit is missing, not the case */
	}
	return r == HZ_OK ? take_case(s, w, &c) : r;
}

static enum hz_err
take_words(
    struct hz_cli *cli, struct hz_vault *v, size_t from, size_t to, unsigned rules, struct hz_selection *s)
{
	struct hz_view *w = NULL;
	enum hz_err r = hz_view_begin(v, &w);

	for (size_t i = from; r == HZ_OK && i < to; i++) {
		r = take_word(s, w, hz_args_bare(&cli->args, i), rules);
	}
	hz_view_end(&w);
	if (r == HZ_OK && from < to && s->n == 0) {
		r = hz_fail(HZ_MSG_NOTHING_SELECTED, _("nothing is in what was named"));
	}
	return r;
}

static enum hz_err
take_query(struct hz_cli *cli, struct hz_vault *v, size_t from, struct hz_selection *s)
{
	struct hz_query q = { 0 };
	size_t before = s->n;
	enum hz_err r = hz_query_parse(cli->args.operand + from, cli->args.operand_count - from, &q);

	r = r == HZ_OK ? take_matching(v, &q, s) : r;
	hz_query_done(&q);
	if (r == HZ_OK && s->n == before) {
		r = hz_fail(HZ_MSG_NOTHING_SELECTED, _("no exhibit matches"));
	}
	return r;
}

static int
rising(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
sort_once(struct hz_selection *s)
{
	size_t kept = 0;

	if (s->n > 1) {
		qsort(s->no, s->n, sizeof *s->no, rising);
	}
	for (size_t i = 0; i < s->n; i++) {
		if (kept == 0 || s->no[kept - 1] != s->no[i]) {
			s->no[kept++] = s->no[i];
		}
	}
	s->n = kept;
}

HZ_RESULT
hz_select(struct hz_cli *cli, struct hz_vault *v, size_t first, unsigned rules, struct hz_selection *ret_s)
{
	const char *desk = hz_vault_info(v)->desk;
	size_t end = cli->args.operand_count;
	size_t query = cli->args.plain_count > first ? cli->args.plain_count : first;

	if ((rules & HZ_SELECT_BARE) != 0 && !all_ids(cli, desk, first, query)) {
		query = first;
	}
	if (query < end && all_ids(cli, desk, query, end)) {
		query = end;
	}
	enum hz_err r = take_words(cli, v, first, query, rules, ret_s);
	r = r == HZ_OK && query < end ? take_query(cli, v, query, ret_s) : r;
	sort_once(ret_s);
	return r;
}
