/* Training: which texts say what, one regression for each type, what is kept and how it was measured. */
#include "learn/grams.h"

#include "base/enc.h"
#include "crypto/crypto.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCHS    40
#define ONE       (INT64_C(1) << 24) /* of weights while learning */
#define SMOOTH    8                  /* the larger, the weaker the pull to zero */
#define FILE_ROOM ((size_t)900000)   /* for the lines of features */

struct text {
	uint32_t no; /* of the example */
	uint8_t hash[32];
	bool held;
	uint32_t source;
	struct hz_sample s;
};
enum kind { KIND_NONE, KIND_CONFIRMED, KIND_REJECTED, KIND_REST, KINDS };
struct pick {
	uint32_t text;
	enum kind kind;
};
struct run {
	const struct hz_learn_example *e;
	size_t n;
	struct text *text; /* by hash, then exhibit: the order of everything */
	struct hz_gram_table t;
	struct hz_grams *g;
	int64_t *w;    /* by feature */
	int32_t *kept; /* of thousandths; 0: not kept */
	uint32_t *order;
	struct pick *pick;
	size_t npick;
	size_t share_kept, share_bytes; /* of one type */
};

/* --- counts ----------------------------------------------------------------------------------------------
 */

static bool
id_ok(const char *s)
{
	size_t n = 0;
	for (; s[n] != '\0'; n++) {
		if (n == 63 || s[n] <= ' ' || s[n] > '~') {
			return false;
		}
	}
	return n > 0;
}

bool
hz_learn_enough(const struct hz_learn_count *c)
{
	return c->confirmed >= HZ_LEARN_MIN_CONFIRMED && c->rejected >= HZ_LEARN_MIN_REJECTED;
}

size_t
hz_learn_counts(const struct hz_learn_example *e, size_t n, struct hz_learn_count *ret, size_t max)
{
	size_t many = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < e[i].nlabel; k++) {
			const struct hz_learn_label *l = &e[i].label[k];
			size_t at = 0;
			int c = 1;
			if (l->verdict == HZ_LEARN_OPEN || !hz_learn_type_ok(l->type, strlen(l->type))) {
				continue;
			}
			while (at < many && (c = strcmp(ret[at].type, l->type)) < 0) {
				at++;
			}
			if (at == many || c != 0) {
				if (many == max) {
					continue;
				}
				memmove(&ret[at + 1], &ret[at], (many - at) * sizeof(*ret));
				memset(&ret[at], 0, sizeof(*ret));
				(void)snprintf(ret[at].type, sizeof(ret[at].type), "%s", l->type);
				many++;
			}
			ret[at].confirmed += l->verdict == HZ_LEARN_CONFIRMED;
			ret[at].rejected += l->verdict == HZ_LEARN_REJECTED;
		}
	}
	return many;
}

static enum hz_err
check(const struct hz_learn_example *e, size_t n)
{
	if (n > HZ_LEARN_TEXTS) {
		return hz_fail(HZ_MSG_LIMIT, "%zu examples; at most %u", n, HZ_LEARN_TEXTS);
	}
	for (size_t i = 0; i < n; i++) {
		if (e[i].nlabel > HZ_LEARN_LABELS) {
			return hz_fail(HZ_MSG_LIMIT, "%zu types of one example", e[i].nlabel);
		}
		if (!id_ok(e[i].exhibit)) {
			return hz_fail(HZ_MSG_USAGE, "an exhibit without an id that can stand in a line");
		}
		for (size_t k = 0; k < e[i].nlabel; k++) {
			if (!hz_learn_type_ok(e[i].label[k].type, strlen(e[i].label[k].type))) {
				return hz_fail(HZ_MSG_USAGE, "a type that cannot stand in a line");
			}
		}
	}
	return HZ_OK;
}

/* --- reading ---------------------------------------------------------------------------------------------
 */

