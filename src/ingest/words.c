#include "ingest/words.h"

#include "base/fd.h"
#include <stdio.h>
#include <string.h>

#define TEXT_TYPE "text/plain; charset=utf-8"

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool
is_pdf(const struct hz_media *m)
{
	return strcmp(m->type, "application/pdf") == 0;
}

bool
hz_words_wanted(const struct hz_media *m)
{
	static const char *const kinds[] = { "application/pdf", "application/zip", "application/xhtml+xml",
		"application/vnd.openxmlformats-officedocument.wordprocessingml",
		"application/vnd.oasis.opendocument", "text/html" };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (begins(m->type, kinds[i])) {
			return true;
		}
	}
	if (begins(m->type, "text/")) {
		const char *charset = strstr(m->type, "; charset=");

		return charset != NULL && strcmp(charset, "; charset=utf-8") != 0 &&
		       strcmp(charset, "; charset=us-ascii") != 0;
	}
	return hz_claims_get(&m->claims, HZ_CLAIM_ARCHIVE_FORMAT) != NULL;
}

HZ_RESULT
hz_words_ask(struct hz_inspector *insp, const struct hz_media *m, const struct hz_words_question *from,
    struct hz_words *ret_w)
{
	struct hz_inspect_question q = { .asked = HZ_INSPECT_ASK_TEXT,
		.bytes = from->p,
		.n = from->n < HZ_INSPECT_DATA_MAX ? from->n : HZ_INSPECT_DATA_MAX,
		.size = from->size,
		.part = from->part,
		.arg = from->arg };
	struct hz_inspect_answer a;
	enum hz_err r = HZ_OK;

	*ret_w = (struct hz_words){ .any = false };
	if (is_pdf(m)) {
		q.fd = hz_media_reopen(from->fd, from->p, from->n, from->size);
		if (q.fd < 0) {
			return HZ_OK;
		}
		r = hz_inspector_pdf(insp, &q, &a);
		hz_fd_close(&q.fd);
	} else {
		q.fd = q.n >= from->size ? -1 : from->fd;
		r = hz_inspector_ask(insp, &q, &a);
	}
	HZ_TRY(r);
	const char *tool = is_pdf(m) ? hz_claims_get(&a.claims, HZ_CLAIM_DOC_TEXT_TOOL) : hz_inspector_name();

	ret_w->any = a.text_reason == HZ_INSPECT_KNOWN &&
		     (a.text == HZ_INSPECT_TEXT_ALL || a.text == HZ_INSPECT_TEXT_CUT);
	ret_w->complete = a.text == HZ_INSPECT_TEXT_ALL;
	ret_w->what = hz_claims_get(&m->claims, HZ_CLAIM_ARCHIVE_FORMAT) != NULL ? "listing" : "text";
	ret_w->level = a.level;
	(void)snprintf(ret_w->tool, sizeof ret_w->tool, "%.100s", tool != NULL ? tool : "pdftotext");
	return HZ_OK;
}

HZ_RESULT
hz_words_fields(const struct hz_words *w, uint64_t size, struct hz_record *r)
{
	char by[64];

	(void)snprintf(by, sizeof by, "made by hirz, sandbox %s", hz_sandbox_level_word(w->level));
	HZ_TRY(hz_record_add(r, "kind", "exhibit"));
	HZ_TRY(hz_record_add_int(r, "content.size", size));
	HZ_TRY(hz_record_add(r, "content.media_type", TEXT_TYPE));
	HZ_TRY(hz_record_add(r, "content.type_by", by));
	HZ_TRY(hz_record_add(r, "derive.what", w->what));
	HZ_TRY(hz_record_add(r, "derive.made_by", "machine"));
	HZ_TRY(hz_record_add(r, "derive.tool", w->tool));
	return hz_record_add(r, "derive.complete", w->complete ? "yes" : "no");
}
