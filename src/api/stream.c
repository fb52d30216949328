/* An object's plaintext, verified on its way. */
#include "api/api.h"

#include <string.h>

#define VIEW_SEGMENTS 256 /* a view that lives long keeps a writer from using free pages again */

static enum hz_err
sink(void *arg, const uint8_t *p, size_t n)
{
	struct hz_api_stream *s = arg;
	return s->fn(s->arg, p, n) == 0 ? HZ_OK : hz_api_stopped();
}

static enum hz_err
segment(
    struct hz_view *w, const struct hz_object *o, uint64_t i, struct hz_opener *op, struct hz_api_stream *s)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	hz_object_willneed(w, o, i + 2);
	enum hz_err r = hz_object_segment(w, o, i, s->fn == NULL, &p, &n);
	s->missing = r != HZ_OK && !hz_object_has(w, o, i);
	HZ_TRY(r);
	HZ_TRY(hz_opener_put(op, p, n, s->fn != NULL ? sink : NULL, s));
	s->bytes += n;
	hz_object_dontneed(w, p, n);
	return HZ_OK;
}

static enum hz_err
segments(struct hz_vault *v, const struct hz_object *o, struct hz_opener *op, struct hz_api_stream *s)
{
	struct hz_view *w = NULL;
	enum hz_err r = HZ_OK;
	for (uint64_t i = 0; r == HZ_OK && i < o->segments; i++) {
		if (i % VIEW_SEGMENTS == 0) {
			hz_view_end(&w);
			r = hz_view_begin(v, &w);
		}
		r = r == HZ_OK ? segment(w, o, i, op, s) : r;
	}
	hz_view_end(&w);
	return r;
}

HZ_RESULT
hz_api_stream(struct hz_vault *v, const struct hz_object *o, struct hz_api_stream *s)
{
	struct hz_opener *op = NULL;
	uint8_t h[32];
	HZ_TRY(hz_opener_new(&op));
	enum hz_err r = hz_opener_begin(op, o->file_key, o->opening.size, o->payload);
	r = r == HZ_OK ? segments(v, o, op, s) : r;
	r = r == HZ_OK ? hz_opener_end(op, h) : r;
	if (r == HZ_OK && memcmp(h, o->opening.sha256, 32) != 0) {
		r = hz_fail(HZ_MSG_CONTENT_DIFFERS, "the bytes do not have the sealed hash");
	}
	hz_opener_free(&op);
	return r;
}