static int
by_hash(const void *a, const void *b, void *arg)
{
	const struct text *x = a, *y = b;
	const struct run *run = arg;
	const struct hz_learn_example *e = run->e;
	int c = memcmp(x->hash, y->hash, sizeof(x->hash));
	c = c != 0 ? c : strcmp(e[x->no].exhibit, e[y->no].exhibit);
	return c != 0 ? c : (x->no > y->no) - (x->no < y->no);
}

/* One in five is kept back. The same words in two exhibits fall on the same side [L-6]. */
static bool
is_held(const uint8_t h[static 32])
{
	return h[0] % 5 == 0;
}

static enum hz_err
first_reading(struct run *x, hz_learn_read *read, void *arg, const struct hz_learn_names *names)
{
	for (size_t i = 0; i < x->n; i++) {
		struct hz_learn_text t = { 0 };
		struct text *to = &x->text[i];
		HZ_TRY(read(arg, i, &t));
		to->no = (uint32_t)i;
		hz_sha256(t.p, t.n, to->hash);
		to->held = is_held(to->hash);
		if (!to->held) {
			HZ_TRY(hz_grams_of(x->g, &t, names));
			hz_gram_table_count(&x->t, x->g);
		}
	}
	if (x->n > 1) {
		qsort_r(x->text, x->n, sizeof(*x->text), by_hash, x);
	}
	return HZ_OK;
}

static enum hz_err
second_reading(struct run *x, hz_learn_read *read, void *arg, const struct hz_learn_names *names)
{
	for (size_t i = 0; i < x->n; i++) {
		struct hz_learn_text t = { 0 };
		HZ_TRY(read(arg, x->text[i].no, &t));
		HZ_TRY(hz_grams_of(x->g, &t, names));
		HZ_TRY(hz_gram_table_add(&x->t, x->g, !x->text[i].held, &x->text[i].s));
	}
	return HZ_OK;
}

/* --- the training set's hash [L-5] -----------------------------------------------------------------------
 */

static int
by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum hz_err
set_hash(const struct run *x, uint8_t ret[static 32])
{
	static const char *const words[] = {
		[HZ_LEARN_OPEN] = "open", [HZ_LEARN_CONFIRMED] = "confirmed", [HZ_LEARN_REJECTED] = "rejected"
	};
	size_t many = 0, max = 0;
	struct hz_hash *h = NULL;
	enum hz_err r = hz_hash_new(HZ_HASH_SHA256, &h);
	for (size_t i = 0; i < x->n; i++) {
		max += x->e[i].nlabel;
	}
	char **line = calloc(max + 1, sizeof(*line));
	if (r == HZ_OK && !line) {
		r = hz_fail(HZ_MSG_NOMEM, "the list of examples");
	}
	for (size_t i = 0; r == HZ_OK && i < x->n; i++) {
		const struct hz_learn_example *e = &x->e[x->text[i].no];
		char hex[65];
		hz_hex(hex, x->text[i].hash, 32);
		for (size_t k = 0; r == HZ_OK && k < e->nlabel; k++) {
			if (asprintf(&line[many], "%s type:%s %s %s\n", e->exhibit, e->label[k].type,
				words[e->label[k].verdict], hex) < 0) {
				r = hz_fail(HZ_MSG_NOMEM, "the list of examples");
			} else {
				many++;
			}
		}
	}
	if (r == HZ_OK && many > 1) {
		qsort(line, many, sizeof(*line), by_line);
	}
	for (size_t i = 0; i < many; i++) {
		if (r == HZ_OK) {
			hz_hash_add(h, line[i], strlen(line[i]));
		}
		free(line[i]);
	}
	free(line);
	if (r == HZ_OK) {
		hz_hash_end(h, ret);
	}
	hz_hash_free(&h);
	return r;
}

/* --- sources ---------------------------------------------------------------------------------------------
 */

struct source {
	const char *name;
	size_t many;
};

