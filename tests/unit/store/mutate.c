#include "mutate.h"
#include "store/page.h"
#include "tests.h"
#include <stdio.h>
#include <string.h>

struct field {
	size_t off;
	unsigned width;
	const char *name;
};

/* Fields of a meta page by offset in the page. */
static const struct field meta_fields[] = {
	{ 0, 8, "number" },
	{ 10, 2, "kind" },
	{ 16, 4, "magic" },
	{ 20, 4, "version" },
	{ 24, 8, "address" },
	{ 32, 8, "map size" },
	{ 40, 4, "page size" },
	{ 44, 2, "free flags" },
	{ 46, 2, "free depth" },
	{ 48, 8, "free branch" },
	{ 56, 8, "free leaf" },
	{ 64, 8, "free overflow" },
	{ 72, 8, "free entries" },
	{ 80, 8, "free root" },
	{ 88, 4, "main pad" },
	{ 92, 2, "main flags" },
	{ 94, 2, "main depth" },
	{ 96, 8, "main branch" },
	{ 104, 8, "main leaf" },
	{ 112, 8, "main overflow" },
	{ 120, 8, "main entries" },
	{ 128, 8, "main root" },
	{ 136, 8, "last page" },
	{ 144, 8, "transaction" },
};
static const struct field tree_fields[] = {
	{ 0, 4, "pad" },
	{ 4, 2, "flags" },
	{ 6, 2, "depth" },
	{ 8, 8, "branch" },
	{ 16, 8, "leaf" },
	{ 24, 8, "overflow" },
	{ 32, 8, "entries" },
	{ 40, 8, "root" },
};
static const struct field head_fields[] = {
	{ 0, 8, "number" },
	{ 8, 2, "pad" },
	{ 10, 2, "kind" },
	{ 12, 2, "lower" },
	{ 14, 2, "upper" },
	{ 12, 4, "pages" },
};

