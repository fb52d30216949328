/* One source through one descriptor: read, sealed, described, committed.
 *
 * The ingest room does this for many files with workers; here is one file, in the caller's thread,
 * acknowledged by the return. The rules are the same: a file is read once; only where its size and first 64
 * KiB are known is it hashed first, and sealed only if it is new after all; a pipe, which cannot be read
 * twice, is sealed first and its segments are given up where it turns out to be known. */
#include "api/add.h"

#include "base/fd.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST ((size_t)65536)

/* --- reading ---------------------------------------------------------------------------------------------
 */

static enum hz_err
read_block(struct hz_api_add *a, size_t *ret_n)
{
	enum hz_err r = a->stream ? hz_fd_read_full(a->fd, a->block, HZ_API_BLOCK, ret_n)
				  : hz_fd_pread_full(a->fd, a->block, HZ_API_BLOCK, a->at, ret_n);
	if (r == HZ_ERR_IO) {
		return hz_fail_sys(HZ_MSG_SOURCE_READ, hz_fail_errno(), "the source, behind byte %llu",
		    (unsigned long long)a->at);
	}
	HZ_TRY(r);
	a->at += *ret_n;
	return HZ_OK;
}

static enum hz_err
begin_source(struct hz_api_add *a)
{
	if (fstat(a->fd, &a->st) != 0) {
		return errno == EBADF ? hz_fail(HZ_MSG_USAGE, "descriptor %d is not open", a->fd)
				      : hz_fail_sys(HZ_MSG_SOURCE_READ, errno, "the source");
	}
	a->stream = S_ISFIFO(a->st.st_mode) || S_ISSOCK(a->st.st_mode);
	if (!a->stream && !S_ISREG(a->st.st_mode)) {
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "neither a regular file nor a pipe");
	}
	a->block = malloc(HZ_API_BLOCK);
	if (a->block == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a block");
	}
	HZ_TRY(read_block(a, &a->n));
	if (a->n == 0) {
		return hz_fail(HZ_MSG_SOURCE_EMPTY, "no byte at all");
	}
	a->whole = a->n < HZ_API_BLOCK || (!a->stream && a->st.st_size == (off_t)a->n);
	hz_sha256(a->block, a->n < FIRST ? a->n : FIRST, a->first);
	return HZ_OK;
}

static enum hz_err
same_source(const struct hz_api_add *a)
{
	struct stat st;
	if (a->stream) {
		return HZ_OK;
	}
	if (fstat(a->fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_SOURCE_READ, errno, "the source");
	}
	if (a->at != (uint64_t)a->st.st_size || st.st_dev != a->st.st_dev || st.st_ino != a->st.st_ino ||
	    st.st_size != a->st.st_size || memcmp(&st.st_mtim, &a->st.st_mtim, sizeof st.st_mtim) != 0 ||
	    memcmp(&st.st_ctim, &a->st.st_ctim, sizeof st.st_ctim) != 0) {
		return hz_fail(HZ_MSG_SOURCE_CHANGED, "size or times are not what they were");
	}
	return HZ_OK;
}

/* Hash of all of it, where it may be known already; then back to the first block. */
static enum hz_err
hash_source(struct hz_api_add *a)
{
	struct hz_hash *h = NULL;
	size_t n = a->n;
	HZ_TRY(hz_hash_new(HZ_HASH_SHA256, &h));
	hz_hash_begin(h);
	hz_hash_add(h, a->block, n);
	enum hz_err r = HZ_OK;
	while (r == HZ_OK && n == HZ_API_BLOCK) {
		r = read_block(a, &n);
		hz_hash_add(h, a->block, r == HZ_OK ? n : 0);
	}
	hz_hash_end(h, a->sha256);
	hz_hash_free(&h);
	r = r == HZ_OK ? same_source(a) : r;
	a->size = a->at;
	a->at = 0;
	return r == HZ_OK ? read_block(a, &a->n) : r;
}

/* --- sealing ---------------------------------------------------------------------------------------------
 */

/* One buffer goes to the batch, which copies it, and comes back. */
static enum hz_err
get_buf(void *arg, size_t want, uint8_t **ret_p)
{
	struct hz_api_add *a = arg;
	hz_assert(want <= HZ_OBJ_SEGMENT);
	uint8_t *p = a->spare != NULL ? a->spare : malloc(HZ_OBJ_SEGMENT);
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a segment");
	}
	a->spare = NULL;
	*ret_p = p;
	return HZ_OK;
}

static void
put_buf(void *arg, uint8_t *p)
{
	struct hz_api_add *a = arg;
	free(a->spare);
	a->spare = p;
}

static enum hz_err
segment(void *arg, uint8_t *p, size_t n, const uint8_t addr[static 32])
{
	struct hz_api_add *a = arg;
	a->sealing = true;
	enum hz_err r = hz_batch_segment(a->b, p, n, addr);
	put_buf(a, p);
	return r;
}

static enum hz_err
seal(struct hz_api_add *a)
{
	static const struct hz_sealer_ops ops = { get_buf, segment, put_buf };
	size_t n = a->n;
	HZ_TRY(hz_sealer_new(&ops, a, &a->sealer));
	HZ_TRY(hz_sealer_begin(a->sealer, a->stream ? UINT64_MAX : (uint64_t)a->st.st_size));
	HZ_TRY(hz_sealer_put(a->sealer, a->block, n));
	while (n == HZ_API_BLOCK) {
		HZ_TRY(read_block(a, &n));
		HZ_TRY(hz_sealer_put(a->sealer, a->block, n));
	}
	HZ_TRY(same_source(a));
	HZ_TRY(hz_sealer_end(a->sealer, &a->sealed));
	memcpy(a->sha256, a->sealed.sha256, 32);
	a->size = a->sealed.size;
	return HZ_OK;
}

