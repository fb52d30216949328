/* The tree of an OpenTimestamps proof is walked with a stack of open branches instead of recursion. */
#include "anchor/ots.h"

#include "crypto/crypto.h"
#include "crypto/tsa.h"

#include <stdlib.h>
#include <string.h>

#define TAG           8
#define PAYLOAD_MAX   8192
#define VARUINT_BYTES 9 /* 63 bits */
#define OP_APPEND     0xf0
#define OP_PREPEND    0xf1
#define OP_REVERSE    0xf2
#define OP_HEXLIFY    0xf3
#define MARK_ATTEST   0x00
#define MARK_BRANCH   0xff

static const uint8_t magic[31] = { 0x00, 'O', 'p', 'e', 'n', 'T', 'i', 'm', 'e', 's', 't', 'a', 'm', 'p', 's',
	0x00, 0x00, 'P', 'r', 'o', 'o', 'f', 0x00, 0xbf, 0x89, 0xe2, 0xe8, 0x84, 0xe8, 0x92, 0x94 };

static const struct {
	uint8_t tag[TAG];
	enum hz_ots_kind kind;
	const char *name;
} kinds[] = {
	{ { 0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e }, HZ_OTS_PENDING, "pending" },
	{ { 0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01 }, HZ_OTS_BITCOIN, "bitcoin" },
	{ { 0x06, 0x86, 0x9a, 0x0d, 0x73, 0xd7, 0x1b, 0x45 }, HZ_OTS_LITECOIN, "litecoin" },
};

struct message {
	uint8_t b[HZ_OTS_MSG_MAX];
	size_t n;
	unsigned depth;
};
struct replay {
	struct hz_rd in;
	struct hz_ots *out;
	struct message now;
	struct message *open; /* where branches part; HZ_OTS_DEPTH_MAX */
	size_t nopen;
	unsigned steps;
};

const char *
hz_ots_kind_name(enum hz_ots_kind k)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].kind == k) {
			return kinds[i].name;
		}
	}
	return "unknown";
}

/* Little-endian groups of seven bits. */
static enum hz_err
varuint(struct hz_rd *in, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	uint8_t b = 0x80;

	for (unsigned i = 0; b & 0x80; i++) {
		if (i == VARUINT_BYTES) {
			return hz_fail(HZ_MSG_FORMAT, "a number that is too long");
		}
		HZ_TRY(hz_get_u8(in, &b));
		v |= (uint64_t)(b & 0x7f) << (7 * i);
	}
	if (v > max) {
		return hz_fail(HZ_MSG_LIMIT, "a number over its limit");
	}
	*ret = v;
	return HZ_OK;
}

static enum hz_err
hash(uint8_t op, const uint8_t *p, size_t n, uint8_t ret[static 32], size_t *ret_n)
{
	switch (op) {
	case HZ_OTS_SHA1:
		hz_sha1(p, n, ret);
		*ret_n = 20;
		return HZ_OK;
	case HZ_OTS_RIPEMD160:
		hz_ripemd160(p, n, ret);
		*ret_n = 20;
		return HZ_OK;
	case HZ_OTS_SHA256:
		hz_sha256(p, n, ret);
		*ret_n = 32;
		return HZ_OK;
	case HZ_OTS_KECCAK256:
		hz_keccak256(p, n, ret);
		*ret_n = 32;
		return HZ_OK;
	default:
		return hz_fail(HZ_MSG_FORMAT, "operation 0x%02x is not known", op);
	}
}

/* --- operations --------------------------------------------------------------------------------------------
 */

static enum hz_err
join(struct replay *r, bool before)
{
	uint64_t n = 0;
	const uint8_t *arg = NULL;

	HZ_TRY(varuint(&r->in, HZ_OTS_MSG_MAX, &n));
	HZ_TRY(hz_get_view(&r->in, (size_t)n, &arg));
	if (n == 0) {
		return hz_fail(HZ_MSG_FORMAT, "an operation that adds nothing");
	}
	if (r->now.n + n > HZ_OTS_MSG_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a message of more than %d bytes", HZ_OTS_MSG_MAX);
	}
	if (before) {
		memmove(r->now.b + n, r->now.b, r->now.n);
		memcpy(r->now.b, arg, (size_t)n);
	} else {
		memcpy(r->now.b + r->now.n, arg, (size_t)n);
	}
	r->now.n += (size_t)n;
	return HZ_OK;
}

static enum hz_err
hexlify(struct message *m)
{
	static const char digits[] = "0123456789abcdef";

	if (m->n == 0 || m->n * 2 > HZ_OTS_MSG_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a message of more than %d bytes", HZ_OTS_MSG_MAX);
	}
	for (size_t i = m->n; i-- > 0;) {
		uint8_t b = m->b[i];
		m->b[2 * i] = (uint8_t)digits[b >> 4];
		m->b[2 * i + 1] = (uint8_t)digits[b & 15];
	}
	m->n *= 2;
	return HZ_OK;
}

static enum hz_err
operate(struct replay *r, uint8_t op)
{
	uint8_t h[32];
	size_t n = 0;

	if (++r->steps > HZ_OTS_STEPS_MAX || ++r->now.depth > HZ_OTS_DEPTH_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "too many operations");
	}
	switch (op) {
	case OP_APPEND:
	case OP_PREPEND:
		return join(r, op == OP_PREPEND);
	case OP_REVERSE:
		for (size_t i = 0; i < r->now.n / 2; i++) {
			uint8_t b = r->now.b[i];
			r->now.b[i] = r->now.b[r->now.n - 1 - i];
			r->now.b[r->now.n - 1 - i] = b;
		}
		return HZ_OK;
	case OP_HEXLIFY:
		return hexlify(&r->now);
	default:
		HZ_TRY(hash(op, r->now.b, r->now.n, h, &n));
		memcpy(r->now.b, h, n);
		r->now.n = n;
		return HZ_OK;
	}
}

