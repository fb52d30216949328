/* Dates with a year: with the name of a month, ISO, day/month/year where only one reading is possible, and a
 * year alone behind a word that says it is one. */
#include "classify/engine.h"

#include <stdio.h>
#include <string.h>

#define YEAR_FIRST 1900U
#define YEAR_LAST  2099U

static bool
is_number(const struct word *w, unsigned max_digits, uint32_t least, uint32_t most)
{
	return w->n_digits > 0 && w->n_digits <= max_digits && w->number >= least && w->number <= most;
}

static bool
is_year(const struct engine *e, size_t i)
{
	return i < e->n_words && e->words[i].n_digits == 4 && e->words[i].number >= YEAR_FIRST &&
	       e->words[i].number <= YEAR_LAST;
}

static void
date_add(struct engine *e, uint32_t y, uint32_t m, uint32_t d, size_t s, size_t end, enum date_form form)
{
	if (e->n_dates < HZ_CLASSIFY_WORDS && (d == 0 || d <= days_of(y, m))) {
		e->dates[e->n_dates++] =
		    (struct found_date){ y * 10000 + m * 100 + d, (uint16_t)s, (uint16_t)end, form };
	}
}

/* Numbers go on with the same sign before s or behind end. */
static bool
is_more(const struct engine *e, size_t s, size_t end)
{
	const struct word *w = e->words;
	uint8_t sep = w[end].sep;
	return (end + 1 < e->n_words && w[end + 1].n_digits > 0 && w[end + 1].sep == sep) ||
	       (s > 0 && w[s - 1].n_digits > 0 && w[s].sep == sep);
}

/* Three numbers with the same sign between them. Words used: 0 or 3. */
static size_t
three_numbers(struct engine *e, size_t i)
{
	const struct word *w = &e->words[i];
	if (i + 2 >= e->n_words || w[1].sep == ' ' || w[1].sep != w[2].sep || w[1].n_digits == 0 ||
	    w[2].n_digits == 0) {
		return 0;
	}
	if (is_more(e, i, i + 2)) {
		return 3; /* an address or a version */
	}
	if (is_year(e, i) && is_number(&w[1], 2, 1, 12) && is_number(&w[2], 2, 1, 31)) {
		date_add(e, w[0].number, w[1].number, w[2].number, i, i + 2,
		    w[1].sep == '-' ? DATE_ISO : DATE_NUMBERS);
		return 3;
	}
	if (!is_number(w, 2, 1, 31) || !is_number(&w[1], 2, 1, 31) || !is_year(e, i + 2)) {
		return 0;
	}
	uint32_t a = w[0].number;
	uint32_t b = w[1].number;
	if (b <= 12 && (a > 12 || a == b)) {
		date_add(e, w[2].number, b, a, i, i + 2, DATE_NUMBERS);
	} else if (a <= 12 && b > 12) {
		date_add(e, w[2].number, a, b, i, i + 2, DATE_NUMBERS);
	}
	return 3; /* used up, whether it can be read or not */
}

/* 2017-04, unless it reads as two years. */
static size_t
year_and_month(struct engine *e, size_t i)
{
	const struct word *w = &e->words[i];
	if (i + 1 >= e->n_words || w[1].sep != '-' || w[1].n_digits != 2 || w[1].number < 1 ||
	    w[1].number > 12 || !is_year(e, i) || (w[0].number + 1) % 100 == w[1].number) {
		return 0;
	}
	date_add(e, w[0].number, w[1].number, 0, i, i + 1, DATE_ISO);
	return 2;
}

/* The month that begins at word i; *io_end becomes its last word. 0: none. Two names of one month, with a
 * stroke between, are one. */
static uint32_t
month_at(const struct engine *e, size_t *io_match, size_t i, size_t *ret_end)
{
	uint32_t month = 0;
	size_t end = 0;
	while (*io_match < e->n_matches && e->matches[*io_match].s < i) {
		++*io_match;
	}
	for (size_t k = *io_match; k < e->n_matches && e->matches[k].s == i; k++) {
		const struct match *m = &e->matches[k];
		if (m->use == USE_MONTH && (month == 0 || m->e > end)) {
			month = m->ref;
			end = m->e;
		}
	}
	*ret_end = end;
	return month;
}

static bool
is_day(const struct word *w)
{
	return is_number(w, 2, 1, 31);
}

static bool
is_sort(const struct engine *e, size_t i, unsigned sorts)
{
	return e->words[i].n_digits == 0 && (e->words[i].sort & sorts) != 0;
}

/* s..end is a name of a month. Days before or behind it, then the year. */
static size_t
named(struct engine *e, uint32_t month, size_t s, size_t end)
{
	size_t first = s;
	size_t next = end + 1;
	uint32_t day = 0;
	size_t before = s;
	while (before > 0 && s - before < 2 && is_sort(e, before - 1, SORT_OF | SORT_ORDINAL)) {
		before--;
	}
	if (before > 0 && is_day(&e->words[before - 1])) {
		first = before - 1;
		day = e->words[first].number;
	} else if (next < e->n_words && is_day(&e->words[next])) {
		day = e->words[next++].number;
		next += next < e->n_words && is_sort(e, next, SORT_OF | SORT_ORDINAL);
	}
	next += next < e->n_words && is_sort(e, next, SORT_OF | SORT_YEAR);
	if (!is_year(e, next)) {
		return end;
	}
	date_add(e, e->words[next].number, month, day, first, next, DATE_NAMED);
	return next;
}

void
dates_find(struct engine *e)
{
	size_t match = 0;
	e->n_dates = 0;
	for (size_t i = 0; e->has_year && i < e->n_words; i++) {
		const struct word *w = &e->words[i];
		if (w->n_digits > 0 && w->n_digits <= 4) {
			size_t used = three_numbers(e, i);
			used = used == 0 ? year_and_month(e, i) : used;
			if (used == 0 && (w->sort & SORT_YEAR) != 0 && is_year(e, i)) {
				date_add(e, w->number, 0, 0, i, i, DATE_YEAR);
			}
			i += used > 0 ? used - 1 : 0;
			continue;
		}
		size_t end = 0;
		uint32_t month =
		    w->n_hits == 0 || (e->kinds & USED_MONTH) == 0 ? 0 : month_at(e, &match, i, &end);
		if (month == 0) {
			continue;
		}
		size_t again = 0;
		size_t from = match;
		if (end + 1 < e->n_words && month_at(e, &from, end + 1, &again) == month) {
			end = again;
		}
		i = named(e, month, i, end);
	}
}

void
date_text(uint32_t ymd, char out[static 11])
{
	unsigned y = ymd / 10000 % 10000;
	unsigned m = ymd / 100 % 100;
	unsigned d = ymd % 100;
	char s[32];
	int n = m == 0   ? snprintf(s, sizeof s, "%04u", y)
		: d == 0 ? snprintf(s, sizeof s, "%04u-%02u", y, m)
			 : snprintf(s, sizeof s, "%04u-%02u-%02u", y, m, d);
	hz_assert(n > 0 && n < 11);
	memcpy(out, s, (size_t)n + 1);
}

void
date_bounds(uint32_t ymd, char from[static 11], char to[static 11])
{
	char s[11];
	date_text(ymd, s);
	hz_assert(date_read(s, strlen(s), false, from) && date_read(s, strlen(s), true, to));
}
