/* The XML of office files. The first byte says which part it is. */
#include "inspect/office.h"
#include "checks.h"
#include "inspect/text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_text text;
	struct hz_claims c = { 0 };
	struct hz_doc d = { .claims = &c, .text = &text };

	if (size == 0) {
		return 0;
	}
	hz_text_begin(&text, check_text, NULL);
	HZ_IGNORE(hz_office_xml(&d, (enum hz_office_part)(data[0] % 3), data + 1, size - 1)); /* hostile */
	return hz_text_end(&text) == HZ_OK ? 0 : -1;
}
