/* Event 0's object [F-8.3]. */
#include "base/enc.h"
#include "custody/event.h"

#include <string.h>

/* Role bits in the order of their names. */
static const enum hz_member_role sorted_roles[] = { HZ_ROLE_ANALYST, HZ_ROLE_AUDITOR, HZ_ROLE_CUSTODIAN,
	HZ_ROLE_DOCUMENTER, HZ_ROLE_LEGAL, HZ_ROLE_WITNESS };

#define ROLES (sizeof sorted_roles / sizeof sorted_roles[0])

void
hz_init_write(struct hz_jw *w, const struct hz_event_init *i)
{
	hz_jw_obj(w, "init");
	hz_jw_b64url(w, "bundle", i->bundle_pk, sizeof i->bundle_pk);
	hz_jw_str(w, "checkpoint", i->checkpoint);
	hz_jw_b64url(w, "event", i->event_pk, sizeof i->event_pk);
	if (i->restored) {
		hz_jw_str(w, "found", i->found);
	}
	hz_jw_str(w, "member", i->member);
	if (i->restored) {
		hz_jw_str(w, "pinned", i->pinned);
	}
	hz_jw_arr(w, "roles");
	for (size_t r = 0; r < ROLES; r++) {
		if ((i->roles & (unsigned)sorted_roles[r]) != 0) {
			hz_jw_str(w, NULL, hz_role_name(sorted_roles[r]));
		}
	}
	hz_jw_arr_end(w);
	hz_jw_arr(w, "rules");
	hz_jw_arr_end(w);
	hz_jw_str(w, "suite", HZ_EVENT_SUITE);
	hz_jw_hex(w, "vault", i->vault_id, sizeof i->vault_id);
	hz_jw_b64url(w, "x25519", i->x25519_pk, sizeof i->x25519_pk);
	hz_jw_obj_end(w);
}

/* The text of a string member without zero bytes; NULL with the failure set. */
static const char *
text(const struct hz_json *obj, const char *name)
{
	const struct hz_json *v = hz_json_get(obj, name);
	size_t n = 0;
	const char *s = v == NULL ? NULL : hz_json_str(v, &n);
	if (s == NULL || strlen(s) != n) {
		HZ_IGNORE(hz_fail(HZ_MSG_FORMAT, "event 0: %s is missing or no text", name));
		return NULL;
	}
	return s;
}

static enum hz_err
copy(const struct hz_json *obj, const char *name, char *ret_s, size_t max)
{
	const char *s = text(obj, name);
	if (s == NULL) {
		return HZ_ERR_FORMAT;
	}
	size_t n = strlen(s);
	if (n >= max) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: %s of %zu bytes, at most %zu", name, n, max - 1);
	}
	memcpy(ret_s, s, n + 1);
	return HZ_OK;
}

static enum hz_err
key(const struct hz_json *obj, const char *name, uint8_t ret_pk[static 32])
{
	const char *s = text(obj, name);
	size_t n;
	if (s == NULL) {
		return HZ_ERR_FORMAT;
	}
	if (strlen(s) != hz_b64_len(HZ_B64_URL, 32)) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: %s is not a key", name);
	}
	return hz_b64_get(HZ_B64_URL, s, strlen(s), ret_pk, 32, &n);
}

/* `<size> <root hex>` or nothing. */
static enum hz_err
head(const struct hz_json *obj, const char *name, char *ret_s, size_t max)
{
	uint64_t size;
	enum hz_err err = copy(obj, name, ret_s, max);
	if (err != HZ_OK || ret_s[0] == '\0') {
		return err;
	}
	const char *space = strchr(ret_s, ' ');
	if (space == NULL || strlen(space + 1) != (size_t)2 * HZ_HASH ||
	    !hz_is_hex(space + 1, (size_t)2 * HZ_HASH)) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: %s is not a size and a root", name);
	}
	return hz_parse_u64(ret_s, (size_t)(space - ret_s), UINT64_MAX, &size);
}

static enum hz_err
roles(const struct hz_json *obj, unsigned *ret_roles)
{
	const struct hz_json *v = hz_json_get(obj, "roles");
	unsigned bits = 0;
	const char *last = "";
	if (v == NULL || hz_json_type_of(v) != HZ_JSON_ARRAY) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: no roles");
	}
	for (size_t i = 0; i < hz_json_count(v); i++) {
		size_t n = 0;
		const char *s = hz_json_str(hz_json_at(v, i), &n);
		unsigned bit = s == NULL || strlen(s) != n ? 0 : hz_role_parse(s);
		if (bit == 0 || strcmp(last, s) >= 0) {
			return hz_fail(HZ_MSG_FORMAT, "event 0: roles are unknown, repeated or unsorted");
		}
		bits |= bit;
		last = s;
	}
	*ret_roles = bits;
	return HZ_OK;
}

/* What a later version may put there is not damage but something that this version does not know. */
static enum hz_err
suite_and_rules(const struct hz_json *obj)
{
	const char *suite = text(obj, "suite");
	const struct hz_json *rules = hz_json_get(obj, "rules");
	if (suite == NULL) {
		return HZ_ERR_FORMAT;
	}
	if (strcmp(suite, HZ_EVENT_SUITE) != 0) {
		return hz_fail(HZ_MSG_VERSION, "event 0: suite %.40s", suite);
	}
	if (rules == NULL || hz_json_type_of(rules) != HZ_JSON_ARRAY) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: no rules");
	}
	if (hz_json_count(rules) != 0) {
		return hz_fail(HZ_MSG_VERSION, "event 0: rules that this version does not know");
	}
	return HZ_OK;
}

enum hz_err
hz_init_read(const struct hz_json *v, struct hz_event_init *ret_i)
{
	struct hz_event_init i = { .restored = false };
	if (hz_json_type_of(v) != HZ_JSON_OBJECT) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: init is not an object");
	}
	i.restored = hz_json_get(v, "found") != NULL;
	if (hz_json_count(v) != (i.restored ? 11 : 9)) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: init has %zu members", hz_json_count(v));
	}
	enum hz_err err = suite_and_rules(v);
	if (err == HZ_OK) {
		err = key(v, "bundle", i.bundle_pk);
	}
	if (err == HZ_OK) {
		err = key(v, "event", i.event_pk);
	}
	if (err == HZ_OK) {
		err = key(v, "x25519", i.x25519_pk);
	}
	if (err == HZ_OK) {
		err = copy(v, "checkpoint", i.checkpoint, sizeof i.checkpoint);
	}
	if (err == HZ_OK) {
		err = copy(v, "member", i.member, sizeof i.member);
	}
	if (err == HZ_OK && i.restored) {
		err = head(v, "found", i.found, sizeof i.found);
	}
	if (err == HZ_OK && i.restored) {
		err = head(v, "pinned", i.pinned, sizeof i.pinned);
	}
	if (err == HZ_OK) {
		err = roles(v, &i.roles);
	}
	const char *vault = err == HZ_OK ? text(v, "vault") : NULL;
	if (vault == NULL) {
		return err != HZ_OK ? err : HZ_ERR_FORMAT;
	}
	err = hz_unhex(vault, strlen(vault), i.vault_id, sizeof i.vault_id);
	if (err == HZ_OK) {
		*ret_i = i;
	}
	return err;
}
