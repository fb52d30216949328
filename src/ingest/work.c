/* What a worker does with one source: look, ask, read once, seal, describe. */
#include "ingest/inner.h"

#include "base/aside.h"
#include "base/fd.h"
#include "base/plaintext.h"
#include "ingest/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ALIGN 4096
#define AHEAD_FROM                                                                                           \
	((off_t)4 << 20) /* smaller sources are read between their blocks: others are at work meanwhile */
#define FEW_WORDS ((size_t)1 << 20) /* bytes of text that are kept until their number is known */
#define DONE_COST 12288             /* what a finished item is reckoned to take until the writer has it */

struct worker {
	struct hz_run *run;
	struct hz_lane *lane; /* of the item at hand */
	uint8_t *block;
	uint8_t *next_block;     /* read while `block` is sealed; NULL until a source is large enough */
	struct hz_aside *reader; /* reads into it; NULL likewise, and where there is no thread to be had */
	bool reader_tried;
	struct hz_sealer *sealer;
	struct hz_hash *hash;
	struct hz_inspector *inspector;
	bool inspector_tried;
	uint32_t folder; /* that folder_fd is a descriptor of */
	int folder_fd;
	uint64_t payload;    /* of the object at hand */
	struct hz_seg *held; /* its only segment, where it is a small one */
	struct hz_buf path;
	struct hz_buf words; /* of a document, while they are few */
	bool many_words;     /* they go into the sealer as they come */
};

/* One source on its way. */
struct job {
	const struct hz_source *s;
	struct hz_reading r;
	size_t n;   /* bytes of the first block, in worker.block */
	bool whole; /* it is all there is */
	bool hashed;
	uint8_t sha256[32]; /* where hashed */
	struct hz_done *d;
};

void
hz_done_free(struct hz_done *d)
{
	if (d == NULL) {
		return;
	}
	free(d->seg); /* small ones come from no list */
	hz_prepared_free(&d->prepared);
	hz_buf_done(&d->sealed.addrs);
	hz_wipe(d->sealed.file_key, sizeof d->sealed.file_key);
	if (d->has_record) {
		hz_record_draft_done(&d->draft);
		hz_record_done(&d->rec);
	}
	free(d);
}

/* --- segments out ----------------------------------------------------------------------------------------
 */

static struct hz_seg *
seg_of(uint8_t *data)
{
	return (struct hz_seg *)(void *)(data - offsetof(struct hz_seg, data));
}

static enum hz_err
get_buf(void *arg, size_t want, uint8_t **ret_p)
{
	struct worker *w = arg;
	struct hz_seg *s = NULL;

	HZ_TRY(hz_bufs_get(w->run->bufs, want, &s));
	s->payload = w->payload;
	*ret_p = s->data;
	return HZ_OK;
}

static void
put_buf(void *arg, uint8_t *p)
{
	struct worker *w = arg;

	hz_bufs_put(w->run->bufs, seg_of(p));
}

static enum hz_err
segment_out(void *arg, uint8_t *p, size_t n, const uint8_t addr[static 32])
{
	struct worker *w = arg;
	struct hz_seg *s = seg_of(p);

	s->n = n;
	memcpy(s->addr, addr, 32);
	if (w->payload == n && s->cap == n) {
		w->held = s;
		return HZ_OK;
	}
	enum hz_err r = hz_lane_send(
	    w->lane, (struct hz_pool_msg){ .kind = HZ_MSG_KIND_SEG, .p = s, .cost = sizeof *s + s->cap });
	if (r != HZ_OK) {
		hz_bufs_put(w->run->bufs, s);
	}
	return r;
}

static const struct hz_sealer_ops sealer_ops = { get_buf, segment_out, put_buf };

/* --- media type ------------------------------------------------------------------------------------------
 */

