/* What is known from outside: a key [F-10.3], a policy, what was kept of the log from before [F-10.4]. */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

#define PIN_FIRST "hirz-pin/v1\n"

/* --- the key
 * -------------------------------------------------------------------------------------------------- */
static void
key(struct hz_check *c, const struct hz_trust_key *k)
{
	const struct hz_event_init *init = &c->log[0].first.init;
	bool same = false;

	switch (k->kind) {
	case HZ_TRUST_NONE:
		return;
	case HZ_TRUST_FINGERPRINT:
		for (size_t i = 0; i < c->nchain; i++) {
			same = same || memcmp(c->chain[i]->leaf0, k->fingerprint, sizeof k->fingerprint) == 0;
		}
		break;
	case HZ_TRUST_VKEY:
		same = strcmp(k->vkey, init->checkpoint) == 0;
		break;
	case HZ_TRUST_BUNDLE_KEY:
		same = memcmp(k->pk[0], init->bundle_pk, 32) == 0;
		break;
	case HZ_TRUST_EVENT_KEYS:
		for (size_t i = 0; i < k->n; i++) {
			same = same || memcmp(k->pk[i], init->event_pk, 32) == 0;
		}
		break;
	}
	if (!same) {
		hz_found(c, HZ_FINDING_KEY, "", "%s", "");
	} else if (k->kind != HZ_TRUST_FINGERPRINT) {
		hz_found(c, HZ_FINDING_PART_KEY, "", "%s", "");
	}
}

/* --- the policy
 * ------------------------------------------------------------------------------------------------ */
static void
policy(struct hz_check *c, const struct hz_policy *p)
{
	const struct hz_buf *note = &c->file[HZ_FIX_CHECKPOINT].kept;
	bool by[2 * HZ_POLICY_MAX] = { false }, met = false, log = p->logs == 0;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	if (hz_vkey_parse(c->log[0].first.init.checkpoint, strlen(c->log[0].first.init.checkpoint), name,
		pk) != HZ_OK) {
		return; /* was read before */
	}
	for (size_t i = 0; i < p->logs; i++) {
		log = log || (memcmp(p->log[i].pk, pk, 32) == 0 && strcmp(p->log[i].name, name) == 0);
	}
	hz_policy_check(p, note->p, note->len, by, &met);
	for (size_t i = 0; i < p->nodes; i++) {
		if (by[i]) {
			hz_found(c, HZ_FINDING_WITNESSED, "", "%s", p->node[i].name);
		}
	}
	if (!log) {
		hz_found(c, HZ_FINDING_POLICY_LOG, "", "%s", name);
	} else if (p->quorum < 0) {
		hz_found(c, HZ_FINDING_NO_QUORUM, "", "%s", "");
	} else if (!met) {
		hz_found(c, HZ_FINDING_QUORUM, "", "%s", p->node[p->quorum].name);
	}
	c->witnessed = log && met && p->quorum >= 0;
}

/* --- what was kept from before
 * ----------------------------------------------------------------------------------- */
struct tar_source {
	const struct hz_source *src;
	uint64_t at;
};

static enum hz_err
tar_read(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct tar_source *s = arg;
	enum hz_err err = s->src->read(s->src->arg, s->at, p, n, ret_n);

	s->at += err == HZ_OK ? *ret_n : 0;
	return err;
}

/* The checkpoint of an earlier bundle. Only its signature matters, which is checked with the rest. */
static enum hz_err
from_bundle(const struct hz_source *src, struct hz_buf *out)
{
	struct tar_source s = { src, 0 };
	struct hz_tar_reader *tar = NULL;
	struct hz_tar_member m;
	uint8_t *p = NULL;
	bool found = false;
	size_t got = 1;
	enum hz_err err = hz_tar_open(tar_read, &s, &tar);

	do {
		err = err == HZ_OK ? hz_tar_next(tar, &found, &m) : err;
	} while (
	    err == HZ_OK && found && strcmp(strchr(m.path, '/') + 1, hz_fixed_path(HZ_FIX_CHECKPOINT)) < 0);
	if (err == HZ_OK &&
	    (!found || strcmp(strchr(m.path, '/') + 1, hz_fixed_path(HZ_FIX_CHECKPOINT)) != 0 ||
		m.size > HZ_NOTE_MAX)) {
		err = hz_fail(HZ_MSG_FORMAT, "a bundle without a checkpoint");
	}
	if (err == HZ_OK) {
		err = hz_buf_room(out, (size_t)m.size, &p);
	}
	for (size_t at = 0; err == HZ_OK && got > 0; at += got) {
		err = hz_tar_read(tar, p + at, (size_t)m.size - at, &got);
	}
	hz_tar_close(&tar);
	return err;
}

