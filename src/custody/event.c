#include "custody/event.h"
#include "base/enc.h"

#include <string.h>

#define VERSION 1

static const uint8_t *
field(const struct hz_event *e, size_t at)
{
	return (const uint8_t *)e + at;
}

static bool
flag(const struct hz_event *e, size_t at)
{
	bool v;
	memcpy(&v, field(e, at), sizeof v);
	return v;
}

static uint64_t
number(const struct hz_event *e, size_t at)
{
	uint64_t v;
	memcpy(&v, field(e, at), sizeof v);
	return v;
}

static enum hz_err
write_x(struct hz_jw *w, const char *text)
{
	struct hz_json_doc *doc = NULL;
	enum hz_err err = hz_json_parse(text, strlen(text), false, &doc);
	if (err != HZ_OK) {
		return err;
	}
	hz_jw_value(w, "x", hz_json_root(doc));
	hz_json_free(&doc);
	return HZ_OK;
}

static void
write_obj(struct hz_jw *w, const struct hz_event *e)
{
	hz_jw_obj(w, "obj");
	hz_jw_hex(w, "root", e->obj_root, sizeof e->obj_root);
	hz_jw_int(w, "size", e->obj_size);
	hz_jw_obj_end(w);
}

static void
write_also(struct hz_jw *w, const struct hz_event *e)
{
	hz_jw_arr(w, "also");
	for (size_t i = 0; i < e->nalso; i++) {
		hz_jw_hex(w, NULL, e->also[i], sizeof e->also[i]);
	}
	hz_jw_arr_end(w);
}

static enum hz_err
write_member(struct hz_jw *w, const struct hz_event_member *m, const struct hz_event *e)
{
	char time[21];
	switch (m->kind) {
	case HZ_MK_ACT:
		hz_jw_str(w, m->name, e->act == HZ_ACT_UNKNOWN ? e->act_text : hz_act_name(e->act));
		break;
	case HZ_MK_ALSO:
		write_also(w, e);
		break;
	case HZ_MK_EX:
		hz_jw_str(w, m->name, e->ex);
		break;
	case HZ_MK_HEX:
		hz_jw_hex(w, m->name, field(e, m->at), HZ_HASH);
		break;
	case HZ_MK_LINK:
		if (flag(e, m->has)) {
			hz_jw_hex(w, m->name, field(e, m->at), HZ_HASH);
		} else {
			hz_jw_null(w, m->name);
		}
		break;
	case HZ_MK_INIT:
		hz_init_write(w, &e->init);
		break;
	case HZ_MK_INT:
		hz_jw_int(w, m->name, number(e, m->at));
		break;
	case HZ_MK_LOG:
		hz_jw_str(w, m->name, e->log);
		break;
	case HZ_MK_OBJ:
		write_obj(w, e);
		break;
	case HZ_MK_TIME:
		hz_time_format(e->t, time);
		hz_jw_str(w, m->name, time);
		break;
	case HZ_MK_VERSION:
		hz_jw_int(w, m->name, VERSION);
		break;
	case HZ_MK_X:
		return write_x(w, e->x);
	}
	return HZ_OK;
}

static enum hz_err
write_payload(const struct hz_event *e, struct hz_buf *out)
{
	struct hz_jw w;
	unsigned has = hz_event_members(e);
	enum hz_err err = HZ_OK;
	hz_jw_begin(&w, out);
	hz_jw_obj(&w, NULL);
	for (size_t i = 0; hz_event_member(i) != NULL && err == HZ_OK; i++) {
		const struct hz_event_member *m = hz_event_member(i);
		bool there = m->with_ex ? e->ex[0] != '\0' : m->bit == 0 || (has & m->bit) != 0;
		if (there) {
			err = write_member(&w, m, e);
		}
	}
	hz_jw_obj_end(&w);
	enum hz_err end = hz_jw_end(&w);
	return err != HZ_OK ? err : end;
}

enum hz_err
hz_event_sign_kid(const struct hz_event *e, const struct hz_ed_key *key,
    const char kid[static HZ_KID_LEN + 1], struct hz_buf *out)
{
	size_t at = out->len;
	struct hz_buf payload = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event checked = *e;
	memcpy(checked.kid, kid, sizeof checked.kid);
	checked.has_x = false;
	enum hz_err err = hz_event_check(&checked);
	if (err != HZ_OK) {
		/* What is signed comes from us: an event that our own reader would refuse is a bug. */
		return hz_fail(HZ_MSG_INTERNAL, "%s", hz_fail_detail());
	}
	err = write_payload(&checked, &payload);
	if (err == HZ_OK) {
		err = hz_jws_sign(HZ_EVENT_TYP, key, kid, payload.p, payload.len, out);
	}
	if (err == HZ_OK && out->len - at > HZ_EVENT_MAX) {
		err = hz_fail(HZ_MSG_LIMIT, "event of %zu bytes, at most %d", out->len - at, HZ_EVENT_MAX);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	hz_buf_done(&payload);
	return err;
}

enum hz_err
hz_event_sign(const struct hz_event *e, const struct hz_ed_key *key, struct hz_buf *out)
{
	char kid[HZ_KID_LEN + 1];
	hz_kid(key->pk, kid);
	return hz_event_sign_kid(e, key, kid, out);
}

void
hz_leaf_hash(const void *p, size_t n, uint8_t ret_h[static 32])
{
	hz_sha256_2("", 1, p, n, ret_h);
}
