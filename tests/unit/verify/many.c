/* Verdicts of many bundles, for the comparison with the second verifier (agree.py): on standard input, again
 * and again, u32 length and fingerprint (empty: none), u32 length and bundle; on standard output a line for
 * each with the verdict and the words of what was found. */
#include "../../lib/memory.h"
#include "base/fd.h"
#include "verify/verify.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
take(struct hz_buf *b, bool *end)
{
	uint8_t head[4], *p = NULL;
	size_t got = 0;

	hz_buf_clear(b);
	if (hz_fd_read_full(STDIN_FILENO, head, sizeof head, &got) != HZ_OK || got != sizeof head) {
		*end = got == 0;
		return false;
	}
	size_t n = hz_rd_be32(head);
	return hz_buf_room(b, n, &p) == HZ_OK && hz_fd_read_full(STDIN_FILENO, p, n, &got) == HZ_OK &&
	       got == n;
}

int
main(void)
{
	struct hz_buf key = HZ_BUF_INIT(1 << 16), bundle = HZ_BUF_INIT(1 << 28);
	bool end = false;

	while (take(&key, &end) && take(&bundle, &end)) {
		struct hz_trust_key *k = calloc(1, sizeof *k);
		struct memory m = { bundle.p, bundle.len, 0 };
		const struct hz_source src = { read_memory, &m };
		const struct hz_verify_opts opts = { .key = k };
		struct hz_verify_result r;
		if (k == NULL || (key.len > 0 && hz_trust_read(key.p, key.len, k) != HZ_OK) ||
		    hz_verify_bundle(&src, &opts, &r) != HZ_OK) {
			(void)printf("error %s\n", hz_fail_detail());
		} else {
			(void)printf("%s", hz_verdict_word(r.verdict));
			for (size_t i = 0; i < HZ_FINDING_COUNT; i++) {
				(void)printf("%s%s", r.seen[i] ? " " : "",
				    r.seen[i] ? hz_finding_word((enum hz_finding)i) : "");
			}
			(void)printf("\n");
		}
		(void)fflush(stdout);
		free(k);
	}
	hz_buf_done(&key);
	hz_buf_done(&bundle);
	return end ? 0 : 1;
}
