/* What an anchor proves with what is given from outside. */
#include "anchor/anchor.h"

#include "base/enc.h"
#include "crypto/crypto.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK      80
#define BLOCK_ROOT 36 /* of the Merkle root in a header, and of the time */
#define BLOCK_TIME 68
#define BLOCKS_MAX 64
#define PEM_END    "-----END CERTIFICATE-----"

const char *
hz_anchor_state_name(enum hz_anchor_state s)
{
	static const char *const names[] = { "good", "untrusted", "pending", "expired", "revoked", "bad" };

	return names[s];
}

/* --- RFC 3161
 * ------------------------------------------------------------------------------------------------ */

/* The last certificate of a chain in PEM. */
static struct hz_tsa_bytes
last_of(const struct hz_buf *chain)
{
	const char *p = (const char *)chain->p, *last = p;
	size_t n = chain->len, end = strlen(PEM_END);

	for (size_t i = 0; p != NULL && i + end < n; i++) {
		if (memcmp(p + i, PEM_END, end) == 0 && i + end + 1 < n) {
			last = p + i + end + 1;
		}
	}
	return (struct hz_tsa_bytes){ last, last == NULL ? 0 : n - (size_t)(last - p) };
}

static enum hz_anchor_state
state_of(const struct hz_tsa_facts *f)
{
	switch (f->then) {
	case HZ_TSA_PATH_NONE:
		return HZ_ANCHOR_UNTRUSTED;
	case HZ_TSA_PATH_EXPIRED:
		return HZ_ANCHOR_EXPIRED;
	case HZ_TSA_PATH_BAD:
		return HZ_ANCHOR_BAD;
	case HZ_TSA_PATH_GOOD:
		break;
	}
	return f->revoked == HZ_TSA_REVOKED_YES ? HZ_ANCHOR_REVOKED : HZ_ANCHOR_GOOD;
}

static enum hz_err
check_token(const struct hz_anchor *a, const struct hz_anchor_given *g, struct hz_anchor_facts *f,
    struct hz_buf *chain, struct hz_buf *crls)
{
	const struct hz_buf *note = &a->part[HZ_ANCHOR_CHECKPOINT], *token = &a->part[HZ_ANCHOR_TOKEN],
			    *own = &a->part[HZ_ANCHOR_CHAIN], *list = &a->part[HZ_ANCHOR_CRLS],
			    *ocsp = &a->part[HZ_ANCHOR_OCSP];
	struct hz_tsa_bytes *files = calloc(g->ncrls + g->nocsps + 2, sizeof *files);
	struct hz_tsa_evidence e = { .token = { token->p, token->len },
		.data = { note->p, note->len },
		.anchors = g->own_chain ? last_of(own) : g->authorities,
		.more = { own->p, own->len },
		.crls = files,
		.request = g->request,
		.now = g->now };

	if (files == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "revocation lists");
	}
	for (size_t i = 0; i < g->ncrls; i++) {
		files[e.ncrls++] = g->crls[i];
	}
	if (list->len > 0) {
		files[e.ncrls++] = (struct hz_tsa_bytes){ list->p, list->len };
	}
	e.ocsps = files + e.ncrls;
	for (size_t i = 0; i < g->nocsps; i++) {
		files[e.ncrls + e.nocsps++] = g->ocsps[i];
	}
	if (ocsp->len > 0) {
		files[e.ncrls + e.nocsps++] = (struct hz_tsa_bytes){ ocsp->p, ocsp->len };
	}
	if (own->len == 0) { /* an anchor that is being imported; later its own chain is there */
		e.more = g->more;
	}
	enum hz_err err = hz_tsa_check(&e, &f->tsa, chain, crls);
	free(files);
	if (err == HZ_OK) {
		f->state = state_of(&f->tsa);
		f->t = f->tsa.info.gen_time;
	}
	return err;
}

