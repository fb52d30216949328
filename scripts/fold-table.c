/*
 * fold-table OUT
 * Writes the table of src/text/fold.c: what each character becomes when text is folded for matching, and
 * whether that is a letter, a digit or neither. Runs while the project is built, so that no character costs a
 * call of utf8proc later.
 *
 * Decomposition, case folding and categories are utf8proc's; the table of Arabic letters is our own.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* As src/text/fold_table.h. */
#define MULTI  (1U << 21)
#define DROP   (1U << 22)
#define EXTEND (1U << 23)
#define LETTER (1U << 24)
#define DIGIT  (1U << 25)

#define PAGES    0x1100
#define PAGE     256
#define POOL_MAX 65536
/* U+FDFA becomes 18 characters, more than any other. */
#define PARTS_MAX 32

static uint32_t page_of[PAGES];
static uint32_t entries[PAGES][PAGE];
static unsigned n_pages;
static uint32_t pool[POOL_MAX];
static unsigned n_pool;

static int
is_in(uint32_t cp, uint32_t first, uint32_t last)
{
	return cp >= first && cp <= last;
}

/* Letters that people and keyboards use for one another. Decomposition has made alef with madda or hamza,
 * waw and yeh with hamza and all presentation forms into letters and marks before. 0 for nothing. */
static uint32_t
arabic_letter(uint32_t cp)
{
	if (is_in(cp, 0x0660, 0x0669)) {
		return cp - 0x0660 + '0';
	}
	if (is_in(cp, 0x06F0, 0x06F9)) {
		return cp - 0x06F0 + '0';
	}
	switch (cp) {
	case 0x0671: /* alef wasla */
	case 0x0672: /* alef with wavy hamza above */
	case 0x0673: /* alef with wavy hamza below */
		return 0x0627;
	case 0x0649: /* alef maqsura */
	case 0x06CC: /* Farsi yeh */
		return 0x064A;
	case 0x0629: /* teh marbuta */
	case 0x06BE: /* heh doachashmee */
	case 0x06C1: /* heh goal */
	case 0x06C3: /* teh marbuta goal */
	case 0x06D5: /* ae */
		return 0x0647;
	case 0x06A9: /* keheh */
	case 0x06AA: /* swash kaf */
		return 0x0643;
	case 0x0640: /* tatweel */
	case 0x0674: /* high hamza: all that is left of U+0675 beside its alef */
		return 0;
	default:
		return is_in(cp, 0x06D6, 0x06ED) ? 0 : cp;
	}
}

static int
is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME;
}

/* What one decomposed character becomes, 0 for nothing. */
static uint32_t
fold_one(uint32_t cp)
{
	if (cp < 0x80) {
		return cp;
	}
	if (is_mark(cp)) {
		return 0;
	}
	if (is_in(cp, 0x0600, 0x06FF)) {
		return arabic_letter(cp);
	}
	if (cp == 0x0131) { /* dotless i */
		return 'i';
	}
	/* All controls of direction and joining: category Cf. */
	return utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_CF ? 0 : cp;
}

static uint32_t
kind_of(uint32_t cp)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)cp);

	if ((k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || k == UTF8PROC_CATEGORY_MC) {
		return LETTER;
	}
	return k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO ? DIGIT : 0;
}

static uint32_t
entry_of(uint32_t cp)
{
	static const utf8proc_option_t options =
	    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_int32_t parts[PARTS_MAX];
	uint32_t out[PARTS_MAX];
	unsigned n_out = 0;

	if (cp == 0) {
		return DROP;
	}
	if (is_in(cp, 0xD800, 0xDFFF)) {
		return 0xFFFD; /* never asked for */
	}
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, PARTS_MAX, options, NULL);
	if (n < 0 || n > PARTS_MAX) {
		fprintf(stderr, "fold-table: U+%04X\n", cp);
		exit(1);
	}
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		uint32_t to = fold_one((uint32_t)parts[i]);
		if (to != 0) {
			out[n_out++] = to | kind_of(to);
		}
	}
	if (n_out == 0) {
		return DROP | (is_mark(cp) || cp == 0x0640 || is_in(cp, 0x06D6, 0x06ED) ? EXTEND : 0);
	}
	if (n_out == 1) {
		/* 0 stands for the character itself, so that most pages are alike. */
		return (out[0] & 0x1FFFFF) == cp ? out[0] & ~0x1FFFFFU : out[0];
	}
	if (n_pool + n_out + 1 > POOL_MAX) {
		fprintf(stderr, "fold-table: the pool is full\n");
		exit(1);
	}
	uint32_t at = n_pool;
	pool[n_pool++] = n_out;
	memcpy(pool + n_pool, out, n_out * sizeof out[0]);
	n_pool += n_out;
	return at | MULTI;
}

static void
fill(void)
{
	for (uint32_t p = 0; p < PAGES; p++) {
		unsigned same;

		for (uint32_t i = 0; i < PAGE; i++) {
			entries[n_pages][i] = entry_of(p * PAGE + i);
		}
		for (same = 0; same < n_pages; same++) {
			if (memcmp(entries[same], entries[n_pages], sizeof entries[0]) == 0) {
				break;
			}
		}
		page_of[p] = same;
		n_pages += same == n_pages;
	}
}

static void
write_array(FILE *f, const char *head, const uint32_t *v, size_t n)
{
	fprintf(f, "%s = {\n", head);
	for (size_t i = 0; i < n; i++) {
		fprintf(f, "%u,%s", v[i], i % 16 == 15 ? "\n" : "");
	}
	fprintf(f, "\n};\n");
}

int
main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "w") : NULL;

	if (f == NULL) {
		fprintf(stderr, "usage: fold-table OUT\n");
		return 2;
	}
	fill();
	uint32_t low[0x800];

	for (uint32_t cp = 0; cp < 0x800; cp++) {
		uint32_t e = entries[page_of[cp / PAGE]][cp % PAGE];

		low[cp] = (e & 0x1FFFFF) == 0 && (e & (DROP | MULTI)) == 0 ? e | cp : e;
	}
	fprintf(f, "#include \"text/fold_table.h\"\n");
	write_array(f, "const uint32_t hz_fold_low[0x800]", low, 0x800);
	write_array(f, "const uint16_t hz_fold_page[0x1100]", page_of, PAGES);
	write_array(f, "const uint32_t hz_fold_entry[]", &entries[0][0], (size_t)n_pages * PAGE);
	write_array(f, "const uint32_t hz_fold_pool[]", pool, n_pool);
	return fclose(f) == 0 ? 0 : 1;
}