static int
by_name(const void *a, const void *b)
{
	const struct source *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static int
by_many(const void *a, const void *b)
{
	const struct source *x = a, *y = b;
	return x->many != y->many ? (x->many < y->many) - (x->many > y->many) : strcmp(x->name, y->name);
}

/* Numbers for sources, the largest first; names go nowhere. */
static enum hz_err
number_sources(struct run *x)
{
	size_t many = 0, n = 0;
	struct source *s = calloc(x->n + 1, sizeof(*s));
	if (!s) {
		return hz_fail(HZ_MSG_NOMEM, "sources");
	}
	for (size_t i = 0; i < x->n; i++) {
		if (x->e[i].source) {
			s[n++] = (struct source){ x->e[i].source, 1 };
		}
	}
	qsort(s, n, sizeof(*s), by_name);
	for (size_t i = 0; i < n; i++) {
		if (many > 0 && strcmp(s[many - 1].name, s[i].name) == 0) {
			s[many - 1].many++;
		} else {
			s[many++] = s[i];
		}
	}
	qsort(s, many, sizeof(*s), by_many);
	many = many < HZ_LEARN_SOURCES ? many : HZ_LEARN_SOURCES;
	for (size_t i = 0; i < x->n; i++) {
		const char *name = x->e[x->text[i].no].source;
		for (size_t k = 0; name && k < many; k++) {
			if (strcmp(s[k].name, name) == 0) {
				x->text[i].source = (uint32_t)k + 1;
				break;
			}
		}
	}
	free(s);
	return HZ_OK;
}

/* --- one type --------------------------------------------------------------------------------------------
 */

/* The same type, or one above or below it in the tree. */
static bool
related(const char *a, const char *b)
{
	size_t an = strlen(a), bn = strlen(b), n = an < bn ? an : bn;
	return strncmp(a, b, n) == 0 && (an == bn || (an < bn ? b[n] : a[n]) == '.');
}

static enum kind
kind_of(const struct hz_learn_example *e, const char *type)
{
	bool near = false, other = false;
	for (size_t k = 0; k < e->nlabel; k++) {
		const struct hz_learn_label *l = &e->label[k];
		if (strcmp(l->type, type) == 0) {
			return l->verdict == HZ_LEARN_CONFIRMED  ? KIND_CONFIRMED
			       : l->verdict == HZ_LEARN_REJECTED ? KIND_REJECTED
								 : KIND_NONE;
		}
		near = near || related(l->type, type);
		other = other || l->verdict == HZ_LEARN_CONFIRMED;
	}
	return other && !near ? KIND_REST : KIND_NONE;
}

static void
pick_examples(struct run *x, const char *type, uint32_t many[static KINDS])
{
	memset(many, 0, KINDS * sizeof(*many));
	for (size_t i = 0; i < x->n; i++) {
		many[kind_of(&x->e[x->text[i].no], type)]++;
	}
	uint32_t rest = 2 * many[KIND_CONFIRMED];
	many[KIND_REST] = 0;
	x->npick = 0;
	for (size_t i = 0; i < x->n; i++) {
		enum kind kind = kind_of(&x->e[x->text[i].no], type);
		if (kind == KIND_NONE || (kind == KIND_REST && many[KIND_REST] == rest)) {
			continue;
		}
		many[KIND_REST] += kind == KIND_REST;
		x->pick[x->npick++] = (struct pick){ (uint32_t)i, kind };
	}
}

/* Numbers that look like chance and are the same everywhere (splitmix64; Steele, Lea, Flood 2014). */
static uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static void
shuffle(uint32_t *v, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)(next_random(state) % i);
		uint32_t was = v[i - 1];
		v[i - 1] = v[k];
		v[k] = was;
	}
}

