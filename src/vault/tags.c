/* Rows of tags, and the events that they rest on: classifications and reviews. */
#include "vault/tags.h"
#include "vault/write.h"

#include "text/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX    ((size_t)1 << 20)
#define KEY_LEN    9
#define TEXT_MAX   ((size_t)150000) /* bytes of all tags in one record: more does not fit into it */
#define FIELD_OVER 60               /* salt, name and marks around each */
#define WHY_MAX    4096

static const char *const status_words[] = { "confirmed-violation", "confirmed-similar-act",
	"confirmed-no-violation", "likely", "possible", "unlikely", "unknown", NULL };
static const char *const proof_words[] = { "none", "reasonable-suspicion", "reasonable-grounds",
	"substantial-grounds", "balance", "beyond-reasonable-doubt", NULL };
static const char *const legal_words[] = { "none-said", "war-crime", "crime-against-humanity", "genocide",
	"human-rights-violation", NULL };

const char *const *
hz_review_status_words(void)
{
	return status_words;
}

const char *const *
hz_review_proof_words(void)
{
	return proof_words;
}

const char *const *
hz_review_legal_words(void)
{
	return legal_words;
}

/* --- who -------------------------------------------------------------------------------------------------
 */

HZ_RESULT
hz_reviewer_id(const char *kid, const char *name, uint8_t ret[static HZ_WHO_LEN])
{
	static const char label[] = "hirz-reviewer/v1";
	struct hz_buf b = HZ_BUF_INIT(16 * HZ_REVIEWER_MAX + 128);
	uint8_t h[32];
	name = name ? name : "";
	while (*name == ' ' || *name == '\t') {
		name++;
	}
	size_t n = strlen(name);
	while (n > 0 && (name[n - 1] == ' ' || name[n - 1] == '\t')) {
		n--;
	}
	if (n > HZ_REVIEWER_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a reviewer's name has at most %d bytes", HZ_REVIEWER_MAX);
	}
	enum hz_err r = hz_buf_puts(&b, label);
	r = r == HZ_OK ? hz_buf_puts(&b, kid) : r;
	r = r == HZ_OK ? hz_text_fold(name, n, &b) : r;
	if (r == HZ_OK) {
		hz_sha256(b.p, b.len, h);
		memcpy(ret, h, HZ_WHO_LEN);
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_reviewer_me(const struct hz_vault *v, const char *name, uint8_t ret[static HZ_WHO_LEN])
{
	return hz_reviewer_id(v->kid, name, ret);
}

/* --- rows ------------------------------------------------------------------------------------------------
 */

static void
set_key(uint64_t exhibit, uint8_t k[static KEY_LEN])
{
	uint64_t origin = hz_derived_origin(exhibit);
	hz_be64(k, origin ? origin : exhibit);
	k[8] = origin ? (uint8_t)exhibit : 0;
}

static enum hz_err
key_read(const uint8_t *k, size_t n, uint64_t *ret_exhibit)
{
	uint64_t origin = n == KEY_LEN ? hz_rd_be64(k) : 0;
	if (origin == 0 || hz_is_derived(origin)) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a key of %zu bytes in the table of tags", n);
	}
	*ret_exhibit = k[8] ? hz_derived_no(origin, k[8]) : origin;
	return HZ_OK;
}

HZ_RESULT
hz_tag_set_load(struct hz_view *w, uint64_t exhibit, bool *ret_found, struct hz_tag_set *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_MAX);
	uint8_t k[KEY_LEN];
	set_key(exhibit, k);
	hz_tag_set_init(ret, exhibit);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_TAGS, k, sizeof(k), &b);
	*ret_found = r == HZ_OK;
	if (r == HZ_OK) {
		r = hz_tag_set_read(b.p, b.len, exhibit, ret);
	} else if (r == HZ_ERR_NOT_FOUND) {
		r = HZ_OK;
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_tag_set_walk(struct hz_view *w, uint64_t *origin, unsigned *n, bool *ret_found, struct hz_tag_set *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_MAX);
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, pn = 0;
	uint8_t from[KEY_LEN];
	uint64_t exhibit = 0;
	/* Behind the last text that an exhibit can have comes the next exhibit. */
	uint64_t o = *n > HZ_DERIVED_MAX ? *origin + 1 : *origin;
	hz_be64(from, o);
	from[8] = *n > HZ_DERIVED_MAX ? 0 : (uint8_t)*n;
	hz_tag_set_init(ret, 0);
	HZ_TRY(hz_cur_open(w->t, HZ_T_TAGS, &c));
	enum hz_err r = hz_cur_seek(c, from, sizeof(from));
	r = r == HZ_OK ? hz_cur_next(c, ret_found, &k, &kn, &p, &pn) : r;
	if (r == HZ_OK && *ret_found) {
		r = key_read(k, kn, &exhibit);
		r = r == HZ_OK ? hz_row_open(w->v, HZ_T_TAGS, k, kn, p, pn, &b) : r;
		r = r == HZ_OK ? hz_tag_set_read(b.p, b.len, exhibit, ret) : r;
		if (r == HZ_OK) {
			*origin = hz_rd_be64(k);
			*n = k[8];
		}
	}
	hz_cur_close(&c);
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_tag_set_next(struct hz_view *w, uint64_t origin, unsigned *n, bool *ret_found, struct hz_tag_set *ret)
{
	uint64_t at = origin;
	unsigned text = *n;
	*ret_found = false;
	hz_tag_set_init(ret, 0);
	if (hz_is_derived(origin)) { /* a derived one has no texts but its own bytes */
		bool own = *n == 0;
		*n = 1;
		return own ? hz_tag_set_load(w, origin, ret_found, ret) : HZ_OK;
	}
	HZ_TRY(hz_tag_set_walk(w, &at, &text, ret_found, ret));
	if (*ret_found && at != origin) {
		hz_tag_set_done(ret);
		*ret_found = false;
	}
	*n = *ret_found ? text + 1 : *n;
	return HZ_OK;
}

static enum hz_err
set_save(struct hz_batch *b, const struct hz_tag_set *s)
{
	struct hz_buf row = HZ_BUF_INIT(ROW_MAX);
	uint8_t k[KEY_LEN];
	set_key(s->exhibit, k);
	enum hz_err r = hz_tag_set_put(s, &row);
	r = r == HZ_OK ? hz_row_set(b->v, b->t, HZ_T_TAGS, k, sizeof(k), &row, false) : r;
	hz_buf_done(&row);
	return r;
}

/* --- the tags of a classification ------------------------------------------------------------------------
 */

static enum hz_err
record_tags(const struct hz_record *r, struct hz_tags *ret)
{
	char name[32];
	size_t n = 0;
	while (n < HZ_TAGS_KEPT) {
		(void)snprintf(name, sizeof(name), "tag.%zu", n + 1);
		if (!hz_record_get(r, name)) {
			break;
		}
		n++;
	}
	*ret = (struct hz_tags){ 0, calloc(n ? n : 1, sizeof(*ret->v)) };
	if (!ret->v) {
		return hz_fail(HZ_MSG_NOMEM, "tags");
	}
	while (ret->n < n) {
		(void)snprintf(name, sizeof(name), "tag.%zu", ret->n + 1);
		const char *s = hz_record_get(r, name);
		HZ_TRY(hz_tag_text_read(s, strlen(s), &ret->v[ret->n]));
		ret->n++;
	}
	return HZ_OK;
}

/* Loads a record and its fields; free both. */
static enum hz_err
load_fields(struct hz_view *w, uint64_t no, struct hz_record_row *row, struct hz_record *r)
{
	hz_record_init(r);
	HZ_TRY(hz_record_load(w, no, row));
	enum hz_err e = hz_record_fields(w, row, r);
	if (e != HZ_OK) {
		hz_record_done(r);
		hz_record_row_done(row);
	}
	return e;
}

HZ_RESULT
hz_classification_tags(struct hz_view *w, uint64_t record, struct hz_tags *ret)
{
	struct hz_record_row row;
	struct hz_record r;
	struct hz_tags t = { 0, NULL };
	HZ_TRY(load_fields(w, record, &row, &r));
	enum hz_err e = row.kind == HZ_REC_CLASSIFICATION
			    ? record_tags(&r, &t)
			    : hz_fail(HZ_MSG_VAULT_TAMPERED, "record %llu is no classification",
				  (unsigned long long)record);
	hz_record_done(&r);
	hz_record_row_done(&row);
	if (e != HZ_OK) {
		hz_tags_done(&t);
		return e;
	}
	*ret = t;
	return HZ_OK;
}

HZ_RESULT
hz_classification_when(struct hz_view *w, uint64_t record, struct hz_classify_when *ret)
{
	struct hz_record_row row;
	struct hz_record r;
	HZ_TRY(load_fields(w, record, &row, &r));
	const char *from = hz_record_get(&r, "classification.when_from"),
		   *to = hz_record_get(&r, "classification.when_to");
	*ret = (struct hz_classify_when){ .from = "" };
	(void)snprintf(ret->from, sizeof(ret->from), "%s", from ? from : "");
	(void)snprintf(ret->to, sizeof(ret->to), "%s", to ? to : "");
	hz_record_done(&r);
	hz_record_row_done(&row);
	return HZ_OK;
}

/* --- writing ---------------------------------------------------------------------------------------------
 */

/* Record and event of an exhibit; the disclosures lie under the exhibit's key, for they describe it. */
static enum hz_err
write_about(struct hz_batch *b, uint64_t exhibit, enum hz_act act, enum hz_record_kind kind,
    struct hz_record *rec, struct hz_ref *ret_at, uint64_t *ret_record)
{
	struct hz_record_draft d = { 0 };
	struct hz_record_row row;
	struct hz_exhibit e;
	struct hz_object o;
	HZ_TRY(hz_exhibit_get(&b->view, exhibit, &e));
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	hz_record_row_init(&row, (uint8_t)kind, exhibit);
	enum hz_err r = hz_record_draft(rec, &d);
	r = r == HZ_OK ? hz_write_record(b, NULL, &d, &row) : r;
	if (r == HZ_OK) {
		r = hz_object_load(&b->view, &e, &o);
	}
	if (r == HZ_OK) {
		r = hz_disclosures_seal(b->v, o.file_key, &d, &row);
		hz_object_done(&o);
	}
	if (r == HZ_OK) {
		ev->act = act;
		ev->has_rec = true;
		hz_sha256(row.jwt.p, row.jwt.len, ev->rec);
		r = hz_write_exhibit_event(b, &e, ev, row.no, &row.at);
	}
	r = r == HZ_OK ? hz_record_row_save(b->v, b->t, &row, true) : r;
	if (r == HZ_OK) {
		*ret_at = row.at;
		*ret_record = row.no;
	}
	hz_record_draft_done(&d);
	hz_record_row_done(&row);
	free(ev);
	return r;
}

/* As many spans of each tag as the record holds. */
static size_t
spans_that_fit(const struct hz_tags *t, size_t n)
{
	size_t max = HZ_TAG_SPANS;
	for (; max > 1; max /= 2) {
		size_t sum = 0;
		for (size_t i = 0; i < n; i++) {
			size_t spans = t->v[i].nspans < max ? t->v[i].nspans : max;
			sum += FIELD_OVER + sizeof(t->v[i].value) + 64;
			for (size_t j = 0; j < spans; j++) {
				sum += strnlen(t->v[i].spans[j].rule, sizeof(t->v[i].spans[j].rule)) + 18;
			}
		}
		if (sum <= TEXT_MAX) {
			break;
		}
	}
	return max;
}

static enum hz_err
run_head(struct hz_view *w, const struct hz_new_classification *x, struct hz_record *rec)
{
	struct hz_exhibit e;
	char hex[65];
	HZ_TRY(hz_exhibit_get(w, x->exhibit, &e));
	hz_hex(hex, x->rules_id, 32);
	HZ_TRY(hz_record_add(rec, "kind", "classification"));
	HZ_TRY(hz_record_add(rec, "classification.rules", hex));
	HZ_TRY(hz_record_add(rec, "classification.rules_version", x->rules_version));
	HZ_TRY(hz_record_add(rec, "classification.engine", x->engine));
	HZ_TRY(hz_record_add(rec, "classification.text", e.number));
	if (x->when && x->when->from[0]) {
		HZ_TRY(hz_record_add(rec, "classification.when_from", x->when->from));
	}
	if (x->when && x->when->to[0]) {
		HZ_TRY(hz_record_add(rec, "classification.when_to", x->when->to));
	}
	return HZ_OK;
}

static enum hz_err
run_record(struct hz_view *w, const struct hz_new_classification *x, struct hz_record *rec)
{
	const struct hz_tags *t = x->tags;
	size_t n = t->n < HZ_TAGS_KEPT ? t->n : HZ_TAGS_KEPT, max = spans_that_fit(t, n);
	struct hz_buf text = HZ_BUF_INIT(HZ_FIELD_VALUE_MAX);
	char name[32];
	HZ_TRY(run_head(w, x, rec));
	enum hz_err r = hz_record_add_int(rec, "classification.tags", n);
	if (r == HZ_OK && t->n > n) {
		r = hz_record_add_int(rec, "classification.left_out", t->n - n);
	}
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		(void)snprintf(name, sizeof(name), "tag.%zu", i + 1);
		hz_buf_clear(&text);
		r = hz_tag_text(&t->v[i], max, &text);
		r = r == HZ_OK ? hz_record_addn(rec, name, text.p, text.len) : r;
	}
	hz_buf_done(&text);
	return r;
}

