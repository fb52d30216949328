/* Manifests [F-9.3] and the two bag files. What each manifest should be was hashed while the files were read;
 * only where one is something else is everything read once more, beside the manifests, to name the files. */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART ((size_t)128 * 1024)

static const enum hz_fixed lists[4] = { HZ_FIX_MANIFEST_256, HZ_FIX_MANIFEST_512, HZ_FIX_TAG_256,
	HZ_FIX_TAG_512 };

/* A manifest read line by line beside the files. */
struct list {
	struct hz_walk *walk;
	bool have;
	char path[HZ_BAG_PATH_MAX + 1];
	uint8_t digest[64];
};

struct naming {
	struct hz_check *c;
	struct list list[4];
	uint64_t named;
	struct hz_hash *h[2];
	uint8_t digest[2][64];
	uint8_t part[PART];
};

static void
name_one(struct naming *n, enum hz_finding f, const char *path)
{
	struct hz_tally *t = &n->c->r.tally[HZ_TALLY_FILES];

	*(f == HZ_FINDING_MISSING ? &t->missing : &t->different) += 1;
	if (n->named++ < HZ_VERIFY_NAMED_MAX) {
		hz_found(n->c, f, path, "%s", "");
	} else if (n->named == HZ_VERIFY_NAMED_MAX + 1) {
		hz_found(n->c, HZ_FINDING_MORE, "", "%d are named", HZ_VERIFY_NAMED_MAX);
	}
}

/* The next line of a manifest. One that is no line, or out of order, ends it: the rest cannot be told apart.
 */
static enum hz_err
line_next(struct naming *n, size_t i)
{
	struct list *l = &n->list[i];
	char text[HZ_MANIFEST_LINE + 1];
	const char *line = NULL, *path = NULL;
	size_t len = 0, pos = 0, pathlen = 0;
	bool found = false;

	l->have = false;
	if (l->walk == NULL) {
		return HZ_OK;
	}
	enum hz_err err = hz_walk_line(l->walk, HZ_MANIFEST_LINE - 1, &found, &line, &len);
	if (err == HZ_OK && found) {
		memcpy(text, line, len);
		text[len] = '\n';
		err = hz_manifest_next(
		    text, len + 1, i % 2 == 0 ? 32 : 64, &pos, &found, l->digest, &path, &pathlen);
	}
	if (err == HZ_OK && found) {
		char before[sizeof l->path];
		memcpy(before, l->path, sizeof before);
		memcpy(l->path, path, pathlen);
		l->path[pathlen] = '\0';
		l->have = strcmp(before, l->path) < 0;
		if (!l->have) {
			hz_found(
			    n->c, HZ_FINDING_MANIFEST, hz_fixed_path(lists[i]), "not sorted at %s", l->path);
		}
	}
	if (err != HZ_OK || (found && !l->have)) {
		l->have = false;
		hz_walk_close(&l->walk);
	}
	return hz_judge(n->c, err, HZ_FINDING_MANIFEST, hz_fixed_path(lists[i]));
}

static enum hz_err
hash_both(struct naming *n, struct hz_walk *files)
{
	size_t got = 0;
	enum hz_err err;

	hz_hash_begin(n->h[0]);
	hz_hash_begin(n->h[1]);
	do {
		err = hz_walk_read(files, n->part, PART, &got);
		hz_hash_add(n->h[0], n->part, err == HZ_OK ? got : 0);
		hz_hash_add(n->h[1], n->part, err == HZ_OK ? got : 0);
	} while (err == HZ_OK && got > 0);
	hz_hash_end(n->h[0], n->digest[0]);
	hz_hash_end(n->h[1], n->digest[1]);
	return err;
}

/* Lines that come before path (NULL: all that are left) name files that are not there. */
static enum hz_err
lines_before(struct naming *n, size_t first, const char *path)
{
	struct list *a = &n->list[first], *b = a + 1;
	char gone[sizeof a->path];
	enum hz_err err = HZ_OK;

	while (err == HZ_OK) {
		const struct list *l = !b->have || (a->have && strcmp(a->path, b->path) <= 0) ? a : b;
		if (!l->have || (path != NULL && strcmp(l->path, path) >= 0)) {
			break;
		}
		memcpy(gone, l->path, sizeof gone);
		name_one(n, HZ_FINDING_MISSING, gone);
		for (size_t i = first; i < first + 2 && err == HZ_OK; i++) {
			if (n->list[i].have && strcmp(n->list[i].path, gone) == 0) {
				err = line_next(n, i);
			}
		}
	}
	return err;
}

/* One file against the two manifests that should list it. */
static enum hz_err
compare(struct naming *n, size_t first, const char *path)
{
	bool changed = false, unlisted = false;
	enum hz_err err = lines_before(n, first, path);

	for (size_t i = first; i < first + 2 && err == HZ_OK; i++) {
		struct list *l = &n->list[i];
		if (l->have && strcmp(l->path, path) == 0) {
			changed = changed || memcmp(l->digest, n->digest[i % 2], i % 2 == 0 ? 32 : 64) != 0;
			err = line_next(n, i);
		} else if (l->walk != NULL) {
			unlisted = true;
		}
	}
	if (unlisted) {
		name_one(n, HZ_FINDING_UNLISTED, path);
	}
	if (changed) {
		name_one(n, HZ_FINDING_CHANGED, path);
	}
	return err;
}

