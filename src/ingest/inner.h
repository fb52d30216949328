/* What the files of the ingest room share. Nobody outside includes this. */
#ifndef HZ_INGEST_INNER_H
#define HZ_INGEST_INNER_H

#include "base/pool.h"
#include "ingest/ingest.h"
#include "ingest/media.h"
#include <sys/stat.h>

#define HZ_INGEST_BLOCK ((size_t)1 << 20) /* read at once; a multiple of what O_DIRECT wants */
#define HZ_INGEST_FIRST ((size_t)65536)   /* hashed apart for the quick question */
#define HZ_INGEST_DEPTH 128               /* folders below a given one */
#define HZ_INGEST_PATH  65536             /* bytes of a whole path */
#define HZ_NO_FOLDER    UINT32_MAX

/* --- list.c: what there is to do ---------------------------------------------------------------------- */
struct hz_folder {
	uint32_t parent; /* HZ_NO_FOLDER: begins at path, else path is a name in the parent */
	bool given;      /* begins at path, which was an operand: a symlink is not followed */
	char *path;
	char *shown;    /* as people see it, with '/' at its end; empty for the current folder */
	char *absolute; /* with '/' at its end: names a source for the vault */
	size_t
	    below; /* where in shown the path below the operand begins; SIZE_MAX: the file was an operand */
};
enum hz_source_kind {
	HZ_SOURCE_FILE,
	HZ_SOURCE_STDIN,
	HZ_SOURCE_FOLDER,  /* a folder without -r */
	HZ_SOURCE_VAULT,   /* the vault itself */
	HZ_SOURCE_OTHER,   /* link, pipe, socket, device */
	HZ_SOURCE_DEEP,    /* a folder too far down */
	HZ_SOURCE_MISSING, /* err_no says why it could not be looked at */
};
struct hz_source {
	uint64_t size;
	uint32_t folder, name; /* index; offset into names */
	int err_no;
	uint8_t kind;
	uint32_t mode; /* file type, for HZ_SOURCE_OTHER */
};
struct hz_list {
	struct hz_folder *folders;
	size_t nfolders, cfolders;
	struct hz_source *sources;
	size_t n, cap;
	struct hz_buf names; /* NUL-ended */
	uint64_t bytes;
	dev_t vault_dev;
	ino_t vault_ino;
};
/* Collects in byte order of names, depth first. HZ_MSG_NOMEM, HZ_MSG_LIMIT, HZ_ERR_CANCELLED. */
HZ_RESULT hz_list_make(
    struct hz_list *l, const char *vault, const char *const *paths, size_t npaths, bool recursive);
void hz_list_done(struct hz_list *l);
const char *hz_list_name(const struct hz_list *l, const struct hz_source *s);
/* The path as people see it, and the absolute one; appended and NUL-ended. */
HZ_RESULT hz_list_shown(const struct hz_list *l, const struct hz_source *s, struct hz_buf *out);
HZ_RESULT hz_list_absolute(const struct hz_list *l, const struct hz_source *s, struct hz_buf *out);
/* A descriptor of the folder, reached name by name, so that no symlink is followed. Message as for a source.
 */
HZ_RESULT hz_list_open(const struct hz_list *l, uint32_t folder, int *ret_fd);

/* --- read.c: one source ------------------------------------------------------------------------------- */
struct hz_reading {
	int fd;
	bool direct, stream; /* stream: standard input */
	uint64_t at;
	struct stat st;       /* before reading */
	struct hz_lane *lane; /* of a stream, which may wait for ever: looks whether the run has ended */
};
HZ_RESULT hz_reading_open(struct hz_reading *r, int dirfd, const char *name);
void hz_reading_stdin(struct hz_reading *r, struct hz_lane *lane);
/* The next block, full unless the source ends; 0 bytes at the end. p is aligned to 4,096. */
HZ_RESULT hz_reading_next(struct hz_reading *r, uint8_t *p, size_t *ret_n);
void hz_reading_rewind(struct hz_reading *r);
/* Compares with the state before reading: HZ_MSG_SOURCE_CHANGED. */
HZ_RESULT hz_reading_same(const struct hz_reading *r);
void hz_reading_close(struct hz_reading *r);
/* errno of opening or looking, as a failure of a source. */
enum hz_err hz_source_fail(int err_no, const char *what);

