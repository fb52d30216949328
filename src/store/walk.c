#include "store/walk.h"
#include "base/buf.h"
#include "base/fd.h"
#include "store/page.h"
#include "store/store.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	WINDOW_PAGES = 16,
	TABLES_MAX = 64,
	AHEAD_BYTES = 128 * 1024,
};
/* Free pages that were never written may lie behind the end of the file; this many (512 GiB) and no more. */
#define BEHIND_MAX ((uint64_t)1 << 27)
/* No file system of this system has larger files than 2^63 bytes: page numbers stay below this. */
#define PAGES_MAX ((uint64_t)1 << 51)

enum kind { KIND_FREE, KIND_MAIN, KIND_TABLE };

struct bound {
	const uint8_t *p; /* NULL: no bound */
	size_t n;
};

struct frame {
	uint8_t page[HZ_PAGE_SIZE];
	struct bound lo, hi; /* keys of this page: lo <= key < hi; they point into frames above */
	unsigned slot, count;
};

struct table {
	unsigned name;
	struct hz_page_tree tree;
};

struct walker {
	int fd;
	unsigned max_tables;
	uint64_t size; /* bytes of the file */
	uint64_t last; /* last page by the newer meta */
	uint64_t txn;
	uint8_t *seen; /* one bit for each page */
	uint64_t marked;
	struct frame *frames; /* HZ_PAGE_DEPTH of them */
	uint8_t *window;      /* WINDOW_PAGES read ahead */
	uint64_t window_first, window_pages, previous;
	struct table tables[TABLES_MAX];
	unsigned table_count;
	struct hz_walk_stats stats;
};

static enum hz_err
damaged(uint64_t page, const char *why)
{
	(void)hz_fail(HZ_MSG_VAULT_DAMAGED, "data.mdb page %" PRIu64 ": %s", page, why);
	return HZ_ERR_FORMAT;
}

static void
walker_done(struct walker *w)
{
	free(w->seen);
	free(w->frames);
	free(w->window);
}

/* A page number is used once, by one tree, run or free list entry. */
static enum hz_err
page_mark(struct walker *w, uint64_t no)
{
	uint8_t bit = (uint8_t)(1u << (no % 8));

	if (no < 2 || no > w->last) {
		return damaged(no, "a reference leads outside the file");
	}
	if (w->seen[no / 8] & bit) {
		return damaged(no, "it is used twice");
	}
	w->seen[no / 8] |= bit;
	w->marked++;
	return HZ_OK;
}

static enum hz_err
bytes_read(struct walker *w, uint64_t off, void *p, size_t n)
{
	size_t got = 0;
	enum hz_err err;

	if (off > w->size || n > w->size - off) {
		return damaged(off / HZ_PAGE_SIZE, "it lies behind the end of the file");
	}
	err = hz_fd_pread_full(w->fd, p, n, off, &got);
	if (err == HZ_OK && got != n) {
		return damaged(off / HZ_PAGE_SIZE, "it lies behind the end of the file");
	}
	return err;
}

/* Reads a page; a run of neighbours is read WINDOW_PAGES at a time. */
static enum hz_err
page_read(struct walker *w, uint64_t no, uint8_t *ret_page)
{
	bool run = no == w->previous + 1;
	uint64_t n = w->size / HZ_PAGE_SIZE;
	enum hz_err err;

	w->previous = no;
	if (no >= w->window_first && no - w->window_first < w->window_pages) {
		memcpy(ret_page, w->window + (no - w->window_first) * HZ_PAGE_SIZE, HZ_PAGE_SIZE);
		return HZ_OK;
	}
	if (!run || no >= n) {
		return bytes_read(w, no * HZ_PAGE_SIZE, ret_page, HZ_PAGE_SIZE);
	}
	n = n - no < WINDOW_PAGES ? n - no : WINDOW_PAGES;
	w->window_pages = 0;
	err = bytes_read(w, no * HZ_PAGE_SIZE, w->window, (size_t)n * HZ_PAGE_SIZE);
	if (err != HZ_OK) {
		return err;
	}
	w->window_first = no;
	w->window_pages = n;
	memcpy(ret_page, w->window, HZ_PAGE_SIZE);
	return HZ_OK;
}

