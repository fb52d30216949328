/* The compacted copy: pages in use are read with pread through LMDB's own descriptor under a read
 * transaction (which keeps them from being reused), renumbered and written one after the other. LMDB's own
 * copy would pull the whole file through the map and keep stale bytes in the gaps of pages. */
#include "base/fd.h"
#include "store/inner.h"
#include "store/page.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUT_PAGES ((size_t)256)

struct level {
	uint8_t page[HZ_PAGE_SIZE];
	unsigned slot, count;
};

struct copier {
	struct hz_store *s;
	int in, out;
	uint64_t next;  /* number of the next page to write */
	uint64_t limit; /* pages of the source: the copy cannot have more */
	uint8_t *buf;   /* OUT_PAGES of them, not yet written */
	size_t held;    /* pages in buf */
	struct level *levels;
};

static enum hz_err
damaged(uint64_t page, const char *why)
{
	(void)hz_fail(HZ_MSG_VAULT_DAMAGED, "data.mdb page %" PRIu64 ": %s", page, why);
	return HZ_ERR_FORMAT;
}

static enum hz_err
flush(struct copier *c)
{
	enum hz_err err = hz_fd_write_all(c->out, c->buf, c->held * HZ_PAGE_SIZE);

	c->held = 0;
	return err;
}

/* Room for one page; its number is the copier's next. */
static enum hz_err
room(struct copier *c, uint8_t **ret_p)
{
	enum hz_err err = HZ_OK;

	if (c->next >= c->limit) {
		return damaged(0, "the trees hold more pages than the file");
	}
	if (c->held == OUT_PAGES) {
		err = flush(c);
	}
	if (err == HZ_OK) {
		*ret_p = c->buf + c->held * HZ_PAGE_SIZE;
		c->held++;
		c->next++;
	}
	return err;
}

static enum hz_err
pages_read(struct copier *c, uint64_t no, void *p, size_t n)
{
	size_t got = 0;
	enum hz_err err;

	if (no < 2 || no >= c->limit) {
		return damaged(no, "a reference leads outside the file");
	}
	err = hz_fd_pread_full(c->in, p, n, no * HZ_PAGE_SIZE, &got);
	if (err == HZ_OK && got != n) {
		return damaged(no, "it lies behind the end of the file");
	}
	return err;
}

/* Copies the run of a value of size bytes; what lies behind the value becomes zeros. */
static enum hz_err
run_copy(struct copier *c, uint64_t first, uint64_t size, uint64_t *ret_pages)
{
	uint64_t pages = hz_run_pages(size), left = size + HZ_PAGE_HEAD, number = c->next;

	for (uint64_t i = 0; i < pages; i++) {
		uint8_t *p = NULL;
		enum hz_err err = room(c, &p);

		if (err == HZ_OK) {
			err = pages_read(c, first + i, p, HZ_PAGE_SIZE);
		}
		if (err != HZ_OK) {
			return err;
		}
		if (i == 0) {
			uint32_t n = (uint32_t)pages;

			if (hz_le64(p) != first || hz_le16(p + 10) != HZ_PAGE_RUN ||
			    hz_le32(p + 12) < pages) {
				return damaged(first, "it does not begin a run for its value");
			}
			memcpy(p, &number, 8);
			memset(p + 8, 0, 2);
			memcpy(p + 12, &n, 4);
		}
		if (left < HZ_PAGE_SIZE) {
			memset(p + left, 0, (size_t)(HZ_PAGE_SIZE - left));
		}
		left -= left < HZ_PAGE_SIZE ? left : HZ_PAGE_SIZE;
	}
	*ret_pages = pages;
	return HZ_OK;
}

/* Puts a page out under its new number, its unused bytes cleared. */
static enum hz_err
page_out(struct copier *c, const uint8_t *page, uint64_t *ret_number)
{
	unsigned lower = hz_le16(page + 12), upper = hz_le16(page + 14);
	uint64_t number = c->next;
	uint8_t *p = NULL;
	enum hz_err err = room(c, &p);

	if (err != HZ_OK) {
		return err;
	}
	memcpy(p, page, HZ_PAGE_SIZE);
	memcpy(p, &number, 8);
	memset(p + 8, 0, 2);
	memset(p + lower, 0, upper - lower);
	for (unsigned i = 0; i < hz_page_count(p); i++) {
		struct hz_node n = hz_page_node(p, i);
		size_t end = (size_t)(n.key - p) + n.kn;

		if (hz_le16(p + 10) == HZ_PAGE_LEAF) {
			end += n.flags & HZ_NODE_RUN ? 8 : (size_t)n.size;
		}
		if (end % 2 != 0) {
			p[end] = 0; /* the odd byte between two nodes */
		}
	}
	*ret_number = number;
	return HZ_OK;
}

