/* JSON lines: one object on one line, beginning with the version and the type. */
#include "base/enc.h"
#include "door/out.h"
#include <stdio.h>
#include <string.h>

struct hz_jw *
hz_line_begin(struct hz_out *o, const char *type)
{
	o->line_start = o->buf.len;
	hz_jw_begin(&o->jw, &o->buf);
	hz_jw_obj(&o->jw, NULL);
	hz_jw_int(&o->jw, "v", 1);
	hz_jw_str(&o->jw, "type", type);
	return &o->jw;
}

void
hz_line_end(struct hz_out *o)
{
	hz_jw_obj_end(&o->jw);
	enum hz_err err = hz_jw_end(&o->jw);
	if (err != HZ_OK) {
		/* Whole lines or none: a reader of lines must never see half of one. */
		o->buf.len = o->line_start;
		o->err = o->err == HZ_OK ? err : o->err;
		return;
	}
	hz_out_puts(o, "\n");
}

void
hz_line_bytes(struct hz_jw *w, const char *name, const void *p, size_t n)
{
	if (hz_utf8_ok(p, n)) {
		hz_jw_strn(w, name, p, n);
		return;
	}
	struct hz_buf text = HZ_BUF_INIT(HZ_OUT_MAX);
	struct hz_buf b64 = HZ_BUF_INIT(HZ_OUT_MAX);
	char b64_name[64];
	const char *s = NULL;

	(void)snprintf(b64_name, sizeof b64_name, "%s_b64", name);
	enum hz_err err = hz_utf8_repair(&text, p, n);
	if (err == HZ_OK) {
		err = hz_b64_put(&b64, HZ_B64_STD, p, n);
	}
	if (err == HZ_OK) {
		err = hz_buf_cstr(&b64, &s);
	}
	if (err == HZ_OK) {
		hz_jw_strn(w, name, text.p, text.len);
		hz_jw_str(w, b64_name, s);
	} else if (w->err == HZ_OK) {
		w->err = err;
	}
	hz_buf_done(&text);
	hz_buf_done(&b64);
}

void
hz_line_path(struct hz_jw *w, const char *path)
{
	hz_line_bytes(w, "path", path, strlen(path));
}

void
hz_line_text(struct hz_jw *w, const char *name, const char *s)
{
	size_t n = strlen(s);

	if (hz_utf8_ok(s, n)) {
		hz_jw_strn(w, name, s, n);
		return;
	}
	struct hz_buf text = HZ_BUF_INIT(HZ_OUT_MAX);
	enum hz_err err = hz_utf8_repair(&text, s, n);
	if (err == HZ_OK) {
		hz_jw_strn(w, name, text.p, text.len);
	} else if (w->err == HZ_OK) {
		w->err = err;
	}
	hz_buf_done(&text);
}

void
hz_line_time(struct hz_jw *w, const char *name, int64_t t)
{
	char s[21];

	hz_time_format(t, s);
	hz_jw_str(w, name, s);
}