/* --- OpenTimestamps
 * -------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_blocks_read(const void *p, size_t n, struct hz_buf *out)
{
	const char *s = p;
	uint8_t header[BLOCK];
	size_t count = 0;

	if (n == BLOCK) {
		return hz_buf_put(out, p, n);
	}
	for (size_t at = 0; at < n; count++) {
		const char *end = memchr(s + at, '\n', n - at);
		size_t len = end == NULL ? n - at : (size_t)(end - (s + at));
		size_t cut = len > 0 && s[at + len - 1] == '\r' ? len - 1 : len;
		if (count == BLOCKS_MAX || hz_unhex(s + at, cut, header, BLOCK) != HZ_OK) {
			return hz_fail(HZ_MSG_FORMAT,
			    "neither a block header of %d bytes nor up to %d lines of %d hex digits", BLOCK,
			    BLOCKS_MAX, 2 * BLOCK);
		}
		HZ_TRY(hz_buf_put(out, header, BLOCK));
		at += len + (end == NULL ? 0 : 1);
	}
	return count == 0 ? hz_fail(HZ_MSG_FORMAT, "no block header") : HZ_OK;
}

static int64_t
block_time(const uint8_t *header)
{
	const uint8_t *t = header + BLOCK_TIME;

	return (int64_t)t[0] | (int64_t)t[1] << 8 | (int64_t)t[2] << 16 | (int64_t)t[3] << 24;
}

static void
confirm(struct hz_anchor_facts *f, const uint8_t *blocks, size_t n)
{
	for (size_t i = 0; i < f->ots.n; i++) {
		const struct hz_ots_attest *a = &f->ots.a[i];
		for (size_t k = 0; a->kind == HZ_OTS_BITCOIN && k + BLOCK <= n; k += BLOCK) {
			if (memcmp(blocks + k + BLOCK_ROOT, a->root, 32) == 0) {
				int64_t t = block_time(blocks + k);
				f->t = f->confirmed == 0 || t < f->t ? t : f->t;
				f->confirmed++;
				break;
			}
		}
	}
}

static enum hz_err
check_ots(const struct hz_anchor *a, const struct hz_anchor_given *g, struct hz_anchor_facts *f)
{
	const struct hz_buf *note = &a->part[HZ_ANCHOR_CHECKPOINT], *own = &a->part[HZ_ANCHOR_BLOCKS];
	uint8_t h[32];
	bool block = false;

	HZ_TRY(hz_ots_read(a->part[HZ_ANCHOR_TOKEN].p, a->part[HZ_ANCHOR_TOKEN].len, &f->ots));
	hz_sha256(note->p, note->len, h);
#ifndef HZ_FAULT_NO_IMPRINT
	if (f->ots.hash != HZ_OTS_SHA256 || memcmp(h, f->ots.digest, 32) != 0) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the time stamp is about other data");
	}
#endif
	for (size_t i = 0; i < f->ots.n; i++) {
		block = block || f->ots.a[i].kind == HZ_OTS_BITCOIN;
	}
	if (g->own_chain) {
		confirm(f, own->p, own->len);
	}
	confirm(f, g->blocks.p, g->blocks.n);
	f->state = f->confirmed > 0 ? HZ_ANCHOR_GOOD : block ? HZ_ANCHOR_UNTRUSTED : HZ_ANCHOR_PENDING;
	return HZ_OK;
}

HZ_RESULT
hz_anchor_check(const struct hz_anchor *a, const struct hz_anchor_given *g, struct hz_anchor_facts *ret,
    struct hz_buf *chain, struct hz_buf *crls)
{
	struct hz_anchor_facts *f = calloc(1, sizeof *f);

	if (f == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "an anchor");
	}
	enum hz_err err = a->type == HZ_ANCHOR_OTS ? check_ots(a, g, f) : check_token(a, g, f, chain, crls);
	if (err == HZ_OK) {
		*ret = *f;
	}
	free(f);
	return err;
}