static bool
same_fields(const struct hz_record *a, const struct hz_record *b)
{
	for (size_t i = 0; i < a->n; i++) {
		const char *v = hz_record_get(b, a->fields[i].name);
		if (!v || strcmp(v, a->fields[i].value) != 0) {
			return false;
		}
	}
	return a->n == b->n;
}

static enum hz_err
says_the_same(struct hz_view *w, uint64_t record, const struct hz_record *rec, bool *ret)
{
	struct hz_record_row row;
	struct hz_record old;
	*ret = false;
	if (record == 0) {
		return HZ_OK;
	}
	HZ_TRY(load_fields(w, record, &row, &old));
	*ret = same_fields(rec, &old);
	hz_record_done(&old);
	hz_record_row_done(&row);
	return HZ_OK;
}

/* What the record keeps of a run is what the row follows: the audit has nothing else. */
static enum hz_err
follow_run(
    struct hz_tag_set *s, const struct hz_record *rec, uint32_t rules, uint64_t record, struct hz_ref at)
{
	struct hz_tags kept = { 0, NULL };
	enum hz_err r = record_tags(rec, &kept);
	r = r == HZ_OK ? hz_tag_set_run(s, &kept, rules, record, at) : r;
	hz_tags_done(&kept);
	return r;
}

/* b NULL: nothing is written, and what would be has a number that no record gets. */
static enum hz_err
classify_steps(struct hz_view *w, struct hz_batch *b, const struct hz_new_classification *x,
    struct hz_record *rec, struct hz_tag_set *s, bool *ret_new)
{
	struct hz_ref at = s->at;
	uint64_t record = UINT64_MAX;
	bool same = false;
	HZ_TRY(run_record(w, x, rec));
	HZ_TRY(says_the_same(w, s->record, rec, &same));
	*ret_new = !same;
	if (same) {
		return HZ_OK;
	}
	if (b) {
		HZ_TRY(write_about(
		    b, x->exhibit, HZ_ACT_CLASSIFY_SUGGEST, HZ_REC_CLASSIFICATION, rec, &at, &record));
	}
	HZ_TRY(follow_run(s, rec, x->rules, record, at));
	return b ? set_save(b, s) : HZ_OK;
}

