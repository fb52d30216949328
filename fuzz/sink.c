/* Outside text into HTML, tables and names: whatever it is, the outcome keeps to its place. */
#include "codec/sink.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool good)
{
	if (!good) {
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_buf text = HZ_BUF_INIT(1 << 24), attr = HZ_BUF_INIT(1 << 24), cell = HZ_BUF_INIT(1 << 24),
		      name = HZ_BUF_INIT(1 << 24);

	if (size > (size_t)1 << 16) {
		return 0;
	}
	check(hz_html_text(&text, data, size) == HZ_OK && text.len >= 11);
	for (size_t i = 5; i < text.len - 6; i++) {
		check(strchr("<>\"'`", text.p[i]) == NULL && text.p[i] >= 0x20);
	}
	check(hz_html_attr(&attr, data, size) == HZ_OK && attr.len + 9 == text.len);
	check(memcmp(attr.p + 1, text.p + 5, attr.len - 2) == 0);
	check(hz_csv_cell(&cell, data, size) == HZ_OK && cell.len >= 2);
	check(strchr("=+-@", cell.p[1]) == NULL);
	for (size_t i = 1; i < cell.len - 1; i++) { /* quotes by twos */
		if (cell.p[i] == '"') {
			i++;
			check(i < cell.len - 1 && cell.p[i] == '"');
			check(strchr("=+-@", cell.p[i + 1]) == NULL);
		}
	}
	check(hz_file_name(&name, data, size) == HZ_OK && name.len >= 1 && name.len <= HZ_FILE_NAME_MAX);
	for (size_t i = 0; i < name.len; i++) {
		check(strchr("/\\:\"", name.p[i]) == NULL);
	}
	check(strchr(".-~ ", name.p[0]) == NULL);
	hz_buf_done(&text);
	hz_buf_done(&attr);
	hz_buf_done(&cell);
	hz_buf_done(&name);
	return 0;
}