/* The runs of a leaf's values go out before the leaf does. */
static enum hz_err
leaf_runs(struct copier *c, struct level *l, struct hz_page_tree *got)
{
	for (unsigned i = 0; i < l->count; i++) {
		struct hz_node n = hz_page_node(l->page, i);
		uint64_t pages = 0, number = c->next;
		enum hz_err err;

		if (n.flags & ~HZ_NODE_RUN) {
			return damaged(hz_le64(l->page), "a value is of a kind we never use");
		}
		if (!(n.flags & HZ_NODE_RUN)) {
			continue;
		}
		err = run_copy(c, n.child, n.size, &pages);
		if (err != HZ_OK) {
			return err;
		}
		got->overflow += pages;
		memcpy(l->page + (n.data - l->page), &number, 8);
	}
	got->entries += l->count;
	got->leaf++;
	return HZ_OK;
}

static enum hz_err
level_enter(struct copier *c, unsigned level, uint64_t no, unsigned depth)
{
	struct level *l = &c->levels[level];
	unsigned kind = level + 1 < depth ? HZ_PAGE_BRANCH : HZ_PAGE_LEAF;
	enum hz_err err = pages_read(c, no, l->page, HZ_PAGE_SIZE);
	const char *why;

	if (err != HZ_OK) {
		return err;
	}
	why = hz_page_check(l->page, no, kind);
	l->slot = 0;
	l->count = why == NULL ? hz_page_count(l->page) : 0;
	return why == NULL ? HZ_OK : damaged(no, why);
}

/* Sets the child of a branch's slot: a page number of 48 bits. */
static void
child_set(uint8_t *page, unsigned slot, uint64_t number)
{
	uint8_t *p = page + hz_page_offset(page, slot);

	memcpy(p, &number, 6);
}

/* Copies a tree, children before parents, and changes its record to the copy's. */
static enum hz_err
tree_copy(struct copier *c, struct hz_page_tree *t)
{
	struct hz_page_tree got = { .depth = t->depth };
	unsigned level = 0;
	uint64_t number = 0;
	enum hz_err err;

	if (t->root == HZ_PAGE_NONE) {
		return HZ_OK;
	}
	if (t->depth < 1 || t->depth > HZ_PAGE_DEPTH) {
		return damaged(t->root, "a tree has an impossible depth");
	}
	err = level_enter(c, 0, t->root, t->depth);
	while (err == HZ_OK) {
		struct level *l = &c->levels[level];

		if (level + 1u < t->depth && l->slot < l->count) {
			err = level_enter(c, level + 1, hz_page_node(l->page, l->slot).child, t->depth);
			level++;
			continue;
		}
		if (level + 1u == t->depth) {
			err = leaf_runs(c, l, &got);
		} else {
			got.branch++;
		}
		if (err == HZ_OK) {
			err = page_out(c, l->page, &number);
		}
		if (err != HZ_OK || level == 0) {
			break;
		}
		level--;
		child_set(c->levels[level].page, c->levels[level].slot++, number);
	}
	if (err == HZ_OK && got.entries != t->entries) {
		err = damaged(t->root, "its tree holds another number of entries than it says");
	}
	if (err == HZ_OK) {
		got.root = number;
		*t = got;
	}
	return err;
}

static void
le16_put(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v & 0xff);
	p[1] = (uint8_t)(v >> 8);
}

/* Puts the record of a table into the leaf under work: the node below upper, its offset at lower. */
static void
record_add(uint8_t *page, size_t *lower, size_t *upper, const MDB_val *name, const struct hz_page_tree *t)
{
	size_t len = HZ_PAGE_NODE_HEAD + name->mv_size + HZ_TREE_BYTES;
	uint8_t *node;

	*upper -= len + len % 2;
	node = page + *upper;
	le16_put(page + *lower, *upper);
	*lower += 2;
	le16_put(node, HZ_TREE_BYTES);
	le16_put(node + 4, HZ_NODE_TREE);
	le16_put(node + 6, name->mv_size);
	memcpy(node + HZ_PAGE_NODE_HEAD, name->mv_data, name->mv_size);
	hz_page_tree_put(node + HZ_PAGE_NODE_HEAD + name->mv_size, t);
}

