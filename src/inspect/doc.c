#include "inspect/doc.h"

#include <time.h>

int64_t
hz_doc_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

HZ_RESULT
hz_doc_time(struct hz_doc *d)
{
	if (d->end_ms != 0 && hz_doc_clock() >= d->end_ms) {
		d->cut = true;
		return hz_fail(HZ_MSG_LIMIT, "the time for one file is over");
	}
	return HZ_OK;
}

HZ_RESULT
hz_doc_text(struct hz_doc *d, const char *p, size_t n)
{
	if (d->text == NULL || n == 0) {
		return HZ_OK;
	}
	d->in_line = p[n - 1] != '\n' && p[n - 1] != '\r';
	if (!hz_text_put(d->text, p, n)) {
		d->cut = true;
		return d->text->err != HZ_OK ? d->text->err : hz_fail(HZ_MSG_LIMIT, "too much text");
	}
	return HZ_OK;
}

HZ_RESULT
hz_doc_line(struct hz_doc *d)
{
	return d->in_line ? hz_doc_text(d, "\n", 1) : HZ_OK;
}

bool
hz_doc_expands(uint64_t file, uint64_t unpacked)
{
	return unpacked > HZ_DOC_EXPAND_MAX ||
	       (unpacked > HZ_DOC_EXPAND_FREE && unpacked / HZ_DOC_EXPAND_RATIO > file);
}