static void
media_type(struct worker *w, const struct job *j, struct hz_media *m)
{
	const char *inspector = w->run->inspector;
	uint64_t size = j->whole ? j->n : j->r.stream ? HZ_INSPECT_SIZE_UNKNOWN : (uint64_t)j->r.st.st_size;

	if (j->whole && hz_plaintext_ok(w->block, j->n)) {
		hz_media_set(m, "text/plain; charset=utf-8", "hirz plain text check");
	} else {
		if (!w->inspector_tried && inspector[0] != '\0' &&
		    hz_inspector_new(inspector, w->run->o->allow_unsandboxed, &w->inspector) != HZ_OK) {
			w->inspector = NULL;
		}
		w->inspector_tried = true;
		hz_media_ask(w->inspector, w->block, j->n, size, j->r.stream ? -1 : j->r.fd, m);
	}
	if (!j->r.stream) {
		hz_media_name(hz_list_name(&w->run->list, j->s), m);
	}
}

/* --- records ---------------------------------------------------------------------------------------------
 */

static enum hz_err
describe(struct worker *w, struct job *j, const struct hz_media *m)
{
	const struct hz_run *run = w->run;
	const struct hz_ingest_opts *o = run->o;
	const char *name = hz_list_name(&run->list, j->s);
	struct hz_about a = { .media = m, .size = j->d->sealed.size };

	if (j->r.stream) {
		a.name = o->stdin_name != NULL && o->stdin_name[0] != '\0' ? o->stdin_name : NULL;
	} else {
		const struct hz_folder *f = &run->list.folders[j->s->folder];
		a.name = name;
		a.has_mtime = true;
		a.mtime = j->r.st.st_mtim.tv_sec;
		if (f->below != SIZE_MAX && f->shown[f->below] != '\0') {
			hz_buf_clear(&w->path);
			HZ_TRY(hz_list_shown(&run->list, j->s, &w->path));
			a.below = (const char *)w->path.p + f->below;
		}
	}
	HZ_TRY(hz_draft_make(o, &run->when, &a, &j->d->rec, &j->d->draft));
	j->d->has_record = true;
	return HZ_OK;
}

static enum hz_err
send_done(struct worker *w, struct job *j, enum hz_done_kind kind)
{
	size_t cost = DONE_COST + (j->d->seg != NULL ? j->d->seg->cap : 0);

	j->d->kind = kind;
	if (kind != HZ_DONE_SEALED && kind != HZ_DONE_WORDS) {
		hz_guess_skip(w->run->guess, (uint64_t)(j->s - w->run->list.sources));
	}
	HZ_TRY(
	    hz_lane_send(w->lane, (struct hz_pool_msg){ .kind = HZ_MSG_KIND_DONE, .p = j->d, .cost = cost }));
	j->d = NULL; /* the writer's from here on */
	return HZ_OK;
}

/* --- reading ---------------------------------------------------------------------------------------------
 */

static enum hz_err
first_block(struct worker *w, struct job *j)
{
	HZ_TRY(hz_reading_next(&j->r, w->block, &j->n));
	if (j->n == 0) {
		return j->r.stream ? hz_fail(HZ_MSG_SOURCE_EMPTY, "0 bytes")
				   : hz_fail(HZ_MSG_SOURCE_CHANGED, "it became empty");
	}
	hz_sha256(w->block, j->n < HZ_INGEST_FIRST ? j->n : HZ_INGEST_FIRST, j->d->first);
	j->whole = j->r.stream ? j->n < HZ_INGEST_BLOCK : j->n == (uint64_t)j->r.st.st_size;
	return HZ_OK;
}

/* SHA-256 of the whole source without sealing. The first block is in memory, and stays there if it is all. */
static enum hz_err
hash_all(struct worker *w, struct job *j, uint64_t *ret_size)
{
	uint64_t size = j->n;
	size_t n = j->n;

	if (j->whole && n <= HZ_INGEST_FIRST) {
		memcpy(j->sha256, j->d->first, 32);
	} else {
		hz_hash_begin(w->hash);
		hz_hash_add(w->hash, w->block, n);
		while (!j->whole && n > 0) {
			if (!j->r.stream && size >= (uint64_t)j->r.st.st_size) {
				break;
			}
			HZ_TRY(hz_reading_next(&j->r, w->block, &n));
			hz_hash_add(w->hash, w->block, n);
			size += n;
		}
		hz_hash_end(w->hash, j->sha256);
	}
	j->hashed = true;
	*ret_size = size;
	return hz_reading_same(&j->r);
}