/* --- bufs.c: segments on their way to the writer -------------------------------------------------------- */
struct hz_seg {
	struct hz_seg *next;
	uint64_t payload; /* of the whole object, UINT64_MAX where not known */
	size_t cap, n;
	uint8_t addr[32];
	uint8_t data[];
};
struct hz_bufs;
HZ_RESULT hz_bufs_new(struct hz_bufs **ret_b);
void hz_bufs_free(struct hz_bufs **b);
/* Room for want bytes, at most HZ_OBJ_SEGMENT; larger ones come from a free list and go back to it. */
HZ_RESULT hz_bufs_get(struct hz_bufs *b, size_t want, struct hz_seg **ret_s);
void hz_bufs_put(struct hz_bufs *b, struct hz_seg *s);

/* --- draft.c: records ----------------------------------------------------------------------------------- */
struct hz_about {          /* what one source says of itself */
	const char *name;  /* NULL: none */
	const char *below; /* path below the given folder; NULL: none */
	bool has_mtime;
	int64_t mtime;
	uint64_t size;
	const struct hz_media *media; /* NULL makes a receipt */
};
/* Fields and draft of an exhibit or, without media, of a further receipt. rec is initialised here. */
HZ_RESULT hz_draft_make(const struct hz_ingest_opts *o, const struct hz_claimed *when,
    const struct hz_about *a, struct hz_record *rec, struct hz_record_draft *ret_d);
/* A receipt out of the fields of an exhibit's record that turned out to be known. */
HZ_RESULT hz_draft_receipt(
    const struct hz_record *from, struct hz_record *rec, struct hz_record_draft *ret_d);

/* --- guess.c: numbers ahead of their time ------------------------------------------------------------- */
struct hz_guess;
HZ_RESULT hz_guess_new(uint64_t next, uint64_t count, struct hz_guess **ret_g);
void hz_guess_free(struct hz_guess **g);
/* Worker: this source will not be sealed. */
void hz_guess_skip(struct hz_guess *g, uint64_t item);
/* Writer, for each source in order: the number that the next exhibit gets; what was guessed and what it got
 * (0: none). */
void hz_guess_done(struct hz_guess *g, uint64_t next, uint64_t guessed, uint64_t got);
/* Worker: the number that the source will probably get; 0 where guesses are not worth it. */
uint64_t hz_guess_number(struct hz_guess *g, uint64_t item);

/* --- work.c: workers ------------------------------------------------------------------------------------ */
enum { HZ_MSG_KIND_SEG = 1, HZ_MSG_KIND_ASK, HZ_MSG_KIND_DONE };

struct hz_run { /* shared and constant while workers run */
	struct hz_vault *v;
	const struct hz_ingest_opts *o;
	struct hz_claimed when; /* precision NULL: not given */
	struct hz_list list;
	struct hz_bufs *bufs;
	struct hz_guess *guess;
	char inspector[HZ_INSPECT_PATH_MAX]; /* empty: there is none */
};
struct hz_ask {
	uint64_t size;
	uint8_t first[32], sha256[32];
};
enum hz_done_kind {
	HZ_DONE_SEALED, /* all segments came before it, or the one is in it */
	HZ_DONE_KNOWN,  /* the question was answered with yes */
	HZ_DONE_SEEN,   /* a receipt of exactly this source is there: exhibit `seen` */
	HZ_DONE_DRY,    /* read and hashed only */
	HZ_DONE_WORDS   /* derived from the item before it, if that is new; size 0: nothing after all */
};
struct hz_done {
	enum hz_done_kind kind;
	uint64_t seen;
	struct hz_sealed sealed; /* sealed, known and dry: size and sha256 at least */
	uint8_t first[32];
	struct hz_seg *seg;           /* the one segment of a small object, which comes along */
	struct hz_prepared *prepared; /* under the number `guess` */
	uint64_t guess;
	bool has_source;
	struct hz_source_id source; /* without the path */
	bool has_record;
	struct hz_record rec;
	struct hz_record_draft draft;
};
void hz_done_free(struct hz_done *d);
extern const struct hz_pool_ops hz_work_ops; /* arg: struct hz_run */

#endif
