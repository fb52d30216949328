/* The one reading of the whole: tar form, hashes of every file, what the manifests should be, content against
 * its opening [F-10.1] steps 1, 2 and 10. Openings come before the exhibits and in the same order, so a
 * second reading goes along with the first and nothing has to be kept. */
#include "verify/check.h"

#include "base/enc.h"
#include "object/object.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART ((size_t)256 * 1024)

enum list { LIST_PAYLOAD_256, LIST_PAYLOAD_512, LIST_TAG_256, LIST_TAG_512 };

struct scan {
	struct hz_check *c;
	struct hz_walk *walk, *openings;
	struct hz_hash *h256, *h512, *blake;
	struct hz_buf text, line;
	uint8_t sha256[32], sha512[64];
	/* the opening that the next exhibit should have */
	bool have, opening_ok;
	uint8_t ex[16];
	struct hz_opening opening;
	uint8_t part[PART];
};

/* Files whose content is compared later; all of them have a short right form. */
static bool
is_kept(enum hz_fixed f)
{
	switch (f) {
	case HZ_FIX_BAG_INFO:
	case HZ_FIX_BAGIT:
	case HZ_FIX_CHECKPOINT:
	case HZ_FIX_JWKS:
	case HZ_FIX_SIGNERS:
	case HZ_FIX_VKEY:
	case HZ_FIX_MINISIGN_PUB:
	case HZ_FIX_MINISIG:
	case HZ_FIX_SSHSIG:
		return true;
	case HZ_FIX_VERIFY_TXT:
	case HZ_FIX_HEADS:
	case HZ_FIX_RECORDS_JSON:
	case HZ_FIX_FORMAT_MD:
	case HZ_FIX_MANIFEST_256:
	case HZ_FIX_MANIFEST_512:
	case HZ_FIX_TAG_256:
	case HZ_FIX_TAG_512:
	case HZ_FIX_COUNT:
		break;
	}
	return false;
}

static enum hz_err
hash_content(struct scan *s, struct hz_buf *keep)
{
	struct hz_check *c = s->c;
	size_t n = 0;
	enum hz_err err = HZ_OK;

	hz_hash_begin(s->h256);
	hz_hash_begin(s->h512);
	hz_hash_begin(s->blake);
	do {
		err = hz_walk_read(s->walk, s->part, PART, &n);
		if (err != HZ_OK) {
			return err;
		}
		hz_hash_add(s->h256, s->part, n);
		hz_hash_add(s->h512, s->part, n);
		if (keep == &c->file[HZ_FIX_TAG_512].kept) {
			hz_hash_add(s->blake, s->part, n); /* the manifest that is signed */
		} else if (keep != NULL && keep->len + n <= keep->max) {
			err = hz_buf_put(keep, s->part, n);
		}
		c->r.bytes += n;
		if (c->o->progress != NULL && n > 0) {
			c->o->progress(c->o->arg, c->r.bytes);
		}
	} while (n > 0 && err == HZ_OK);
	hz_hash_end(s->h256, s->sha256);
	hz_hash_end(s->h512, s->sha512);
	if (keep == &c->file[HZ_FIX_TAG_512].kept) {
		memcpy(c->tag_sha512, s->sha512, sizeof c->tag_sha512);
		hz_hash_end(s->blake, c->tag_blake);
	}
	return err;
}

static enum hz_err
list_add(struct scan *s, enum list list, const uint8_t *digest, size_t n, const char *path)
{
	hz_buf_clear(&s->line);
	enum hz_err err = hz_manifest_line(&s->line, digest, n, path);

	if (err == HZ_OK) {
		hz_hash_add(s->c->manifest[list], s->line.p, s->line.len);
		s->c->manifest_size[list] += s->line.len;
	}
	return err;
}

/* What the manifests should say of this file [F-9.3]. */
static enum hz_err
list_file(struct scan *s, const struct hz_place *p, const char *path, uint64_t size)
{
	bool data = strncmp(path, "data/", 5) == 0;

	s->c->r.tally[HZ_TALLY_FILES].checked++;
	if (data) {
		s->c->data_files++;
		s->c->data_bytes += size;
	} else if (p->kind == HZ_KIND_FIXED && p->fixed >= HZ_FIX_TAG_256) {
		return HZ_OK;
	}
	enum hz_err err = list_add(s, data ? LIST_PAYLOAD_256 : LIST_TAG_256, s->sha256, 32, path);
	return err == HZ_OK ? list_add(s, data ? LIST_PAYLOAD_512 : LIST_TAG_512, s->sha512, 64, path) : err;
}

