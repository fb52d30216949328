/* For sinks.py: lines "KIND HEX" in, the hex of what the sink gives out. */
#include "base/enc.h"
#include "codec/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum hz_err
print_safe(struct hz_buf *out, const void *p, size_t n)
{
	return hz_print_safe(out, p, n, false);
}

int
main(void)
{
	static const struct {
		const char *kind;
		enum hz_err (*fn)(struct hz_buf *out, const void *p, size_t n);
	} sinks[] = { { "text", hz_html_text }, { "attr", hz_html_attr }, { "csv", hz_csv_cell },
		{ "name", hz_file_name }, { "tty", print_safe } };
	static char line[40000], hex[200000];
	static uint8_t bytes[20000];
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *space = strchr(line, ' ');
		if (space == NULL) {
			return 2;
		}
		*space = '\0';
		size_t n = strcspn(space + 1, "\n") / 2;
		if (hz_unhex(space + 1, 2 * n, bytes, n) != HZ_OK) {
			return 2;
		}
		for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++) {
			struct hz_buf b = HZ_BUF_INIT(90000);
			if (strcmp(sinks[i].kind, line) != 0) {
				continue;
			}
			if (sinks[i].fn(&b, bytes, n) != HZ_OK) {
				return 1;
			}
			hz_hex(hex, b.p, b.len);
			(void)puts(hex);
			hz_buf_done(&b);
		}
	}
	return 0;
}
