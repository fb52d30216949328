#include "base/enc.h"
#include "custody/event.h"

#include <string.h>

#define VERSION 1
#define DEPTH   3

static uint8_t *
field(struct hz_event *e, size_t at)
{
	return (uint8_t *)e + at;
}

static void
set_flag(struct hz_event *e, size_t at)
{
	const bool yes = true;
	memcpy(field(e, at), &yes, sizeof yes);
}

static enum hz_err
read_text(const struct hz_json *v, const char *name, char *ret_s, size_t max)
{
	size_t n = 0;
	const char *s = hz_json_str(v, &n);
	if (s == NULL || n == 0 || n >= max || strlen(s) != n) {
		return hz_fail(HZ_MSG_FORMAT, "event: %s is not a text of 1 to %zu bytes", name, max - 1);
	}
	memcpy(ret_s, s, n + 1);
	return HZ_OK;
}

static enum hz_err
read_hex(const struct hz_json *v, const char *name, uint8_t ret_h[static HZ_HASH])
{
	size_t n = 0;
	const char *s = hz_json_str(v, &n);
	if (s == NULL) {
		return hz_fail(HZ_MSG_FORMAT, "event: %s is not a text", name);
	}
	return hz_unhex(s, n, ret_h, HZ_HASH);
}

static enum hz_err
read_int(const struct hz_json *v, const char *name, uint64_t *ret_v)
{
	return hz_json_int(v, ret_v) ? HZ_OK : hz_fail(HZ_MSG_FORMAT, "event: %s is not an integer", name);
}

static enum hz_err
read_act(const struct hz_json *v, struct hz_event *e)
{
	enum hz_err err = read_text(v, "act", e->act_text, sizeof e->act_text);
	if (err != HZ_OK) {
		return err;
	}
	for (const char *s = e->act_text; *s != '\0'; s++) {
		if (*s != '-' && (*s < 'a' || *s > 'z') && (*s < '0' || *s > '9')) {
			return hz_fail(HZ_MSG_FORMAT, "event: act is not a word");
		}
	}
	e->act = hz_act_parse(e->act_text, strlen(e->act_text));
	return HZ_OK;
}

static enum hz_err
read_also(const struct hz_json *v, struct hz_event *e)
{
	if (hz_json_type_of(v) != HZ_JSON_ARRAY || hz_json_count(v) == 0 || hz_json_count(v) > HZ_ALSO_MAX) {
		return hz_fail(HZ_MSG_FORMAT, "event: also is not an array of 1 to %d", HZ_ALSO_MAX);
	}
	enum hz_err err = HZ_OK;
	for (size_t i = 0; i < hz_json_count(v) && err == HZ_OK; i++) {
		err = read_hex(hz_json_at(v, i), "also", e->also[i]);
	}
	e->nalso = hz_json_count(v);
	return err;
}

static enum hz_err
read_obj(const struct hz_json *v, struct hz_event *e)
{
	const struct hz_json *root = hz_json_get(v, "root");
	const struct hz_json *size = hz_json_get(v, "size");
	if (root == NULL || size == NULL || hz_json_count(v) != 2) {
		return hz_fail(HZ_MSG_FORMAT, "event: obj is not a root and a size");
	}
	enum hz_err err = read_hex(root, "root", e->obj_root);
	if (err == HZ_OK) {
		err = read_int(size, "size", &e->obj_size);
	}
	e->has_obj = true;
	return err;
}

static enum hz_err
read_time(const struct hz_json *v, struct hz_event *e)
{
	size_t n = 0;
	const char *s = hz_json_str(v, &n);
	if (s == NULL) {
		return hz_fail(HZ_MSG_FORMAT, "event: t is not a text");
	}
	return hz_time_parse(s, n, &e->t);
}

static enum hz_err
read_version(const struct hz_json *v)
{
	uint64_t n;
	enum hz_err err = read_int(v, "v", &n);
	if (err == HZ_OK && n != VERSION) {
		err = hz_fail(HZ_MSG_VERSION, "event: version %llu", (unsigned long long)n);
	}
	return err;
}

/* x.clock [F-8.20]. What has not this form belongs to another version and says nothing here. */
static void
read_clock(const struct hz_json *v, struct hz_clock *ret_c)
{
	static const char *const syncs[] = { "unknown", "yes", "no" };
	const uint64_t max = (uint64_t)1 << 53;
	struct hz_clock c = { .there = true };
	const char *boot = hz_json_str(hz_json_get(v, "boot"), NULL);
	const char *sync = hz_json_str(hz_json_get(v, "sync"), NULL);
	unsigned i = 0;
	if (boot == NULL || sync == NULL || hz_json_count(v) != 4 || strlen(boot) != 2 * sizeof c.boot ||
	    !hz_is_hex(boot, 2 * sizeof c.boot) || !hz_json_int(hz_json_get(v, "up"), &c.up) ||
	    !hz_json_int(hz_json_get(v, "wall"), &c.wall) || c.up >= max || c.wall >= max) {
		return;
	}
	while (i < 3 && strcmp(syncs[i], sync) != 0) {
		i++;
	}
	if (i < 3 && hz_unhex(boot, 2 * sizeof c.boot, c.boot, sizeof c.boot) == HZ_OK) {
		c.sync = (enum hz_clock_sync)i;
		*ret_c = c;
	}
}

