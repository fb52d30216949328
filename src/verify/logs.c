/* Where trust starts: event 0 and the checkpoint of the log, and of the closed logs that it continues
 * [F-10.1] steps 3 and 4, [F-9.10]. */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

/* The content of the member at an offset, if its path is the one expected. */
static enum hz_err
content_at(struct hz_check *c, uint64_t at, const char *path, size_t max, struct hz_buf *out)
{
	struct hz_walk *w = NULL;
	const char *got = NULL;
	uint64_t size = 0;
	bool found = false;
	enum hz_err err = hz_walk_open(c, at, path, &w);

	if (err == HZ_OK) {
		err = hz_walk_next(w, &found, &got, &size);
	}
	if (err == HZ_OK && (!found || strcmp(got, path) != 0)) {
		err = hz_fail(HZ_MSG_FORMAT, "it is missing");
	}
	if (err == HZ_OK) {
		err = hz_walk_take(w, max, out);
	}
	hz_walk_close(&w);
	return err;
}

/* Event 0: its own init names the key that signed it, and nothing before it vouches for that key. */
static enum hz_err
event0(struct hz_check *c, struct hz_vlog *log, const char *path)
{
	struct hz_buf raw = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event *e = &log->first;
	enum hz_err err = content_at(c, log->events_at, path, HZ_EVENT_MAX, &raw);

	if (err == HZ_OK) {
		err = hz_event_read(raw.p, raw.len, e);
	}
	if (err == HZ_OK && !e->has_init) {
		err = hz_fail(HZ_MSG_FORMAT, "act is neither init nor restore");
	}
	if (err == HZ_OK) {
		err = hz_jws_verify(raw.p, raw.len, e->init.event_pk);
	}
	if (err == HZ_OK) {
		hz_leaf_hash(raw.p, raw.len, log->leaf0);
		(void)snprintf(log->kid, sizeof log->kid, "%s", e->kid);
	}
	hz_buf_done(&raw);
	return err;
}

static enum hz_err
checkpoint(struct hz_check *c, struct hz_vlog *log, const char *path)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	const struct hz_event *e = &log->first;
	char name[HZ_ORIGIN_MAX] = "";
	uint8_t pk[32];
	enum hz_err err = content_at(c, log->checkpoint_at, path, HZ_NOTE_MAX, &note);

	if (err == HZ_OK) {
		err = hz_vkey_parse(e->init.checkpoint, strlen(e->init.checkpoint), name, pk);
	}
	if (err == HZ_OK) {
		err = hz_checkpoint_read(note.p, note.len, pk, &log->head);
	}
	if (err == HZ_OK && (strcmp(log->head.origin, e->log) != 0 || strcmp(name, e->log) != 0)) {
		err = hz_fail(HZ_MSG_TAMPERED, "its origin is not the log");
	}
	hz_sha256(note.p, note.len, log->note_hash);
	hz_buf_done(&note);
	return err;
}

/* The same log's checkpoint with cosignatures, of this size or an earlier one [F-9.1]. */
static enum hz_err
cosigned(struct hz_check *c)
{
	const struct hz_event *e = &c->log[0].first;
	char name[HZ_ORIGIN_MAX] = "";
	uint8_t pk[32];

	if (c->cosigned_at == HZ_NOWHERE) {
		return HZ_OK;
	}
	enum hz_err err = content_at(c, c->cosigned_at, HZ_COSIGNED_PATH, HZ_NOTE_MAX, &c->cosigned);
	if (err == HZ_OK) {
		err = hz_vkey_parse(e->init.checkpoint, strlen(e->init.checkpoint), name, pk);
	}
	if (err == HZ_OK) {
		err = hz_checkpoint_read(c->cosigned.p, c->cosigned.len, pk, &c->cosigned_head);
	}
	if (err == HZ_OK && (strcmp(c->cosigned_head.origin, e->log) != 0 || c->cosigned_head.size == 0 ||
				c->cosigned_head.size > c->log[0].head.size)) {
		err = hz_fail(HZ_MSG_TAMPERED, "not a state of this log, or a later one");
	}
	c->cosigned_there = err == HZ_OK;
	return hz_judge(c, err, HZ_FINDING_CHECKPOINT, HZ_COSIGNED_PATH);
}

