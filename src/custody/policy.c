/* Policies (C2SP tlog-policy) [F-10.4]. */
#include "custody/witness.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

#define WORDS_MAX (3 + HZ_POLICY_MAX * 2)

struct word {
	const char *s;
	size_t n;
};

static bool
is(const struct word *w, const char *s)
{
	return w->n == strlen(s) && memcmp(w->s, s, w->n) == 0;
}

/* Words of a line, parted by spaces and tabs. WORDS_MAX + 1 where there are more. */
static size_t
split(const char *s, size_t n, struct word words[static WORDS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < n;) {
		size_t from = i;
		while (i < n && s[i] != ' ' && s[i] != '\t') {
			i++;
		}
		if (i > from) {
			if (count == WORDS_MAX) {
				return WORDS_MAX + 1;
			}
			words[count++] = (struct word){ s + from, i - from };
		} else {
			i++;
		}
	}
	return count;
}

static int
find(const struct hz_policy *p, const struct word *w)
{
	for (size_t i = 0; i < p->nodes; i++) {
		if (is(w, p->node[i].name)) {
			return (int)i;
		}
	}
	return -1;
}

static enum hz_err
name_new(struct hz_policy *p, const struct word *w, bool group, struct hz_policy_node **ret_node)
{
	size_t same = 0;

	for (size_t i = 0; i < p->nodes; i++) {
		same += p->node[i].group == group ? 1 : 0;
	}
	if (same == HZ_POLICY_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "policy: more than %d of a kind", HZ_POLICY_MAX);
	}
	if (w->n >= sizeof p->node[0].name || is(w, "none") || find(p, w) >= 0) {
		return hz_fail(HZ_MSG_FORMAT, "policy: a name is not allowed, or there twice");
	}
	*ret_node = &p->node[p->nodes];
	**ret_node = (struct hz_policy_node){ .group = group };
	memcpy((*ret_node)->name, w->s, w->n);
	return HZ_OK;
}

static enum hz_err
take_log(struct hz_policy *p, const struct word *w, size_t n)
{
	if (n < 2 || n > 3) {
		return hz_fail(HZ_MSG_FORMAT, "policy: a log is a vkey and a URL");
	}
	if (p->logs == HZ_POLICY_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "policy: more than %d logs", HZ_POLICY_MAX);
	}
	struct hz_note_key *k = &p->log[p->logs];
	enum hz_err err = hz_vkey_parse(w[1].s, w[1].n, k->name, k->pk);
	for (size_t i = 0; i < p->logs && err == HZ_OK; i++) {
		if (memcmp(p->log[i].pk, k->pk, 32) == 0) {
			err = hz_fail(HZ_MSG_FORMAT, "policy: a log twice");
		}
	}
	p->logs += err == HZ_OK ? 1 : 0;
	return err;
}

static enum hz_err
take_witness(struct hz_policy *p, const struct word *w, size_t n)
{
	struct hz_policy_node *node = NULL;

	if (n < 3 || n > 4) {
		return hz_fail(HZ_MSG_FORMAT, "policy: a witness is a name, a vkey and a URL");
	}
	enum hz_err err = name_new(p, &w[1], false, &node);
	err = err == HZ_OK ? hz_wkey_parse(w[2].s, w[2].n, &node->key) : err;
	for (size_t i = 0; i < p->nodes && err == HZ_OK; i++) {
		if (!p->node[i].group && memcmp(p->node[i].key.pk, node->key.pk, 32) == 0) {
			err = hz_fail(HZ_MSG_FORMAT, "policy: a witness twice");
		}
	}
	p->nodes += err == HZ_OK ? 1 : 0;
	return err;
}

static enum hz_err
take_group(struct hz_policy *p, const struct word *w, size_t n)
{
	struct hz_policy_node *node = NULL;
	uint64_t need = 0;

	if (n < 4) {
		return hz_fail(HZ_MSG_FORMAT, "policy: a group is a name, a number and members");
	}
	size_t members = n - 3;
	enum hz_err err = name_new(p, &w[1], true, &node);
	if (err != HZ_OK) {
		return err;
	}
	if (is(&w[2], "all")) {
		need = members;
	} else if (is(&w[2], "any")) {
		need = 1;
	} else if (hz_parse_u64(w[2].s, w[2].n, members, &need) != HZ_OK || need == 0) {
		return hz_fail(HZ_MSG_FORMAT, "policy: a group needs from 1 to all of its members");
	}
	for (size_t i = 0; i < members; i++) {
		int at = find(p, &w[3 + i]);
		/* Each name once: then no witness counts twice, and a group can have no more members than
		 * there are names. */
		if (at < 0 || p->node[at].listed) {
			return hz_fail(HZ_MSG_FORMAT, "policy: a member is not known, or in a group twice");
		}
		p->node[at].listed = true;
		node->member[i] = (uint8_t)at;
	}
	node->need = (unsigned)need;
	node->count = (unsigned)members;
	p->nodes++;
	return HZ_OK;
}

