/* The files of a bundle by their paths [F-9.1]. */
#include "verify/check.h"

#include "base/enc.h"
#include <string.h>

#define ID_TEXT 35 /* "ex-" and 32 hex */

static const char *const fixed_paths[HZ_FIX_COUNT] = {
	[HZ_FIX_VERIFY_TXT] = "VERIFY.txt",
	[HZ_FIX_BAG_INFO] = "bag-info.txt",
	[HZ_FIX_BAGIT] = "bagit.txt",
	[HZ_FIX_CHECKPOINT] = "custody/checkpoint",
	[HZ_FIX_HEADS] = "custody/heads",
	[HZ_FIX_RECORDS_JSON] = "data/records/records.json",
	[HZ_FIX_FORMAT_MD] = "doc/format.md",
	[HZ_FIX_JWKS] = "keys/actors.jwks",
	[HZ_FIX_SIGNERS] = "keys/allowed_signers",
	[HZ_FIX_VKEY] = "keys/checkpoint.vkey",
	[HZ_FIX_MINISIGN_PUB] = "keys/minisign.pub",
	[HZ_FIX_MANIFEST_256] = "manifest-sha256.txt",
	[HZ_FIX_MANIFEST_512] = "manifest-sha512.txt",
	[HZ_FIX_TAG_256] = "tagmanifest-sha256.txt",
	[HZ_FIX_TAG_512] = "tagmanifest-sha512.txt",
	[HZ_FIX_MINISIG] = "tagmanifest-sha512.txt.minisig",
	[HZ_FIX_SSHSIG] = "tagmanifest-sha512.txt.sig",
};

static const char *const tags_paths[HZ_TAGS_LISTS] = {
	[HZ_TAGS_CONFIRMED] = "data/tags/confirmed.json",
	[HZ_TAGS_PROPOSED] = "data/tags/proposed.json",
};

const char *
hz_tags_path(enum hz_tag_list l)
{
	return tags_paths[l];
}

const char *
hz_fixed_path(enum hz_fixed f)
{
	return fixed_paths[f];
}

/* Steps over a prefix. */
static bool
skip(const char **s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*s, prefix, n) != 0) {
		return false;
	}
	*s += n;
	return true;
}

bool
hz_id_read(const char *s, size_t n, const char *prefix, uint8_t ret_id[static 16])
{
	return n == ID_TEXT && memcmp(s, prefix, 3) == 0 && hz_unhex(s + 3, 32, ret_id, 16) == HZ_OK;
}

/* <number><suffix>, to the end. */
static bool
number(const char *s, const char *suffix, uint64_t *ret_v)
{
	size_t n = strspn(s, "0123456789");

	return strcmp(s + n, suffix) == 0 && hz_parse_u64(s, n, UINT64_MAX, ret_v) == HZ_OK;
}

/* <number>.<end>, one of the ends of each kind of anchor. */
static void
anchor(const char *s, struct hz_place *p)
{
	static const enum hz_anchor_type types[] = { HZ_ANCHOR_RFC3161, HZ_ANCHOR_OTS };
	size_t n = strspn(s, "0123456789");

	if (s[n] != '.' || hz_parse_u64(s, n, UINT64_MAX, &p->number) != HZ_OK) {
		return;
	}
	for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
		for (unsigned part = 0; part < HZ_ANCHOR_PARTS; part++) {
			if (strcmp(s + n + 1, hz_anchor_part_ext(types[t], (enum hz_anchor_part)part)) == 0) {
				p->kind = HZ_KIND_ANCHOR;
				p->type = types[t];
				p->part = (enum hz_anchor_part)part;
				return;
			}
		}
	}
}

static void
custody(const char *s, struct hz_place *p)
{
	if (skip(&s, "openings/")) {
		size_t n = strcspn(s, ".");
		if (hz_id_read(s, n, "ex-", p->id) && strcmp(s + n, ".txt") == 0) {
			p->kind = HZ_KIND_OPENING;
		}
		return;
	}
	if (strcmp(s, &HZ_COSIGNED_PATH[sizeof "custody/" - 1]) == 0) {
		p->kind = HZ_KIND_COSIGNED;
		return;
	}
	if (skip(&s, "logs/")) {
		if (strcspn(s, "/") != 8 || s[8] != '/' || !hz_is_hex(s, 8)) {
			return;
		}
		memcpy(p->log, s, 8);
		s += 9;
		if (strcmp(s, "checkpoint") == 0) {
			p->kind = HZ_KIND_CHECKPOINT;
			return;
		}
	}
	if (skip(&s, "anchors/")) {
		anchor(s, p);
	} else if (skip(&s, "events/")) {
		if (number(s, ".jws", &p->number)) {
			p->kind = HZ_KIND_EVENT;
		} else if (number(s, ".leaf", &p->number)) {
			p->kind = HZ_KIND_LEAF;
		}
	} else if (skip(&s, "proofs/") && number(s, ".tlog-proof", &p->number)) {
		p->kind = HZ_KIND_PROOF;
	}
}

static void
exhibit(const char *s, struct hz_place *p)
{
	size_t id = strcspn(s, "/");

	if (s[id] != '/' || !hz_id_read(s, id, "ex-", p->id)) {
		return;
	}
	s += id + 1;
	size_t ext = strspn(s, "0123456789abcdef");
	if (ext != 16 || s[16] != '.') {
		return;
	}
	memcpy(p->start, s, 16);
	s += 17;
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");
	if (n >= 1 && n <= 8 && s[n] == '\0') {
		p->kind = HZ_KIND_EXHIBIT;
	}
}

/* <rid>.<version>.sd-jwt */
static void
record(const char *s, enum hz_kind kind, struct hz_place *p)
{
	size_t id = strcspn(s, ".");

	if (s[id] == '.' && hz_id_read(s, id, "rc-", p->id) && number(s + id + 1, ".sd-jwt", &p->number)) {
		p->kind = kind;
	}
}

static void
tags(const char *path, const char *s, struct hz_place *p)
{
	for (size_t i = 0; i < HZ_TAGS_LISTS; i++) {
		if (strcmp(path, tags_paths[i]) == 0) {
			p->kind = HZ_KIND_TAGS;
			p->number = i;
		}
	}
	if (skip(&s, "proposed/")) {
		record(s, HZ_KIND_PROPOSED, p);
	}
}

void
hz_place_of(const char *path, struct hz_place *ret_p)
{
	const char *s = path;

	*ret_p = (struct hz_place){ .kind = HZ_KIND_UNKNOWN };
	for (size_t i = 0; i < HZ_FIX_COUNT; i++) {
		if (strcmp(path, fixed_paths[i]) == 0) {
			ret_p->kind = HZ_KIND_FIXED;
			ret_p->fixed = (enum hz_fixed)i;
			return;
		}
	}
	if (skip(&s, "custody/")) {
		custody(s, ret_p);
	} else if (skip(&s, "data/exhibits/")) {
		exhibit(s, ret_p);
	} else if (skip(&s, "data/records/")) {
		record(s, HZ_KIND_RECORD, ret_p);
	} else if (skip(&s, "data/tags/")) {
		tags(path, s, ret_p);
	} else if (skip(&s, "data/rules/") && strlen(s) == 70 && hz_is_hex(s, 64) &&
		   strcmp(s + 64, ".rules") == 0) {
		ret_p->kind = HZ_KIND_RULES;
		memcpy(ret_p->rules, s, 64);
	}
}