static enum hz_err
read_log(struct hz_check *c, struct hz_vlog *log)
{
	char path[64];

	(void)snprintf(path, sizeof path, "%sevents/0.jws", log->base);
	enum hz_err err = event0(c, log, path);
	if (err == HZ_ERR_VERSION) {
		hz_found(c, HZ_FINDING_VERSION, path, "%s", hz_fail_detail());
		c->ended = true;
		return HZ_OK;
	}
	if (err != HZ_OK) {
		return hz_judge(c, err, HZ_FINDING_EVENT0, path);
	}
	(void)snprintf(path, sizeof path, "%scheckpoint", log->base);
	err = checkpoint(c, log, path);
	log->read = err == HZ_OK;
	return hz_judge(c, err, HZ_FINDING_CHECKPOINT, path);
}

/* Does the closed log fit the one that continues it? */
static void
check_closed(struct hz_check *c, const struct hz_vlog *old, const struct hz_vlog *new)
{
	char found[128];
	char root[65];
	const char *id = strrchr(old->first.log, '/');

	hz_hex(root, old->head.root, 32);
	(void)snprintf(found, sizeof found, "%llu %s", (unsigned long long)old->head.size, root);
	if (id == NULL || strcmp(id + 1, old->id) != 0) {
		hz_found(c, HZ_FINDING_CLOSED_LOG, old->base, "the folder is not named after the log");
	}
	if (strcmp(found, new->first.init.found) != 0) {
		hz_found(c, HZ_FINDING_CLOSED_LOG, old->base, "its checkpoint is not the one that was found");
	}
	if (strcmp(new->kid, old->kid) != 0 || (old->first.init.roles & HZ_ROLE_CUSTODIAN) == 0) {
		hz_found(c, HZ_FINDING_CLOSED_LOG, old->base, "not continued by one of its custodians");
	}
}

/* From the log back to the first one, each named by its successor; into c->chain with the oldest first. */
static void
link_logs(struct hz_check *c)
{
	struct hz_vlog *at = &c->log[0], *back[HZ_VERIFY_LOGS_MAX];
	bool used[HZ_VERIFY_LOGS_MAX] = { true };
	size_t n = 1;

	back[0] = at;
	while (at->first.act == HZ_ACT_RESTORE) {
		struct hz_vlog *old = NULL;
		for (size_t i = 1; i < c->nlogs && old == NULL; i++) {
			if (!used[i] && c->log[i].read && memcmp(c->log[i].leaf0, at->first.ref, 32) == 0) {
				old = &c->log[i];
				used[i] = true;
			}
		}
		if (old == NULL) {
			hz_found(c, HZ_FINDING_CLOSED_LOG, at->base, "the log that it continues is missing");
			break;
		}
		check_closed(c, old, at);
		back[n++] = old;
		at = old;
	}
	for (size_t i = 1; i < c->nlogs; i++) {
		if (!used[i]) {
			hz_found(c, HZ_FINDING_CLOSED_LOG, c->log[i].base, "no log continues it");
		}
	}
	for (size_t i = 0; i < n; i++) {
		c->chain[i] = back[n - 1 - i];
		c->chain[i]->order = (unsigned)i;
	}
	c->nchain = n;
}

const struct hz_vlog *
hz_vlog_named(const struct hz_check *c, const char *origin)
{
	for (size_t i = 0; i < c->nchain; i++) {
		if (strcmp(c->chain[i]->first.log, origin) == 0) {
			return c->chain[i];
		}
	}
	return NULL;
}

enum hz_err
hz_step_logs(struct hz_check *c)
{
	enum hz_err err = HZ_OK;

	/* The log itself is the first slot, whatever came first in the tar. */
	size_t main_at = 0;
	while (main_at < c->nlogs && c->log[main_at].id[0] != '\0') {
		main_at++;
	}
	if (main_at == c->nlogs) {
		hz_found(c, HZ_FINDING_EVENT0, "custody/events/0.jws", "it is missing");
		return HZ_OK;
	}
	if (main_at > 0) {
		struct hz_vlog swap = c->log[0];
		c->log[0] = c->log[main_at];
		c->log[main_at] = swap;
	}
	for (size_t i = 0; i < c->nlogs && err == HZ_OK && !c->ended; i++) {
		err = read_log(c, &c->log[i]);
	}
	if (err != HZ_OK || c->ended || !c->log[0].read) {
		return err;
	}
	link_logs(c);
	const struct hz_vlog *log = &c->log[0];
	hz_hex(c->r.fingerprint, log->leaf0, 16);
	memcpy(c->r.origin, log->first.log, sizeof c->r.origin);
	c->r.log_size = log->head.size;
	memcpy(c->r.log_root, log->head.root, 32);
	return cosigned(c);
}
