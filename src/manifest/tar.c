/* The one tar form of a bundle [F-9.2]: what a restricted-pax writer of regular files gives. The reader takes
 * path, size and time out of a header, makes the header again and compares every byte: nothing else is
 * accepted. */
#include "manifest/manifest.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 512

/* ustar fields: offset, length */
#define AT_NAME     0
#define LEN_NAME    100
#define AT_MODE     100
#define AT_UID      108
#define AT_GID      116
#define AT_SIZE     124
#define AT_MTIME    136
#define LEN_NUMBER  12
#define AT_CHECKSUM 148
#define AT_TYPE     156
#define AT_MAGIC    257
#define AT_DEVMAJOR 329
#define AT_DEVMINOR 337
#define AT_PREFIX   345
#define LEN_PREFIX  155

#define LIMIT_11_DIGITS                                                                                      \
	((uint64_t)1 << 33) /* from here on a pax header, and twelve octal digits in the field */
#define LIMIT_12_DIGITS ((uint64_t)1 << 36) /* from here on the binary form */
#define PAX_TIME_MAX    0x7fffffff /* the pax header's own time; from here on the time has a record */
#define PAX_DIR         "PaxHeader/"
#define PAX_BASE_MAX    87 /* a longer last part would have to be cut in the extended header's name */

static void
octal(uint8_t *p, size_t digits, uint64_t v)
{
	for (size_t i = digits; i-- > 0; v >>= 3) {
		p[i] = (uint8_t)('0' + (v & 7));
	}
}

static void
size_field(uint8_t *p, uint64_t size)
{
	if (size < LIMIT_11_DIGITS) {
		octal(p, 11, size);
		p[11] = ' ';
	} else if (size < LIMIT_12_DIGITS) {
		octal(p, 12, size);
	} else {
		memset(p, 0, LEN_NUMBER);
		p[0] = 0x80;
		hz_be64(p + 4, size);
	}
}

/* One block of 512 bytes. False where the path cannot be split; the callers' limits exclude that. */
static bool
block_make(uint8_t h[static BLOCK], const char *path, size_t len, char type, uint64_t size, int64_t mtime)
{
	size_t cut = 0;

	memset(h, 0, BLOCK);
	if (len > LEN_NAME) {
		/* the prefix ends at the first slash that leaves at most 100 bytes for the name */
		const char *slash = memchr(path + len - LEN_NAME - 1, '/', LEN_NAME);
		if (!slash || slash == path || slash - path > LEN_PREFIX) {
			return false;
		}
		cut = (size_t)(slash - path) + 1;
		memcpy(h + AT_PREFIX, path, cut - 1);
	}
	memcpy(h + AT_NAME, path + cut, len - cut);
	memcpy(h + AT_MODE, "000644 ", 8);
	memcpy(h + AT_UID, "000000 ", 8);
	memcpy(h + AT_GID, "000000 ", 8);
	size_field(h + AT_SIZE, size);
	octal(h + AT_MTIME, 11, (uint64_t)mtime);
	h[AT_MTIME + 11] = ' ';
	h[AT_TYPE] = (uint8_t)type;
	memcpy(h + AT_MAGIC,
	    "ustar\0"
	    "00",
	    8);
	memcpy(h + AT_DEVMAJOR, "000000 ", 8);
	memcpy(h + AT_DEVMINOR, "000000 ", 8);
	memset(h + AT_CHECKSUM, ' ', 8);
	uint64_t sum = 0;
	for (size_t i = 0; i < BLOCK; i++) {
		sum += h[i];
	}
	octal(h + AT_CHECKSUM, 6, sum);
	h[AT_CHECKSUM + 6] = 0;
	return true;
}

/* The folder's length where the path is <bag name>/<path in the bag>, else 0. */
static size_t
path_folder(const char *path)
{
	size_t n = strnlen(path, HZ_TAR_PATH_MAX + 1);
	const char *slash = memchr(path, '/', n);

	if (n > HZ_TAR_PATH_MAX || !slash) {
		return 0;
	}
	size_t folder = (size_t)(slash - path);
	return hz_bag_name_ok(path, folder) && hz_bag_path_ok(slash + 1, n - folder - 1) ? folder : 0;
}

static bool
pax_needed(const struct hz_tar_member *m)
{
	return m->size >= LIMIT_11_DIGITS || m->mtime >= PAX_TIME_MAX;
}

/* The records: "NN key=V\n", where NN is the record's own length, two digits since V has 10 to 16. */
static HZ_RESULT
pax_records(const struct hz_tar_member *m, struct hz_buf *out)
{
	char value[24];
	enum hz_err err = HZ_OK;

	if (m->mtime >= PAX_TIME_MAX) {
		int n = snprintf(value, sizeof value, "%lld", (long long)m->mtime);
		err = hz_buf_printf(out, "%d mtime=%s\n", 2 + 7 + n + 1, value);
	}
	if (!err && m->size >= LIMIT_11_DIGITS) {
		int n = snprintf(value, sizeof value, "%llu", (unsigned long long)m->size);
		err = hz_buf_printf(out, "%d size=%s\n", 2 + 6 + n + 1, value);
	}
	return err;
}