/* Whether a page must come from the disk. Systems that cannot say it are taken to have it. */
static bool
page_cold(const struct walker *w, uint64_t no)
{
	uint8_t byte;
	struct iovec one = { &byte, 1 };

	return no <= w->last && preadv2(w->fd, &one, 1, (off_t)(no * HZ_PAGE_SIZE), RWF_NOWAIT) < 0 &&
	       errno == EAGAIN;
}

/* Asks for the pages that the nodes of a page lead to, all at once: they lie anywhere, and a disk that is
 * asked for one after the other gives a tenth of what it could. A branch: its children; a leaf: the first
 * pages of its runs. */
static void
pages_ahead(const struct walker *w, const struct frame *f, bool branch)
{
	bool asked = false;

	for (unsigned i = 0; i < f->count; i++) {
		struct hz_node n = hz_page_node(f->page, i);

		if (!branch && !(n.flags & HZ_NODE_RUN)) {
			continue;
		}
		if (!asked && !page_cold(w, n.child)) {
			return; /* the first tells for all */
		}
		asked = true;
		if (n.child <= w->last) {
			(void)posix_fadvise(
			    w->fd, (off_t)(n.child * HZ_PAGE_SIZE), HZ_PAGE_SIZE, POSIX_FADV_WILLNEED);
		}
	}
}

/* Where much of the file has to be looked at anyway, and memory can hold it, it comes faster in one piece
 * than page by page. Only a wish: what the trees say of themselves has not been checked yet. */
static void
file_ahead(const struct walker *w)
{
	uint64_t whole = w->size / HZ_PAGE_SIZE, pages = 0;
	long room = sysconf(_SC_AVPHYS_PAGES);

	for (unsigned i = 0; i < w->table_count; i++) {
		const struct hz_page_tree *t = &w->tables[i].tree;

		pages += t->leaf < whole ? t->leaf : whole;
		pages += t->overflow != 0 && t->entries < whole ? t->entries : 0; /* the heads of runs */
	}
	if (pages >= whole / 4 && room > 0 && whole <= (uint64_t)room / 2 && page_cold(w, whole / 2)) {
		/* The system takes no more than about so much of one wish. */
		for (uint64_t at = 0; at < w->size; at += AHEAD_BYTES) {
			(void)posix_fadvise(w->fd, (off_t)at, AHEAD_BYTES, POSIX_FADV_WILLNEED);
		}
	}
}

static int
key_compare(enum kind kind, const uint8_t *a, size_t an, const uint8_t *b, size_t bn)
{
	if (kind == KIND_FREE) {
		uint64_t x = hz_le64(a), y = hz_le64(b);

		return x < y ? -1 : x > y;
	}
	return hz_bytes_compare(a, an, b, bn);
}

static bool
key_size_ok(enum kind kind, size_t n)
{
	return kind == KIND_FREE ? n == 8 : n >= 1 && n <= HZ_STORE_KEY_MAX;
}

/* Keys of a page: sizes, strict order, inside the bounds that the parents' separators give. LMDB never
 * looks at the key of a branch's slot 0. */
static const char *
keys_check(const struct frame *f, enum kind kind, bool branch)
{
	struct bound before = f->lo;

	for (unsigned i = branch ? 1 : 0; i < f->count; i++) {
		struct hz_node n = hz_page_node(f->page, i);
		int c;

		if (!key_size_ok(kind, n.kn)) {
			return "a key has a length we never write";
		}
		if (before.p != NULL) {
			c = key_compare(kind, before.p, before.n, n.key, n.kn);
			/* Equal is right only for a leaf's first key and its own separator. */
			if (c > 0 || (c == 0 && (branch || i > 0))) {
				return "keys are out of order";
			}
		}
		before = (struct bound){ n.key, n.kn };
	}
	if (before.p != f->lo.p && f->hi.p != NULL &&
	    key_compare(kind, before.p, before.n, f->hi.p, f->hi.n) >= 0) {
		return "a key belongs into a later page";
	}
	return NULL;
}

/* Enters page no as the frame at a level of a tree of the given depth. */
static enum hz_err
frame_enter(struct walker *w, unsigned level, uint64_t no, const struct hz_page_tree *t, enum kind kind)
{
	bool branch = level + 1u < t->depth;
	struct frame *f = &w->frames[level];
	const char *why;
	enum hz_err err = page_mark(w, no);

	if (err == HZ_OK) {
		err = page_read(w, no, f->page);
	}
	if (err != HZ_OK) {
		return err;
	}
	why = hz_page_check(f->page, no, branch ? HZ_PAGE_BRANCH : HZ_PAGE_LEAF);
	if (why != NULL) {
		return damaged(no, why);
	}
	f->slot = 0;
	f->count = hz_page_count(f->page);
	why = keys_check(f, kind, branch);
	if (why != NULL) {
		return damaged(no, why);
	}
	pages_ahead(w, f, branch);
	return HZ_OK;
}

