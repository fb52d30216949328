/* Words that were read out: what is read is the words of those bytes. */
#include "outside/outside.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t b[HZ_WORDS], again[HZ_WORDS];
	struct hz_buf text = HZ_BUF_INIT(4096);
	if (hz_words_read((const char *)data, size, b) != HZ_OK) {
		return 0;
	}
	for (size_t i = 0; i < HZ_WORDS; i++) {
		if (hz_word_put(i % 2 == 0 ? HZ_WORDS_AR : HZ_WORDS_EN, b[i], &text) != HZ_OK ||
		    hz_buf_putc(&text, ' ') != HZ_OK) {
			abort();
		}
	}
	if (hz_words_read((const char *)text.p, text.len, again) != HZ_OK ||
	    memcmp(b, again, sizeof b) != 0) {
		abort();
	}
	hz_buf_done(&text);
	return 0;
}
