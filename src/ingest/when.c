/* Claimed times of people: strict, so that a slip of the finger is not evidence. */
#include "ingest/ingest.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 64
#define YEAR_MIN 1000

struct moment {
	unsigned year, month, day; /* 0: not given */
	const char *precision;
};

/* Arabic-Indic (U+0660) and extended (U+06F0) digits become ASCII; everything else stays. */
static bool
plain_digits(const char *s, char ret_s[static TEXT_MAX], size_t *ret_n)
{
	size_t n = 0;

	while (*s != '\0') {
		unsigned char a = (unsigned char)s[0];
		unsigned char b = a != '\0' ? (unsigned char)s[1] : 0;
		if (n + 1 == TEXT_MAX) {
			return false;
		}
		if (a == 0xd9 && b >= 0xa0 && b <= 0xa9) {
			ret_s[n++] = (char)('0' + (b - 0xa0));
			s += 2;
		} else if (a == 0xdb && b >= 0xb0 && b <= 0xb9) {
			ret_s[n++] = (char)('0' + (b - 0xb0));
			s += 2;
		} else {
			ret_s[n++] = (char)a;
			s++;
		}
	}
	ret_s[n] = '\0';
	*ret_n = n;
	return true;
}

/* Exactly n digits, low to high. */
static bool
number(const char *s, size_t n, unsigned low, unsigned high, unsigned *ret_v)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return false;
		}
		v = v * 10 + (unsigned)(s[i] - '0');
	}
	*ret_v = v;
	return v >= low && v <= high;
}

static unsigned
month_days(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* T or a space, HH:MM, perhaps :SS, perhaps Z. */
static bool
read_clock(const char *s, size_t n, struct moment *m)
{
	unsigned v;

	if (n > 0 && s[n - 1] == 'Z') {
		n--;
	}
	if ((n != 6 && n != 9) || (s[0] != 'T' && s[0] != ' ') || s[3] != ':' ||
	    !number(s + 1, 2, 0, 23, &v) || !number(s + 4, 2, 0, 59, &v)) {
		return false;
	}
	if (n == 9 && (s[6] != ':' || !number(s + 7, 2, 0, 59, &v))) {
		return false;
	}
	m->precision = n == 9 ? "second" : "minute";
	return true;
}

static bool
read_moment(const char *s, size_t n, struct moment *ret_m)
{
	struct moment m = { .precision = NULL };

	if (n < 4 || !number(s, 4, YEAR_MIN, 9999, &m.year)) {
		return false;
	}
	m.precision = "year";
	if (n > 4) {
		if (n < 7 || s[4] != '-' || !number(s + 5, 2, 1, 12, &m.month)) {
			return false;
		}
		m.precision = "month";
	}
	if (n > 7) {
		if (n < 10 || s[7] != '-' || !number(s + 8, 2, 1, month_days(m.year, m.month), &m.day)) {
			return false;
		}
		m.precision = "day";
	}
	if (n > 10 && !read_clock(s + 10, n - 10, &m)) {
		return false;
	}
	*ret_m = m;
	return true;
}

static void
write_day(unsigned year, unsigned month, unsigned day, char ret_s[static HZ_CLAIMED_DAY])
{
	char text[40];

	(void)snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
	memcpy(ret_s, text, HZ_CLAIMED_DAY);
}

static void
first_day(const struct moment *m, char ret_s[static HZ_CLAIMED_DAY])
{
	write_day(m->year, m->month != 0 ? m->month : 1, m->day != 0 ? m->day : 1, ret_s);
}

static void
last_day(const struct moment *m, char ret_s[static HZ_CLAIMED_DAY])
{
	unsigned month = m->month != 0 ? m->month : 12;

	write_day(m->year, month, m->day != 0 ? m->day : month_days(m->year, month), ret_s);
}

static bool
read_when(const char *s, size_t n, struct hz_claimed *ret_w)
{
	struct moment a;
	struct moment b;
	bool about = n > 0 && s[0] == '~';
	const char *dots = strstr(s, "..");

	if (about && dots == NULL) {
		if (!read_moment(s + 1, n - 1, &a)) {
			return false;
		}
		b = a;
		ret_w->precision = "about";
	} else if (dots != NULL) {
		size_t left = (size_t)(dots - s);
		if (!read_moment(s, left, &a) || !read_moment(dots + 2, n - left - 2, &b)) {
			return false;
		}
		ret_w->precision = "range";
	} else {
		if (!read_moment(s, n, &a)) {
			return false;
		}
		b = a;
		ret_w->precision = a.precision;
	}
	first_day(&a, ret_w->from);
	last_day(&b, ret_w->to);
	return memcmp(ret_w->from, ret_w->to, HZ_CLAIMED_DAY) <= 0;
}

HZ_RESULT
hz_claimed_parse(const char *text, struct hz_claimed *ret_w)
{
	char s[TEXT_MAX] = "";
	size_t n = 0;
	struct hz_claimed w = { 0 };

	if (!plain_digits(text, s, &n) || !read_when(s, n, &w)) {
		return hz_fail(HZ_MSG_USAGE, "no date: %.80s", text);
	}
	*ret_w = w;
	return HZ_OK;
}