/* Weights of examples, of 256: both sides weigh the same, a rejection twice one of the rest [L-4]. */
static void
weigh(const struct run *x, int64_t ret[static KINDS])
{
	int64_t n[KINDS] = { 0 };
	for (size_t i = 0; i < x->npick; i++) {
		n[x->pick[i].kind] += !x->text[x->pick[i].text].held;
	}
	int64_t against = 2 * n[KIND_REJECTED] + n[KIND_REST], all = against + n[KIND_CONFIRMED];
	ret[KIND_NONE] = 0;
	ret[KIND_CONFIRMED] = n[KIND_CONFIRMED] > 0 ? 256 * all / (2 * n[KIND_CONFIRMED]) : 0;
	ret[KIND_REST] = against > 0 ? 256 * all / (2 * against) : 0;
	ret[KIND_REJECTED] = 2 * ret[KIND_REST];
	for (size_t i = 0; i < KINDS; i++) {
		ret[i] = ret[i] > INT64_C(16) * 256 ? INT64_C(16) * 256 : ret[i];
	}
}

/* One step: rate and weight of 256 each. */
static void
step(struct run *x, const struct pick *p, int64_t rate, int64_t weight, int64_t *bias)
{
	const struct hz_sample *s = &x->text[p->text].s;
	const uint32_t *id = x->t.ids + s->at;
	int64_t sum = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		sum += x->w[id[i]];
	}
	/* weights stay under 2^40, of at most 2^11 features: the product with a share of 2^15 would not fit
	 */
	int64_t z = *bias + sum / 32768 * s->share + sum % 32768 * s->share / 32768;
	int64_t want = p->kind == KIND_CONFIRMED ? 65536 : 0;
	int64_t g = (want - hz_learn_sigmoid(z)) * rate * weight; /* of 2^32: 2^16 and twice 2^8 */
	int64_t move = g / 256 * s->share / 32768;                /* of 2^24 */
	for (uint32_t i = 0; i < s->n; i++) {
		x->w[id[i]] += move;
	}
	*bias += g / 256 / 8; /* slower than what a whole text moves */
}

static int32_t
thousandths(int64_t w)
{
	int64_t half = w < 0 ? -ONE / 2 : ONE / 2, v = (w * 1000 + half) / ONE;
	v = v > HZ_LEARN_WEIGHT ? HZ_LEARN_WEIGHT : v;
	return (int32_t)(v < -HZ_LEARN_WEIGHT ? -HZ_LEARN_WEIGHT : v);
}

static int32_t
learn(struct run *x)
{
	int64_t weight[KINDS], bias = 0;
	uint64_t state = UINT64_C(0x6c6561726e); /* the same for every model */
	size_t n = 0;
	memset(x->w, 0, (x->t.n + 1) * sizeof(*x->w));
	weigh(x, weight);
	for (size_t i = 0; i < x->npick; i++) {
		if (!x->text[x->pick[i].text].held) {
			x->order[n++] = (uint32_t)i;
		}
	}
	for (int64_t epoch = 0; epoch < EPOCHS; epoch++) {
		int64_t rate = INT64_C(4) * 256 * 8 / (8 + epoch);
		shuffle(x->order, n, &state);
		for (size_t i = 0; i < n; i++) {
			const struct pick *p = &x->pick[x->order[i]];
			step(x, p, rate, weight[p->kind], &bias);
		}
		for (size_t i = 0; i < x->t.n; i++) {
			x->w[i] -= x->w[i] * rate / 256 / SMOOTH;
		}
	}
	return thousandths(bias);
}

struct heavy {
	uint32_t no;
	int32_t weight;
};
struct rank { /* what comparing needs */
	const struct hz_gram_table *t;
	bool weight;
};

static int
by_weight(const void *a, const void *b, void *arg)
{
	const struct heavy *x = a, *y = b;
	const struct rank *k = arg;
	const struct hz_feature *f = &k->t->v[x->no], *g = &k->t->v[y->no];
	int32_t xw = x->weight < 0 ? -x->weight : x->weight, yw = y->weight < 0 ? -y->weight : y->weight;
	if (k->weight && xw != yw) {
		return xw < yw ? 1 : -1;
	}
	return hz_bytes_compare(k->t->words.p + f->at, f->len, k->t->words.p + g->at, g->len);
}

