#include "record/record.h"
#include "base/enc.h"
#include "record/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST     16
#define ORIGIN    "hirz.invalid/"
#define VAULT_HEX 32
#define LOG_HEX   8
/* Of the JWS around the payload [F-5.3]: header 126, signature 86, two dots. */
#define ENVELOPE 214

void
hz_record_init(struct hz_record *r)
{
	*r = (struct hz_record){ .ver = 1 };
}

void
hz_record_done(struct hz_record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->fields[i].name);
		free(r->fields[i].value);
		free(r->fields[i].disclosure);
	}
	free(r->fields);
	free(r->ex);
	hz_record_init(r);
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool
hz_field_name_ok(const char *name, size_t n)
{
	if (n == 0 || n > HZ_FIELD_NAME_MAX || (n == 3 && memcmp(name, "_sd", 3) == 0)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		/* A dot stands between two words only. */
		bool dot = name[i] == '.' && i > 0 && i + 1 < n && name[i - 1] != '.';
		if (!dot && !is_name_char(name[i])) {
			return false;
		}
	}
	return true;
}

static enum hz_err
grow(struct hz_record *r)
{
	if (r->n < r->cap) {
		return HZ_OK;
	}
	size_t cap = r->cap == 0 ? FIRST : 2 * r->cap;
	struct hz_field *p = realloc(r->fields, cap * sizeof *p);
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "record of %zu fields", cap);
	}
	r->fields = p;
	r->cap = cap;
	return HZ_OK;
}

enum hz_err
hz_record_push(struct hz_record *r, char *name, char *value, bool is_int)
{
	enum hz_err err = HZ_OK;
	if (name == NULL || value == NULL) {
		err = hz_fail(HZ_MSG_NOMEM, "record field");
	} else if (r->n == HZ_RECORD_FIELDS_MAX) {
		err = hz_fail(HZ_MSG_LIMIT, "record: more than %d fields", HZ_RECORD_FIELDS_MAX);
	} else if (hz_record_get(r, name) != NULL) {
		err = hz_fail(HZ_MSG_FORMAT, "record: two fields are named %s", name);
	} else {
		err = grow(r);
	}
	if (err != HZ_OK) {
		free(name);
		free(value);
		return err;
	}
	r->fields[r->n++] = (struct hz_field){ .name = name, .value = value, .is_int = is_int };
	return HZ_OK;
}

static enum hz_err
add(struct hz_record *r, const char *name, const void *value, size_t n, bool is_int)
{
	if (!hz_field_name_ok(name, strnlen(name, HZ_FIELD_NAME_MAX + 1))) {
		return hz_fail(HZ_MSG_FORMAT, "record: not a name for a field: %.120s", name);
	}
	if (n > HZ_FIELD_VALUE_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "record: %s of %zu bytes, at most %d", name, n, HZ_FIELD_VALUE_MAX);
	}
	if (n > 0 && (!hz_utf8_ok(value, n) || memchr(value, 0, n) != NULL)) {
		return hz_fail(HZ_MSG_FORMAT, "record: %s is not UTF-8 text", name);
	}
	char *copy = malloc(n + 1);
	if (copy != NULL) {
		if (n > 0) {
			memcpy(copy, value, n);
		}
		copy[n] = '\0';
	}
	return hz_record_push(r, strdup(name), copy, is_int);
}

enum hz_err
hz_record_add(struct hz_record *r, const char *name, const char *value)
{
	return value == NULL ? HZ_OK : add(r, name, value, strlen(value), false);
}

enum hz_err
hz_record_addn(struct hz_record *r, const char *name, const void *value, size_t n)
{
	return add(r, name, value, n, false);
}

enum hz_err
hz_record_add_int(struct hz_record *r, const char *name, uint64_t value)
{
	char text[24];
	if (value > HZ_INT_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "record: %s is over 2^53-1", name);
	}
	(void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	return add(r, name, text, strlen(text), true);
}

enum hz_err
hz_record_add_ex(struct hz_record *r, const uint8_t ex[static 16])
{
	if (r->nex == HZ_RECORD_EX_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "record: more than %d exhibits", HZ_RECORD_EX_MAX);
	}
	for (size_t i = 0; i < r->nex; i++) {
		if (memcmp(r->ex[i], ex, sizeof r->ex[i]) == 0) {
			return hz_fail(HZ_MSG_FORMAT, "record: an exhibit twice");
		}
	}
	uint8_t(*p)[16] = realloc(r->ex, (r->nex + 1) * sizeof *p);
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "record of %zu exhibits", r->nex + 1);
	}
	r->ex = p;
	memcpy(p[r->nex++], ex, sizeof *p);
	return HZ_OK;
}

const char *
hz_record_get(const struct hz_record *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->fields[i].name, name) == 0) {
			return r->fields[i].value;
		}
	}
	return NULL;
}

bool
hz_record_is(const struct hz_record *r, const char *name, const char *value)
{
	const char *is = hz_record_get(r, name);

	return is != NULL && strcmp(is, value) == 0;
}

size_t
hz_record_file_size(size_t payload, size_t disclosures)
{
	return ENVELOPE + hz_b64_len(HZ_B64_URL, payload) + 1 + disclosures + (disclosures > 0 ? 1 : 0);
}

enum hz_err
hz_record_head_check(const struct hz_record *r)
{
	const size_t at = sizeof ORIGIN - 1;
	const char *s = r->iss;
	if (strnlen(s, sizeof r->iss) != at + VAULT_HEX + 1 + LOG_HEX || memcmp(s, ORIGIN, at) != 0 ||
	    !hz_is_hex(s + at, VAULT_HEX) || s[at + VAULT_HEX] != '/' ||
	    !hz_is_hex(s + at + VAULT_HEX + 1, LOG_HEX)) {
		return hz_fail(HZ_MSG_FORMAT, "record: iss is not an origin");
	}
	if (r->ver == 0 || (r->ver == 1) == r->has_prev) {
		return hz_fail(HZ_MSG_FORMAT, "record: ver and prev do not agree");
	}
	return HZ_OK;
}
