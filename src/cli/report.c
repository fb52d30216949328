/* The report of an audit. Texts stand here in both languages, for the page shows both whatever the language
 * of the program is: it is read by people who do not share one. */
#include "cli/report.h"

#include "cli/anchors.h"

#include "base/enc.h"
#include "base/fd.h"
#include "codec/sink.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARS   120
#define WIDTH  960
#define HEIGHT 220
#define BASE   180 /* of the bars, from above */

enum { COLLECTED, LOOKED, HANDED, OTHER, SORTS };

struct day {
	int64_t day; /* since 1970 */
	uint64_t n[SORTS];
};
struct mark { /* a finding at an event */
	int64_t t;
	bool bad;
};
struct row {
	enum hz_audit_kind kind;
	const char *what;
	char id[HZ_ID_TEXT];
	char detail[512];
};
struct hz_report {
	struct day *days;
	size_t ndays, cap_days;
	struct row *rows;
	size_t nrows;
	uint64_t more, bad_here, noted_here; /* findings not kept; at the event that comes */
	struct mark *marks;
	size_t nmarks;
	struct hz_audit_stamp *stamps;
	size_t nstamps, cap_stamps;
	bool short_of_memory;
};

HZ_RESULT
hz_report_new(struct hz_report **ret_r)
{
	struct hz_report *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a report");
	}
	r->rows = calloc(HZ_REPORT_FINDINGS, sizeof(*r->rows));
	r->marks = calloc(HZ_REPORT_FINDINGS, sizeof(*r->marks));
	if (r->rows == NULL || r->marks == NULL) {
		hz_report_free(&r);
		return hz_fail(HZ_MSG_NOMEM, "a report");
	}
	*ret_r = r;
	return HZ_OK;
}

void
hz_report_free(struct hz_report **r)
{
	if (*r != NULL) {
		free((*r)->days);
		free((*r)->rows);
		free((*r)->marks);
		free((*r)->stamps);
		free(*r);
		*r = NULL;
	}
}

static unsigned
sort_of(enum hz_act act)
{
	if (act == HZ_ACT_ACQUIRE || act == HZ_ACT_RECEIPT || act == HZ_ACT_DERIVE) {
		return COLLECTED;
	}
	if (act == HZ_ACT_ACCESS || act == HZ_ACT_VERIFY) {
		return LOOKED;
	}
	return act == HZ_ACT_EXPORT || act == HZ_ACT_TRANSFER_OUT || act == HZ_ACT_REFUSED ? HANDED : OTHER;
}

/* The days are nearly always met in their order: looked for from the end. */
static struct day *
day_of(struct hz_report *r, int64_t day)
{
	size_t i = r->ndays;
	while (i > 0 && r->days[i - 1].day > day) {
		i--;
	}
	if (i > 0 && r->days[i - 1].day == day) {
		return &r->days[i - 1];
	}
	if (r->ndays == r->cap_days) {
		size_t cap = r->cap_days == 0 ? 256 : 2 * r->cap_days;
		struct day *g = realloc(r->days, cap * sizeof(*g));
		if (g == NULL) {
			return NULL;
		}
		r->days = g;
		r->cap_days = cap;
	}
	memmove(&r->days[i + 1], &r->days[i], (r->ndays - i) * sizeof(*r->days));
	r->ndays++;
	r->days[i] = (struct day){ .day = day };
	return &r->days[i];
}

void
hz_report_event(struct hz_report *r, uint32_t log, uint64_t index, const struct hz_fact *f)
{
	(void)log;
	(void)index;
	if (f->read) {
		struct day *d = day_of(r, (f->t >= 0 ? f->t : f->t - 86399) / 86400);
		if (d == NULL) {
			r->short_of_memory = true;
		} else {
			d->n[sort_of((enum hz_act)f->act)]++;
		}
		if ((r->bad_here || r->noted_here) && r->nmarks < HZ_REPORT_FINDINGS) {
			r->marks[r->nmarks++] = (struct mark){ f->t, r->bad_here > 0 };
		}
	}
	r->bad_here = r->noted_here = 0;
}