/* The heaviest stay, in order of their bytes. */
static enum hz_err
keep(struct run *x, struct heavy **ret, size_t *ret_n)
{
	struct heavy *v = calloc(x->t.n + 1, sizeof(*v));
	struct rank k = { &x->t, true };
	size_t n = 0, bytes = 0, kept = 0;
	if (!v) {
		return hz_fail(HZ_MSG_NOMEM, "weights");
	}
	for (size_t i = 0; i < x->t.n; i++) {
		int32_t w = x->t.v[i].seen >= HZ_LEARN_SEEN ? thousandths(x->w[i]) : 0;
		if (w != 0) {
			v[n++] = (struct heavy){ (uint32_t)i, w };
		}
	}
	qsort_r(v, n, sizeof(*v), by_weight, &k);
	while (kept < n && kept < x->share_kept && bytes + x->t.v[v[kept].no].len + 12 <= x->share_bytes) {
		bytes += x->t.v[v[kept++].no].len + (size_t)12; /* "w -1000000 " and the end of the line */
	}
	memset(x->kept, 0, (x->t.n + 1) * sizeof(*x->kept));
	for (size_t i = 0; i < kept; i++) {
		x->kept[v[i].no] = v[i].weight;
	}
	k.weight = false;
	qsort_r(v, kept, sizeof(*v), by_weight, &k);
	*ret = v;
	*ret_n = kept;
	return HZ_OK;
}

struct measure {
	uint32_t held[KINDS], right[KINDS];
	uint32_t source_held[HZ_LEARN_SOURCES + 1], source_right[HZ_LEARN_SOURCES + 1];
};

/* What was kept back, with the very weights that are written. */
static void
measure(const struct run *x, int32_t bias, struct measure *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < x->npick; i++) {
		const struct text *t = &x->text[x->pick[i].text];
		enum kind kind = x->pick[i].kind;
		int64_t sum = 0;
		if (!t->held) {
			continue;
		}
		for (uint32_t k = 0; k < t->s.n; k++) {
			sum += x->kept[x->t.ids[t->s.at + k]];
		}
		bool high = hz_learn_score(bias, sum * t->s.share) >= 500;
		bool right = high == (kind == KIND_CONFIRMED);
		ret->held[kind]++;
		ret->right[kind] += right;
		if (kind != KIND_REST) {
			ret->source_held[t->source]++;
			ret->source_right[t->source] += right;
		}
	}
}

static enum hz_err
write_class(struct run *x, const char *type, struct hz_buf *out)
{
	struct measure m;
	struct heavy *v = NULL;
	size_t n = 0;
	uint32_t many[KINDS];
	pick_examples(x, type, many);
	int32_t bias = learn(x);
	HZ_TRY(keep(x, &v, &n));
	measure(x, bias, &m);
	enum hz_err r = hz_buf_printf(out, "[type %s]\nexamples %u %u %u\nheld %u %u %u\nright %u %u %u\n",
	    type, many[KIND_CONFIRMED], many[KIND_REJECTED], many[KIND_REST], m.held[KIND_CONFIRMED],
	    m.held[KIND_REJECTED], m.held[KIND_REST], m.right[KIND_CONFIRMED], m.right[KIND_REJECTED],
	    m.right[KIND_REST]);
	for (unsigned i = 0; r == HZ_OK && i <= HZ_LEARN_SOURCES; i++) {
		if (m.source_held[i] > 0) {
			r = hz_buf_printf(out, "source %u %u %u\n", i, m.source_held[i], m.source_right[i]);
		}
	}
	r = r == HZ_OK ? hz_buf_printf(out, "bias %d\n", bias) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		const struct hz_feature *f = &x->t.v[v[i].no];
		r = hz_buf_printf(out, "w %d ", v[i].weight);
		r = r == HZ_OK ? hz_buf_put(out, x->t.words.p + f->at, f->len) : r;
		r = r == HZ_OK ? hz_buf_putc(out, '\n') : r;
	}
	free(v);
	return r;
}

/* --- all of it -------------------------------------------------------------------------------------------
 */