/* The overflow run of a value of size bytes. Longer than needed is legal: LMDB keeps a run when a value is
 * overwritten by a shorter one within a transaction. */
static enum hz_err
run_check(struct walker *w, uint64_t first, uint64_t size, uint64_t *ret_pages)
{
	uint8_t head[HZ_PAGE_HEAD];
	uint64_t pages;
	enum hz_err err;

	if (first < 2 || first > w->last) {
		return damaged(first, "a reference leads outside the file");
	}
	err = bytes_read(w, first * HZ_PAGE_SIZE, head, sizeof(head));
	if (err != HZ_OK) {
		return err;
	}
	pages = hz_le32(head + 12);
	if (hz_le64(head) != first || hz_le16(head + 10) != HZ_PAGE_RUN || pages < hz_run_pages(size)) {
		return damaged(first, "it does not begin a run for its value");
	}
	if (pages > w->last - first + 1 || pages > w->size / HZ_PAGE_SIZE - first) {
		return damaged(first, "its run goes beyond the end of the file");
	}
	for (uint64_t i = 0; i < pages; i++) {
		err = page_mark(w, first + i);
		if (err != HZ_OK) {
			return err;
		}
	}
	*ret_pages = pages;
	return HZ_OK;
}

/* A record of the free list: a count and that many page numbers, falling; room behind them is legal. Its
 * bytes are at off of the file or, inline, at p. */
static enum hz_err
free_record(struct walker *w, const struct hz_node *n)
{
	uint64_t off = n->child * HZ_PAGE_SIZE + HZ_PAGE_HEAD, count, before = UINT64_MAX;
	bool run = (n->flags & HZ_NODE_RUN) != 0;
	uint64_t block[512];
	enum hz_err err = HZ_OK;

	if (n->size < 8 || n->size % 8 != 0) {
		return damaged(n->child, "a record of the free list has a wrong length");
	}
	if (!run) {
		memcpy(block, n->data, 8);
	} else if ((err = bytes_read(w, off, block, 8)) != HZ_OK) {
		return err;
	}
	count = block[0];
	if (count > n->size / 8 - 1) {
		return damaged(n->child, "a record of the free list counts more than it holds");
	}
	for (uint64_t done = 0; done < count;) {
		size_t now = count - done < 512 ? (size_t)(count - done) : 512;

		if (!run) {
			memcpy(block, n->data + 8 + 8 * done, 8 * now);
		} else if ((err = bytes_read(w, off + 8 + 8 * done, block, 8 * now)) != HZ_OK) {
			return err;
		}
		for (size_t i = 0; i < now; i++) {
			if (block[i] >= before) {
				return damaged(block[i], "the free list is out of order");
			}
			before = block[i];
			err = page_mark(w, block[i]);
			if (err != HZ_OK) {
				return err;
			}
		}
		done += now;
	}
	w->stats.free_pages += count;
	return HZ_OK;
}

/* A record of a named table: "1".."max_tables", an ordinary tree. */
static enum hz_err
table_record(struct walker *w, const struct hz_node *n, uint64_t page)
{
	struct table *t = &w->tables[w->table_count];
	unsigned name = 0;

	if (n->flags != HZ_NODE_TREE || n->size != HZ_TREE_BYTES) {
		return damaged(page, "the main tree holds something else than tables");
	}
	for (size_t i = 0; i < n->kn && i < 3; i++) {
		if (n->key[i] < '0' || n->key[i] > '9' || (name == 0 && n->key[i] == '0')) {
			return damaged(page, "a table has a name we never give");
		}
		name = name * 10 + (unsigned)(n->key[i] - '0');
	}
	/* Names are unique by the key order, so table_count stays below max_tables. */
	if (n->kn > 2 || name < 1 || name > w->max_tables || w->table_count >= w->max_tables) {
		return damaged(page, "a table has a name we never give");
	}
	t->name = name;
	hz_page_tree_get(n->data, &t->tree);
	if (t->tree.flags != 0) {
		return damaged(page, "a table is of a kind we never use");
	}
	w->table_count++;
	return HZ_OK;
}