/* What is signed and encrypted for this exhibit alone, under the number that it will probably get. */
static enum hz_err
prepare(struct worker *w, struct job *j)
{
	struct hz_done *d = j->d;
	struct hz_new_exhibit x = { .sealed = &d->sealed, .draft = &d->draft, .compartment = 1 };

	d->guess = hz_guess_number(w->run->guess, (uint64_t)(j->s - w->run->list.sources));
	return d->guess != 0 ? hz_exhibit_prepare(w->run->v, &x, d->guess, &d->prepared) : HZ_OK;
}

static bool
all_read(const struct job *j)
{
	return j->whole || (!j->r.stream && j->r.at >= (uint64_t)j->r.st.st_size);
}

/* Sources that are read while they are sealed: what O_DIRECT waits for would else be time without work. */
static bool
reads_ahead(struct worker *w, const struct job *j)
{
	if (j->r.stream || j->r.st.st_size < AHEAD_FROM) {
		return false;
	}
	if (!w->reader_tried) {
		w->reader_tried = true;
		w->next_block = aligned_alloc(BLOCK_ALIGN, HZ_INGEST_BLOCK);
		if (w->next_block != NULL && hz_aside_new(&w->reader) != HZ_OK) {
			hz_fail_clear();
		}
	}
	return w->reader != NULL;
}

struct ahead {
	struct hz_reading *r;
	uint8_t *p;
	size_t n;
};

static enum hz_err
read_ahead(void *arg)
{
	struct ahead *a = arg;

	return hz_reading_next(a->r, a->p, &a->n);
}

static enum hz_err
seal_ahead(struct worker *w, struct job *j)
{
	struct ahead a = { .r = &j->r, .n = j->n };

	while (a.n > 0) {
		size_t n = a.n;
		bool more = !all_read(j);

		a.n = 0;
		if (more) {
			a.p = w->next_block;
			hz_aside_begin(w->reader, read_ahead, &a);
		}
		enum hz_err sealed = hz_sealer_put(w->sealer, w->block, n);
		if (more) {
			struct hz_failure f;
			hz_fail_save(&f);
			enum hz_err r = hz_aside_wait(w->reader);
			if (sealed != HZ_OK) {
				return hz_fail_restore(&f);
			}
			HZ_TRY(r);
		}
		HZ_TRY(sealed);
		if (more) {
			w->next_block = w->block;
			w->block = a.p;
		}
	}
	return HZ_OK;
}

static enum hz_err
seal_blocks(struct worker *w, struct job *j)
{
	size_t n = j->n;

	HZ_TRY(hz_sealer_put(w->sealer, w->block, n));
	while (!all_read(j) && n > 0) {
		HZ_TRY(hz_reading_next(&j->r, w->block, &n));
		HZ_TRY(hz_sealer_put(w->sealer, w->block, n));
	}
	return HZ_OK;
}

static enum hz_err
seal_rest(struct worker *w, struct job *j)
{
	HZ_TRY(reads_ahead(w, j) ? seal_ahead(w, j) : seal_blocks(w, j));
	HZ_TRY(hz_reading_same(&j->r));
	return hz_sealer_end(w->sealer, &j->d->sealed);
}

/* Begins the object at hand; the length of what comes, or UINT64_MAX. */
static enum hz_err
begin_object(struct worker *w, uint64_t size)
{
	uint64_t padded = 0;

	w->payload = UINT64_MAX;
	if (size != UINT64_MAX) {
		HZ_TRY(hz_pad_len(size, &padded));
		w->payload = hz_payload_len(padded);
	}
	return hz_sealer_begin(w->sealer, size);
}

