/* Tests of the public library: through its public header alone, linked with nothing but libhirz. */
#ifndef HZ_TESTS_API_H
#define HZ_TESTS_API_H

#include "hirz/hirz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* fixture.c */
int scratch_make(void **state);
int scratch_drop(void **state);
const char *in_scratch(const char *name); /* one of a few static buffers */
void shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern const struct hirz_key good_key, bad_key;
struct hirz_vault *make_vault(const char *name);
struct hirz_vault *open_vault(const char *name, enum hirz_mode mode);
/* Fails the test with the library's own words. */
#define ok(call) ok_at((call), #call, __FILE__, __LINE__)
void ok_at(enum hirz_err r, const char *what, const char *file, int line);
/* The code, and the message id where it is not NULL. */
void fails(enum hirz_err r, enum hirz_err want, const char *id);
/* n bytes of a kind into a new file; its descriptor, for reading. */
int file_of(const char *name, size_t n, unsigned seed);
/* A pipe that a thread fills with the same bytes; end with pipe_done. */
int pipe_of(size_t n, unsigned seed);
void pipe_done(int fd);
/* Adds and closes the descriptor. */
struct hirz_added add(struct hirz_vault *v, int fd, const struct hirz_add_opts *o);
uint64_t log_size(struct hirz_vault *v);

struct heard { /* what a callback for data got */
	uint64_t n;
	unsigned seed;
	bool differs;
};
int hear(void *arg, const void *p, size_t n);

extern const char *arg_format_md, *arg_verifier;

/* add.c */
void add_files(void **state);
void add_pipes(void **state);
void add_refuses(void **state);
void add_words(void **state);
void add_changed(void **state);
/* look.c */
void lists(void **state);
void reads(void **state);
void custody(void **state);
void verifies(void **state);
void damage(void **state);
/* export.c */
void exports(void **state);
void export_gates(void **state);
/* format.c */
void format_numbers(void **state);
void format_labels(void **state);

#endif
