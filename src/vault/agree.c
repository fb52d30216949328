/* Records asked a question, such as whether they say what a row repeats of them [F-11.22]. */
#include "vault/internal.h"

#include "base/enc.h"
#include <stdio.h>

bool
hz_field_is_hash(const struct hz_record *r, const char *name, const uint8_t h[static 32])
{
	char hex[65];
	hz_hex(hex, h, 32);
	return hz_record_is(r, name, hex);
}

bool
hz_field_is_number(const struct hz_record *r, const char *name, uint64_t v)
{
	char s[24];
	(void)snprintf(s, sizeof(s), "%llu", (unsigned long long)v);
	return hz_record_is(r, name, s);
}

bool
hz_row_is_at(const struct hz_record_row *row, struct hz_ref at)
{
	return row->at.log == at.log && row->at.index == at.index;
}

enum hz_err
hz_record_ask(struct hz_view *w, uint64_t record,
    bool (*says)(const struct hz_record_row *row, const struct hz_record *r, const void *x), const void *x,
    bool *ret)
{
	struct hz_record_row row;
	struct hz_record r;
	HZ_TRY(hz_record_load(w, record, &row));
	hz_record_init(&r);
	enum hz_err e = hz_record_fields(w, &row, &r);
	if (e == HZ_OK) {
		*ret = says(&row, &r, x);
	}
	hz_record_done(&r);
	hz_record_row_done(&row);
	return e;
}