uint64_t
rnd(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static uint64_t
pick(uint64_t *seed, size_t n)
{
	return rnd(seed) % n;
}

/* A node of a tree page, as far as it lies inside. */
static struct field
node_field(const uint8_t *page, size_t base, uint64_t *seed)
{
	unsigned lower = hz_le16(page + 12), count, off, kn;
	struct field f = { base + 16, 2, "pointer" };

	if (lower < 18 || lower > HZ_PAGE_SIZE) {
		return f;
	}
	count = (lower - 16) / 2;
	f.off = base + 16 + 2 * pick(seed, count);
	off = hz_le16(page + (f.off - base));
	if (pick(seed, 4) == 0 || off < 16 || off > HZ_PAGE_SIZE - 8) {
		return f;
	}
	kn = hz_le16(page + off + 6);
	switch (pick(seed, 8)) {
	case 0:
		return (struct field){ base + off, 4, "size or child" };
	case 1:
		return (struct field){ base + off + 4, 2, "node flags" };
	case 2:
		return (struct field){ base + off + 6, 2, "key size" };
	case 3:
		return (struct field){ base + off + 8 + (kn != 0 ? pick(seed, kn) : 0), 1, "key" };
	case 4:
		return (struct field){ base + off, 2, "size or child, low" };
	default:
		break;
	}
	/* Its data: a tree's record, the number of a run, entries of the free list. */
	if (off + 8u + kn + 8u > HZ_PAGE_SIZE) {
		return f;
	}
	f = (struct field){ base + off + 8 + kn, 8, "data" };
	if (hz_le16(page + off + 4) == HZ_NODE_TREE && off + 8u + kn + HZ_TREE_BYTES <= HZ_PAGE_SIZE) {
		struct field t = tree_fields[pick(seed, 8)];

		t.off += f.off;
		return t;
	}
	if (!(hz_le16(page + off + 4) & HZ_NODE_RUN)) {
		size_t words = hz_le16(page + off) / 8u;

		f.off += 8 * (words != 0 ? pick(seed, words < 250 ? words : 250) : 0);
	}
	return f;
}

static struct field
field_pick(const uint8_t *p, size_t n, uint64_t *seed)
{
	size_t pages = n / HZ_PAGE_SIZE, no = 0;
	struct field f = { 0, 1, "byte" };
	unsigned kind = 0;

	if (pages < 3 || pick(seed, 40) == 0) {
		f.off = pick(seed, n);
		return f;
	}
	if (pick(seed, 5) == 0) {
		f = meta_fields[pick(seed, sizeof(meta_fields) / sizeof(meta_fields[0]))];
		f.off += HZ_PAGE_SIZE * pick(seed, 2);
		return f;
	}
	/* Most pages of the file lie inside runs: look for one with a head. */
	for (unsigned i = 0; i < 2000; i++) {
		const uint8_t *q;

		no = 2 + pick(seed, pages - 2);
		q = p + no * HZ_PAGE_SIZE;
		kind = hz_le16(q + 10);
		if (hz_le64(q) == no &&
		    (kind == HZ_PAGE_BRANCH || kind == HZ_PAGE_LEAF || kind == HZ_PAGE_RUN)) {
			break;
		}
	}
	if (kind == HZ_PAGE_RUN && pick(seed, 3) == 0) {
		f.off = 16 + 8 * pick(seed, 500);
		f.width = 8;
		f.name = "word of a run";
		f.off += no * HZ_PAGE_SIZE;
		return f;
	}
	if (kind == HZ_PAGE_RUN || pick(seed, 4) == 0) {
		f = head_fields[pick(seed, 6)];
		f.off += no * HZ_PAGE_SIZE;
		return f;
	}
	return node_field(p + no * HZ_PAGE_SIZE, no * HZ_PAGE_SIZE, seed);
}

/* Bits that LMDB gives a meaning and we never set: of nodes (run, tree, duplicates), of pages (the kinds,
 * sub-page, loose, dirty) and of trees (reverse keys, sorted and fixed duplicates, integers). */
static uint64_t
flags_pick(uint64_t old, uint64_t *seed)
{
	static const uint16_t bits[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x4000, 0x8000 };
	uint64_t v = pick(seed, 2) == 0 ? old : 0;

	for (uint64_t i = 1 + pick(seed, 2); i > 0; i--) {
		v ^= bits[pick(seed, sizeof(bits) / sizeof(bits[0]))];
	}
	return v;
}

/* Bit flip, nothing, all ones, sign bit, one more, one less, another page, one past the end, anything. */
static uint64_t
value_pick(uint64_t old, unsigned width, bool flags, size_t n, uint64_t *seed)
{
	uint64_t pages = n / HZ_PAGE_SIZE + 1;

	if (flags && pick(seed, 2) == 0) {
		return flags_pick(old, seed);
	}
	switch (pick(seed, 11)) {
	case 0:
	case 1:
		return old ^ (uint64_t)1 << pick(seed, 8 * (size_t)width);
	case 2:
		return 0;
	case 3:
		return UINT64_MAX;
	case 4:
		return (uint64_t)1 << (8 * width - 1);
	case 5:
		return old + 1;
	case 6:
		return old - 1;
	case 7:
		return pick(seed, pages);
	case 8:
		return pages;
	case 9:
		return old + 2 * pick(seed, 64) - 64;
	default:
		return rnd(seed) >> pick(seed, 60);
	}
}

static bool
is_flags(const struct field *f)
{
	return strstr(f->name, "flags") != NULL || strcmp(f->name, "kind") == 0;
}

/* A leaf of the image with at least one node, as far as its head says; NULL when none was found. */
static uint8_t *
leaf_pick(uint8_t *p, size_t n, uint64_t *seed)
{
	size_t pages = n / HZ_PAGE_SIZE;

	for (unsigned i = 0; pages > 2 && i < 2000; i++) {
		size_t no = 2 + pick(seed, pages - 2);
		uint8_t *q = p + no * HZ_PAGE_SIZE;
		unsigned lower = hz_le16(q + 12);

		if (hz_le64(q) == no && hz_le16(q + 10) == HZ_PAGE_LEAF && lower >= 18 &&
		    lower < HZ_PAGE_SIZE) {
			return q;
		}
	}
	return NULL;
}

/* A node of the leaf that lies inside with its key and 8 bytes of data, or NULL. */
static uint8_t *
node_pick(uint8_t *leaf, uint64_t *seed)
{
	unsigned count = (hz_le16(leaf + 12) - 16u) / 2u,
		 off = hz_page_offset(leaf, (unsigned)pick(seed, count));

	if (off < 16 || off > HZ_PAGE_SIZE - 8 || off + 8u + hz_le16(leaf + off + 6) + 8u > HZ_PAGE_SIZE) {
		return NULL;
	}
	return leaf + off;
}

static void
bytes_swap(uint8_t *a, uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t was = a[i];

		a[i] = b[i];
		b[i] = was;
	}
}

/* Faults that keep the structure whole, which a walker cannot see: two values or two runs exchanged, two
 * slots exchanged (their order), an old state dressed as the newest. */
