/* A small program for the power-cut tool to prove itself on.
 *   crash_writer write FOLDER COUNT [nosync]   COUNT commits, `acked N` after each
 *   crash_writer check STATE ACKED             each acknowledged record is there, nothing is damaged
 * With nosync LMDB does not sync: the control that must lose records. */
#include "base/fd.h"
#include "store/inner.h"
#include "store/walk.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TABLES = 3 };

static int
said(const char *what)
{
	(void)fprintf(stderr, "%s: %s\n", what, hz_fail_detail());
	return 1;
}

/* Record n: mostly small, now and then a run; table 2 holds a row that each commit changes. */
static size_t
record_make(uint32_t n, uint8_t *value)
{
	size_t len = n % 7 == 0 ? 9000 + n : 100 + n % 50;

	memset(value, (int)(n % 251), len);
	hz_be32(value, n);
	return len;
}

static enum hz_err
one_commit(struct hz_store *s, uint32_t n)
{
	static uint8_t value[65536];
	struct hz_txn *t = NULL;
	uint8_t key[4];
	size_t len = record_make(n, value);
	enum hz_err err = hz_txn_begin(s, true, &t);

	hz_be32(key, n);
	if (err == HZ_OK) {
		err = hz_append(t, 1, key, 4, value, len);
	}
	if (err == HZ_OK) {
		err = hz_set(t, 2, "last", 4, key, 4);
	}
	if (err == HZ_OK && n > 10 && n % 5 == 0) {
		hz_be32(key, n - 10);
		err = hz_del(t, 3, key, 4);
	}
	if (err == HZ_OK) {
		hz_be32(key, n);
		err = hz_set(t, 3, key, 4, value, len / 2);
	}
	if (err == HZ_OK) {
		return hz_txn_commit(&t);
	}
	hz_txn_abort(&t);
	return err;
}

static int
do_write(const char *path, uint32_t count, bool nosync)
{
	const struct hz_store_opts o = { .create = true, .tables = TABLES };
	struct hz_store *s = NULL;

	if (hz_store_open(path, &o, &s) != HZ_OK) {
		return said("open");
	}
	if (nosync && mdb_env_set_flags(s->env, MDB_NOSYNC, 1) != 0) {
		return said("nosync");
	}
	for (uint32_t n = 1; n <= count; n++) {
		if (one_commit(s, n) != HZ_OK) {
			return said("commit");
		}
		(void)printf("acked %u\n", n);
		(void)fflush(stdout);
		hz_store_drop_pages(s);
	}
	hz_store_close(&s);
	return 0;
}

static uint32_t
last_acked(const char *name)
{
	FILE *f = fopen(name, "re");
	unsigned n = 0;

	if (f != NULL) {
		char line[64];

		while (fgets(line, sizeof(line), f) != NULL) {
			if (strncmp(line, "acked ", 6) == 0) {
				n = (unsigned)strtoul(line + 6, NULL, 10);
			}
		}
		(void)fclose(f);
	}
	return n;
}

static int
records_check(struct hz_store *s, uint32_t acked)
{
	static uint8_t value[65536];
	struct hz_txn *t = NULL;
	const uint8_t *v = NULL;
	uint8_t key[4];
	size_t n = 0;
	uint64_t there = 0;
	int rc = 0;

	if (hz_txn_begin(s, false, &t) != HZ_OK || hz_table_count(t, 1, &there) != HZ_OK) {
		return said("read");
	}
	/* One more than acknowledged is right: the cut came between commit and word. */
	if (there < acked || there > acked + 1u) {
		(void)fprintf(stderr, "%llu records, %u acknowledged\n", (unsigned long long)there, acked);
		rc = 1;
	}
	for (uint32_t i = 1; i <= there && rc == 0; i++) {
		size_t len = record_make(i, value);

		hz_be32(key, i);
		if (hz_get(t, 1, key, 4, &v, &n) != HZ_OK || n != len || memcmp(v, value, n) != 0) {
			(void)fprintf(stderr, "record %u is wrong\n", i);
			rc = 1;
		}
	}
	if (rc == 0 && there > 0 && (hz_get(t, 2, "last", 4, &v, &n) != HZ_OK || hz_rd_be32(v) != there)) {
		(void)fprintf(stderr, "the last row does not fit\n");
		rc = 1;
	}
	hz_txn_abort(&t);
	return rc;
}

static int
do_check(const char *path, const char *acks)
{
	const struct hz_store_opts o = { .tables = TABLES };
	uint32_t acked = last_acked(acks);
	struct hz_store *s = NULL;
	int rc;

	/* With the walk: it may not refuse what a power cut leaves. */
	if (hz_store_open(path, &o, &s) != HZ_OK) {
		return acked == 0 ? 0 : said("open");
	}
	rc = records_check(s, acked);
	if (rc == 0 && one_commit(s, 60000) != HZ_OK) {
		rc = said("one more");
	}
	hz_store_close(&s);
	return rc;
}

int
main(int argc, char **argv)
{
	hz_fd_fill_std();
	if (argc >= 4 && strcmp(argv[1], "write") == 0) {
		return do_write(argv[2], (uint32_t)strtoul(argv[3], NULL, 10), argc > 4);
	}
	if (argc == 4 && strcmp(argv[1], "check") == 0) {
		return do_check(argv[2], argv[3]);
	}
	return 2;
}
