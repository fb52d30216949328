/*
 * bench_classify RULES FILE...
 * bench_classify --tags RULES < LINES
 *
 * The first form tags the files, each as one text, until two seconds are over, and prints one object: bytes,
 * CPU seconds and MB/s of folding and matching on one core, the same for SHA-256 over the same bytes in the
 * same run, their ratio, and the milliseconds that loading the rules takes (the best of five).
 *
 * The second form reads objects {"id","text","date"?} line by line and prints for each {"id","tags"}. "date"
 * is the day of the event, YYYY-MM-DD; hz_classify has no use for others.
 */
#include "classify/classify.h"
#include "base/enc.h"
#include "codec/json.h"
#include "crypto/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ENOUGH 2.0

static double
now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die(const char *what)
{
	fprintf(stderr, "bench_classify: %s: %s\n", what, hz_fail_detail());
	exit(1);
}

static void
slurp(const char *name, struct hz_buf *out)
{
	char part[16384];
	size_t n;
	FILE *f = fopen(name, "rb");
	if (f == NULL) {
		perror(name);
		exit(1);
	}
	while ((n = fread(part, 1, sizeof part, f)) > 0) {
		if (hz_buf_put(out, part, n) != HZ_OK) {
			die(name);
		}
	}
	(void)fclose(f);
}

static struct hz_rules *
load(const char *name, double *ret_ms)
{
	struct hz_buf file = HZ_BUF_INIT(SIZE_MAX);
	struct hz_rules *r = NULL;
	*ret_ms = 1e9;
	slurp(name, &file);
	for (int i = 0; i < 5; i++) {
		hz_rules_free(&r);
		double t = now();
		if (hz_rules_load(file.p, file.len, &r) != HZ_OK) {
			struct hz_rules_fault f[HZ_RULES_FAULTS];
			size_t n = hz_rules_check(file.p, file.len, f, HZ_RULES_FAULTS);
			for (size_t k = 0; k < n; k++) {
				fprintf(stderr, "%s:%zu: %s; %s\n", name, f[k].line, f[k].what, f[k].remedy);
			}
			exit(1);
		}
		t = (now() - t) * 1e3;
		*ret_ms = t < *ret_ms ? t : *ret_ms;
	}
	hz_buf_done(&file);
	return r;
}

static int
measure(const char *rules, int n, char **names)
{
	double ms;
	double t;
	double bytes = 0;
	double match = 0;
	double hash = 0;
	double match_bytes = 0;
	double hash_bytes = 0;
	size_t tags = 0;
	struct hz_rules *r = load(rules, &ms);
	struct hz_buf *file = calloc((size_t)n, sizeof *file);
	if (file == NULL) {
		die("memory");
	}
	for (int i = 0; i < n; i++) {
		file[i].max = SIZE_MAX;
		slurp(names[i], &file[i]);
		bytes += (double)file[i].len;
	}
	/* In turns, so that both see the same machine. */
	while (bytes > 0 && match < ENOUGH) {
		tags = 0;
		for (int i = 0; i < n; i++) {
			struct hz_tags found = { 0, NULL };
			t = now();
			if (hz_classify(r, file[i].p, file[i].len, NULL, &found) != HZ_OK) {
				die(names[i]);
			}
			match += now() - t;
			match_bytes += (double)file[i].len;
			tags += found.n;
			hz_tags_done(&found);
		}
		for (int i = 0; i < n; i++) {
			uint8_t h[32];
			t = now();
			hz_sha256(file[i].p, file[i].len, h);
			hash += now() - t;
			hash_bytes += (double)file[i].len;
		}
	}
	double speed = match_bytes / 1e6 / match;
	double hash_speed = hash_bytes / 1e6 / hash;
	printf("{\"bytes\":%.0f,\"seconds\":%.3f,\"mb_s\":%.1f,\"sha256_mb_s\":%.1f,\"ratio\":%.3f,"
	       "\"rules_load_ms\":%.2f,\"entries\":%zu,\"tags\":%zu}\n",
	    bytes, match, speed, hash_speed, speed / hash_speed, ms, hz_rules_entries(r), tags);
	for (int i = 0; i < n; i++) {
		hz_buf_done(&file[i]);
	}
	free(file);
	hz_rules_free(&r);
	return 0;
}

