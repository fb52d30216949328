/* Web pages. */
#include "inspect/html.h"
#include "inspect/text.h"
#include <stdlib.h>

/* What goes out is always what the asking side takes. */
static enum hz_err
part(void *arg, const uint8_t *p, size_t n)
{
	(void)arg;
	if (!hz_wire_text_ok(p, n)) {
		abort();
	}
	return HZ_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_text text;
	struct hz_claims c = { 0 };
	struct hz_source s;
	struct hz_doc d = { .src = &s, .claims = &c, .text = &text };

	hz_source_begin(&s, data, size, -1, size, NULL);
	hz_text_begin(&text, part, NULL);
	HZ_IGNORE(hz_html_read(&d, "iso-8859-1")); /* hostile */
	return hz_text_end(&text) == HZ_OK ? 0 : -1;
}