/* The nodes of the leaf at the top; counts what it holds into got. */
static enum hz_err
leaf_nodes(struct walker *w, const struct frame *f, enum kind kind, struct hz_page_tree *got)
{
	uint64_t page = hz_le64(f->page);
	enum hz_err err = HZ_OK;

	for (unsigned i = 0; i < f->count && err == HZ_OK; i++) {
		struct hz_node n = hz_page_node(f->page, i);
		uint64_t pages = 0;

		if (kind == KIND_MAIN) {
			err = table_record(w, &n, page);
			continue;
		}
		if (n.flags & ~HZ_NODE_RUN) {
			return damaged(page, "a value is of a kind we never use");
		}
		if (n.flags & HZ_NODE_RUN) {
			err = run_check(w, n.child, n.size, &pages);
			got->overflow += pages;
		} else {
			n.child = page; /* where to say that something is wrong */
		}
		if (err == HZ_OK && kind == KIND_FREE) {
			uint64_t key = hz_le64(n.key);

			if (key == 0 || key > w->txn) {
				return damaged(page, "the free list names a transaction that never was");
			}
			err = free_record(w, &n);
		}
	}
	got->entries += f->count;
	got->leaf++;
	return err;
}

/* Takes the next child of a branch: its page, and in the frame below the bounds of its keys. */
static uint64_t
child_next(struct frame *f)
{
	struct hz_node n = hz_page_node(f->page, f->slot);
	struct frame *below = f + 1;

	below->lo = f->slot == 0 ? f->lo : (struct bound){ n.key, n.kn };
	f->slot++;
	below->hi = f->hi;
	if (f->slot < f->count) {
		struct hz_node next = hz_page_node(f->page, f->slot);

		below->hi = (struct bound){ next.key, next.kn };
	}
	return n.child;
}

/* One tree, depth first, with the path from the root on an explicit stack. */
static enum hz_err
tree_walk(struct walker *w, const struct hz_page_tree *t, enum kind kind)
{
	struct hz_page_tree got = { 0 };
	unsigned level = 0;
	enum hz_err err;

	if (t->root == HZ_PAGE_NONE) {
		if (t->depth != 0 || t->branch != 0 || t->leaf != 0 || t->overflow != 0 || t->entries != 0) {
			return damaged(0, "an empty tree counts pages");
		}
		return HZ_OK;
	}
	if (t->depth < 1 || t->depth > HZ_PAGE_DEPTH) {
		return damaged(t->root, "a tree has an impossible depth");
	}
	w->frames[0].lo = w->frames[0].hi = (struct bound){ NULL, 0 };
	err = frame_enter(w, 0, t->root, t, kind);
	while (err == HZ_OK) {
		struct frame *f = &w->frames[level];

		if (level + 1u == t->depth) {
			err = leaf_nodes(w, f, kind, &got);
			f->slot = f->count;
		} else if (f->slot == 0) {
			got.branch++;
		}
		if (err != HZ_OK) {
			break;
		}
		if (f->slot == f->count) {
			if (level == 0) {
				break;
			}
			level--;
			continue;
		}
		err = frame_enter(w, ++level, child_next(f), t, kind);
	}
	if (err == HZ_OK && (got.branch != t->branch || got.leaf != t->leaf || got.overflow != t->overflow ||
				got.entries != t->entries)) {
		err = damaged(t->root, "its tree holds another number of pages or entries than it says");
	}
	w->stats.branch += got.branch;
	w->stats.leaf += got.leaf;
	w->stats.overflow += got.overflow;
	return err;
}

/* Fields of a meta that must hold whichever of the two LMDB takes. */
static const char *
meta_check(const struct hz_meta *m)
{
	if (m->kind != HZ_PAGE_META || m->magic != HZ_META_MAGIC) {
		return "it is no meta page";
	}
	if (m->version != HZ_META_VERSION) {
		return "it is of another version of LMDB's format";
	}
	if (m->free.pad != HZ_PAGE_SIZE) {
		return "the page size is not 4096";
	}
	/* These bits are LMDB's environment flags too (FIXEDMAP would map at an address of the file's
	 * choice), so nothing but the one of the free list may be set. */
	if (m->free.flags != HZ_TREE_INTEGER_KEY || m->main.flags != 0) {
		return "it has flags we never use";
	}
	if (m->mapsize % HZ_PAGE_SIZE != 0 || m->mapsize / HZ_PAGE_SIZE > PAGES_MAX || m->last < 1 ||
	    m->last >= PAGES_MAX) {
		return "its sizes are impossible";
	}
	return NULL;
}