/* The slot of the log that a file belongs to; NULL: there are too many. */
static struct hz_vlog *
log_of(struct hz_check *c, const char *id)
{
	struct hz_vlog *log = NULL;

	for (size_t i = 0; i < c->nlogs && log == NULL; i++) {
		log = strcmp(c->log[i].id, id) == 0 ? &c->log[i] : NULL;
	}
	if (log == NULL && c->nlogs < HZ_VERIFY_LOGS_MAX) {
		log = &c->log[c->nlogs++];
		log->checkpoint_at = log->events_at = log->proofs_at = log->anchors_at = HZ_NOWHERE;
		(void)snprintf(log->id, sizeof log->id, "%s", id);
		(void)snprintf(log->base, sizeof log->base, "custody/%s%s%s", id[0] == '\0' ? "" : "logs/",
		    id, id[0] == '\0' ? "" : "/");
	}
	if (log == NULL && !c->r.seen[HZ_FINDING_LIMIT]) {
		hz_found(c, HZ_FINDING_LIMIT, "custody/logs", "more than %d logs", HZ_VERIFY_LOGS_MAX);
	}
	return log;
}

static void
remember(struct hz_check *c, const struct hz_place *p, uint64_t at)
{
	bool checkpoint =
	    p->kind == HZ_KIND_CHECKPOINT || (p->kind == HZ_KIND_FIXED && p->fixed == HZ_FIX_CHECKPOINT);
	bool event = p->kind == HZ_KIND_EVENT || p->kind == HZ_KIND_LEAF;
	uint64_t *first = NULL;

	if (checkpoint || event || p->kind == HZ_KIND_PROOF || p->kind == HZ_KIND_ANCHOR) {
		struct hz_vlog *log = log_of(c, p->log);
		if (log == NULL) {
			return;
		}
		first = checkpoint                  ? &log->checkpoint_at
			: event                     ? &log->events_at
			: p->kind == HZ_KIND_ANCHOR ? &log->anchors_at
						    : &log->proofs_at;
	} else if (p->kind == HZ_KIND_COSIGNED) {
		first = &c->cosigned_at;
	} else if (p->kind == HZ_KIND_OPENING) {
		first = &c->openings_at;
	} else if (p->kind == HZ_KIND_RECORD) {
		first = &c->records_at;
	} else if (p->kind == HZ_KIND_PROPOSED) {
		first = &c->proposed_at;
	}
	if (first != NULL && *first == HZ_NOWHERE) {
		*first = at;
	}
}

/* The next opening, if there is one. */
static enum hz_err
opening_next(struct scan *s)
{
	struct hz_place p;
	const char *path = NULL;
	uint64_t size;

	for (;;) {
		enum hz_err err = hz_walk_next(s->openings, &s->have, &path, &size);
		if (err != HZ_OK || !s->have) {
			return err;
		}
		hz_place_of(path, &p);
		if (p.kind != HZ_KIND_OPENING) {
			continue; /* of an unknown kind: reported by the first reading */
		}
		memcpy(s->ex, p.id, sizeof s->ex);
		err = hz_walk_take(s->openings, HZ_OPENING_MAX, &s->text);
		if (err == HZ_OK) {
			err = hz_opening_read(s->text.p, s->text.len, &s->opening);
		}
		s->opening_ok = err == HZ_OK;
		return hz_judge(s->c, err, HZ_FINDING_OPENING, path);
	}
}

static void
without_file(struct scan *s)
{
	char path[64], ex[33];

	hz_hex(ex, s->ex, sizeof s->ex);
	(void)snprintf(path, sizeof path, "custody/openings/ex-%s.txt", ex);
	hz_found(s->c, HZ_FINDING_OPENING, path, "there is no file that it opens");
}

static enum hz_err
exhibit(struct scan *s, const struct hz_place *p, const char *path, uint64_t size)
{
	struct hz_tally *tally = &s->c->r.tally[HZ_TALLY_EXHIBITS];
	char start[65];
	enum hz_err err = HZ_OK;

	tally->checked++;
	if (s->openings == NULL) {
		err = hz_walk_open(s->c, s->c->openings_at, "custody/openings/", &s->openings);
		if (err == HZ_OK) {
			err = opening_next(s);
		}
	}
	while (err == HZ_OK && s->have && memcmp(s->ex, p->id, sizeof s->ex) < 0) {
		without_file(s);
		err = opening_next(s);
	}
	if (err != HZ_OK) {
		return err;
	}
	if (!s->have || memcmp(s->ex, p->id, sizeof s->ex) != 0) {
		tally->missing++;
		hz_found(s->c, HZ_FINDING_OPENING, path, "there is no opening for this file");
		return HZ_OK;
	}
	hz_hex(start, s->sha256, 32);
	if (s->opening_ok && memcmp(s->opening.sha256, s->sha256, 32) == 0 && s->opening.size == size &&
	    memcmp(start, p->start, 16) == 0) {
		tally->matched++;
	} else {
		tally->different++;
		hz_found(s->c, HZ_FINDING_CONTENT, path, "sha256 %.16s, %llu bytes", start,
		    (unsigned long long)size);
	}
	return opening_next(s);
}

