/* Archives, and the office files and web archives in them: claims, then text. */
#include "checks.h"
#include "inspect/document.h"
#include "inspect/text.h"
#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_text text;
	struct hz_claims c = { 0 };
	struct hz_source s;

	if (hz_document_prepare() != HZ_OK) {
		abort();
	}
	hz_source_begin(&s, data, size, -1, size, NULL);
	hz_document_claims(&s, "application/zip", "", &c);
	hz_source_begin(&s, data, size, -1, size, NULL);
	hz_text_begin(&text, check_text, NULL);
	(void)hz_document_text(&s, "application/zip", "", &text);
	return hz_text_end(&text) == HZ_OK ? 0 : -1;
}