void
hz_report_finding(struct hz_report *r, const struct hz_audit_finding *f)
{
	bool at_event = strncmp(f->id, "event ", 6) == 0;
	r->bad_here += at_event && f->kind == HZ_FOUND_LOG;
	r->noted_here += at_event && f->kind == HZ_FOUND_NOTED;
	if (r->nrows == HZ_REPORT_FINDINGS) {
		r->more++;
		return;
	}
	struct row *row = &r->rows[r->nrows++];
	row->kind = f->kind;
	row->what = f->what;
	memcpy(row->id, f->id, sizeof(row->id));
	memcpy(row->detail, f->failure.detail, sizeof(row->detail));
}

void
hz_report_stamp(struct hz_report *r, const struct hz_audit_stamp *s)
{
	if (r->nstamps == r->cap_stamps) {
		size_t cap = r->cap_stamps == 0 ? 16 : 2 * r->cap_stamps;
		struct hz_audit_stamp *g = realloc(r->stamps, cap * sizeof(*g));
		if (g == NULL) {
			r->short_of_memory = true;
			return;
		}
		r->stamps = g;
		r->cap_stamps = cap;
	}
	r->stamps[r->nstamps++] = *s;
}

/* --- writing
 * ------------------------------------------------------------------------------------------------ */

struct page {
	struct hz_buf out;
	enum hz_err err;
	int fd;
};

static void
raw(struct page *p, const char *s)
{
	p->err = p->err == HZ_OK ? hz_buf_puts(&p->out, s) : p->err;
}

static void put(struct page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Numbers and our own words only; texts from outside go through text(). */
static void
put(struct page *p, const char *fmt, ...)
{
	char s[512];
	va_list ap;
	va_start(ap, fmt);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start stands above */
	(void)vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	raw(p, s);
}

static void
text(struct page *p, const char *s)
{
	p->err = p->err == HZ_OK ? hz_html_text(&p->out, s, strlen(s)) : p->err;
}

static void
both(struct page *p, const char *element, const char *en, const char *ar)
{
	put(p, "<%s class=\"two\"><span lang=\"en\" dir=\"ltr\">", element);
	raw(p, en);
	raw(p, "</span><span lang=\"ar\" dir=\"rtl\">");
	raw(p, ar);
	put(p, "</span></%s>\n", element);
}

static void
line(struct page *p, const char *en, const char *ar, const char *value)
{
	raw(p, "<tr><th scope=\"row\" lang=\"en\">");
	raw(p, en);
	raw(p, "</th><td class=\"v\">");
	text(p, value);
	raw(p, "</td><th scope=\"row\" lang=\"ar\" dir=\"rtl\">");
	raw(p, ar);
	raw(p, "</th></tr>\n");
}

static void
number(struct page *p, const char *en, const char *ar, uint64_t n)
{
	char s[32];
	(void)snprintf(s, sizeof(s), "%llu", (unsigned long long)n);
	line(p, en, ar, s);
}

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>hirz audit</title>\n<style>\n"
    "body{font:16px/1.5 sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#111;background:#fff}\n"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.3em .6em;text-align:start}\n"
    "th{font-weight:normal;background:#f3f3f3}td.v{overflow-wrap:anywhere}\n"
    ".two{display:flex;justify-content:space-between;gap:2em}\n"
    ".verdict{font-size:1.6em;font-weight:bold;padding:.4em;border:.2em solid}\n"
    ".good{color:#064}.part{color:#850}.bad{color:#a00}pre{overflow:auto;background:#f3f3f3;padding:.6em}\n"
    "svg{width:100%;height:auto;border:1px solid #bbb}@media print{body{margin:0}}\n"
    "</style>\n</head>\n<body>\n";

struct words {
	const char *en, *ar;
};

static struct words
verdict_words(enum hz_verdict v)
{
	switch (v) {
	case HZ_VERDICT_WITNESSED:
		return (
		    struct words){ "Everything checked is as it was signed, and witnesses outside saw it.",
			"كل ما فُحص مطابق لما وُقّع، وقد رآه شهود من الخارج." };
	case HZ_VERDICT_SIGNED:
		return (struct words){
			"Everything checked is as it was signed. That witnesses outside saw it was not shown.",
			"كل ما فُحص مطابق لما وُقّع. ولم يثبت أن شهودًا من الخارج رأوه."
		};
	case HZ_VERDICT_INCOMPLETE:
		return (struct words){ "Nothing wrong was found, but not everything could be checked.",
			"لم يُعثر على خلل، لكن تعذّر فحص كل شيء." };
	case HZ_VERDICT_UNSUPPORTED:
		return (struct words){ "It holds things that this version does not know.",
			"فيه أشياء لا يعرفها هذا الإصدار." };
	case HZ_VERDICT_INVALID:
		break;
	}
	return (struct words){ "It is not as it was signed, or older than what was seen.",
		"ليس كما وُقّع، أو أقدم مما شوهد." };
}

