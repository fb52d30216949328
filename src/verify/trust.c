/* Keys from outside in every form that people have them in [F-10.3]. */
#include "verify/verify.h"

#include "base/enc.h"
#include <string.h>

#define DIGITS 32

bool
hz_trust_fingerprint(const char *s, struct hz_trust_key *ret_k)
{
	char hex[DIGITS];
	size_t n = 0;

	for (; *s != '\0'; s++) {
		char ch = *s;
		if (ch == ' ') {
			continue; /* as it is shown: groups of four capitals */
		}
		if (ch >= 'A' && ch <= 'F') {
			ch = (char)(ch - 'A' + 'a');
		}
		if (n == DIGITS || ((ch < '0' || ch > '9') && (ch < 'a' || ch > 'f'))) {
			return false;
		}
		hex[n++] = ch;
	}
	if (n != DIGITS || hz_unhex(hex, n, ret_k->fingerprint, sizeof ret_k->fingerprint) != HZ_OK) {
		return false;
	}
	ret_k->kind = HZ_TRUST_FINGERPRINT;
	return true;
}

static bool
is_vkey(const char *s, size_t n, struct hz_trust_key *k)
{
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	if (hz_vkey_parse(s, n, name, pk) != HZ_OK) {
		return false;
	}
	memcpy(k->vkey, s, n);
	k->vkey[n] = '\0';
	k->kind = HZ_TRUST_VKEY;
	return true;
}

enum hz_err
hz_trust_read(const void *p, size_t n, struct hz_trust_key *ret_k)
{
	const char *s = p;
	struct hz_trust_key k = { .kind = HZ_TRUST_NONE };
	char line[2 * DIGITS + 1];
	size_t len = n;

	while (len > 0 && (s[len - 1] == '\n' || s[len - 1] == '\r')) {
		len--; /* the end of an only line, whichever system wrote it */
	}
	if (len > 0 && len < sizeof line && memchr(s, '\0', len) == NULL) {
		memcpy(line, s, len);
		line[len] = '\0';
		(void)hz_trust_fingerprint(line, &k);
	}
	if (k.kind == HZ_TRUST_NONE && len > 0 && !is_vkey(s, len, &k)) {
		k.n = 1;
		if (hz_minisign_pub_read(s, n, k.pk[0]) == HZ_OK ||
		    hz_ssh_public_parse(s, n, k.pk[0]) == HZ_OK) {
			k.kind = HZ_TRUST_BUNDLE_KEY;
		} else if (hz_jwk_parse(s, n, k.pk, HZ_JWKS_MAX, &k.n) == HZ_OK) {
			k.kind = HZ_TRUST_EVENT_KEYS;
		}
	}
	if (k.kind == HZ_TRUST_NONE) {
		return hz_fail(
		    HZ_MSG_BUNDLE_KEY, "neither a fingerprint nor a vkey, minisign, SSH or JWK public key");
	}
	*ret_k = k;
	return HZ_OK;
}