static enum hz_err
classify(struct hz_view *w, struct hz_batch *b, const struct hz_new_classification *x, bool *ret_new,
    struct hz_tag_set *ret)
{
	struct hz_record rec;
	struct hz_tag_set s;
	bool found = false;
	HZ_TRY(hz_tag_set_load(w, x->exhibit, &found, &s));
	hz_record_init(&rec);
	enum hz_err r = classify_steps(w, b, x, &rec, &s, ret_new);
	hz_record_done(&rec);
	if (r != HZ_OK) {
		hz_tag_set_done(&s);
		return r;
	}
	*ret = s;
	return HZ_OK;
}

HZ_RESULT
hz_batch_classification(
    struct hz_batch *b, const struct hz_new_classification *x, bool *ret_new, struct hz_tag_set *ret)
{
	return classify(&b->view, b, x, ret_new, ret);
}

HZ_RESULT
hz_view_classification(
    struct hz_view *w, const struct hz_new_classification *x, bool *ret_new, struct hz_tag_set *ret)
{
	return classify(w, NULL, x, ret_new, ret);
}

/* --- reviews ---------------------------------------------------------------------------------------------
 */

static enum hz_err
add_word(struct hz_record *rec, const char *field, const char *word, const char *const *list)
{
	if (!word) {
		return HZ_OK;
	}
	for (; *list; list++) {
		if (strcmp(*list, word) == 0) {
			return hz_record_add(rec, field, word);
		}
	}
	return hz_fail(HZ_MSG_USAGE, "%.60s: not a word of the list", word);
}