/* Openings behind the last exhibit. */
static enum hz_err
rest(struct scan *s)
{
	enum hz_err err = HZ_OK;

	if (s->openings == NULL) {
		err = hz_walk_open(s->c, s->c->openings_at, "custody/openings/", &s->openings);
		if (err == HZ_OK) {
			err = opening_next(s);
		}
	}
	while (err == HZ_OK && s->have) {
		without_file(s);
		err = opening_next(s);
	}
	return err;
}

static enum hz_err
member(struct scan *s, const char *path, uint64_t size)
{
	struct hz_check *c = s->c;
	struct hz_place p;
	struct hz_buf *keep = NULL;

	hz_place_of(path, &p);
	if (p.kind == HZ_KIND_UNKNOWN) {
		hz_found(c, HZ_FINDING_FILE_UNKNOWN, path, "%s", "");
	}
	if (p.kind == HZ_KIND_FIXED && (is_kept(p.fixed) || p.fixed == HZ_FIX_TAG_512)) {
		keep = &c->file[p.fixed].kept;
	}
	enum hz_err err = hash_content(s, keep);
	if (err != HZ_OK) {
		return err;
	}
	if (p.kind == HZ_KIND_FIXED || p.kind == HZ_KIND_TAGS) {
		struct hz_file *f = p.kind == HZ_KIND_FIXED ? &c->file[p.fixed] : &c->tags[p.number];
		f->there = true;
		f->at = hz_walk_at(s->walk);
		f->size = size;
		memcpy(f->sha256, s->sha256, sizeof f->sha256);
	}
	if (p.kind == HZ_KIND_RULES) {
		hz_rules_file(c, &p, s->sha256, size);
	}
	remember(c, &p, hz_walk_at(s->walk));
	err = list_file(s, &p, path, size);
	if (err == HZ_OK && p.kind == HZ_KIND_EXHIBIT) {
		err = exhibit(s, &p, path, size);
	}
	return err;
}

static enum hz_err
scan_all(struct scan *s)
{
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;
	enum hz_err err;

	while ((err = hz_walk_next(s->walk, &found, &path, &size)) == HZ_OK && found) {
		if (s->c->folder_len == 0) {
			const struct hz_tar_member *m = hz_walk_member(s->walk);
			s->c->folder_len = (size_t)(path - m->path) - 1;
			memcpy(s->c->r.folder, m->path, s->c->folder_len);
			s->c->time = m->mtime;
		}
		if ((err = member(s, path, size)) != HZ_OK) {
			break;
		}
	}
	return err == HZ_OK ? rest(s) : err;
}

enum hz_err
hz_step_files(struct hz_check *c)
{
	struct scan *s = calloc(1, sizeof *s);

	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "reading");
	}
	s->c = c;
	s->text = (struct hz_buf)HZ_BUF_INIT(HZ_VERIFY_TEXT_MAX);
	s->line = (struct hz_buf)HZ_BUF_INIT(HZ_MANIFEST_LINE);
	enum hz_err err = hz_walk_open(c, 0, "", &s->walk);
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_SHA256, &s->h256);
	}
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_SHA512, &s->h512);
	}
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_BLAKE2B_512, &s->blake);
	}
	if (err == HZ_OK) {
		err = hz_judge(c, scan_all(s), HZ_FINDING_TAR, "");
	}
	for (size_t i = 0; i < HZ_FIX_COUNT && !c->r.seen[HZ_FINDING_TAR]; i++) {
		if (err == HZ_OK && !c->file[i].there) {
			c->r.tally[HZ_TALLY_FILES].missing++;
			hz_found(c, HZ_FINDING_MISSING, hz_fixed_path((enum hz_fixed)i), "%s", "");
		}
	}
	hz_walk_close(&s->walk);
	hz_walk_close(&s->openings);
	hz_hash_free(&s->h256);
	hz_hash_free(&s->h512);
	hz_hash_free(&s->blake);
	hz_buf_done(&s->text);
	hz_buf_done(&s->line);
	free(s);
	return err;
}
