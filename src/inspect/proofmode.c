/* ProofMode: the proof of a file, a JSON object with names in words. Several may follow each other, one for
 * each time that a proof was made: the first is read. */
#include "inspect/media.h"
#include <string.h>

enum { STRING_MAX = 256, DEPTH_MAX = 32 };

struct scan {
	const char *p;
	size_t n, at;
};

/* A string from its quote on, escapes as they stand; false where it does not end. Longer ones are cut. */
static bool
take_string(struct scan *s, char ret_s[static STRING_MAX])
{
	size_t len = 0;

	for (s->at++; s->at < s->n && s->p[s->at] != '"'; s->at++) {
		if (s->p[s->at] == '\\' && ++s->at >= s->n) {
			return false;
		}
		if (len < STRING_MAX - 1) {
			ret_s[len++] = s->p[s->at];
		}
	}
	ret_s[len] = '\0';
	return s->at++ < s->n;
}

static void
skip_blank(struct scan *s)
{
	while (s->at < s->n && strchr(" \t\r\n", s->p[s->at]) != NULL && s->p[s->at] != '\0') {
		s->at++;
	}
}

static void
member(const char *name, const char *value, struct hz_claims *c)
{
	char hash[65];
	size_t n = strlen(value);

	if (strcmp(name, "File Hash SHA256") == 0 && n == 64) {
		for (size_t i = 0; i <= n; i++) {
			hash[i] =
			    (char)(value[i] >= 'A' && value[i] <= 'F' ? value[i] - 'A' + 'a' : value[i]);
		}
		hz_claims_add(c, HZ_CLAIM_PROOFMODE_SHA256, hash);
	} else if (strcmp(name, "Proof Generated") == 0 && n > 0) {
		/* The Z at its end is a letter of the pattern: the time is the phone's own. */
		hz_claims_add_time(c, HZ_CLAIM_PROOFMODE_TIME, value, value[n - 1] == 'Z' ? n - 1 : n);
	}
}

void
hz_proofmode_read(const void *p, size_t n, struct hz_claims *c)
{
	struct scan s = { p, n, 0 };
	char name[STRING_MAX] = "", value[STRING_MAX] = "";
	struct hz_claims found = { 0 };
	unsigned depth = 0;

	while (s.at < s.n) {
		char sign = s.p[s.at];

		if (sign == '{' || sign == '[') {
			if (++depth > DEPTH_MAX) {
				return;
			}
			s.at++;
		} else if (sign == '}' || sign == ']') {
			s.at++;
			if (depth == 0 || --depth == 0) {
				break;
			}
		} else if (sign == '"') {
			if (!take_string(&s, name)) {
				break;
			}
			skip_blank(&s);
			if (depth == 1 && s.at < s.n && s.p[s.at] == ':') {
				s.at++;
				skip_blank(&s);
				if (s.at < s.n && s.p[s.at] == '"' && take_string(&s, value)) {
					member(name, value, &found);
				}
			}
		} else {
			s.at++;
		}
	}
	/* Any JSON may have a time; only a proof names the file by this. */
	const char *hash = hz_claims_get(&found, HZ_CLAIM_PROOFMODE_SHA256);

	if (hash != NULL) {
		const char *time = hz_claims_get(&found, HZ_CLAIM_PROOFMODE_TIME);

		hz_claims_add(c, HZ_CLAIM_PROOFMODE_PART, "proof.json");
		hz_claims_add(c, HZ_CLAIM_PROOFMODE_SHA256, hash);
		if (time != NULL) {
			hz_claims_add(c, HZ_CLAIM_PROOFMODE_TIME, time);
		}
	}
}
