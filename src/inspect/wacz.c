/* What a web archive in one file (WACZ) says of itself. */
#include "inspect/listing.h"

#include "codec/json.h"

#define PACKAGE_MAX (1 << 20)

static enum hz_err
keep(void *arg, const void *p, size_t n)
{
	return hz_buf_put(arg, p, n);
}

static void
say_text(struct hz_doc *d, enum hz_claim_key key, const struct hz_json *v)
{
	size_t n = 0;
	const char *s = hz_json_str(v, &n);

	if (s != NULL) {
		hz_claims_add_text(d->claims, key, s, n);
	}
}

static void
say(struct hz_doc *d, const struct hz_json *root)
{
	const struct hz_json *created = hz_json_get(root, "created");
	const struct hz_json *url = hz_json_get(root, "mainPageUrl");
	size_t n = 0;
	const char *s = hz_json_str(created, &n);

	say_text(d, HZ_CLAIM_WEB_TOOL, hz_json_get(root, "software"));
	say_text(d, HZ_CLAIM_DOC_TITLE, hz_json_get(root, "title"));
	say_text(d, HZ_CLAIM_WEB_URL, url != NULL ? url : hz_json_get(root, "mainPageURL"));
	if (s != NULL) {
		hz_claims_add_time(d->claims, HZ_CLAIM_WEB_TIME, s, n);
	}
}

HZ_RESULT
hz_wacz_read(struct hz_doc *d)
{
	struct hz_buf b = HZ_BUF_INIT(PACKAGE_MAX);
	struct hz_json_doc *doc = NULL;
	bool found = false;
	enum hz_err r = hz_archive_member(d, "datapackage.json", keep, &b, &found);

	if (r == HZ_OK && found) {
		r = hz_json_parse(b.p, b.len, false, &doc);
	}
	if (r == HZ_OK && found) {
		say(d, hz_json_root(doc));
		hz_json_free(&doc);
	}
	hz_buf_done(&b);
	return r;
}
