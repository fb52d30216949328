/* The whole verifier of bundles over bytes in memory. Input that begins with 'h' is a tar as it is; else it
 * is a list of files (u8 length and path, u16 length and content), from which a tar with right manifests is
 * made, so that what lies behind them is reached: events, proofs, records, openings, keys. */
#include "../tests/lib/memory.h"
#include "verify/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 256
#define FOLDER    "hirz-20260601-0008/"
#define TIME      1780301280

struct file {
	char path[HZ_BAG_PATH_MAX + 1];
	const uint8_t *p;
	size_t n;
};

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static size_t
take_files(const uint8_t *data, size_t size, struct file *files)
{
	struct hz_rd r = hz_rd_over(data, size);
	size_t n = 0;

	while (n < FILES_MAX && hz_rd_left(&r) > 0) {
		struct file *f = &files[n];
		const uint8_t *path = NULL;
		uint8_t len = 0;
		uint16_t content = 0;
		if (hz_get_u8(&r, &len) != HZ_OK || len > HZ_BAG_PATH_MAX ||
		    hz_get_view(&r, len, &path) != HZ_OK || hz_get_u16(&r, &content) != HZ_OK) {
			break;
		}
		f->n = content < hz_rd_left(&r) ? content : hz_rd_left(&r);
		if (hz_get_view(&r, f->n, &f->p) != HZ_OK || !hz_bag_path_ok((const char *)path, len)) {
			break;
		}
		memcpy(f->path, path, len);
		f->path[len] = '\0';
		n++;
	}
	return n;
}

/* What a manifest over the files must say. */
static bool
list(const struct file *files, size_t n, bool data, bool sha512, struct hz_buf *out)
{
	uint8_t h[64];
	bool good = true;

	for (size_t i = 0; i < n && good; i++) {
		if ((strncmp(files[i].path, "data/", 5) == 0) != data ||
		    strncmp(files[i].path, "tagmanifest-", 12) == 0) {
			continue;
		}
		if (sha512) {
			hz_sha512(files[i].p, files[i].n, h);
		} else {
			hz_sha256(files[i].p, files[i].n, h);
		}
		good = hz_manifest_line(out, h, sha512 ? 64 : 32, files[i].path) == HZ_OK;
	}
	return good;
}

static bool
make_tar(struct file *files, size_t n, struct hz_buf *out)
{
	static const char *const names[] = { "manifest-sha256.txt", "manifest-sha512.txt",
		"tagmanifest-sha256.txt", "tagmanifest-sha512.txt" };
	struct hz_buf lists[4];
	bool good = true;

	for (size_t i = 0; i < 4; i++) {
		lists[i] = (struct hz_buf)HZ_BUF_INIT((size_t)1 << 20);
	}
	for (size_t i = 0; i < 4 && good; i++) {
		struct file *f = &files[n];
		qsort(files, n, sizeof *files, by_path);
		good = list(files, n, i < 2, i % 2 == 1, &lists[i]);
		(void)snprintf(f->path, sizeof f->path, "%s", names[i]);
		f->p = lists[i].p;
		f->n = lists[i].len;
		n++;
	}
	qsort(files, n, sizeof *files, by_path);
	for (size_t i = 0; i < n && good; i++) {
		struct hz_tar_member m = { .size = files[i].n, .mtime = TIME };
		uint8_t *pad = NULL;
		size_t fl = strlen(FOLDER), pl = strnlen(files[i].path, sizeof m.path - fl - 1);
		memcpy(m.path, FOLDER, fl);
		memcpy(m.path + fl, files[i].path, pl); /* the rest is zero */
		good = hz_tar_header(&m, out) == HZ_OK && hz_buf_put(out, files[i].p, files[i].n) == HZ_OK &&
		       hz_buf_room(out, (512 - files[i].n % 512) % 512, &pad) == HZ_OK;
	}
	uint8_t *end = NULL;
	good = good && hz_buf_room(out, 1024, &end) == HZ_OK;
	for (size_t i = 0; i < 4; i++) {
		hz_buf_done(&lists[i]);
	}
	return good;
}

static void
found(void *arg, enum hz_finding f, const char *path, const char *detail)
{
	unsigned *worst = arg;

	hz_assert(hz_finding_word(f)[0] != '\0' && strlen(path) + strlen(detail) < 4096);
	*worst |= 1U << hz_finding_level(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct file files[FILES_MAX + 4];
	struct hz_buf tar = HZ_BUF_INIT((size_t)8 << 20);
	struct memory m = { data, size, 0 };
	const struct hz_source src = { read_memory, &m };
	unsigned levels = 0;
	const struct hz_verify_opts opts = { .finding = found, .arg = &levels };
	struct hz_verify_result r;

	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	if (size > 0 && data[0] != 'h') {
		if (!make_tar(files, take_files(data, size, files), &tar)) {
			hz_buf_done(&tar);
			return 0;
		}
		m = (struct memory){ tar.p, tar.len, 0 };
	}
	hz_assert(hz_verify_bundle(&src, &opts, &r) == HZ_OK);
	/* Without a key nothing is ever valid, and the verdict is the worst of what was found. */
	hz_assert(r.verdict != HZ_VALID_SIGNED && r.verdict != HZ_VALID_WITNESSED);
	hz_assert((r.verdict == HZ_INVALID) == ((levels & 1U << HZ_LEVEL_FAILED) != 0));
	hz_buf_done(&tar);
	return 0;
}
