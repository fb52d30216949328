/* An anchor as the fields of a record [F-8.8]: each part in pieces, since a field has a limit. */
#include "anchor/anchor.h"

#include "base/enc.h"

#include <stdio.h>
#include <string.h>

#define FIELD_MAX  40
#define PIECES_MAX ((HZ_ANCHOR_MAX + HZ_ANCHOR_PIECE - 1) / HZ_ANCHOR_PIECE)
#define BLOCK      80

static const struct {
	const char *field, *ext;
	size_t max;
} parts[HZ_ANCHOR_PARTS] = {
	[HZ_ANCHOR_CHECKPOINT] = { "anchor.checkpoint", "checkpoint", 4096 },
	[HZ_ANCHOR_TOKEN] = { "anchor.token", "tst", HZ_ANCHOR_TOKEN_MAX },
	[HZ_ANCHOR_CHAIN] = { "anchor.chain", "chain.pem", 65536 },
	[HZ_ANCHOR_CRLS] = { "anchor.crls", "crls.pem", 65536 },
	[HZ_ANCHOR_OCSP] = { "anchor.ocsp", "ocsp", 65536 },
	[HZ_ANCHOR_BLOCKS] = { "anchor.blocks", "blocks", 5120 },
};

const char *
hz_anchor_type_name(enum hz_anchor_type t)
{
	return t == HZ_ANCHOR_OTS ? "ots" : "rfc3161";
}

const char *
hz_anchor_part_ext(enum hz_anchor_type t, enum hz_anchor_part p)
{
	return p == HZ_ANCHOR_TOKEN && t == HZ_ANCHOR_OTS ? "ots" : parts[p].ext;
}

void
hz_anchor_init(struct hz_anchor *a, enum hz_anchor_type type)
{
	memset(a, 0, sizeof *a);
	a->type = type;
	for (size_t i = 0; i < HZ_ANCHOR_PARTS; i++) {
		a->part[i] = (struct hz_buf)HZ_BUF_INIT(parts[i].max);
	}
}

void
hz_anchor_done(struct hz_anchor *a)
{
	for (size_t i = 0; i < HZ_ANCHOR_PARTS; i++) {
		hz_buf_done(&a->part[i]);
	}
}

HZ_RESULT
hz_anchor_settle(struct hz_anchor *a)
{
	const struct hz_buf *note = &a->part[HZ_ANCHOR_CHECKPOINT];
	bool ots = a->type == HZ_ANCHOR_OTS;
	size_t all = 0;

	for (size_t i = 0; i < HZ_ANCHOR_PARTS; i++) {
		bool foreign = ots ? i == HZ_ANCHOR_CHAIN || i == HZ_ANCHOR_CRLS || i == HZ_ANCHOR_OCSP
				   : i == HZ_ANCHOR_BLOCKS;
		if (foreign && a->part[i].len > 0) {
			return hz_fail(HZ_MSG_FORMAT, "%s does not go with an anchor of type %s",
			    parts[i].ext, hz_anchor_type_name(a->type));
		}
		all += a->part[i].len;
	}
	if (all > HZ_ANCHOR_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "an anchor of %zu bytes", all);
	}
	if (a->part[HZ_ANCHOR_TOKEN].len == 0 || a->part[HZ_ANCHOR_BLOCKS].len % BLOCK != 0) {
		return hz_fail(HZ_MSG_FORMAT, "an anchor without a token, or with part of a block header");
	}
	return hz_checkpoint_read(note->p, note->len, NULL, &a->c);
}

static enum hz_err
part_to_record(const struct hz_buf *b, const char *field, struct hz_record *r)
{
	char name[FIELD_MAX];
	struct hz_buf text = HZ_BUF_INIT(HZ_FIELD_VALUE_MAX);
	enum hz_err err = HZ_OK;

	for (size_t at = 0, i = 1; at < b->len && err == HZ_OK; at += HZ_ANCHOR_PIECE, i++) {
		size_t n = b->len - at < HZ_ANCHOR_PIECE ? b->len - at : HZ_ANCHOR_PIECE;
		(void)snprintf(name, sizeof name, "%s.%zu", field, i);
		hz_buf_clear(&text);
		err = hz_b64_put(&text, HZ_B64_URL, b->p + at, n);
		err = err == HZ_OK ? hz_record_addn(r, name, text.p, text.len) : err;
	}
	hz_buf_done(&text);
	return err;
}

HZ_RESULT
hz_anchor_to_record(const struct hz_anchor *a, struct hz_record *r)
{
	HZ_TRY(hz_record_add(r, "kind", "anchor"));
	HZ_TRY(hz_record_add(r, "anchor.type", hz_anchor_type_name(a->type)));
	HZ_TRY(hz_record_add_int(r, "anchor.size", a->c.size));
	for (size_t i = 0; i < HZ_ANCHOR_PARTS; i++) {
		HZ_TRY(part_to_record(&a->part[i], parts[i].field, r));
	}
	return HZ_OK;
}

/* Every piece but the last has the full length, and none is missing. */
static enum hz_err
part_from_record(const struct hz_record *r, const char *field, struct hz_buf *out)
{
	char name[FIELD_MAX];
	uint8_t piece[HZ_ANCHOR_PIECE];
	size_t n = HZ_ANCHOR_PIECE;

	for (size_t i = 1; i <= PIECES_MAX + 1; i++) {
		(void)snprintf(name, sizeof name, "%s.%zu", field, i);
		const char *text = hz_record_get(r, name);
		if (text == NULL) {
			return HZ_OK;
		}
		if (n != HZ_ANCHOR_PIECE) {
			return hz_fail(HZ_MSG_FORMAT, "%s: a piece after the last", name);
		}
		if (hz_b64_get(HZ_B64_URL, text, strlen(text), piece, sizeof piece, &n) != HZ_OK || n == 0) {
			return hz_fail(HZ_MSG_FORMAT, "%s is no piece", name);
		}
		enum hz_err err = hz_buf_put(out, piece, n);
		if (err != HZ_OK) {
			return err == HZ_ERR_LIMIT ? hz_fail(HZ_MSG_LIMIT, "%s is too long", field) : err;
		}
	}
	return hz_fail(HZ_MSG_LIMIT, "%s has too many pieces", field);
}

HZ_RESULT
hz_anchor_from_record(const struct hz_record *r, struct hz_anchor *ret)
{
	const char *kind = hz_record_get(r, "kind"), *type = hz_record_get(r, "anchor.type"),
		   *size = hz_record_get(r, "anchor.size");
	uint64_t v = 0;

	hz_anchor_init(ret, HZ_ANCHOR_RFC3161);
	if (kind == NULL || strcmp(kind, "anchor") != 0 || type == NULL || size == NULL) {
		return hz_fail(HZ_MSG_FORMAT, "not the whole record of an anchor");
	}
	if (strcmp(type, "ots") == 0) {
		ret->type = HZ_ANCHOR_OTS;
	} else if (strcmp(type, "rfc3161") != 0) {
		return hz_fail(HZ_MSG_VERSION, "an anchor of another type");
	}
	for (size_t i = 0; i < HZ_ANCHOR_PARTS; i++) {
		HZ_TRY(part_from_record(r, parts[i].field, &ret->part[i]));
	}
	HZ_TRY(hz_anchor_settle(ret));
	if (hz_parse_u64(size, strlen(size), UINT64_MAX, &v) != HZ_OK || v != ret->c.size) {
		return hz_fail(HZ_MSG_FORMAT, "anchor.size is not that of the checkpoint");
	}
	return HZ_OK;
}