/* --- rows --------------------------------------------------------------------------------------------------
 */

static enum hz_err
new_exhibit(struct hz_api_add *a, struct hz_exhibit *ret_e)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	HZ_TRY(hz_api_draft(a, false, &rec, &d));
	struct hz_new_exhibit x = { .sealed = &a->sealed,
		.rec = &rec,
		.draft = &d,
		.consent = (enum hz_consent)a->o.consent,
		.compartment = 1 };
	memcpy(x.first, a->first, 32);
	enum hz_err r = hz_batch_exhibit(a->b, &x, ret_e);
	if (r == HZ_OK) {
		a->sealing = false;
	}
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	return r;
}

static enum hz_err
further_receipt(struct hz_api_add *a, uint64_t no, struct hz_exhibit *ret_e)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	HZ_TRY(hz_api_draft(a, true, &rec, &d));
	enum hz_err r = hz_batch_receipt(a->b, no, &rec, &d, (enum hz_consent)a->o.consent, NULL, ret_e);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	return r;
}

static enum hz_err
into_case(struct hz_api_add *a, const struct hz_exhibit *e)
{
	struct hz_case c;
	if (a->o.case_code == NULL) {
		return HZ_OK;
	}
	enum hz_err r = hz_case_find(hz_batch_view(a->b), a->o.case_code, &c);
	if (r != HZ_OK && hz_fail_msg() == HZ_MSG_NO_CASE) {
		r = hz_batch_case_new(a->b, a->o.case_code, NULL, &c);
	}
	HZ_TRY(r);
	return hz_case_has(hz_batch_view(a->b), c.no, e->no) ? HZ_OK : hz_batch_case_add(a->b, &c, &e->no, 1);
}

/* --- the whole
 * ----------------------------------------------------------------------------------------------- */

static enum hz_err
write_steps(struct hz_api_add *a, bool hashed, struct hz_exhibit *ret_e, bool *ret_duplicate)
{
	uint64_t no = 0;
	if (hashed) {
		HZ_TRY(hz_batch_known(a->b, a->size, a->first, a->sha256, &no));
	}
	if (no == 0) {
		HZ_TRY(seal(a));
	}
	if (no == 0 && a->stream) {
		HZ_TRY(hz_batch_known(a->b, a->size, a->first, a->sha256, &no));
		if (no != 0) {
			HZ_TRY(hz_batch_drop_segments(a->b));
			a->sealing = false;
		}
	}
	HZ_TRY(no != 0 ? further_receipt(a, no, ret_e) : new_exhibit(a, ret_e));
	HZ_TRY(into_case(a, ret_e));
	*ret_duplicate = no != 0;
	return hz_batch_finish(&a->b);
}

/* Segments that went in before the failure are taken out again, so that the next batch finds clean ground. */
static enum hz_err
give_up(struct hz_api_add *a, enum hz_err r)
{
	struct hz_failure f;
	hz_fail_save(&f);
	if (a->b != NULL && a->sealing && r != HZ_ERR_IO && r != HZ_ERR_NOSPACE &&
	    hz_batch_drop_segments(a->b) == HZ_OK) {
		HZ_IGNORE(hz_batch_finish(&a->b)); /* the first failure is the one to tell */
	}
	hz_batch_end(&a->b);
	return hz_fail_restore(&f);
}

static enum hz_err
add_steps(struct hz_api_add *a, struct hirz_added *ret)
{
	struct hz_exhibit e;
	struct hirz_added x = { .size = sizeof x };
	bool maybe = false, duplicate = false;
	HZ_TRY(hz_api_ret_check(ret));
	HZ_TRY(hz_api_add_check(&a->o));
	HZ_TRY(begin_source(a));
	if (!a->stream) {
		HZ_TRY(hz_vault_maybe_known(a->v->v, (uint64_t)a->st.st_size, a->first, &maybe));
	}
	if (maybe) {
		HZ_TRY(hash_source(a));
	}
	hz_api_media(a);
	HZ_TRY(hz_batch_begin(a->v->v, &a->b));
	enum hz_err r = write_steps(a, maybe, &e, &duplicate);
	if (r != HZ_OK) {
		return give_up(a, r);
	}
	x.result = duplicate ? HIRZ_ADDED_DUPLICATE : HIRZ_ADDED_SEALED;
	x.bytes = a->size;
	memcpy(x.number, e.number, sizeof e.number);
	memcpy(x.ex, e.ex_text, sizeof e.ex_text);
	memcpy(x.sha256, a->sha256, 32);
	hz_api_ret(&x, sizeof x, ret);
	return HZ_OK;
}

enum hirz_err
hirz_add_fd(struct hirz_vault *v, int fd, const struct hirz_add_opts *opts, struct hirz_added *ret)
{
	enum hz_err r = hz_api_enter(v, HIRZ_WRITE);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	struct hz_api_add a = { .v = v, .fd = fd };
	r = hz_api_opts(opts, &a.o, sizeof a.o);
	r = r == HZ_OK ? add_steps(&a, ret) : r;
	hz_sealer_free(&a.sealer);
	hz_buf_done(&a.sealed.addrs);
	hz_wipe(a.sealed.file_key, sizeof a.sealed.file_key);
	if (a.block != NULL) {
		hz_wipe(a.block, HZ_API_BLOCK);
	}
	free(a.block);
	free(a.spare);
	return hz_api_leave(v, r);
}