static HZ_RESULT
pax_blocks(const struct hz_tar_member *m, size_t len, struct hz_buf *out)
{
	char name[HZ_TAR_PATH_MAX + sizeof PAX_DIR];
	uint8_t h[BLOCK], *room;
	struct hz_buf records = HZ_BUF_INIT(BLOCK);
	const char *base = strrchr(m->path, '/') + 1;
	size_t dir = (size_t)(base - m->path), base_len = len - dir;
	int64_t mtime = m->mtime > PAX_TIME_MAX ? PAX_TIME_MAX : m->mtime;
	enum hz_err err;

	if (base_len > PAX_BASE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "tar: name too long for an extended header");
	}
	memcpy(name, m->path, dir);
	memcpy(name + dir, PAX_DIR, sizeof PAX_DIR - 1);
	memcpy(name + dir + sizeof PAX_DIR - 1, base, base_len);
	if ((err = pax_records(m, &records))) {
		goto done;
	}
	if (!block_make(h, name, len + sizeof PAX_DIR - 1, 'x', records.len, mtime)) {
		err = hz_fail(HZ_MSG_INTERNAL, "tar: path");
		goto done;
	}
	if ((err = hz_buf_put(out, h, sizeof h)) || (err = hz_buf_room(out, BLOCK, &room))) {
		goto done;
	}
	memcpy(room, records.p, records.len);
done:
	hz_buf_done(&records);
	return err;
}

HZ_RESULT
hz_tar_header(const struct hz_tar_member *m, struct hz_buf *out)
{
	uint8_t h[BLOCK];
	enum hz_err err;

	if (!path_folder(m->path) || m->size > HZ_TAR_SIZE_MAX || m->mtime < 0 ||
	    m->mtime > HZ_TAR_TIME_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "tar: path, size or time");
	}
	size_t len = strlen(m->path);
	if (!block_make(h, m->path, len, '0', m->size, m->mtime)) {
		return hz_fail(HZ_MSG_INTERNAL, "tar: path");
	}
	if (pax_needed(m) && (err = pax_blocks(m, len, out))) {
		return err;
	}
	return hz_buf_put(out, h, sizeof h);
}

/* --- reader -------------------------------------------------------------------------------------------- */
struct hz_tar_reader {
	enum hz_err (*read)(void *arg, void *p, size_t n, size_t *ret_n);
	void *arg;
	struct hz_tar_member last; /* of the member before; path empty at the start */
	uint64_t left;             /* content of the current member */
	size_t pad;
	bool ended;
	struct hz_buf expected;
};

HZ_RESULT
hz_tar_open(
    enum hz_err (*read)(void *arg, void *p, size_t n, size_t *ret_n), void *arg, struct hz_tar_reader **ret_r)
{
	struct hz_tar_reader *r = calloc(1, sizeof *r);

	if (!r) {
		return hz_fail(HZ_MSG_NOMEM, "tar reader");
	}
	r->read = read;
	r->arg = arg;
	r->expected = (struct hz_buf)HZ_BUF_INIT((size_t)3 * BLOCK);
	*ret_r = r;
	return HZ_OK;
}

void
hz_tar_close(struct hz_tar_reader **r)
{
	if (!*r) {
		return;
	}
	hz_buf_done(&(*r)->expected);
	free(*r);
	*r = NULL;
}

/* Fills the whole of p; an early end is damage. */
static HZ_RESULT
fill(struct hz_tar_reader *r, uint8_t *p, size_t n)
{
	for (size_t done = 0; done < n;) {
		size_t got = 0;
		enum hz_err err = r->read(r->arg, p + done, n - done, &got);
		if (err) {
			return err;
		}
		if (got == 0 || got > n - done) {
			return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: the file ends early");
		}
		done += got;
	}
	return HZ_OK;
}

static bool
all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i]) {
			return false;
		}
	}
	return true;
}

/* Leading octal digits of a field; the comparison of the whole header decides whether they were right. */
static uint64_t
digits(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && p[i] >= '0' && p[i] <= '7'; i++) {
		v = v << 3 | (uint64_t)(p[i] - '0');
	}
	return v;
}

static HZ_RESULT
path_take(const uint8_t h[static BLOCK], char ret_path[static HZ_TAR_PATH_MAX + 1])
{
	size_t prefix = strnlen((const char *)h + AT_PREFIX, LEN_PREFIX);
	size_t name = strnlen((const char *)h + AT_NAME, LEN_NAME), at = 0;

	if (prefix + 1 + name > HZ_TAR_PATH_MAX) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: path too long");
	}
	if (prefix > 0) {
		memcpy(ret_path, h + AT_PREFIX, prefix);
		ret_path[prefix] = '/';
		at = prefix + 1;
	}
	memcpy(ret_path + at, h + AT_NAME, name);
	ret_path[at + name] = 0;
	return HZ_OK;
}