static struct words
reason_words(unsigned bit)
{
	switch (bit) {
	case HZ_WHY_CONTENT:
		return (
		    struct words){ "stored content is not what was sealed", "المحتوى المحفوظ ليس ما خُتم" };
	case HZ_WHY_LOG:
		return (struct words){ "the log is not as it was signed", "السجل ليس كما وُقّع" };
	case HZ_WHY_ROLLBACK:
		return (struct words){ "the vault is older than what was seen of it",
			"الخزنة أقدم مما شوهد منها" };
	case HZ_WHY_NOTHING:
		return (struct words){ "there was nothing to check", "لم يكن هناك ما يُفحص" };
	case HZ_WHY_NO_KEYS:
		return (struct words){ "without keys only the stored bytes were checked",
			"من غير مفاتيح فُحصت البايتات المحفوظة وحدها" };
	case HZ_WHY_NO_PIN:
		return (struct words){ "the pin inside the vault is missing", "التثبيت داخل الخزنة مفقود" };
	case HZ_WHY_SEALED_ONLY:
		return (
		    struct words){ "stored bytes only: nothing was decrypted (hirz verify --full does that)",
			"البايتات المحفوظة وحدها: لم يُفكّ تعمية شيء (hirz verify --full يفعل ذلك)" };
	case HZ_WHY_UNKNOWN_ACT:
		return (struct words){ "the log holds acts that this version does not know or cannot follow",
			"في السجل أفعال لا يعرفها هذا الإصدار أو لا يتابعها" };
	case HZ_WHY_FORK:
		return (
		    struct words){ "another history of this log was signed too: somebody holds two versions",
			"وُقّع تاريخ آخر لهذا السجل أيضًا: ثمة من يملك نسختين" };
	case HZ_WHY_NOT_COMPARED:
		return (struct words){ "something kept outside could not be compared",
			"تعذّرت مقارنة شيء محفوظ في الخارج" };
	case HZ_WHY_CLOCK:
		return (struct words){ "the clock was not steady; order and proofs do not rest on it",
			"لم تكن الساعة منتظمة؛ ولا يقوم الترتيب ولا البراهين عليها" };
	case HZ_WHY_RESUMED:
		return (struct words){ "a part was checked by an earlier run of this audit that was stopped",
			"فُحص جزء في تشغيل سابق لهذا التدقيق توقّف قبل نهايته" };
	case HZ_WHY_STAMP_UNTRUSTED:
		return (struct words){ "no time stamp leads to an authority that was given",
			"لا يقود أي ختم زمني إلى جهة من الجهات المعطاة" };
	case HZ_WHY_STAMP_REVOKED:
		return (struct words){ "a time stamp proves nothing: its certificate was revoked",
			"ختم زمني لا يثبت شيئًا: أُبطلت شهادته" };
	case HZ_WHY_NOT_WITNESSED:
		return (struct words){ "the newest state is not witnessed as the policy asks",
			"أحدث حالة لم يشهد عليها من تطلبهم السياسة" };
	default:
		return (struct words){ NULL, NULL };
	}
}

static const char *
kind_class(enum hz_audit_kind kind)
{
	return kind == HZ_FOUND_NOTED || kind == HZ_FOUND_UNPROVEN ? "part" : "bad";
}

static void
write_verdict(struct page *p, const struct hz_audit_result *res)
{
	struct words w = verdict_words(res->verdict);
	int code = hz_verdict_exit(res->verdict);
	put(p, "<p class=\"verdict %s\">%s</p>\n",
	    code == 0                               ? "good"
	    : res->verdict == HZ_VERDICT_INCOMPLETE ? "part"
						    : "bad",
	    hz_verdict_word(res->verdict));
	both(p, "p", w.en, w.ar);
	raw(p, "<ul>\n");
	for (unsigned bit = 1; bit <= HZ_WHY_LAST; bit <<= 1) {
		w = reason_words(bit);
		if ((res->reasons & bit) != 0 && w.en != NULL) {
			both(p, "li", w.en, w.ar);
		}
	}
	raw(p, "</ul>\n");
}