static enum hz_err
take_words(void *arg, const uint8_t *p, size_t n)
{
	struct worker *w = arg;

	if (!w->many_words && n <= w->words.max - w->words.len) {
		return hz_buf_put(&w->words, p, n);
	}
	if (!w->many_words) {
		HZ_TRY(begin_object(w, UINT64_MAX));
		w->many_words = true;
		HZ_TRY(hz_sealer_put(w->sealer, w->words.p, w->words.len));
	}
	return hz_sealer_put(w->sealer, p, n);
}

static enum hz_err
seal_words(struct worker *w, const struct hz_words *words, struct hz_done *d)
{
	if (!w->many_words) {
		HZ_TRY(begin_object(w, w->words.len));
		w->many_words = true; /* there is something to give up */
		HZ_TRY(hz_sealer_put(w->sealer, w->words.p, w->words.len));
	}
	HZ_TRY(hz_sealer_end(w->sealer, &d->sealed));
	w->many_words = false;
	hz_record_init(&d->rec);
	enum hz_err r = hz_words_fields(words, d->sealed.size, &d->rec);
	r = r == HZ_OK ? hz_record_draft(&d->rec, &d->draft) : r;
	d->has_record = r == HZ_OK;
	if (r != HZ_OK) {
		hz_record_done(&d->rec);
	}
	return r;
}

/* Asks for the words and seals them. */
static enum hz_err
derive_from(struct worker *w, struct job *j, const struct hz_media *m, uint64_t size, bool *ret_sent)
{
	struct hz_words words;
	size_t n = j->n;

	if (!j->whole) {
		hz_reading_rewind(&j->r);
		HZ_TRY(hz_reading_next(&j->r, w->block, &n));
	}
	const struct hz_words_question from = { w->block, n, size, j->r.stream ? -1 : j->r.fd, take_words,
		w };
	enum hz_err r = hz_words_ask(w->inspector, m, &from, &words);
	*ret_sent = w->many_words;
	HZ_TRY(r);
	if (!words.any) {
		return HZ_OK;
	}
	HZ_TRY(j->r.stream ? HZ_OK : hz_reading_same(&j->r));
	return seal_words(w, &words, j->d);
}

/* The words of a document, when it is sealed: they become an exhibit derived from it [F-7.6]. Its own result
 * stands, whatever happens to them. */
static enum hz_err
derive(struct worker *w, struct job *j, const struct hz_media *m)
{
	uint64_t size = j->whole ? j->n : (uint64_t)j->r.st.st_size;
	bool sent = false;

	if (w->inspector == NULL || (j->r.stream && !j->whole) || !hz_words_wanted(m)) {
		return HZ_OK;
	}
	j->d = calloc(1, sizeof *j->d);
	if (j->d == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "an item");
	}
	hz_buf_clear(&w->words);
	w->many_words = false;
	enum hz_err r = derive_from(w, j, m, size, &sent);
	if (w->many_words) {
		hz_sealer_abort(w->sealer);
	}
	j->d->seg = w->held;
	w->held = NULL;
	if (r == HZ_ERR_CANCELLED || r == HZ_ERR_NOMEM) {
		return r;
	}
	if (r != HZ_OK) {
		hz_fail_clear();
		j->d->sealed.size = 0;
	}
	return sent || j->d->sealed.size > 0 ? send_done(w, j, HZ_DONE_WORDS) : HZ_OK;
}

static enum hz_err
seal(struct worker *w, struct job *j)
{
	struct hz_media m;
	uint64_t size = j->r.stream && !j->whole ? UINT64_MAX
			: j->r.stream            ? j->n
						 : (uint64_t)j->r.st.st_size;

	media_type(w, j, &m);
	HZ_TRY(begin_object(w, size));
	enum hz_err r = seal_rest(w, j);
	j->d->seg = w->held;
	w->held = NULL;
	if (r != HZ_OK) {
		hz_sealer_abort(w->sealer);
		return r;
	}
	if (j->hashed && memcmp(j->sha256, j->d->sealed.sha256, 32) != 0) {
		return hz_fail(HZ_MSG_SOURCE_CHANGED, "two readings gave different bytes");
	}
	HZ_TRY(describe(w, j, &m));
	HZ_TRY(prepare(w, j));
	HZ_TRY(send_done(w, j, HZ_DONE_SEALED));
	return derive(w, j, &m);
}