static enum hz_err
take_line(struct hz_policy *p, const char *s, size_t n, bool *quorum)
{
	struct word w[WORDS_MAX];
	size_t count = split(s, n, w);

	if (count == 0 || w[0].s[0] == '#') {
		return HZ_OK;
	}
	if (count > WORDS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "policy: a line of more than %d words", WORDS_MAX);
	}
	if (is(&w[0], "log")) {
		return take_log(p, w, count);
	}
	if (is(&w[0], "witness")) {
		return take_witness(p, w, count);
	}
	if (is(&w[0], "group")) {
		return take_group(p, w, count);
	}
	if (!is(&w[0], "quorum") || count != 2 || *quorum) {
		return hz_fail(HZ_MSG_FORMAT, "policy: an unknown line, or a second quorum");
	}
	*quorum = true;
	p->quorum = find(p, &w[1]);
	return p->quorum >= 0 || is(&w[1], "none")
		   ? HZ_OK
		   : hz_fail(HZ_MSG_FORMAT, "policy: quorum of an unknown name");
}

enum hz_err
hz_policy_read(const void *p, size_t n, struct hz_policy *ret_p)
{
	const char *s = p;
	bool quorum = false;
	enum hz_err err = HZ_OK;

	*ret_p = (struct hz_policy){ .quorum = -1 };
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s[i];
		if ((ch < 0x20 && ch != '\t' && ch != '\n') || ch == 0x7f) {
			return hz_fail(HZ_MSG_FORMAT, "policy: a control character");
		}
	}
	for (size_t at = 0; at < n && err == HZ_OK;) {
		const char *end = memchr(s + at, '\n', n - at);
		if (end == NULL) {
			return hz_fail(HZ_MSG_FORMAT, "policy: the last line has no end");
		}
		err = take_line(ret_p, s + at, (size_t)(end - s) - at, &quorum);
		at = (size_t)(end - s) + 1;
	}
	return err == HZ_OK && !quorum ? hz_fail(HZ_MSG_FORMAT, "policy: no quorum line") : err;
}

/* One signature line without its LF: which witness does it come from, if any? */
static void
take_signature(
    const struct hz_policy *p, const char *text, size_t text_n, const char *line, size_t n, bool *ret_signed)
{
	struct hz_cosignature c;

	if (hz_cosignature_read(line, n, &c) != HZ_OK) {
		hz_fail_clear(); /* of another kind: nothing that counts here */
		return;
	}
	for (size_t i = 0; i < p->nodes; i++) {
		if (!p->node[i].group && hz_cosignature_by(&c, &p->node[i].key) &&
		    hz_cosignature_good(&c, &p->node[i].key, text, text_n)) {
			ret_signed[i] = true;
		}
	}
}

void
hz_policy_check(const struct hz_policy *p, const void *note, size_t n, bool *ret_signed, bool *ret_met)
{
	const char *s = note;
	bool reached[2 * HZ_POLICY_MAX] = { false };
	const char *gap = n == 0 ? NULL : memmem(s, n, "\n\n", 2);

	memset(ret_signed, 0, p->nodes * sizeof *ret_signed);
	*ret_met = false;
	if (gap == NULL) {
		return;
	}
	size_t text = (size_t)(gap - s) + 1;
	for (size_t at = text + 1; at < n;) {
		const char *end = memchr(s + at, '\n', n - at);
		size_t len = end == NULL ? n - at : (size_t)(end - s) - at;
		take_signature(p, s, text, s + at, len, ret_signed);
		at += len + 1;
	}
	/* Members stand before their groups. */
	for (size_t i = 0; i < p->nodes; i++) {
		unsigned count = 0;
		for (unsigned m = 0; m < p->node[i].count; m++) {
			count += reached[p->node[i].member[m]] ? 1 : 0;
		}
		reached[i] = p->node[i].group ? count >= p->node[i].need : ret_signed[i];
	}
	*ret_met = p->quorum < 0 || reached[p->quorum];
#ifdef HZ_FAULT_NO_THRESHOLD
	*ret_met = true;
#endif
}