static void
write_vault(struct page *p, const struct hz_vault_info *i)
{
	char now[21];
	hz_time_format(hz_time_now(), now);
	both(p, "h2", "The vault", "الخزنة");
	raw(p, "<table>\n");
	line(p, "organisation", "الجهة", i->org);
	line(p, "desk", "المكتب", i->desk);
	line(p, "vault", "الخزنة", i->vault_hex);
	line(p, "fingerprint (compare it with what you were told)", "البصمة (قارنها بما قيل لك)",
	    i->fingerprint);
	line(p, "log", "السجل", i->origin);
	line(p, "time of this report, by this machine's clock (UTC)",
	    "وقت هذا التقرير بساعة هذا الجهاز (UTC)", now);
	raw(p, "</table>\n");
}

static void
write_counts(struct page *p, const struct hz_audit_result *res)
{
	both(p, "h2", "What was checked", "ما فُحص");
	raw(p, "<table>\n");
	number(p, "events: signature, role, chains, place in the tree",
	    "الوقائع: التوقيع والدور والسلاسل والموضع في الشجرة", res->events);
	number(p, "of them wrong", "منها ما فيه خلل", res->event_findings);
	number(p, "kept checkpoints against the tree", "نقاط التحقق المحفوظة مقابل الشجرة", res->checkpoints);
	number(p, "cosignatures of known witnesses under them", "توقيعات الشهود المعروفين عليها",
	    res->cosignatures);
	number(p, "time stamps: imprint, signature, chain, place in the log",
	    "الأختام الزمنية: البصمة والتوقيع والسلسلة والموضع في السجل", res->stamps);
	number(p, "readings of the clocks", "قراءات الساعات", res->clock_readings);
	number(p, "exhibits: rows, records, openings, addresses",
	    "الأحراز: الصفوف والبيانات وفتح الالتزامات والعناوين", res->checked);
	number(p, "matched", "مطابقة", res->matched);
	number(p, "missing", "مفقودة", res->missing);
	number(p, "different", "مختلفة", res->different);
	number(p, "stored pieces against their hashes", "القطع المحفوظة مقابل بصماتها", res->segments);
	raw(p, "</table>\n");
}

static void
write_against(struct page *p, const struct hz_audit_kept *a, size_t n)
{
	char s[64];
	if (n == 0) {
		return;
	}
	both(p, "h2", "Against what was kept outside", "مقابل ما حُفظ في الخارج");
	raw(p, "<table>\n");
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(s, sizeof(s), "%s (%llu)", hz_against_word(a[i].res.state),
		    (unsigned long long)a[i].res.was);
		raw(p, "<tr><td class=\"v\">");
		text(p, a[i].name);
		raw(p, "</td><td>");
		text(p, s);
		raw(p, "</td></tr>\n");
	}
	raw(p, "</table>\n");
}

static void
write_witnesses(struct page *p, const struct hz_audit_result *res, const struct hz_policy *policy)
{
	if (policy == NULL) {
		return;
	}
	both(p, "h2", "Witnesses, as the policy asks", "الشهود كما تطلب السياسة");
	raw(p, "<table>\n");
	number(p, "events that they saw, at least as many as the policy asks", "وقائع رآها عدد كافٍ منهم",
	    res->witnessed);
	for (size_t i = 0; res->witnessed > 0 && i < policy->nodes; i++) {
		if (res->witness[i]) {
			line(p, "witness", "شاهد", policy->node[i].key.name);
		}
	}
	raw(p, "</table>\n");
}

static void
cell(struct page *p, const char *s)
{
	raw(p, "<td class=\"v\">");
	text(p, s);
	raw(p, "</td>");
}

