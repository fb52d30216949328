/* Web pages. */
#include "inspect/html.h"
#include "checks.h"
#include "inspect/text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_text text;
	struct hz_claims c = { 0 };
	struct hz_source s;
	struct hz_doc d = { .src = &s, .claims = &c, .text = &text };

	hz_source_begin(&s, data, size, -1, size, NULL);
	hz_text_begin(&text, check_text, NULL);
	HZ_IGNORE(hz_html_read(&d, "iso-8859-1")); /* hostile */
	return hz_text_end(&text) == HZ_OK ? 0 : -1;
}
