/* Files of rules against the records that say what they are, and those that name them [F-9.15]. Their
 * language is not read here: that the id is the one of this very file a signed record says, with its SHA-256.
 */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

#define FILE_MAX ((uint64_t)4 * 1024 * 1024)

static void
path_of(const struct hz_vrules *x, char ret[static 96])
{
	(void)snprintf(ret, 96, "data/rules/%s.rules", x->id);
}

void
hz_rules_file(struct hz_check *c, const struct hz_place *p, const uint8_t sha256[static 32], uint64_t size)
{
	struct hz_vrules *x = &c->rules[c->nrules];

	if (c->nrules == HZ_VERIFY_RULES_MAX) {
		if (!c->r.seen[HZ_FINDING_LIMIT]) {
			hz_found(c, HZ_FINDING_LIMIT, "data/rules", "more than %d files of rules",
			    HZ_VERIFY_RULES_MAX);
		}
		return;
	}
	memcpy(x->id, p->rules, sizeof x->id);
	hz_hex(x->sha256, sha256, 32);
	x->size = size;
	c->nrules++;
}

static struct hz_vrules *
find(struct hz_check *c, const char *id)
{
	for (size_t i = 0; id != NULL && i < c->nrules; i++) {
		if (strcmp(c->rules[i].id, id) == 0) {
			return &c->rules[i];
		}
	}
	return NULL;
}

void
hz_rules_record(struct hz_check *c, const struct hz_record *r, const char *path)
{
	struct hz_vrules *x = NULL;
	char size[24];

	if (hz_record_is(r, "kind", "classification")) {
		x = find(c, hz_record_get(r, "classification.rules"));
		if (x != NULL) {
			x->named = true;
		}
		return;
	}
	x = hz_record_is(r, "kind", "rules") ? find(c, hz_record_get(r, "rules.id")) : NULL;
	if (x == NULL) {
		return;
	}
	(void)snprintf(size, sizeof size, "%llu", (unsigned long long)x->size);
	x->recorded = true;
	if (!hz_record_is(r, "rules.sha256", x->sha256) || !hz_record_is(r, "rules.size", size)) {
		hz_found(c, HZ_FINDING_RULES, path, "it is of another file than the one in data/rules");
	}
}

void
hz_rules_end(struct hz_check *c)
{
	char path[96];

	for (size_t i = 0; i < c->nrules; i++) {
		const struct hz_vrules *x = &c->rules[i];
		path_of(x, path);
		if (x->size > FILE_MAX) {
			hz_found(c, HZ_FINDING_RULES, path, "it is larger than rules are");
		} else if (!x->recorded) {
			hz_found(c, HZ_FINDING_RULES, path, "no record says what it is");
		} else if (!x->named) {
			hz_found(c, HZ_FINDING_RULES, path, "no classification names it");
		}
	}
}