/* The three facts about each. */
static void
write_stamps(struct page *p, const struct hz_report *r)
{
	static const char *const paths[] = { "valid", "untrusted", "expired", "bad" };
	char s[48], when[21];
	if (r->nstamps == 0) {
		return;
	}
	both(p, "h2", "Time stamps from outside", "أختام زمنية من الخارج");
	both(p, "p",
	    "event; events that existed; time (UTC) and who says so; state; its certificate then and today; revoked",
	    "الواقعة؛ عدد الوقائع الموجودة؛ الوقت (UTC) ومن يقوله؛ الحالة؛ شهادته حينها واليوم؛ هل أُبطلت");
	raw(p, "<table>\n");
	for (size_t i = 0; i < r->nstamps; i++) {
		const struct hz_audit_stamp *x = &r->stamps[i];
		bool tsa = x->type == HZ_ANCHOR_RFC3161;
		put(p, "<tr><td>%u:%llu</td><td>%llu</td>", x->at.log, (unsigned long long)x->at.index,
		    (unsigned long long)x->size);
		hz_time_format(x->t, when);
		cell(p, x->t == 0 ? "" : when);
		cell(p, tsa ? x->authority : "OpenTimestamps");
		(void)snprintf(s, sizeof(s), "%s%s", x->right ? hz_anchor_state_name(x->state) : "invalid",
		    x->renewed ? ", renewed" : "");
		cell(p, s);
		cell(p, tsa && x->right ? paths[x->then] : "");
		cell(p, tsa && x->right ? paths[x->now] : "");
		cell(p, tsa && x->right ? hz_revoked_word(x->revoked) : "");
		raw(p, "</tr>\n");
	}
	raw(p, "</table>\n");
}

static void
write_findings(struct page *p, const struct hz_report *r)
{
	both(p, "h2", "Findings", "ما وُجد");
	if (r->nrows == 0) {
		both(p, "p", "none", "لا شيء");
		return;
	}
	raw(p, "<table>\n");
	for (size_t i = 0; i < r->nrows; i++) {
		const struct row *row = &r->rows[i];
		put(p, "<tr><td class=\"%s\">%s</td><td class=\"v\">", kind_class(row->kind), row->what);
		text(p, row->id);
		raw(p, "</td><td class=\"v\">");
		text(p, row->detail);
		raw(p, "</td></tr>\n");
	}
	raw(p, "</table>\n");
	if (r->more > 0) {
		put(p, "<p>+ %llu</p>\n", (unsigned long long)r->more);
	}
}

/* --- the timeline: so many acts of each sort in each stretch of time, and where something was found --- */

static const struct {
	const char *colour, *en, *ar;
} sorts[SORTS] = {
	{ "#1b6ca8", "collected", "جُمع" },
	{ "#3a9b6f", "looked at", "اطُّلع عليه" },
	{ "#b5651d", "handed over", "سُلّم" },
	{ "#888888", "other", "غير ذلك" },
};

struct scale {
	int64_t first, days; /* of the axis */
	unsigned bars;
	uint64_t n[BARS][SORTS], most;
};

static unsigned
bar_of(const struct scale *s, int64_t day)
{
	int64_t i = (day - s->first) * s->bars / s->days;
	return (unsigned)(i < 0 ? 0 : i >= s->bars ? s->bars - 1 : i);
}

static void
gather(const struct hz_report *r, struct scale *s)
{
	s->first = r->days[0].day;
	s->days = r->days[r->ndays - 1].day - s->first + 1;
	s->bars = s->days < BARS ? (unsigned)s->days : BARS;
	for (size_t i = 0; i < r->ndays; i++) {
		for (unsigned k = 0; k < SORTS; k++) {
			s->n[bar_of(s, r->days[i].day)][k] += r->days[i].n[k];
		}
	}
	for (unsigned i = 0; i < s->bars; i++) {
		uint64_t all = s->n[i][0] + s->n[i][1] + s->n[i][2] + s->n[i][3];
		s->most = all > s->most ? all : s->most;
	}
}

static void
bars(struct page *p, const struct scale *s)
{
	double width = (double)WIDTH / s->bars;
	for (unsigned i = 0; i < s->bars; i++) {
		double at = BASE;
		for (unsigned k = 0; k < SORTS; k++) {
			/* What is there is seen, however little it is. */
			double h =
			    s->n[i][k] == 0 ? 0 : 2 + (double)s->n[i][k] / (double)s->most * (BASE - 30);
			at -= h;
			if (h > 0) {
				put(p,
				    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\">"
				    "<title>%s: %llu</title></rect>\n",
				    i * width, at, width > 2 ? width - 1 : width, h, sorts[k].colour,
				    sorts[k].en, (unsigned long long)s->n[i][k]);
			}
		}
	}
}

static void
date(struct page *p, double x, const char *anchor, int64_t day)
{
	char s[21];
	hz_time_format(day * 86400, s);
	put(p, "<text x=\"%.1f\" y=\"%d\" font-size=\"13\" text-anchor=\"%s\">%.10s</text>\n", x, BASE + 30,
	    anchor, s);
}

