/* Unit tests of the custody room. Arguments: tests/vectors, docs/format.md, vectors.py. */
#include "tests.h"

#include "base/enc.h"
#include "base/fd.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)4 << 20)

static const char *vectors_folder, *format_page, *script;

void
from_hex(const char *hex, void *out, size_t n)
{
	assert_int_equal(hz_unhex(hex, strlen(hex), out, n), HZ_OK);
}

uint8_t *
bytes_of(const char *hex, size_t *ret_n)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = malloc(n + 1);
	assert_non_null(p);
	from_hex(hex, p, n);
	*ret_n = n;
	return p;
}

struct hz_json_doc *
vectors_load(const char *name)
{
	struct hz_buf text = HZ_BUF_INIT(FILE_MAX);
	struct hz_json_doc *doc = NULL;
	assert_non_null(vectors_folder);
	int fd = open(vectors_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(hz_file_read(fd, name, FILE_MAX, &text), HZ_OK);
	hz_fd_close(&fd);
	assert_int_equal(hz_json_parse(text.p, text.len, false, &doc), HZ_OK);
	hz_buf_done(&text);
	return doc;
}

const char *
text_of(const struct hz_json *obj, const char *name)
{
	const struct hz_json *v = hz_json_get(obj, name);
	assert_non_null(v);
	const char *s = hz_json_str(v, NULL);
	assert_non_null(s);
	return s;
}

enum hz_err
expected(const char *word)
{
	static const struct {
		const char *word;
		enum hz_err err;
	} known[] = { { "ok", HZ_OK }, { "format", HZ_ERR_FORMAT }, { "version", HZ_ERR_VERSION },
		{ "limit", HZ_ERR_LIMIT }, { "tampered", HZ_ERR_TAMPERED } };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].word, word) == 0) {
			return known[i].err;
		}
	}
	fail_msg("unknown word %s", word);
	return HZ_ERR_INTERNAL;
}

static void
start(struct lines *l, const char *what, const char *more)
{
	char command[4096];
	*l = (struct lines){ .pipe = NULL };
	assert_non_null(script);
	int n = snprintf(command, sizeof command, "python3 '%s' %s '%s'", script, what, more);
	assert_true(n > 0 && (size_t)n < sizeof command);
	(void)fflush(stdout);
	l->pipe = popen(command, "r");
	assert_non_null(l->pipe);
}

bool
lines_open(struct lines *l, const char *what)
{
	/* Not skip(): what that prints counts as a failure in TAP. */
	if (getenv("HIRZ_SHARED") == NULL) {
		printf("# skipped: HIRZ_SHARED is not set\n");
		return false;
	}
	start(l, what, "");
	return true;
}

void
lines_open_table(struct lines *l)
{
	start(l, "table", format_page);
}

bool
lines_next(struct lines *l, unsigned fields)
{
	ssize_t n = getline(&l->line, &l->cap, l->pipe);
	if (n <= 0) {
		return false;
	}
	l->line[n - 1] = '\0';
	char *save = NULL;
	char *at = strtok_r(l->line, " ", &save);
	assert_true(fields <= sizeof l->field / sizeof l->field[0]);
	for (unsigned i = 0; i < fields; i++) {
		assert_non_null(at);
		l->field[i] = strcmp(at, "-") == 0 ? at + 1 : at;
		at = strtok_r(NULL, " ", &save);
	}
	assert_null(at);
	l->seen++;
	return true;
}

void
lines_close(struct lines *l, unsigned at_least)
{
	assert_int_equal(pclose(l->pipe), 0);
	free(l->line);
	assert_true(l->seen >= at_least);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_act_table),
		cmocka_unit_test(test_act_names),
		cmocka_unit_test(test_kid),
		cmocka_unit_test(test_events_good),
		cmocka_unit_test(test_events_bad),
		cmocka_unit_test(test_event_bits),
		cmocka_unit_test(test_event_limit),
		cmocka_unit_test(test_event_sign_refuses),
		cmocka_unit_test(test_jws_records),
		cmocka_unit_test(test_jws_limits),
		cmocka_unit_test(test_tree_small),
		cmocka_unit_test(test_tree_large),
		cmocka_unit_test(test_tree_flush),
		cmocka_unit_test(test_tree_failures),
		cmocka_unit_test(test_tree_limits),
		cmocka_unit_test(test_proof_bits),
		cmocka_unit_test(test_known_tree),
		cmocka_unit_test(test_merkle_vectors),
		cmocka_unit_test(test_own_trees),
		cmocka_unit_test(test_reference_tree),
		cmocka_unit_test(test_tessera),
		cmocka_unit_test(test_checkpoints),
		cmocka_unit_test(test_vkeys),
		cmocka_unit_test(test_checkpoint_bits),
		cmocka_unit_test(test_note_limits),
		cmocka_unit_test(test_signed_notes),
		cmocka_unit_test(test_proofs),
		cmocka_unit_test(test_proof_syntax),
		cmocka_unit_test(test_own_tlog),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_clock_x),
		cmocka_unit_test(test_trail),
		cmocka_unit_test(test_trail_clock),
		cmocka_unit_test(test_trail_signer),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_pack_bad),
		cmocka_unit_test(test_matrix),
	};
	vectors_folder = argc > 1 ? argv[1] : NULL;
	format_page = argc > 2 ? argv[2] : NULL;
	script = argc > 3 ? argv[3] : NULL;
	matrix_page(argc > 4 ? argv[4] : NULL);
	if (hz_crypto_init() != HZ_OK) {
		return 1;
	}
	return cmocka_run_group_tests_name("custody", tests, NULL, NULL);
}
