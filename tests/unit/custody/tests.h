/* What the files of this test program share. */
#ifndef HZ_TESTS_CUSTODY_H
#define HZ_TESTS_CUSTODY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "codec/json.h"
#include "custody/custody.h"

/* --- inputs (test_custody.c) --- */
void from_hex(const char *hex, void *out, size_t n);
/* Allocates; "-" is nothing. */
uint8_t *bytes_of(const char *hex, size_t *ret_n);
/* A file of tests/vectors, parsed; the caller frees. */
struct hz_json_doc *vectors_load(const char *name);
const char *text_of(const struct hz_json *obj, const char *name); /* must be there */
/* The code that `expect` names. */
enum hz_err expected(const char *word);

/* Lines of fields from vectors.py. */
struct lines {
	FILE *pipe;
	char *line;
	size_t cap;
	char *field[10];
	unsigned seen;
};
bool lines_open(
    struct lines *l, const char *what); /* false, and says so, without HIRZ_SHARED: the test ends */
void lines_open_table(struct lines *l);
bool lines_next(struct lines *l, unsigned fields);
void lines_close(struct lines *l, unsigned at_least);

/* --- tiles in memory (tree.c) --- */
struct shelf {
	struct shelf_tile {
		unsigned level;
		uint64_t tile;
		size_t n;
		uint8_t h[8192];
	} * tiles;
	size_t n, cap;
	unsigned loads, stores;
	int fail_store_after; /* -1: never */
};
extern const struct hz_tiles_ops shelf_ops;
void shelf_done(struct shelf *s);
/* A tree over these leaves, flushed. */
struct hz_tree *tree_of(struct shelf *s, uint8_t (*leaves)[32], size_t n);

/* --- the tests --- */
void test_act_table(void **state);
void test_act_names(void **state);
void test_kid(void **state);
void test_events_good(void **state);
void test_events_bad(void **state);
void test_event_bits(void **state);
void test_event_limit(void **state);
void test_event_sign_refuses(void **state);
void test_jws_records(void **state);
void test_jws_limits(void **state);
void test_tree_small(void **state);
void test_tree_large(void **state);
void test_tree_flush(void **state);
void test_tree_failures(void **state);
void test_tree_limits(void **state);
void test_proof_bits(void **state);
void test_known_tree(void **state);
void test_merkle_vectors(void **state);
void test_own_trees(void **state);
void test_reference_tree(void **state);
void test_tessera(void **state);
void test_checkpoints(void **state);
void test_vkeys(void **state);
void test_checkpoint_bits(void **state);
void test_note_limits(void **state);
void test_signed_notes(void **state);
void test_proofs(void **state);
void test_proof_syntax(void **state);
void test_own_tlog(void **state);
void test_clock(void **state);
void test_clock_x(void **state);
void test_trail(void **state);
void test_trail_clock(void **state);
void test_trail_signer(void **state);
void test_pack(void **state);
void test_pack_bad(void **state);
void matrix_page(const char *folder); /* the folder of SECURITY.md */
void test_matrix(void **state);

#endif