static void
timeline(struct page *p, const struct hz_report *r)
{
	struct scale *s = r->ndays == 0 ? NULL : calloc(1, sizeof(*s));
	if (s == NULL) {
		p->err = p->err == HZ_OK && r->ndays > 0 ? hz_fail(HZ_MSG_NOMEM, "the timeline") : p->err;
		return;
	}
	gather(r, s);
	both(p, "h2", "Acts in time, as the events say it", "الأفعال في الزمن كما تقول الوقائع");
	put(p,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"timeline of custody\" direction=\"ltr\">\n",
	    WIDTH, HEIGHT);
	bars(p, s);
	put(p, "<line x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#111\"/>\n", BASE, WIDTH, BASE);
	for (size_t i = 0; i < r->nmarks; i++) {
		int64_t day = (r->marks[i].t >= 0 ? r->marks[i].t : r->marks[i].t - 86399) / 86400;
		double x = (bar_of(s, day) + 0.5) * WIDTH / s->bars;
		put(p, "<path d=\"M%.1f %d l6 12 h-12 z\" fill=\"%s\"><title>%s</title></path>\n", x,
		    BASE + 2, r->marks[i].bad ? "#a00" : "#d90", r->marks[i].bad ? "finding" : "note");
	}
	date(p, 2, "start", s->first);
	date(p, WIDTH - 2, "end", s->first + s->days - 1);
	raw(p, "</svg>\n<ul>\n");
	for (unsigned k = 0; k < SORTS; k++) {
		put(p,
		    "<li style=\"color:%s\" class=\"two\"><span lang=\"en\">%s</span>"
		    "<span lang=\"ar\" dir=\"rtl\">%s</span></li>\n",
		    sorts[k].colour, sorts[k].en, sorts[k].ar);
	}
	raw(p, "</ul>\n");
	free(s);
}

static void
write_note(struct page *p, const struct hz_buf *note)
{
	char s[4096];
	size_t n = note->len < sizeof(s) - 1 ? note->len : sizeof(s) - 1;
	both(p, "h2", "The signed checkpoint: keep it outside, on paper too",
	    "نقطة التحقق الموقّعة: احفظها في الخارج، وعلى الورق أيضًا");
	if (n > 0) {
		memcpy(s, note->p, n);
	}
	s[n] = '\0';
	raw(p, "<pre dir=\"ltr\">");
	/* Line by line: the encoder shows line ends as signs. */
	for (char *at = s; *at != '\0';) {
		char *end = strchr(at, '\n');
		if (end != NULL) {
			*end = '\0';
		}
		text(p, at);
		raw(p, "\n");
		at = end == NULL ? at + strlen(at) : end + 1;
	}
	raw(p, "</pre>\n");
}

HZ_RESULT
hz_report_write(struct hz_report *r, const struct hz_vault_info *i, const struct hz_buf *note,
    const struct hz_audit_result *res, const struct hz_audit_opts *o, int fd)
{
	struct page p = { .out = HZ_BUF_INIT((size_t)8 << 20), .fd = fd };
	if (r->short_of_memory) {
		return hz_fail(HZ_MSG_NOMEM, "the timeline");
	}
	raw(&p, head);
	both(&p, "h1", "Audit of an evidence vault", "تدقيق خزنة أدلة");
	write_verdict(&p, res);
	write_vault(&p, i);
	write_counts(&p, res);
	write_against(&p, o->kept, o->nkept);
	write_witnesses(&p, res, o->policy);
	write_stamps(&p, r);
	write_findings(&p, r);
	timeline(&p, r);
	write_note(&p, note);
	both(&p, "p",
	    "What this cannot show: that an event in the world took place; that a clock was right; what a holder "
	    "of the checkpoint key cut off before anybody outside kept a checkpoint.",
	    "ما لا يثبته هذا: أن حدثًا في العالم قد وقع؛ أن ساعةً كانت صحيحة؛ ما اقتطعه حامل مفتاح نقاط التحقق "
	    "قبل أن يحفظ أحد في الخارج نقطة تحقق.");
	raw(&p, "</body>\n</html>\n");
	/* lint: allow hz_fd_write_all (made of our own words and of what hz_html_text gave) */
	enum hz_err err = p.err == HZ_OK ? hz_fd_write_all(fd, p.out.p, p.out.len) : p.err;
	hz_buf_done(&p.out);
	return err;
}
