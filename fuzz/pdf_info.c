/* What pdfinfo prints, and what is taken out of what pdftotext prints. */
#include "inspect/pdf.h"
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_claims c = { 0 };
	uint8_t keep[3] = { 0 };
	char *copy = malloc(size + 1);

	if (copy == NULL) {
		abort();
	}
	hz_pdf_lines((const char *)data, size, &c);
	for (size_t i = 0; i < c.n; i++) {
		if (!hz_claim_ok(c.list[i].key, c.list[i].value, strlen(c.list[i].value))) {
			abort();
		}
	}
	memcpy(copy, data, size);
	if (hz_pdf_strip(copy, size, keep) + keep[0] > size || keep[0] > 2) {
		abort();
	}
	free(copy);
	return 0;
}