/* Reads what a header may be (512 or 1,536 bytes, the first block is there already) and what it says. */
static HZ_RESULT
header_take(
    struct hz_tar_reader *r, uint8_t h[static 3 * BLOCK], size_t *ret_len, struct hz_tar_member *ret_m)
{
	struct hz_tar_member m;
	const uint8_t *main = h;
	enum hz_err err;

	memset(&m, 0, sizeof m);
	if (h[AT_TYPE] == 'x') {
		if ((err = fill(r, h + BLOCK, (size_t)2 * BLOCK))) {
			return err;
		}
		main = h + (size_t)2 * BLOCK;
	}
	const uint8_t *size = main + AT_SIZE;
	m.size = size[0] == 0x80 ? hz_rd_be64(size + 4) : digits(size, LEN_NUMBER);
	m.mtime = (int64_t)digits(main + AT_MTIME, 11);
	if ((err = path_take(main, m.path))) {
		return err;
	}
	*ret_len = main == h ? BLOCK : (size_t)3 * BLOCK;
	*ret_m = m;
	return HZ_OK;
}

/* The rules that bind members to each other. */
static HZ_RESULT
order_check(const struct hz_tar_reader *r, const struct hz_tar_member *m)
{
	size_t folder = path_folder(m->path);
	char now[21], day[9];

	if (!folder) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: member name");
	}
	if (!r->last.path[0]) {
		hz_time_format(m->mtime, now);
		memcpy(day, now, 4);
		memcpy(day + 4, now + 5, 2);
		memcpy(day + 6, now + 8, 2);
		if (memcmp(day, m->path + 5, 8) != 0) {
			return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: the folder's day is not the files'");
		}
		return HZ_OK;
	}
	if (path_folder(r->last.path) != folder || memcmp(r->last.path, m->path, folder) != 0) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: more than one folder");
	}
	if (r->last.mtime != m->mtime) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: times differ");
	}
	if (strcmp(r->last.path, m->path) >= 0) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: members not sorted");
	}
	return HZ_OK;
}

static HZ_RESULT
end_check(struct hz_tar_reader *r, uint8_t h[static BLOCK])
{
	size_t got = 0;
	enum hz_err err = fill(r, h, BLOCK);

	if (err) {
		return err;
	}
	if (!all_zero(h, BLOCK)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: one zero block only");
	}
	if ((err = r->read(r->arg, h, 1, &got))) {
		return err;
	}
	if (got != 0) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: bytes after the end");
	}
	if (!r->last.path[0]) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: no file");
	}
	r->ended = true;
	return HZ_OK;
}

static HZ_RESULT
finish_member(struct hz_tar_reader *r)
{
	uint8_t scratch[8192];
	enum hz_err err;

	while (r->left > 0) {
		size_t n = r->left < sizeof scratch ? (size_t)r->left : sizeof scratch;
		if ((err = fill(r, scratch, n))) {
			return err;
		}
		r->left -= n;
	}
	if (r->pad > 0) {
		if ((err = fill(r, scratch, r->pad))) {
			return err;
		}
		if (!all_zero(scratch, r->pad)) {
			return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: padding of %s", r->last.path);
		}
		r->pad = 0;
	}
	return HZ_OK;
}

HZ_RESULT
hz_tar_next(struct hz_tar_reader *r, bool *ret_found, struct hz_tar_member *ret_m)
{
	uint8_t h[3 * BLOCK];
	struct hz_tar_member m;
	size_t len;
	enum hz_err err;

	if (r->ended) {
		*ret_found = false;
		return HZ_OK;
	}
	if ((err = finish_member(r)) || (err = fill(r, h, BLOCK))) {
		return err;
	}
	if (all_zero(h, BLOCK)) {
		if ((err = end_check(r, h))) {
			return err;
		}
		*ret_found = false;
		return HZ_OK;
	}
	if ((err = header_take(r, h, &len, &m)) || (err = order_check(r, &m))) {
		return err;
	}
	hz_buf_clear(&r->expected);
	if ((err = hz_tar_header(&m, &r->expected))) {
		if (err == HZ_ERR_NOMEM) {
			return err;
		}
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: header of %s", m.path);
	}
#ifndef HZ_FAULT_NO_TAR_HEADER
	if (r->expected.len != len || memcmp(r->expected.p, h, len) != 0) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: header of %s", m.path);
	}
#endif
	r->last = m;
	r->left = m.size;
	r->pad = (size_t)((BLOCK - m.size % BLOCK) % BLOCK);
	*ret_m = m;
	*ret_found = true;
	return HZ_OK;
}

HZ_RESULT
hz_tar_read(struct hz_tar_reader *r, void *p, size_t n, size_t *ret_n)
{
	size_t want = r->left < n ? (size_t)r->left : n, got = 0;

	if (want > 0) {
		enum hz_err err = r->read(r->arg, p, want, &got);
		if (err) {
			return err;
		}
		if (got == 0 || got > want) {
			return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "tar: the file ends early");
		}
		r->left -= got;
	}
	*ret_n = got;
	return HZ_OK;
}