static enum hz_err
read_member(const struct hz_json *v, const struct hz_event_member *m, struct hz_event *e)
{
	switch (m->kind) {
	case HZ_MK_ACT:
		return read_act(v, e);
	case HZ_MK_ALSO:
		return read_also(v, e);
	case HZ_MK_EX:
		return read_text(v, m->name, e->ex, sizeof e->ex);
	case HZ_MK_LINK:
		if (hz_json_type_of(v) == HZ_JSON_NULL) {
			return HZ_OK;
		}
		set_flag(e, m->has);
		return read_hex(v, m->name, field(e, m->at));
	case HZ_MK_HEX:
		set_flag(e, m->has);
		return read_hex(v, m->name, field(e, m->at));
	case HZ_MK_INIT:
		e->has_init = true;
		return hz_init_read(v, &e->init);
	case HZ_MK_INT: {
		uint64_t n;
		enum hz_err err = read_int(v, m->name, &n);
		if (err == HZ_OK) {
			memcpy(field(e, m->at), &n, sizeof n);
		}
		return err;
	}
	case HZ_MK_LOG:
		return read_text(v, m->name, e->log, sizeof e->log);
	case HZ_MK_OBJ:
		return read_obj(v, e);
	case HZ_MK_TIME:
		return read_time(v, e);
	case HZ_MK_VERSION:
		return read_version(v);
	case HZ_MK_X:
		e->has_x = true;
		read_clock(hz_json_get(v, "clock"), &e->clock);
		return hz_json_type_of(v) == HZ_JSON_OBJECT
			   ? HZ_OK
			   : hz_fail(HZ_MSG_FORMAT, "event: x is not an object");
	}
	return hz_fail(HZ_MSG_INTERNAL, "event: member %s", m->name);
}

static bool
is_container(const struct hz_json *v)
{
	return hz_json_type_of(v) == HZ_JSON_ARRAY || hz_json_type_of(v) == HZ_JSON_OBJECT;
}

/* Arrays and objects in a member are levels 2 and 3; one in the third is too deep. */
static bool
too_deep(const struct hz_json *member)
{
	for (size_t i = 0; is_container(member) && i < hz_json_count(member); i++) {
		const struct hz_json *second = hz_json_at(member, i);
		for (size_t k = 0; is_container(second) && k < hz_json_count(second); k++) {
			if (is_container(hz_json_at(second, k))) {
				return true;
			}
		}
	}
	return false;
}

static enum hz_err
read_payload(const struct hz_json *root, struct hz_event *e)
{
	if (hz_json_type_of(root) != HZ_JSON_OBJECT) {
		return hz_fail(HZ_MSG_FORMAT, "event: not an object");
	}
	/* The version first: what another version means by its members is not known here. */
	const struct hz_json *v = hz_json_get(root, "v");
	enum hz_err err = v == NULL ? hz_fail(HZ_MSG_FORMAT, "event: no v") : read_version(v);
	/* Members and rows stand in one order: each row is passed once. */
	uint32_t there = 0;
	size_t row = 0;
	for (size_t i = 0; i < hz_json_count(root) && err == HZ_OK; i++) {
		const struct hz_event_member *m;
		int d = -1;
		while ((m = hz_event_member(row)) != NULL &&
		       (d = strcmp(m->name, hz_json_name_at(root, i))) < 0) {
			row++;
		}
		if (m == NULL || d != 0 || too_deep(hz_json_at(root, i))) {
			return hz_fail(HZ_MSG_FORMAT, "event: a member is unknown or deeper than %d", DEPTH);
		}
		there |= (uint32_t)1 << row++;
		err = read_member(hz_json_at(root, i), m, e);
	}
	for (size_t i = 0; hz_event_member(i) != NULL && err == HZ_OK; i++) {
		const struct hz_event_member *m = hz_event_member(i);
		bool must = m->with_ex ? e->ex[0] != '\0' : m->bit == 0;
		if (must && (there >> i & 1) == 0) {
			err = hz_fail(HZ_MSG_FORMAT, "event: no %s", m->name);
		} else if (m->with_ex && !must && (there >> i & 1) != 0) {
			err = hz_fail(HZ_MSG_FORMAT, "event: %s without ex", m->name);
		}
	}
	return err;
}

enum hz_err
hz_event_read(const void *p, size_t n, struct hz_event *ret_e)
{
	if (n > HZ_EVENT_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "event of %zu bytes, at most %d", n, HZ_EVENT_MAX);
	}
	struct hz_buf payload = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_json_doc *doc = NULL;
	struct hz_event e = { .act = HZ_ACT_UNKNOWN };
	enum hz_err err = hz_jws_parse(HZ_EVENT_TYP, p, n, e.kid, &payload);
	if (err == HZ_OK) {
		err = hz_json_parse(payload.p, payload.len, true, &doc);
	}
	if (err == HZ_OK) {
		err = read_payload(hz_json_root(doc), &e);
	}
	if (err == HZ_OK) {
		err = hz_event_check(&e);
	}
	if (err == HZ_OK) {
		*ret_e = e;
	}
	hz_json_free(&doc);
	hz_buf_done(&payload);
	return err;
}