/* The quick index says that these bytes may be known: hash first, ask the writer, seal only what is new. */
static enum hz_err
ask_then_seal(struct worker *w, struct job *j)
{
	uint64_t size = 0;
	int known = 0;

	HZ_TRY(hash_all(w, j, &size));
	struct hz_ask *ask = calloc(1, sizeof *ask);
	if (ask == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a question");
	}
	ask->size = size;
	memcpy(ask->first, j->d->first, 32);
	memcpy(ask->sha256, j->sha256, 32);
	HZ_TRY(hz_lane_ask(
	    w->lane, (struct hz_pool_msg){ .kind = HZ_MSG_KIND_ASK, .p = ask, .cost = sizeof *ask }, &known));
	if (known != 0) {
		j->d->sealed.size = size;
		memcpy(j->d->sealed.sha256, j->sha256, 32);
		HZ_TRY(describe(w, j, NULL));
		return send_done(w, j, HZ_DONE_KNOWN);
	}
	if (!j->whole) {
		hz_reading_rewind(&j->r);
		HZ_TRY(hz_reading_next(&j->r, w->block, &j->n));
	}
	return seal(w, j);
}

static enum hz_err
dry(struct worker *w, struct job *j)
{
	uint64_t size = 0;

	HZ_TRY(hash_all(w, j, &size));
	j->d->sealed.size = size;
	memcpy(j->d->sealed.sha256, j->sha256, 32);
	return send_done(w, j, HZ_DONE_DRY);
}

static enum hz_err
content(struct worker *w, struct job *j)
{
	bool maybe = false;

	HZ_TRY(first_block(w, j));
	if (w->run->o->dry_run) {
		return dry(w, j);
	}
	if (!j->r.stream) {
		HZ_TRY(hz_vault_maybe_known(w->run->v, (uint64_t)j->r.st.st_size, j->d->first, &maybe));
	}
	return maybe ? ask_then_seal(w, j) : seal(w, j);
}

/* --- opening ---------------------------------------------------------------------------------------------
 */

static enum hz_err
open_in_folder(struct worker *w, struct job *j)
{
	const struct hz_list *l = &w->run->list;

	if (w->folder != j->s->folder || w->folder_fd < 0) {
		hz_fd_close(&w->folder_fd);
		HZ_TRY(hz_list_open(l, j->s->folder, &w->folder_fd));
		w->folder = j->s->folder;
	}
	return hz_reading_open(&j->r, w->folder_fd, hz_list_name(l, j->s));
}

static int64_t
ns(const struct timespec *t)
{
	/* Times that a hostile file system made up may not overflow; they only name the file. */
	return (int64_t)((uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec);
}

/* True where a receipt of exactly this file is in the vault. */
static enum hz_err
seen_before(struct worker *w, struct job *j, uint64_t *ret_no)
{
	struct hz_source_id *id = &j->d->source;

	*id = (struct hz_source_id){ .dev = j->r.st.st_dev,
		.ino = j->r.st.st_ino,
		.size = (uint64_t)j->r.st.st_size,
		.mtime_ns = ns(&j->r.st.st_mtim),
		.ctime_ns = ns(&j->r.st.st_ctim) };
	j->d->has_source = true;
	hz_buf_clear(&w->path);
	HZ_TRY(hz_list_absolute(&w->run->list, j->s, &w->path));
	id->path = (const char *)w->path.p;
	id->pathlen = w->path.len;
	enum hz_err r = hz_vault_seen(w->run->v, id, ret_no);
	id->path = NULL; /* the writer makes it again */
	id->pathlen = 0;
	return r;
}

static enum hz_err
not_a_file(const struct hz_source *s)
{
	switch ((enum hz_source_kind)s->kind) {
	case HZ_SOURCE_FOLDER:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a folder; -r goes into folders");
	case HZ_SOURCE_VAULT:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "the folder of this vault");
	case HZ_SOURCE_DEEP:
		return hz_fail(HZ_MSG_LIMIT, "more than %d folders below the given one", HZ_INGEST_DEPTH);
	case HZ_SOURCE_MISSING:
		return hz_source_fail(s->err_no, hz_fail_words("looking at it"));
	case HZ_SOURCE_OTHER:
	case HZ_SOURCE_FILE:
	case HZ_SOURCE_STDIN:
	default:
		break;
	}
	switch (s->mode) {
	case S_IFLNK:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a symbolic link");
	case S_IFIFO:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a pipe");
	case S_IFSOCK:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a socket");
	default:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a device");
	}
}