static void
write_tag(struct hz_jw *w, const struct hz_tag *t)
{
	hz_jw_obj(w, NULL);
	hz_jw_str(w, "axis", hz_axis_word(t->axis));
	hz_jw_str(w, "value", t->value);
	hz_jw_str(w, "role", hz_role_word(t->role));
	hz_jw_str(w, "certainty", hz_certainty_word(t->certainty));
	hz_jw_int(w, "score", t->score);
	hz_jw_str(w, "band", hz_band_word(t->band));
	hz_jw_bool(w, "ambiguous", t->ambiguous);
	hz_jw_bool(w, "experimental", t->experimental);
	hz_jw_int(w, "left_out", t->left_out);
	hz_jw_arr(w, "spans");
	for (size_t i = 0; i < t->nspans; i++) {
		const struct hz_span *s = &t->spans[i];
		hz_jw_obj(w, NULL);
		hz_jw_int(w, "start", s->start);
		hz_jw_int(w, "end", s->end);
		hz_jw_str(w, "term", s->term);
		hz_jw_str(w, "rule", s->rule);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
	hz_jw_obj_end(w);
}

static void
tag_line(const struct hz_rules *r, const char *line, size_t n)
{
	struct hz_json_doc *doc = NULL;
	struct hz_buf out = HZ_BUF_INIT(SIZE_MAX);
	struct hz_tags tags = { 0, NULL };
	struct hz_classify_when when = { "", "" };
	struct hz_jw w;
	size_t len = 0;
	size_t date_len = 0;
	if (hz_json_parse(line, n, false, &doc) != HZ_OK) {
		die("line");
	}
	const struct hz_json *root = hz_json_root(doc);
	const char *text = hz_json_str(hz_json_get(root, "text"), &len);
	const char *date = hz_json_str(hz_json_get(root, "date"), &date_len);
	if (date != NULL && date_len == 10) {
		memcpy(when.from, date, 11);
		memcpy(when.to, date, 11);
	}
	if (hz_classify(r, text, text == NULL ? 0 : len, &when, &tags) != HZ_OK) {
		die("text");
	}
	hz_jw_begin(&w, &out);
	hz_jw_obj(&w, NULL);
	hz_jw_str(&w, "id", hz_json_str(hz_json_get(root, "id"), NULL));
	hz_jw_arr(&w, "tags");
	for (size_t i = 0; i < tags.n; i++) {
		write_tag(&w, &tags.v[i]);
	}
	hz_jw_arr_end(&w);
	hz_jw_obj_end(&w);
	if (hz_jw_end(&w) != HZ_OK) {
		die("output");
	}
	(void)fwrite(out.p, 1, out.len, stdout);
	(void)putchar('\n');
	hz_tags_done(&tags);
	hz_buf_done(&out);
	hz_json_free(&doc);
}

static int
tag_lines(const char *rules)
{
	double ms;
	struct hz_rules *r = load(rules, &ms);
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	while ((n = getline(&line, &cap, stdin)) > 0) {
		tag_line(r, line, (size_t)n);
	}
	free(line);
	hz_rules_free(&r);
	return ferror(stdout) != 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--tags") == 0) {
		return tag_lines(argv[2]);
	}
	if (argc < 3 || argv[1][0] == '-') {
		fprintf(stderr, "usage: bench_classify RULES FILE...\n"
				"       bench_classify --tags RULES < LINES\n");
		return 2;
	}
	return measure(argv[1], argc - 2, argv + 2);
}