/* "<label> <value>LF"; steps over it. */
static bool
pin_line(const char **s, size_t *n, const char *label, const char **ret_value, size_t *ret_len)
{
	size_t head = strlen(label);
	const char *end = *n == 0 ? NULL : memchr(*s, '\n', *n);

	if (end == NULL || (size_t)(end - *s) <= head || memcmp(*s, label, head) != 0) {
		return false;
	}
	*ret_value = *s + head;
	*ret_len = (size_t)(end - *s) - head;
	*n -= (size_t)(end - *s) + 1;
	*s = end + 1;
	return true;
}

/* Takes the lines before the checkpoint off [F-11.9]. */
static enum hz_err
from_pin(struct hz_buf *text, struct hz_before *b)
{
	const char *s = (const char *)text->p + sizeof PIN_FIRST - 1, *v = NULL;
	size_t n = text->len - (sizeof PIN_FIRST - 1), len = 0;

	if (!pin_line(&s, &n, "vkey ", &v, &len) || len >= sizeof b->vkey) {
		return hz_fail(HZ_MSG_FORMAT, "pin: vkey");
	}
	memcpy(b->vkey, v, len);
	b->vkey[len] = '\0';
	if (!pin_line(&s, &n, "event0 ", &v, &len) || hz_unhex(v, len, b->event0, 32) != HZ_OK || n == 0 ||
	    s[0] != '\n') {
		return hz_fail(HZ_MSG_FORMAT, "pin: event0");
	}
	b->pin = true;
	memmove(text->p, s + 1, n - 1);
	text->len = n - 1;
	return HZ_OK;
}

enum hz_err
hz_before_read(const struct hz_source *src, struct hz_before *ret_b)
{
	struct hz_before b = { .pin = false };
	uint8_t *p = NULL;
	size_t got = 1, n = 0;

	b.note = (struct hz_buf)HZ_BUF_INIT(HZ_VERIFY_TEXT_MAX + 1);
	enum hz_err err = hz_buf_room(&b.note, HZ_VERIFY_TEXT_MAX + 1, &p);
	while (err == HZ_OK && got > 0 && n <= HZ_VERIFY_TEXT_MAX) {
		err = src->read(src->arg, n, p + n, HZ_VERIFY_TEXT_MAX + 1 - n, &got);
		n += err == HZ_OK ? got : 0;
	}
	b.note.len = n;
	if (err == HZ_OK && n >= 512 && memcmp(p + 257, "ustar", 5) == 0) {
		hz_buf_clear(&b.note);
		err = from_bundle(src, &b.note);
	} else if (err == HZ_OK && n >= sizeof PIN_FIRST - 1 &&
		   memcmp(p, PIN_FIRST, sizeof PIN_FIRST - 1) == 0) {
		err = from_pin(&b.note, &b);
	}
	if (err == HZ_OK) {
		err = hz_checkpoint_read(b.note.p, b.note.len, NULL, &b.c);
	}
	if (err != HZ_OK) {
		hz_buf_done(&b.note);
		return err;
	}
	*ret_b = b;
	return HZ_OK;
}

/* The root of the tree that ends with the leaf of this proof: the left neighbours on its way up, and nothing
 * else, are the complete subtrees of that smaller tree (RFC 6962 2.1). */
void
hz_root_up_to(const uint8_t leaf[static 32], const struct hz_tlog_proof *proof, uint64_t size,
    uint8_t ret_root[static 32])
{
	uint64_t fn = proof->index, sn = size - 1;

	memcpy(ret_root, leaf, 32);
	for (size_t i = 0; i < proof->n; i++) {
		if ((fn & 1) != 0 || fn == sn) {
			hz_node_hash(proof->hashes[i], ret_root, ret_root);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		}
		fn >>= 1;
		sn >>= 1;
	}
}

