/* Cosignatures of witnesses under the checkpoints that are kept [F-8.12]. */
#include "audit/inner.h"

#include <string.h>

HZ_RESULT
hz_known_witnesses(struct hz_run *run, struct hz_view *w, struct hz_known_witnesses *ret_k)
{
	struct hz_witness_info list[HZ_WITNESSES_MAX];
	const struct hz_policy *p = run->o->policy;
	size_t n = 0;
	HZ_TRY(hz_witnesses(w, list, &n));
	ret_k->n = 0;
	for (size_t i = 0; i < n; i++) {
		ret_k->key[ret_k->n++] = list[i].key;
	}
	for (size_t i = 0; p != NULL && i < p->nodes; i++) {
		if (!p->node[i].group) {
			ret_k->key[ret_k->n++] = p->node[i].key;
		}
	}
	return HZ_OK;
}

/* The key that a line names; NULL where it is of another kind or by somebody unknown. */
static const struct hz_witness_key *
key_of(const struct hz_known_witnesses *k, const char *line, size_t n, struct hz_cosignature *c)
{
	if (hz_cosignature_read(line, n, c) != HZ_OK) {
		hz_fail_clear(); /* the log's own line, or one that nobody has to know [F-8.5] */
		return NULL;
	}
	for (size_t i = 0; i < k->n; i++) {
		if (hz_cosignature_by(c, &k->key[i])) {
			return &k->key[i];
		}
	}
	return NULL;
}

unsigned
hz_cosigned_check(
    const struct hz_known_witnesses *k, const struct hz_buf *note, const struct hz_witness_key **ret_bad)
{
	const char *s = (const char *)note->p;
	struct hz_cosignature c;
	size_t text = 0;
	unsigned count = 0;
	*ret_bad = NULL;
	if (hz_checkpoint_text(s, note->len, &text) != HZ_OK) {
		hz_fail_clear(); /* told of the checkpoint itself */
		return 0;
	}
	for (size_t at = text; at < note->len;) {
		const char *end = memchr(s + at, '\n', note->len - at);
		size_t n = end == NULL ? note->len - at : (size_t)(end - s) - at;
		const struct hz_witness_key *key = key_of(k, s + at, n, &c);
		count += key != NULL;
		if (key != NULL && *ret_bad == NULL && !hz_cosignature_good(&c, key, s, text)) {
			*ret_bad = key;
		}
		at += n + 1;
	}
	return count;
}

bool
hz_policy_for(const struct hz_policy *p, const struct hz_log_info *l)
{
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	bool named = p->logs == 0;
	if (p->quorum < 0 || hz_vkey_parse(l->vkey, strlen(l->vkey), name, pk) != HZ_OK) {
		hz_fail_clear();
		return false;
	}
	for (size_t i = 0; i < p->logs; i++) {
		named = named || (memcmp(p->log[i].pk, pk, 32) == 0 && strcmp(p->log[i].name, name) == 0);
	}
	return named;
}