static enum hz_err
steps(struct worker *w, struct job *j)
{
	uint64_t seen = 0;

	if (j->s->kind == HZ_SOURCE_STDIN) {
		hz_reading_stdin(&j->r, w->lane);
		return content(w, j);
	}
	if (j->s->kind != HZ_SOURCE_FILE) {
		return not_a_file(j->s);
	}
	HZ_TRY(open_in_folder(w, j));
	HZ_TRY(seen_before(w, j, &seen));
	if (seen != 0) {
		j->d->seen = seen;
		j->d->sealed.size = (uint64_t)j->r.st.st_size;
		return send_done(w, j, HZ_DONE_SEEN);
	}
	return content(w, j);
}

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct worker *w = state;
	struct hz_run *run = arg;
	struct job j = { .s = &run->list.sources[item], .r = { .fd = -1 } };

	HZ_TRY(hz_cancel_check());
	w->lane = lane;
	j.d = calloc(1, sizeof *j.d);
	if (j.d == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "an item");
	}
	enum hz_err r = steps(w, &j);
	if (r != HZ_OK) {
		hz_guess_skip(run->guess, item);
	}
	hz_reading_close(&j.r);
	hz_done_free(j.d);
	return r;
}

/* --- workers ---------------------------------------------------------------------------------------------
 */

static void
worker_free(void *state, void *arg)
{
	struct worker *w = state;

	(void)arg;
	hz_aside_free(&w->reader);
	hz_inspector_free(&w->inspector);
	hz_sealer_free(&w->sealer);
	hz_hash_free(&w->hash);
	hz_fd_close(&w->folder_fd);
	hz_buf_done(&w->path);
	hz_buf_done(&w->words);
	free(w->block);
	free(w->next_block);
	free(w);
}

static enum hz_err
worker_new(void **ret_state, void *arg)
{
	struct worker *w = calloc(1, sizeof *w);

	if (w == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a worker");
	}
	w->run = arg;
	w->folder_fd = -1;
	w->path = (struct hz_buf)HZ_BUF_INIT(HZ_INGEST_PATH + 1024);
	w->words = (struct hz_buf)HZ_BUF_INIT(FEW_WORDS);
	w->block = aligned_alloc(BLOCK_ALIGN, HZ_INGEST_BLOCK);
	enum hz_err r = w->block != NULL ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "a worker");
	if (r == HZ_OK) {
		r = hz_hash_new(HZ_HASH_SHA256, &w->hash);
	}
	if (r == HZ_OK) {
		r = hz_sealer_new(&sealer_ops, w, &w->sealer);
	}
	if (r != HZ_OK) {
		worker_free(w, arg);
		return r;
	}
	*ret_state = w;
	return HZ_OK;
}

static void
msg_free(struct hz_pool_msg *m, void *arg)
{
	struct hz_run *run = arg;

	if (m->kind == HZ_MSG_KIND_SEG) {
		hz_bufs_put(run->bufs, m->p);
	} else if (m->kind == HZ_MSG_KIND_DONE) {
		hz_done_free(m->p);
	} else {
		free(m->p);
	}
}

const struct hz_pool_ops hz_work_ops = { work, worker_new, worker_free, msg_free };
