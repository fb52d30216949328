/*
 * Runs a fuzz target over its seeds under the ordinary compilers, as a TAP test: each seed whole, cut short,
 * and with flipped bits. A crash or a sanitizer's report ends the program, and the missing plan makes the
 * test fail.
 */
#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEEDS_WANTED = 8, STEPS = 24, SEED_MAX = 16 * 1024 * 1024 };

/* One run over a copy of exactly this size, so that a byte read beyond the end is seen. */
static int
run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	int r;

	if (copy == NULL)
		return -1;
	if (size > 0)
		memcpy(copy, data, size);
	r = LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return r;
}

static int
run_variants(uint8_t *data, size_t size)
{
	int r = run(data, size);
	size_t step = size / STEPS + 1;

	for (size_t cut = 0; cut < size && r == 0; cut += step)
		r = run(data, cut);
	if (size > 0 && r == 0)
		r = run(data, size - 1);
	for (size_t at = 0; at < size && r == 0; at += step) {
		uint8_t bit = (uint8_t)(1U << (at % 8));

		data[at] ^= bit;
		r = run(data, size);
		data[at] ^= bit;
	}
	return r;
}

/* Reads a whole file; NULL with errno set when it cannot be read. */
static uint8_t *
read_seed(const char *path, size_t *ret_size)
{
	struct stat st;
	uint8_t *data = NULL;
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		return NULL;
	if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= SEED_MAX) {
		size_t size = (size_t)st.st_size;

		data = malloc(size > 0 ? size : 1);
		if (data != NULL && fread(data, 1, size, f) != size) {
			free(data);
			data = NULL;
		}
		*ret_size = size;
	}
	if (data == NULL && errno == 0)
		errno = EINVAL;
	fclose(f);
	return data;
}

static int
is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* One TAP line for one seed; true when the target took it and all its variants. */
static int
replay_file(unsigned number, const char *folder, const char *name)
{
	char path[4096];
	uint8_t *data;
	size_t size = 0;
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		path[0] = '\0';
	errno = 0;
	data = read_seed(path, &size);
	if (data == NULL) {
		printf("not ok %u - %s: cannot be read (error %d)\n", number, name, errno);
		return 0;
	}
	r = run_variants(data, size);
	free(data);
	printf("%sok %u - %s\n", r == 0 ? "" : "not ", number, name);
	return r == 0;
}

int
main(int argc, char **argv)
{
	struct dirent **names = NULL;
	unsigned number = 0;
	int good = 1;
	int count;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	good = run(NULL, 0) == 0;
	printf("%sok %u - nothing at all\n", good ? "" : "not ", ++number);
	count = scandir(argv[1], &names, is_seed, alphasort);
	for (int i = 0; i < count; i++) {
		good &= replay_file(++number, argv[1], names[i]->d_name);
		free(names[i]);
	}
	free(names);
	printf("%sok %u - at least %d seeds\n", count >= SEEDS_WANTED ? "" : "not ", ++number, SEEDS_WANTED);
	printf("1..%u\n", number);
	return good && count >= SEEDS_WANTED ? 0 : 1;
}