static enum hz_err
write_model(struct run *x, const struct hz_learn_count *c, size_t n, struct hz_buf *out)
{
	size_t start = out->len;
	uint8_t h[32];
	char hex[65];
	HZ_TRY(set_hash(x, h));
	hz_hex(hex, h, 32);
	HZ_TRY(
	    hz_buf_printf(out, "hirz-model 1\nengine %u\nset %s\ntexts %zu\n", HZ_LEARN_ENGINE, hex, x->n));
	for (size_t i = 0; i < n; i++) {
		HZ_TRY(write_class(x, c[i].type, out));
	}
	hz_sha256(out->p + start, out->len - start, h);
	hz_hex(hex, h, 32);
	return hz_buf_printf(out, "sum %s\n", hex);
}

static enum hz_err
make_room(struct run *x)
{
	x->text = calloc(x->n, sizeof(*x->text));
	x->pick = calloc(x->n, sizeof(*x->pick));
	x->order = calloc(x->n, sizeof(*x->order));
	return x->text && x->pick && x->order ? hz_grams_new(&x->g) : hz_fail(HZ_MSG_NOMEM, "examples");
}

static enum hz_err
make_weights(struct run *x)
{
	x->w = calloc(x->t.n + 1, sizeof(*x->w));
	x->kept = calloc(x->t.n + 1, sizeof(*x->kept));
	return x->w && x->kept ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "weights");
}

static void
run_done(struct run *x)
{
	hz_grams_free(&x->g);
	hz_gram_table_done(&x->t);
	free(x->text);
	free(x->pick);
	free(x->order);
	free(x->w);
	free(x->kept);
}

/* The types with enough examples, to the front. */
static enum hz_err
ready(const struct hz_learn_example *e, size_t n, struct hz_learn_count *c, size_t max, size_t *ret)
{
	size_t all = hz_learn_counts(e, n, c, max), many = 0;
	for (size_t i = 0; i < all; i++) {
		if (hz_learn_enough(&c[i])) {
			c[many++] = c[i];
		}
	}
	if (many > HZ_LEARN_CLASSES) {
		return hz_fail(
		    HZ_MSG_LIMIT, "%zu types with enough examples; at most %u", many, HZ_LEARN_CLASSES);
	}
	*ret = many;
	return many > 0 ? HZ_OK
			: hz_fail(HZ_MSG_LEARN_FEW, "no type has %u confirmed and %u rejected tags",
			      HZ_LEARN_MIN_CONFIRMED, HZ_LEARN_MIN_REJECTED);
}

HZ_RESULT
hz_learn_train(const struct hz_learn_example *e, size_t n, hz_learn_read *read, void *arg,
    const struct hz_learn_names *names, struct hz_buf *out)
{
	struct run x = { .e = e, .n = n };
	size_t types = (size_t)HZ_LEARN_CLASSES * 64, many = 0, start = out->len;
	HZ_TRY(check(e, n));
	struct hz_learn_count *c = calloc(types, sizeof(*c));
	enum hz_err r = c ? ready(e, n, c, types, &many) : hz_fail(HZ_MSG_NOMEM, "types");
	r = r == HZ_OK ? hz_gram_table_init(&x.t) : r;
	r = r == HZ_OK ? make_room(&x) : r;
	r = r == HZ_OK ? first_reading(&x, read, arg, names) : r;
	r = r == HZ_OK ? second_reading(&x, read, arg, names) : r;
	r = r == HZ_OK ? number_sources(&x) : r;
	r = r == HZ_OK ? make_weights(&x) : r;
	if (r == HZ_OK) {
		x.share_kept = HZ_LEARN_ALL / many < HZ_LEARN_KEPT ? HZ_LEARN_ALL / many : HZ_LEARN_KEPT;
		x.share_bytes = FILE_ROOM / many;
		r = write_model(&x, c, many, out);
	}
	run_done(&x);
	free(c);
	if (r != HZ_OK) {
		out->len = start;
	}
	return r;
}