/* Copies each named table and builds the main tree anew: at most HZ_STORE_TABLES records fit one leaf. */
static enum hz_err
tables_copy(struct copier *c, MDB_cursor *cur, struct hz_page_tree *ret_main)
{
	uint8_t page[HZ_PAGE_SIZE] = { 0 };
	size_t lower = HZ_PAGE_HEAD, upper = HZ_PAGE_SIZE;
	struct hz_page_tree root = { .depth = 1, .leaf = 1 };
	MDB_val k, v;
	enum hz_err err;
	int rc;

	for (rc = mdb_cursor_get(cur, &k, &v, MDB_FIRST); rc == 0;
	     rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT)) {
		struct hz_page_tree t;

		if (v.mv_size != HZ_TREE_BYTES || k.mv_size > 2 || ++root.entries > HZ_STORE_TABLES) {
			return damaged(0, "the main tree holds something else than tables");
		}
		hz_page_tree_get(v.mv_data, &t);
		err = tree_copy(c, &t);
		if (err != HZ_OK) {
			return err;
		}
		record_add(page, &lower, &upper, &k, &t);
	}
	if (rc != MDB_NOTFOUND) {
		return hz_store_fail(c->s, rc, "copying data.mdb");
	}
	le16_put(page + 10, HZ_PAGE_LEAF);
	le16_put(page + 12, lower);
	le16_put(page + 14, upper);
	if (root.entries == 0) {
		*ret_main = (struct hz_page_tree){ .root = HZ_PAGE_NONE };
		return HZ_OK;
	}
	err = page_out(c, page, &root.root);
	*ret_main = root;
	return err;
}

/* Metas last: until then the file is not one that LMDB or the walker would take. */
static enum hz_err
metas_write(struct copier *c, const struct hz_page_tree *main_tree, uint64_t mapsize)
{
	struct hz_meta m = { .kind = HZ_PAGE_META,
		.magic = HZ_META_MAGIC,
		.version = HZ_META_VERSION,
		.mapsize = mapsize,
		.last = 1,
		.free = { .pad = HZ_PAGE_SIZE, .flags = HZ_TREE_INTEGER_KEY, .root = HZ_PAGE_NONE },
		.main = { .root = HZ_PAGE_NONE } };
	uint8_t pages[2 * HZ_PAGE_SIZE] = { 0 };

	hz_meta_put(pages, 0, &m);
	m.main = *main_tree;
	m.last = c->next - 1;
	m.txn = 1;
	hz_meta_put(pages + HZ_PAGE_SIZE, 1, &m);
	if (fdatasync(c->out) != 0 || lseek(c->out, 0, SEEK_SET) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "copying data.mdb");
	}
	return hz_fd_write_all(c->out, pages, sizeof(pages));
}

static enum hz_err
copy_run(struct copier *c, MDB_txn *mt)
{
	struct hz_page_tree main_tree = { 0 };
	MDB_cursor *cur = NULL;
	MDB_envinfo info;
	MDB_dbi dbi;
	enum hz_err err;
	int rc = mdb_dbi_open(mt, NULL, 0, &dbi);

	if (rc == 0) {
		rc = mdb_env_info(c->s->env, &info);
	}
	if (rc == 0) {
		rc = mdb_cursor_open(mt, dbi, &cur);
	}
	if (rc != 0) {
		return hz_store_fail(c->s, rc, "copying data.mdb");
	}
	c->next = 2;
	c->limit = (uint64_t)info.me_last_pgno + 1;
	if (lseek(c->out, 2 * (off_t)HZ_PAGE_SIZE, SEEK_SET) < 0) {
		err = hz_fail_sys(HZ_MSG_IO, errno, "copying data.mdb");
	} else {
		err = tables_copy(c, cur, &main_tree);
	}
	mdb_cursor_close(cur);
	if (err == HZ_OK) {
		err = flush(c);
	}
	if (err == HZ_OK) {
		err = metas_write(c, &main_tree, (uint64_t)info.me_mapsize);
	}
	if (err == HZ_OK && fsync(c->out) != 0) {
		err = hz_fail_sys(HZ_MSG_IO, errno, "copying data.mdb");
	}
	return err;
}

HZ_RESULT
hz_store_copy(struct hz_store *s, int fd)
{
	struct copier c = { .s = s, .out = fd };
	struct hz_txn *t = NULL;
	struct stat st;
	enum hz_err err;

	if (fstat(fd, &st) != 0 || mdb_env_get_fd(s->env, &c.in) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "copying data.mdb");
	}
	if (!S_ISREG(st.st_mode) || st.st_size != 0) {
		return hz_fail(HZ_MSG_TARGET_EXISTS, "the copy of data.mdb needs an empty file");
	}
	c.buf = malloc(OUT_PAGES * HZ_PAGE_SIZE);
	c.levels = malloc(HZ_PAGE_DEPTH * sizeof(*c.levels));
	if (c.buf == NULL || c.levels == NULL) {
		(void)hz_fail(HZ_MSG_NOMEM, "copying data.mdb");
		err = HZ_ERR_NOMEM;
	} else {
		err = hz_txn_begin(s, false, &t);
	}
	if (err == HZ_OK) {
		err = copy_run(&c, t->mt);
		hz_txn_abort(&t);
	}
	free(c.buf);
	free(c.levels);
	return err;
}