static bool
has_text(const char *s)
{
	return s && s[strspn(s, " \t\r\n")] != '\0';
}

static enum hz_err
review_rules(struct hz_view *w, const struct hz_kept_tag *t, struct hz_record *rec)
{
	struct hz_rules_row rules;
	struct hz_record_row row;
	char hex[65], rid[HZ_ID_TEXT];
	if (!t || t->rules == 0) {
		return HZ_OK;
	}
	HZ_TRY(hz_rules_row_get(w, t->rules, &rules));
	hz_hex(hex, rules.id, 32);
	HZ_TRY(hz_record_add(rec, "review.rules", hex));
	HZ_TRY(hz_record_load(w, t->record, &row));
	hz_id_text("rc-", row.rid, rid);
	hz_record_row_done(&row);
	return hz_record_add(rec, "review.of", rid);
}

static enum hz_err
review_record(
    struct hz_view *w, const struct hz_new_review *x, const struct hz_kept_tag *t, struct hz_record *rec)
{
	struct hz_exhibit e;
	char id[HZ_TAG_ID_MAX], span[48];
	HZ_TRY(hz_exhibit_get(w, x->exhibit, &e));
	hz_kept_tag_id(x->tag, id);
	HZ_TRY(hz_record_add(rec, "kind", "review"));
	HZ_TRY(hz_record_add(rec, "review.tag", id));
	HZ_TRY(hz_record_add(rec, "review.verdict", hz_decision_word(x->what)));
	HZ_TRY(hz_record_add(rec, "review.text", e.number));
	HZ_TRY(
	    hz_record_add(rec, "review.certainty", hz_certainty_word(t ? t->certainty : x->tag->certainty)));
	HZ_TRY(review_rules(w, t, rec));
	if (has_text(x->by)) {
		HZ_TRY(hz_record_add(rec, "review.by", x->by));
	}
	HZ_TRY(hz_record_add(rec, "review.why", x->why));
	HZ_TRY(add_word(rec, "review.status", x->status, status_words));
	HZ_TRY(add_word(rec, "review.proof", x->proof, proof_words));
	HZ_TRY(add_word(rec, "review.legal", x->legal, legal_words));
	if (x->has_span) {
		(void)snprintf(span, sizeof(span), "%llu-%llu", (unsigned long long)x->start,
		    (unsigned long long)x->end);
		HZ_TRY(hz_record_add(rec, "review.span", span));
	}
	return HZ_OK;
}