static enum hz_err
name_files(struct naming *n, struct hz_walk *files)
{
	struct hz_place p;
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;
	enum hz_err err;

	while ((err = hz_walk_next(files, &found, &path, &size)) == HZ_OK && found) {
		bool data = strncmp(path, "data/", 5) == 0;
		hz_place_of(path, &p);
		if (p.kind == HZ_KIND_FIXED && p.fixed >= HZ_FIX_TAG_256) {
			continue; /* neither listed nor to be listed */
		}
		if ((err = hash_both(n, files)) != HZ_OK || (err = compare(n, data ? 0 : 2, path)) != HZ_OK) {
			return err;
		}
	}
	if (err == HZ_OK) {
		err = lines_before(n, 0, NULL);
	}
	return err == HZ_OK ? lines_before(n, 2, NULL) : err;
}

static enum hz_err
name_all(struct hz_check *c)
{
	struct naming *n = calloc(1, sizeof *n);
	struct hz_walk *files = NULL;
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;

	if (n == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "manifests");
	}
	n->c = c;
	enum hz_err err = hz_hash_new(HZ_HASH_SHA256, &n->h[0]);
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_SHA512, &n->h[1]);
	}
	for (size_t i = 0; i < 4 && err == HZ_OK; i++) {
		if (!c->file[lists[i]].there) {
			continue;
		}
		err = hz_walk_open(c, c->file[lists[i]].at, hz_fixed_path(lists[i]), &n->list[i].walk);
		if (err == HZ_OK) {
			err = hz_walk_next(n->list[i].walk, &found, &path, &size);
		}
		if (err == HZ_OK) {
			err = line_next(n, i);
		}
	}
	if (err == HZ_OK) {
		err = hz_walk_open(c, 0, "", &files);
	}
	if (err == HZ_OK) {
		err = name_files(n, files);
	}
	hz_walk_close(&files);
	for (size_t i = 0; i < 4; i++) {
		hz_walk_close(&n->list[i].walk);
	}
	hz_hash_free(&n->h[0]);
	hz_hash_free(&n->h[1]);
	free(n);
	return err;
}

enum hz_err
hz_step_manifests(struct hz_check *c)
{
	bool all_right = true;
	uint8_t want[32];

	for (size_t i = 0; i < 4; i++) {
		const struct hz_file *f = &c->file[lists[i]];
		hz_hash_end(c->manifest[i], want);
		if (f->there &&
		    (f->size != c->manifest_size[i] || memcmp(f->sha256, want, sizeof want) != 0)) {
			all_right = false;
			hz_found(c, HZ_FINDING_MANIFEST, hz_fixed_path(lists[i]), "%s", "");
		}
	}
	return all_right ? HZ_OK : name_all(c);
}

/* --- bagit.txt and bag-info.txt ----------------------------------------------------------------------------
 */
/* The value of the next line, which must have this label. */
static bool
info_line(const char **s, const char *end, const char *label, const char **ret_value, size_t *ret_n)
{
	size_t n = strlen(label);
	const char *lf = *s == end ? NULL : memchr(*s, '\n', (size_t)(end - *s));

	if (lf == NULL || (size_t)(lf - *s) <= n || memcmp(*s, label, n) != 0) {
		return false;
	}
	*ret_value = *s + n;
	*ret_n = (size_t)(lf - *s) - n;
	*s = lf + 1;
	for (size_t i = 0; i < *ret_n; i++) {
		unsigned char ch = (unsigned char)(*ret_value)[i];
		if (ch < 0x20 || ch == 0x7f) {
			return false;
		}
	}
	return hz_utf8_ok(*ret_value, *ret_n);
}

static bool
info_is(const char **s, const char *end, const char *label, const char *want)
{
	const char *value = NULL;
	size_t n = 0;

	return info_line(s, end, label, &value, &n) && n == strlen(want) && memcmp(value, want, n) == 0;
}

enum hz_err
hz_step_bag(struct hz_check *c)
{
	static const char bagit[] = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
	const struct hz_buf *b = &c->file[HZ_FIX_BAGIT].kept, *i = &c->file[HZ_FIX_BAG_INFO].kept;
	char day[21], oxum[48];
	const char *value = NULL;
	size_t n = 0;

	if (b->len != sizeof bagit - 1 || memcmp(b->p, bagit, b->len) != 0) {
		hz_found(c, HZ_FINDING_BAG, hz_fixed_path(HZ_FIX_BAGIT), "%s", "");
	}
	hz_time_format(c->time, day);
	day[10] = '\0';
	(void)snprintf(oxum, sizeof oxum, "%llu.%llu", (unsigned long long)c->data_bytes,
	    (unsigned long long)c->data_files);
	const char *s = i->len == 0 ? "" : (const char *)i->p, *end = s + i->len;
	if (!info_line(&s, end, "Bag-Software-Agent: ", &value, &n) || n < 4 ||
	    memcmp(value, "hirz", 4) != 0 || !info_is(&s, end, "Bagging-Date: ", day) ||
	    !info_is(&s, end, "External-Identifier: ", c->r.folder) ||
	    !info_is(&s, end, "Payload-Oxum: ", oxum) ||
	    !info_line(&s, end, "Source-Organization: ", &value, &n) || s != end) {
		hz_found(c, HZ_FINDING_BAG, hz_fixed_path(HZ_FIX_BAG_INFO), "%s", "");
	}
	return HZ_OK;
}
