/* Options before work begins: a wrong one must not be found after the first file. */
#include "ingest/inner.h"

#include "base/enc.h"
#include <string.h>

static enum hz_err
check_text(const char *name, const char *value)
{
	if (value == NULL) {
		return HZ_OK;
	}
	size_t n = strlen(value);
	if (n > HZ_FIELD_VALUE_MAX) {
		return hz_fail(HZ_MSG_USAGE, "%s: more than %d bytes", name, HZ_FIELD_VALUE_MAX);
	}
	if (!hz_utf8_ok(value, n)) {
		return hz_fail(HZ_MSG_USAGE, "%s: not UTF-8 text", name);
	}
	return HZ_OK;
}

static enum hz_err
check_consent(const struct hz_ingest_opts *o)
{
	bool ref = o->consent_ref != NULL && o->consent_ref[0] != '\0';
	bool note = o->note != NULL && o->note[0] != '\0';

	if (o->consent == HZ_CONSENT_GIVEN && !ref) {
		return hz_fail(HZ_MSG_USAGE, "--consent: no reference");
	}
	if (o->consent == HZ_CONSENT_NONE_NEEDED && !note) {
		return hz_fail(HZ_MSG_USAGE, "--consent none: say on which basis with -m");
	}
	return HZ_OK;
}

HZ_RESULT
hz_ingest_check(const struct hz_ingest_opts *o, const char *const *paths, size_t npaths)
{
	const struct {
		const char *name, *value;
	} texts[] = { { "--title", o->title }, { "--source", o->source }, { "--received-from", o->from },
		{ "--where", o->where }, { "--when", o->when }, { "--consent", o->consent_ref },
		{ "-m", o->note }, { "--lang-of", o->lang } };
	struct hz_claimed when;
	size_t streams = 0;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		HZ_TRY(check_text(texts[i].name, texts[i].value));
	}
	HZ_TRY(check_consent(o));
	if (o->when != NULL && o->when[0] != '\0') {
		HZ_TRY(hz_claimed_parse(o->when, &when));
	}
	if (o->case_code != NULL) {
		HZ_TRY(hz_case_code_check(o->case_code));
	}
	for (size_t i = 0; i < npaths; i++) {
		streams += strcmp(paths[i], "-") == 0 ? 1 : 0;
	}
	if (streams > 1) {
		return hz_fail(HZ_MSG_USAGE, "standard input (-) is given more than once");
	}
	if (streams == 0 && o->stdin_name != NULL) {
		return hz_fail(HZ_MSG_USAGE, "--name is the name of standard input (-), which is not given");
	}
	if (o->stdin_name != NULL && strlen(o->stdin_name) > 4096) {
		return hz_fail(HZ_MSG_USAGE, "--name: more than 4096 bytes");
	}
	return HZ_OK;
}