static enum hz_err
review_ok(const struct hz_new_review *x, const struct hz_kept_tag *t)
{
	char id[HZ_TAG_ID_MAX];
	if (!has_text(x->why) || strlen(x->why) > WHY_MAX) {
		return hz_fail(HZ_MSG_USAGE, "a decision needs a reason of at most %d bytes", WHY_MAX);
	}
	if (x->has_span && (x->what != HZ_DECIDED_ADDED || x->start >= x->end)) {
		return hz_fail(
		    HZ_MSG_USAGE, "a place in the text is given for an added tag, begin before end");
	}
	if (!t && x->what != HZ_DECIDED_ADDED) {
		hz_kept_tag_id(x->tag, id);
		return hz_fail(HZ_MSG_USAGE, "%s: there is no such tag here", id);
	}
	if (!t && (x->tag->certainty < HZ_CERTAIN_STATED || x->tag->certainty > HZ_CERTAIN_DENIED)) {
		return hz_fail(HZ_MSG_USAGE, "an added tag needs a certainty");
	}
	return HZ_OK;
}

static enum hz_err
review_steps(struct hz_batch *b, const struct hz_new_review *x, struct hz_record *rec, struct hz_tag_set *s)
{
	struct hz_decided d = { .what = x->what };
	const struct hz_kept_tag *t = hz_tag_set_find(s, x->tag);
	struct hz_ref at;
	HZ_TRY(review_ok(x, t));
	HZ_TRY(hz_reviewer_me(b->v, x->by, d.who));
	HZ_TRY(review_record(&b->view, x, t, rec));
	HZ_TRY(write_about(b, x->exhibit, HZ_ACT_REVIEW, HZ_REC_REVIEW, rec, &at, &d.record));
	HZ_TRY(hz_tag_set_decide(s, x->tag, &d, at));
	return set_save(b, s);
}

HZ_RESULT
hz_batch_review(struct hz_batch *b, const struct hz_new_review *x, struct hz_tag_set *ret)
{
	struct hz_record rec;
	struct hz_tag_set s;
	bool found = false;
	HZ_TRY(hz_tag_set_load(&b->view, x->exhibit, &found, &s));
	hz_record_init(&rec);
	enum hz_err r = review_steps(b, x, &rec, &s);
	hz_record_done(&rec);
	if (r != HZ_OK) {
		hz_tag_set_done(&s);
		return r;
	}
	*ret = s;
	return HZ_OK;
}
