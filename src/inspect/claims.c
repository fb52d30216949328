#include "inspect/claims.h"
#include "base/enc.h"
#include <stdio.h>
#include <string.h>

enum { DECIMAL_MAX = 9, TIME_MAX = 48 };

void
hz_claims_add(struct hz_claims *c, enum hz_claim_key key, const char *value)
{
	(void)hz_claims_put(c, key, value, strnlen(value, HZ_CLAIM_VALUE_MAX + 1));
}

bool
hz_claims_have(const struct hz_claims *c, enum hz_claim_key key)
{
	return hz_claims_get(c, key) != NULL;
}

void
hz_claims_add_text(struct hz_claims *c, enum hz_claim_key key, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	char out[HZ_CLAIM_VALUE_MAX];
	size_t len = 0;
	bool space = false;

	n = strnlen((const char *)p, n);
	for (size_t at = 0; at < n;) {
		uint32_t cp = 0;
		size_t used = hz_utf8_next(p + at, n - at, &cp);
		bool bad = cp == 0xFFFFFFFF;
		const void *from = bad ? (const void *)"\xef\xbf\xbd" : (const void *)(p + at);
		size_t width = bad ? 3 : used;

		at += used;
		if (!bad && (cp <= 0x20 || (cp >= 0x7f && cp <= 0xa0) || cp == 0x2028 || cp == 0x2029)) {
			space = len > 0;
			continue;
		}
		if (len + (space ? 1 : 0) + width > sizeof(out)) {
			break;
		}
		if (space) {
			out[len++] = ' ';
			space = false;
		}
		memcpy(out + len, from, width);
		len += width;
	}
	if (len > 0) {
		(void)hz_claims_put(c, key, out, len);
	}
}

void
hz_claims_add_number(struct hz_claims *c, enum hz_claim_key key, uint64_t v)
{
	char out[24];

	(void)snprintf(out, sizeof(out), "%llu", (unsigned long long)v);
	hz_claims_add(c, key, out);
}

void
hz_claims_add_decimal(struct hz_claims *c, enum hz_claim_key key, int64_t v, unsigned places)
{
	uint64_t unit = 1, size = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char out[40];

	hz_assert(places <= DECIMAL_MAX);
	for (unsigned i = 0; i < places; i++) {
		unit *= 10;
	}
	int n = snprintf(out, sizeof(out), "%s%llu.%0*llu", v < 0 ? "-" : "",
	    (unsigned long long)(size / unit), (int)places, (unsigned long long)(size % unit));

	while (n > 0 && out[n - 1] == '0') {
		out[--n] = '\0';
	}
	if (places == 0 || out[n - 1] == '.') {
		*strchr(out, '.') = '\0';
	}
	hz_claims_add(c, key, out);
}

void
hz_claims_add_unix(struct hz_claims *c, enum hz_claim_key key, int64_t seconds)
{
	char out[21];

	/* 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z */
	if (seconds >= INT64_C(-62135596800) && seconds <= INT64_C(253402300799)) {
		hz_time_format(seconds, out);
		hz_claims_add(c, key, out);
	}
}

/* A cursor over a time as it is written. */
struct scan {
	const char *p;
	size_t n;
	char *to;
	size_t len;
};

static bool
digits(struct scan *s, size_t n)
{
	if (s->n < n) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9') {
			return false;
		}
	}
	memcpy(s->to + s->len, s->p, n);
	s->len += n;
	s->p += n;
	s->n -= n;
	return true;
}

/* One of the signs in any, read as sign. */
static bool
sign(struct scan *s, const char *any, char write)
{
	if (s->n == 0 || *s->p == '\0' || strchr(any, *s->p) == NULL) {
		return false;
	}
	s->to[s->len++] = write;
	s->p++;
	s->n--;
	return true;
}

static void
fraction(struct scan *s)
{
	size_t n = 0, kept = 0;

	while (1 + n < s->n && s->p[1 + n] >= '0' && s->p[1 + n] <= '9') {
		n++;
	}
	if (s->n == 0 || (*s->p != '.' && *s->p != ',') || n == 0) {
		return;
	}
	kept = n < DECIMAL_MAX ? n : DECIMAL_MAX;
	s->to[s->len++] = '.';
	memcpy(s->to + s->len, s->p + 1, kept);
	s->len += kept;
	s->p += 1 + n;
	s->n -= 1 + n;
}

/* Z, +hh:mm, +hhmm, +hh; a space before it is fine. */
static bool
zone(struct scan *s)
{
	if (s->n > 1 && *s->p == ' ') {
		s->p++;
		s->n--;
	}
	if (sign(s, "Zz", 'Z')) {
		return s->n == 0;
	}
	if (!sign(s, "+", '+') && !sign(s, "-", '-')) {
		return s->n == 0;
	}
	if (!digits(s, 2)) {
		return false;
	}
	if (s->n > 0 && *s->p == ':') {
		s->p++;
		s->n--;
	}
	s->to[s->len++] = ':';
	if (s->n == 0) {
		s->to[s->len++] = '0';
		s->to[s->len++] = '0';
		return true;
	}
	return digits(s, 2) && s->n == 0;
}

static bool
scan_time(struct scan *s)
{
	if (!digits(s, 4)) {
		return false;
	}
	for (int i = 0; i < 2; i++) {
		if (s->n == 0) {
			return true;
		}
		if (!sign(s, ":-", '-')) {
			return false;
		}
		if (!digits(s, 2)) {
			return false;
		}
	}
	if (s->n == 0) {
		return true;
	}
	if (!sign(s, "T ", 'T') || !digits(s, 2) || !sign(s, ":", ':') || !digits(s, 2)) {
		return false;
	}
	if (sign(s, ":", ':')) {
		if (!digits(s, 2)) {
			return false;
		}
		fraction(s);
	}
	return zone(s);
}

void
hz_claims_add_time(struct hz_claims *c, enum hz_claim_key key, const void *p, size_t n)
{
	char out[TIME_MAX + 8];
	struct scan s = { p, strnlen(p, n), out, 0 };

	while (s.n > 0 && (*s.p == ' ' || *s.p == '\n')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n')) {
		s.n--;
	}
	if (s.n <= TIME_MAX && scan_time(&s)) {
		(void)hz_claims_put(c, key, out, s.len);
	}
}