/* Reads both metas and gives the newer. */
static enum hz_err
metas_read(struct walker *w, struct hz_meta *ret_m)
{
	struct hz_meta m[2];
	unsigned newer;

	for (unsigned i = 0; i < 2; i++) {
		uint8_t p[HZ_PAGE_HEAD + HZ_META_BYTES];
		const char *why;
		enum hz_err err = bytes_read(w, (uint64_t)i * HZ_PAGE_SIZE, p, sizeof(p));

		if (err != HZ_OK) {
			return err;
		}
		hz_meta_get(p, &m[i]);
		why = meta_check(&m[i]);
		if (why != NULL) {
			return damaged(i, why);
		}
	}
	/* LMDB compares the numbers once and takes the meta by parity from then on. A new file has two of
	 * number 0; else the two last transactions stand there, also after a failed commit. */
	newer = m[0].txn < m[1].txn;
	if ((m[newer].txn & 1) != newer ||
	    (m[newer].txn == 0 ? m[!newer].txn != 0 : m[!newer].txn != m[newer].txn - 1)) {
		return damaged(newer, "the two metas do not follow each other");
	}
	*ret_m = m[newer];
	return HZ_OK;
}

static enum hz_err
walker_start(struct walker *w, const struct hz_meta *m)
{
	uint64_t whole = w->size / HZ_PAGE_SIZE;

	w->last = m->last;
	w->txn = m->txn;
	w->window_first = w->previous = HZ_PAGE_NONE - 1;
	if (w->size / HZ_PAGE_SIZE < 2) {
		return damaged(1, "it lies behind the end of the file");
	}
	if (w->last >= whole + BEHIND_MAX) {
		return damaged(w->last, "the last page lies far behind the end of the file");
	}
	/* Untouched memory of a large calloc costs nothing. */
	w->seen = calloc((size_t)(w->last / 8 + 1), 1);
	w->frames = malloc(HZ_PAGE_DEPTH * sizeof(*w->frames));
	w->window = malloc((size_t)WINDOW_PAGES * HZ_PAGE_SIZE);
	if (w->seen == NULL || w->frames == NULL || w->window == NULL) {
		(void)hz_fail(HZ_MSG_NOMEM, "walking data.mdb");
		return HZ_ERR_NOMEM;
	}
	return HZ_OK;
}

static enum hz_err
walk_all(struct walker *w)
{
	struct hz_meta m = { 0 };
	struct stat st;
	enum hz_err err;

	if (fstat(w->fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "data.mdb");
	}
	w->size = (uint64_t)st.st_size;
	err = metas_read(w, &m);
	if (err == HZ_OK) {
		err = walker_start(w, &m);
	}
	if (err == HZ_OK) {
		err = tree_walk(w, &m.main, KIND_MAIN);
	}
	if (err == HZ_OK) {
		file_ahead(w);
	}
	for (unsigned i = 0; i < w->table_count && err == HZ_OK; i++) {
		err = tree_walk(w, &w->tables[i].tree, KIND_TABLE);
	}
	if (err == HZ_OK) {
		err = tree_walk(w, &m.free, KIND_FREE);
	}
	if (err == HZ_OK && w->marked + 2 != w->last + 1) {
		err = damaged(w->last, "some pages up to this one are neither in use nor free");
	}
	w->stats.pages = m.last + 1;
	w->stats.txnid = m.txn;
	w->stats.tables = w->table_count;
	return err;
}

HZ_RESULT
hz_walk(int fd, unsigned max_tables, struct hz_walk_stats *ret_stats)
{
	struct walker w = { .fd = fd, .max_tables = max_tables };
	enum hz_err err;

	hz_assert(max_tables >= 1 && max_tables <= TABLES_MAX);
	err = walk_all(&w);
#ifdef HZ_FAULT_NO_WALK
	err = HZ_OK;
#endif
	walker_done(&w);
	if (err == HZ_OK) {
		*ret_stats = w.stats;
	}
	return err;
}