static void
fault_of_content(uint8_t *p, size_t n, uint64_t *seed, char *what)
{
	uint8_t *leaf = leaf_pick(p, n, seed), *other = pick(seed, 2) == 0 ? leaf : leaf_pick(p, n, seed), *a,
		*b;
	size_t kn, m;

	if (pick(seed, 8) == 0 && n >= 2 * (size_t)HZ_PAGE_SIZE) {
		size_t old = hz_le64(p + 144) < hz_le64(p + HZ_PAGE_SIZE + 144) ? 0 : 1;
		uint64_t txn = hz_le64(p + old * HZ_PAGE_SIZE + 144) + 2;

		memcpy(p + old * HZ_PAGE_SIZE + 144, &txn, 8);
		(void)snprintf(what, 128, "the older meta made the newer");
		return;
	}
	a = leaf == NULL ? NULL : node_pick(leaf, seed);
	b = other == NULL ? NULL : node_pick(other, seed);
	if (a == NULL || b == NULL || a == b) {
		return;
	}
	if (pick(seed, 6) == 0) {
		unsigned count = (hz_le16(leaf + 12) - 16u) / 2u;

		bytes_swap(leaf + 16 + 2 * pick(seed, count), leaf + 16 + 2 * pick(seed, count), 2);
		(void)snprintf(what, 128, "slots of page %llu swapped", (unsigned long long)hz_le64(leaf));
		return;
	}
	kn = hz_le16(a + 6);
	if ((hz_le16(a + 4) & HZ_NODE_RUN) && (hz_le16(b + 4) & HZ_NODE_RUN)) {
		m = 8;
	} else {
		m = hz_le32(a) < hz_le32(b) ? hz_le32(a) : hz_le32(b);
	}
	if (kn > 512 || hz_le16(b + 6) > 512 || m > 2000 || (size_t)(a - leaf) + 8 + kn + m > HZ_PAGE_SIZE ||
	    (size_t)(b - other) + 8u + hz_le16(b + 6) + m > HZ_PAGE_SIZE) {
		return;
	}
	bytes_swap(a + 8 + kn, b + 8 + hz_le16(b + 6), m);
	(void)snprintf(what, 128, "values in pages %llu and %llu swapped", (unsigned long long)hz_le64(leaf),
	    (unsigned long long)hz_le64(other));
}

static void
fault_of_pages(uint8_t *p, size_t *n, uint64_t *seed, char *what)
{
	static uint8_t spare[HZ_PAGE_SIZE];
	size_t pages = *n / HZ_PAGE_SIZE, a, b;
	uint8_t *x, *y;

	if (pages < 3) {
		return;
	}
	a = pick(seed, pages);
	b = 2 + pick(seed, pages - 2);
	x = p + a * HZ_PAGE_SIZE;
	y = p + b * HZ_PAGE_SIZE;
	switch (pick(seed, 5)) {
	case 0:
		*n = 1 + pick(seed, *n);
		(void)snprintf(what, 128, "cut to %zu bytes", *n);
		return;
	case 1:
		memcpy(spare, x, HZ_PAGE_SIZE);
		memcpy(x, y, HZ_PAGE_SIZE);
		memcpy(y, spare, HZ_PAGE_SIZE);
		(void)snprintf(what, 128, "pages %zu and %zu swapped", a, b);
		return;
	case 2: /* with the number put right */
		memcpy(y, x, HZ_PAGE_SIZE);
		memcpy(y, &b, 8);
		(void)snprintf(what, 128, "page %zu over %zu, renumbered", a, b);
		return;
	case 3:
		memset(y, 0, HZ_PAGE_SIZE);
		(void)snprintf(what, 128, "page %zu cleared", b);
		return;
	default: /* the same fault in both metas */
		a = pick(seed, sizeof(meta_fields) / sizeof(meta_fields[0]));
		{
			struct field f = meta_fields[a];
			uint64_t v = 0;

			memcpy(&v, p + f.off, f.width);
			v = value_pick(v, f.width, is_flags(&f), *n, seed);
			memcpy(p + f.off, &v, f.width);
			memcpy(p + HZ_PAGE_SIZE + f.off, &v, f.width);
			(void)snprintf(what, 128, "both metas: %s = %llx", f.name, (unsigned long long)v);
		}
	}
}

void
mutate(uint8_t *p, size_t *n, uint64_t seed, char ret_what[static 128])
{
	unsigned faults = 1;

	rnd(&seed);
	if (pick(&seed, 4) == 0) {
		faults += 1 + (unsigned)pick(&seed, 2);
	}
	ret_what[0] = '\0';
	for (unsigned i = 0; i<faults && * n> 0; i++) {
		struct field f;
		uint64_t v = 0;

		if (pick(&seed, 12) == 0) {
			fault_of_pages(p, n, &seed, ret_what);
			continue;
		}
		if (pick(&seed, 16) == 0) {
			fault_of_content(p, *n, &seed, ret_what);
			continue;
		}
		f = field_pick(p, *n, &seed);
		if (f.off + f.width > *n) {
			f.off = *n - 1;
			f.width = 1;
		}
		memcpy(&v, p + f.off, f.width);
		v = value_pick(v, f.width, is_flags(&f), *n, &seed);
		memcpy(p + f.off, &v, f.width);
		(void)snprintf(ret_what, 128, "%s at %zu of page %zu = %llx", f.name, f.off % HZ_PAGE_SIZE,
		    f.off / HZ_PAGE_SIZE, (unsigned long long)v);
	}
}
