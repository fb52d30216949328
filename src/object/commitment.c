/* The opening of a commitment: four lines in exactly one form [F-6.6]. */
#include "base/enc.h"
#include "object/object.h"

#include <string.h>

#define SIZE_LIMIT ((uint64_t)1 << 60)

static const char first_line[] = "hirz-commitment/v1\n";

HZ_RESULT
hz_opening_write(const struct hz_opening *o, struct hz_buf *out)
{
	char salt[65], sum[65];

	if (o->size < 1 || o->size > SIZE_LIMIT) {
		return hz_fail(HZ_MSG_LIMIT, "content of %llu bytes; allowed are 1 to 2^60",
		    (unsigned long long)o->size);
	}
	hz_hex(salt, o->salt, 32);
	hz_hex(sum, o->sha256, 32);
	enum hz_err err = hz_buf_printf(
	    out, "%ssalt %s\nsha256 %s\nsize %llu\n", first_line, salt, sum, (unsigned long long)o->size);
	hz_wipe(salt, sizeof salt);
	hz_wipe(sum, sizeof sum);
	return err;
}

/* Takes "name <value>LF"; the value is borrowed. */
static HZ_RESULT
line(struct hz_rd *r, const char *name, const char **ret_value, size_t *ret_n)
{
	size_t namelen = strlen(name), left = hz_rd_left(r);
	const char *p = (const char *)r->p + r->pos;
	const char *end = left > 0 ? memchr(p, '\n', left) : NULL;

	if (end == NULL || (size_t)(end - p) < namelen || memcmp(p, name, namelen) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "opening: no line \"%s\"", name);
	}
	*ret_value = p + namelen;
	*ret_n = (size_t)(end - p) - namelen;
	r->pos += (size_t)(end - p) + 1;
	return HZ_OK;
}

static HZ_RESULT
hex_line(struct hz_rd *r, const char *name, uint8_t *ret_p)
{
	const char *value = NULL;
	size_t n = 0;
	enum hz_err err = line(r, name, &value, &n);

	return err == HZ_OK ? hz_unhex(value, n, ret_p, 32) : err;
}

HZ_RESULT
hz_opening_read(const void *p, size_t n, struct hz_opening *ret)
{
	struct hz_opening o = { { 0 }, { 0 }, 0 };
	struct hz_rd r = hz_rd_over(p, n);
	const char *value = NULL;
	size_t len = 0;

	if (n > HZ_OPENING_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "an opening of %zu bytes; the limit is %d", n, HZ_OPENING_MAX);
	}
	enum hz_err err = line(&r, "hirz-commitment/", &value, &len);
	if (err != HZ_OK) {
		return err;
	}
	if (len != 2 || memcmp(value, "v1", 2) != 0) {
		return hz_fail(HZ_MSG_VERSION, "an opening of another version");
	}
	err = hex_line(&r, "salt ", o.salt);
	if (err == HZ_OK) {
		err = hex_line(&r, "sha256 ", o.sha256);
	}
	if (err == HZ_OK) {
		err = line(&r, "size ", &value, &len);
	}
	if (err == HZ_OK) {
		err = hz_parse_u64(value, len, SIZE_LIMIT, &o.size);
	}
	if (err == HZ_OK) {
		err = hz_rd_end(&r);
	}
	if (err == HZ_OK && o.size < 1) {
		err = hz_fail(HZ_MSG_FORMAT, "an opening of no content");
	}
	if (err == HZ_OK) {
		*ret = o;
	}
	hz_wipe(&o, sizeof o);
	return err;
}
