#include "sandbox/claims.h"
#include "base/enc.h"
#include <string.h>

struct kind {
	uint16_t key;
	uint16_t grammar;
	const char *name;
};

static const struct kind kinds[] = {
#define HZ_CLAIM_ROW(num, sym, name, grammar) { (num), HZ_CLAIM_##grammar, (name) },
	HZ_CLAIM_LIST(HZ_CLAIM_ROW)
#undef HZ_CLAIM_ROW
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
	WORD_MAX = 64,
	BEFORE_MAX = 15,
	AFTER_MAX = 9,
	ZONE_MAX = 15
};

static const struct kind *
find(unsigned key)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].key == key) {
			return &kinds[i];
		}
	}
	return NULL;
}

const char *
hz_claim_name(unsigned key)
{
	const struct kind *k = find(key);

	return k != NULL ? k->name : NULL;
}

enum hz_claim_grammar
hz_claim_grammar(enum hz_claim_key key)
{
	const struct kind *k = find(key);

	hz_assert(k != NULL);
	return (enum hz_claim_grammar)k->grammar;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
text_ok(const uint8_t *p, size_t n)
{
	if (p[0] == ' ' || p[n - 1] == ' ') {
		return false;
	}
	for (size_t at = 0; at < n;) {
		uint32_t cp = 0;

		at += hz_utf8_next(p + at, n - at, &cp);
		if (cp == 0xFFFFFFFF || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 ||
		    cp == 0x2029) {
			return false;
		}
	}
	return true;
}

static bool
word_ok(const uint8_t *p, size_t n)
{
	if (n > WORD_MAX) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(p[i]) && !(p[i] >= 'a' && p[i] <= 'z') &&
		    (p[i] == 0 || strchr("._+-/", p[i]) == NULL)) {
			return false;
		}
	}
	return true;
}

static size_t
digits(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && is_digit(p[i])) {
		i++;
	}
	return i;
}

/* A decimal whose whole part is at most most; -0 is not written. */
static bool
decimal_ok(const uint8_t *p, size_t n, uint64_t most)
{
	uint64_t whole = 0;
	bool minus = p[0] == '-', zero = true;
	size_t at = minus ? 1 : 0;
	size_t before = digits(p + at, n - at);

	if (before == 0 || before > BEFORE_MAX || (before > 1 && p[at] == '0')) {
		return false;
	}
	for (size_t i = 0; i < before; i++) {
		whole = whole * 10 + (uint64_t)(p[at + i] - '0');
	}
	at += before;
	if (at < n) {
		size_t after = p[at] == '.' ? digits(p + at + 1, n - at - 1) : 0;

		if (after == 0 || after > AFTER_MAX || at + 1 + after != n) {
			return false;
		}
		for (size_t i = at + 1; i < n; i++) {
			zero = zero && p[i] == '0';
		}
	}
	return (whole < most || (whole == most && zero)) && !(minus && whole == 0 && zero);
}

/* width digits at *at as a number from least to most; moves on. */
static bool
take(const uint8_t *p, size_t n, size_t *at, size_t width, unsigned least, unsigned most, unsigned *ret_v)
{
	unsigned v = 0;

	if (n - *at < width || digits(p + *at, width) != width) {
		return false;
	}
	for (size_t i = 0; i < width; i++) {
		v = v * 10 + (unsigned)(p[*at + i] - '0');
	}
	*at += width;
	*ret_v = v;
	return v >= least && v <= most;
}

static bool
take_sign(const uint8_t *p, size_t n, size_t *at, char sign)
{
	if (*at < n && p[*at] == (uint8_t)sign) {
		(*at)++;
		return true;
	}
	return false;
}

static unsigned
days_of(unsigned year, unsigned month)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* [:ss[.f]] and the zone: the rest. */
static bool
after_minutes_ok(const uint8_t *p, size_t n, size_t at)
{
	unsigned v = 0;

	if (take_sign(p, n, &at, ':')) {
		if (!take(p, n, &at, 2, 0, 59, &v)) {
			return false;
		}
		if (take_sign(p, n, &at, '.')) {
			size_t f = digits(p + at, n - at);

			if (f == 0 || f > AFTER_MAX) {
				return false;
			}
			at += f;
		}
	}
	if (at == n || (p[at] == 'Z' && at + 1 == n)) {
		return true;
	}
	return (p[at] == '+' || p[at] == '-') && n - at == 6 && (at++, take(p, n, &at, 2, 0, ZONE_MAX, &v)) &&
	       take_sign(p, n, &at, ':') && take(p, n, &at, 2, 0, 59, &v);
}

static bool
time_ok(const uint8_t *p, size_t n)
{
	unsigned year = 0, month = 0, v = 0;
	size_t at = 0;

	if (!take(p, n, &at, 4, 1, 9999, &year)) {
		return false;
	}
	if (at == n) {
		return true;
	}
	if (!take_sign(p, n, &at, '-') || !take(p, n, &at, 2, 1, 12, &month)) {
		return false;
	}
	if (at == n) {
		return true;
	}
	if (!take_sign(p, n, &at, '-') || !take(p, n, &at, 2, 1, days_of(year, month), &v)) {
		return false;
	}
	if (at == n) {
		return true;
	}
	return take_sign(p, n, &at, 'T') && take(p, n, &at, 2, 0, 23, &v) && take_sign(p, n, &at, ':') &&
	       take(p, n, &at, 2, 0, 59, &v) && after_minutes_ok(p, n, at);
}

bool
hz_claim_ok(unsigned key, const void *value, size_t n)
{
	const struct kind *k = find(key);
	uint64_t number = 0;
	bool ok = false;

	if (k == NULL || n == 0 || n > HZ_CLAIM_VALUE_MAX) {
		return false;
	}
	switch ((enum hz_claim_grammar)k->grammar) {
	case HZ_CLAIM_TEXT:
		return text_ok(value, n);
	case HZ_CLAIM_WORD:
		return word_ok(value, n);
	case HZ_CLAIM_NUMBER:
		ok = hz_parse_u64(value, n, (UINT64_C(1) << 53) - 1, &number) == HZ_OK;
		break;
	case HZ_CLAIM_DECIMAL:
		return decimal_ok(value, n, UINT64_MAX);
	case HZ_CLAIM_LATITUDE:
		return decimal_ok(value, n, 90);
	case HZ_CLAIM_LONGITUDE:
		return decimal_ok(value, n, 180);
	case HZ_CLAIM_SHA256:
		return n == 64 && hz_is_hex(value, n);
	case HZ_CLAIM_TIME:
		return time_ok(value, n);
	default:
		break;
	}
	return ok;
}

const char *
hz_claims_get(const struct hz_claims *c, enum hz_claim_key key)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->list[i].key == key) {
			return c->list[i].value;
		}
	}
	return NULL;
}

bool
hz_claims_put(struct hz_claims *c, enum hz_claim_key key, const void *value, size_t n)
{
	size_t at = 0;

	while (at < c->n && c->list[at].key < key) {
		at++;
	}
	if (c->n == HZ_CLAIMS_MAX || (at < c->n && c->list[at].key == key) || !hz_claim_ok(key, value, n)) {
		return false;
	}
	memmove(&c->list[at + 1], &c->list[at], (c->n - at) * sizeof(c->list[0]));
	c->list[at].key = key;
	memcpy(c->list[at].value, value, n);
	c->list[at].value[n] = '\0';
	c->n++;
	return true;
}
