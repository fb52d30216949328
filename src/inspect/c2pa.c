/* C2PA: that a manifest store is there, which manifest is the active one, and what it hashes to. Nothing of
 * it is checked. */
#include "base/buf.h"
#include "base/enc.h"
#include "inspect/media.h"
#include "inspect/sha256.h"
#include <stdlib.h>
#include <string.h>

enum { UUID = 16, BOXES_MAX = 4096 };

/* The content of a box at p; false where it is none. */
static bool
box_at(const uint8_t *p, size_t n, const char type[static 4], size_t *ret_size)
{
	if (n < 8) {
		return false;
	}
	uint32_t size = hz_rd_be32(p);

	if (size < 8 || size > n || memcmp(p + 4, type, 4) != 0) {
		return false;
	}
	*ret_size = size;
	return true;
}

/* The label in the description that begins a superbox's content. */
static bool
label_of(const uint8_t *p, size_t n, const char **ret_label, size_t *ret_len, size_t *ret_size)
{
	size_t size = 0;

	if (!box_at(p, n, "jumd", &size) || size < 8 + UUID + 2 || (p[8 + UUID] & 2) == 0) {
		return false;
	}
	const uint8_t *label = p + 8 + UUID + 1, *end = memchr(label, 0, (size_t)(p + size - label));

	if (end == NULL) {
		return false;
	}
	*ret_label = (const char *)label;
	*ret_len = (size_t)(end - label);
	*ret_size = size;
	return true;
}

void
hz_c2pa_read(const void *bytes, size_t n, struct hz_claims *c)
{
	const uint8_t *p = bytes;
	const char *label = NULL, *active = NULL;
	size_t size = 0, at = 0, len = 0, active_len = 0;
	uint8_t hash[32];
	char hex[65];

	if (!box_at(p, n, "jumb", &size) || !label_of(p + 8, size - 8, &label, &len, &at) || len != 4 ||
	    memcmp(label, "c2pa", 4) != 0) {
		return;
	}
	/* The active manifest is the last one in the store. */
	at += 8;
	for (unsigned i = 0; i < BOXES_MAX && at < size; i++) {
		size_t box = 0, head = 0;

		if (!box_at(p + at, size - at, "jumb", &box)) {
			break;
		}
		if (label_of(p + at + 8, box - 8, &label, &len, &head)) {
			active = label;
			active_len = len;
		}
		at += box;
	}
	hz_inspect_sha256(p, size, hash);
	hz_hex(hex, hash, sizeof(hash));
	if (active != NULL) {
		hz_claims_add_text(c, HZ_CLAIM_C2PA_LABEL, active, active_len);
	}
	hz_claims_add(c, HZ_CLAIM_C2PA_SHA256, hex);
	hz_claims_add_number(c, HZ_CLAIM_C2PA_SIZE, size);
}

void
hz_c2pa_read_at(struct hz_source *s, uint64_t at, uint64_t len, struct hz_claims *c)
{
	if (len < 8 || len > HZ_C2PA_MAX || hz_claims_have(c, HZ_CLAIM_C2PA_SHA256)) {
		return;
	}
	uint8_t *p = malloc((size_t)len);

	if (p != NULL && hz_source_pread(s, at, p, (size_t)len) == HZ_OK) {
		hz_c2pa_read(p, (size_t)len, c);
	}
	free(p);
}