/* --- attestations
 * -------------------------------------------------------------------------------------------- */

static bool
uri_ok(const uint8_t *p, size_t n)
{
	static const char other[] = "-._/:";

	for (size_t i = 0; i < n; i++) {
		uint8_t c = p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && (c == '\0' || strchr(other, c) == NULL)) {
			return false;
		}
	}
	return true;
}

static enum hz_err
pending(struct replay *r, struct hz_rd *p, struct hz_ots_attest *a)
{
	uint64_t n = 0;
	const uint8_t *uri = NULL;

	HZ_TRY(varuint(p, HZ_OTS_URI_MAX, &n));
	HZ_TRY(hz_get_view(p, (size_t)n, &uri));
	if (!uri_ok(uri, (size_t)n)) {
		return hz_fail(HZ_MSG_FORMAT, "the address of a calendar");
	}
	a->uri_at = (size_t)(uri - r->in.p);
	a->uri_len = (size_t)n;
	return hz_rd_end(p);
}

static enum hz_err
block(struct replay *r, struct hz_rd *p, struct hz_ots_attest *a)
{
	HZ_TRY(varuint(p, INT64_MAX, &a->height));
	if (r->now.n != sizeof a->root) {
		return hz_fail(HZ_MSG_FORMAT, "a Merkle root of %zu bytes", r->now.n);
	}
	memcpy(a->root, r->now.b, sizeof a->root);
	return hz_rd_end(p);
}

static enum hz_err
attest(struct replay *r)
{
	struct hz_ots_attest a = { .kind = HZ_OTS_UNKNOWN };
	const uint8_t *payload = NULL;
	uint64_t n = 0;

	HZ_TRY(hz_get_raw(&r->in, a.tag, TAG));
	HZ_TRY(varuint(&r->in, PAYLOAD_MAX, &n));
	HZ_TRY(hz_get_view(&r->in, (size_t)n, &payload));
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (memcmp(kinds[i].tag, a.tag, TAG) == 0) {
			a.kind = kinds[i].kind;
		}
	}
	struct hz_rd p = hz_rd_over(payload, (size_t)n);
	if (a.kind == HZ_OTS_PENDING) {
		HZ_TRY(pending(r, &p, &a));
	} else if (a.kind != HZ_OTS_UNKNOWN) {
		HZ_TRY(block(r, &p, &a));
	}
	if (r->out->n == HZ_OTS_ATTEST_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d attestations", HZ_OTS_ATTEST_MAX);
	}
	r->out->a[r->out->n++] = a;
	return HZ_OK;
}

/* --- the tree
 * ------------------------------------------------------------------------------------------------ */

/* A node is zero or more times (0xff, attestation or operation with its own node), then once the same without
 * 0xff. At 0xff the message is kept; the end of a way goes back to the newest one kept. */
static enum hz_err
walk(struct replay *r)
{
	uint8_t b = 0;

	for (;;) {
		HZ_TRY(hz_get_u8(&r->in, &b));
		if (b == MARK_BRANCH) {
			if (r->nopen == HZ_OTS_DEPTH_MAX) {
				return hz_fail(HZ_MSG_LIMIT, "too many branches");
			}
			r->open[r->nopen++] = r->now;
			HZ_TRY(hz_get_u8(&r->in, &b));
		}
		if (b != MARK_ATTEST) {
			HZ_TRY(operate(r, b));
			continue;
		}
		HZ_TRY(attest(r));
		if (r->nopen == 0) {
			return hz_rd_end(&r->in);
		}
		r->now = r->open[--r->nopen];
	}
}

static enum hz_err
begin(struct replay *r)
{
	uint8_t head[sizeof magic], op = 0;
	uint64_t version = 0;
	size_t n = 0;
	uint8_t unused[32];

	HZ_TRY(hz_get_raw(&r->in, head, sizeof head));
	if (memcmp(head, magic, sizeof head) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "not a proof of OpenTimestamps");
	}
	HZ_TRY(varuint(&r->in, INT64_MAX, &version));
	if (version != 1) {
		return hz_fail(HZ_MSG_VERSION, "a proof of version %llu", (unsigned long long)version);
	}
	HZ_TRY(hz_get_u8(&r->in, &op));
	HZ_TRY(hash(op, r->now.b, 0, unused, &n));
	r->out->hash = (enum hz_ots_hash)op;
	r->out->digest_len = n;
	HZ_TRY(hz_get_raw(&r->in, r->out->digest, n));
	memcpy(r->now.b, r->out->digest, n);
	r->now.n = n;
	return HZ_OK;
}

HZ_RESULT
hz_ots_read(const void *p, size_t n, struct hz_ots *ret)
{
	if (n > HZ_OTS_FILE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a proof of %zu bytes", n);
	}
	struct hz_ots *out = calloc(1, sizeof *out);
	struct replay *r = calloc(1, sizeof *r);
	struct message *open = calloc(HZ_OTS_DEPTH_MAX, sizeof *open);
	enum hz_err err = out != NULL && r != NULL && open != NULL ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "a proof");
	if (err == HZ_OK) {
		r->in = hz_rd_over(p, n);
		r->out = out;
		r->open = open;
		err = begin(r);
		err = err == HZ_OK ? walk(r) : err;
	}
	if (err == HZ_OK) {
		*ret = *out;
	}
	free(open);
	free(r);
	free(out);
	return err;
}
