#include "tests.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
folder_make_in(const char *place, void **state)
{
	char *path = malloc(4096);

	if (path == NULL) {
		return -1;
	}
	(void)snprintf(path, 4096, "%s/hirz-store-XXXXXX", place);
	if (mkdtemp(path) == NULL) {
		free(path);
		return -1;
	}
	*state = path;
	return 0;
}

int
folder_make(void **state)
{
	const char *tmp = getenv("TMPDIR");

	return folder_make_in(tmp != NULL && *tmp != '\0' ? tmp : "/tmp", state);
}

int
folder_make_light(void **state)
{
	return access("/dev/shm", W_OK) == 0 ? folder_make_in("/dev/shm", state) : folder_make(state);
}

int
folder_drop(void **state)
{
	char *path = *state;
	DIR *d = opendir(path);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
			(void)unlinkat(dirfd(d), e->d_name, 0);
		}
	}
	if (d != NULL) {
		(void)closedir(d);
	}
	(void)rmdir(path);
	free(path);
	return 0;
}

const char *
in(const char *path, const char *name)
{
	static char buf[8192];

	(void)snprintf(buf, sizeof(buf), "%s/%s", path, name);
	return buf;
}

struct hz_store *
store_sized(const char *path, uint64_t map)
{
	const struct hz_store_opts o = { .create = true, .tables = TABLES };
	struct hz_store *s = NULL;

	ok(hz_store_open_sized(path, &o, map, map, &s));
	return s;
}

struct hz_store *
store_at(const char *path)
{
	const struct hz_store_opts o = { .create = true, .tables = TABLES };
	struct hz_store *s = NULL;

	ok(hz_store_open(path, &o, &s));
	return s;
}

enum hz_err
walk_at(const char *path, struct hz_walk_stats *ret_stats)
{
	int fd = open(in(path, "data.mdb"), O_RDONLY | O_CLOEXEC);
	enum hz_err err;

	assert_true(fd >= 0);
	err = hz_walk(fd, TABLES, ret_stats);
	(void)close(fd);
	return err;
}

unsigned long
number_from(const char *name, unsigned long other)
{
	const char *s = getenv(name);

	return s == NULL || *s == '\0' ? other : strtoul(s, NULL, 10);
}

enum hz_err
change(struct hz_txn *t, uint64_t *seed, uint32_t *number)
{
	static const size_t sizes[] = { 0, 1, 40, 300, 1990, 2020, 2030, 2040, 4080, 4081, 12000, 60000 };
	static uint8_t value[60000];
	uint8_t key[HZ_STORE_KEY_MAX];
	uint64_t r = rnd(seed);
	size_t n = sizes[r % 12], kn;

	r >>= 8;
	if (n > 4 && r % 8 != 0) {
		n %= 400; /* most values are small */
	}
	r >>= 8;
	memset(value, (int)(r & 0xff), n);
	if (r % 3 == 0) {
		hz_be32(key, ++*number);
		return hz_append(t, 1, key, 4, value, n);
	}
	kn = 1 + (r >> 8) % 3 + ((r >> 16) % 16 == 0 ? 61 : 0);
	memset(key, 'k', sizeof(key));
	key[0] = (uint8_t)(r >> 24);
	key[1] = (uint8_t)(r >> 32) & 7;
	if (r % 3 == 1) {
		return hz_set(t, 2 + (unsigned)((r >> 40) % 3), key, kn, value, n);
	}
	if ((r >> 44) % 4 == 0) {
		hz_be32(key, (uint32_t)(r >> 34) % (*number + 1));
		return hz_del(t, 1, key, 4);
	}
	return hz_del(t, 2 + (unsigned)((r >> 40) % 3), key, kn);
}

int
main(void)
{
	struct CMUnitTest all[64];
	size_t n = 0;

	for (size_t i = 0; i < tests_basic_count; i++) {
		all[n++] = tests_basic[i];
	}
	for (size_t i = 0; i < tests_map_count; i++) {
		all[n++] = tests_map[i];
	}
	for (size_t i = 0; i < tests_walk_count; i++) {
		all[n++] = tests_walk[i];
	}
	for (size_t i = 0; i < tests_mutants_count; i++) {
		all[n++] = tests_mutants[i];
	}
	return _cmocka_run_group_tests("store", all, n, NULL, NULL);
}