void
hz_before_event(struct hz_check *c, const struct hz_vlog *log, const uint8_t leaf[static 32],
    const struct hz_tlog_proof *proof)
{
	uint8_t root[32];

	for (size_t i = 0; i < c->o->nbefore; i++) {
		const struct hz_before *b = &c->o->before[i];
		if (strcmp(b->c.origin, log->first.log) == 0 && b->c.size == proof->index + 1 &&
		    b->c.size < log->head.size) {
			hz_root_up_to(leaf, proof, log->head.size, root);
			c->before[i] = memcmp(root, b->c.root, 32) == 0 ? HZ_GROWN : HZ_FORKED;
		}
	}
}

/* Does the log that continues this one say itself that this was the newest state remembered? */
static bool
declared(const struct hz_check *c, const struct hz_before *b, const struct hz_vlog *log)
{
	char pinned[128], root[65];

	hz_hex(root, b->c.root, 32);
	(void)snprintf(pinned, sizeof pinned, "%llu %s", (unsigned long long)b->c.size, root);
	return log->order + 1 < c->nchain && strcmp(c->chain[log->order + 1]->first.init.pinned, pinned) == 0;
}

static void
compare(struct hz_check *c, const struct hz_before *b, const struct hz_vlog *log, enum hz_grown grown)
{
	unsigned long long was = b->c.size, is = log->head.size;

	if (was == is && memcmp(b->c.root, log->head.root, 32) == 0) {
		hz_found(c, HZ_FINDING_SAME, "", "%llu events", is);
	} else if (was == is || grown == HZ_FORKED) {
		hz_found(c, HZ_FINDING_FORK, "", "two trees of %llu events, both signed", was);
	} else if (was > is && declared(c, b, log)) {
		hz_found(c, HZ_FINDING_RESTORED, "", "%llu events were seen, %llu are there", was, is);
	} else if (was > is) {
		hz_found(c, HZ_FINDING_ROLLBACK, "", "%llu events were seen, %llu are there", was, is);
	} else if (grown == HZ_GROWN || was == 0) {
		hz_found(c, HZ_FINDING_GREW, "", "from %llu to %llu events", was, is);
	} else {
		hz_found(c, HZ_FINDING_CONSISTENCY, "", "from %llu to %llu events", was, is);
	}
}

static void
before(struct hz_check *c, const struct hz_before *b, enum hz_grown grown)
{
	const struct hz_vlog *log = NULL;
	struct hz_checkpoint read;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	for (size_t i = 0; i < c->nchain && log == NULL; i++) {
		log = strcmp(c->chain[i]->first.log, b->c.origin) == 0 ? c->chain[i] : NULL;
	}
	if (log == NULL) {
		hz_found(c, HZ_FINDING_OTHER_LOG, "", "%s", b->c.origin);
		return;
	}
	const char *vkey = log->first.init.checkpoint;
	if (b->pin && (strcmp(b->vkey, vkey) != 0 || memcmp(b->event0, log->leaf0, 32) != 0)) {
		hz_found(c, HZ_FINDING_FORK, "", "the pin names another event 0 or another key");
		return;
	}
	if (hz_vkey_parse(vkey, strlen(vkey), name, pk) != HZ_OK ||
	    hz_checkpoint_read(b->note.p, b->note.len, pk, &read) != HZ_OK) {
		hz_found(c, HZ_FINDING_OTHER_KEY, "", "%s", hz_fail_detail());
		return;
	}
	compare(c, b, log, grown);
}

enum hz_err
hz_step_outside(struct hz_check *c)
{
	if (c->o->key != NULL) {
		key(c, c->o->key);
	}
	if (c->o->policy != NULL) {
		policy(c, c->o->policy);
	}
	for (size_t i = 0; i < c->o->nbefore; i++) {
		before(c, &c->o->before[i], c->before[i]);
	}
	return HZ_OK;
}
