#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[256];

int
scratch_make(void **state)
{
	char state_dir[300];
	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/hirz-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(dir)) {
		return -1;
	}
	(void)snprintf(state_dir, sizeof(state_dir), "%s/state", dir);
	return setenv("XDG_STATE_HOME", state_dir, 1) == 0 && setenv("HOME", dir, 1) == 0 ? 0 : -1;
}

int
scratch_drop(void **state)
{
	(void)state;
	shell("rm -rf '%s'", dir);
	return 0;
}

const char *
scratch(void)
{
	return dir;
}

void
in_scratch(char out[static 512], const char *name)
{
	(void)snprintf(out, 512, "%s/%s", dir, name);
}

void
shell(const char *fmt, ...)
{
	char cmd[2048];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	assert_int_equal(system(cmd), 0); /* the tests' own folder only */
}

static enum hz_err
pass(void *arg, struct hz_buf *out)
{
	return hz_buf_puts(out, arg);
}

static char good_word[] = "six plain words for a test", bad_word[] = "another passphrase";
const struct hz_unlock good_pass = { pass, good_word, true }, bad_pass = { pass, bad_word, true };

struct hz_vault *
make_vault(const char *name)
{
	struct hz_vault_new o = { .org = "مركز", .desk = "DM3", .kdf_mib = 64 };
	struct hz_vault *v = NULL;
	char p[512];
	in_scratch(p, name);
	enum hz_err r = hz_vault_init(p, &o, &good_pass, &v);
	if (r != HZ_OK) {
		print_error("init: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
	return v;
}

enum hz_err
try_open(const char *name, enum hz_vault_mode mode, struct hz_vault **v)
{
	struct hz_vault_opts o = { .mode = mode };
	char p[512];
	in_scratch(p, name);
	return hz_vault_open(p, &o, &good_pass, v);
}

struct hz_vault *
open_vault(const char *name, enum hz_vault_mode mode)
{
	struct hz_vault *v = NULL;
	enum hz_err r = try_open(name, mode, &v);
	if (r != HZ_OK) {
		print_error("open: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
	return v;
}

void
fill(uint8_t *p, size_t n, uint64_t at, unsigned seed)
{
	/* Byte i follows from seed and at + i alone, and other seeds give other bytes from the first on. */
	for (size_t i = 0; i < n; i++) {
		uint64_t place = at + i,
			 x = (place >> 3) * 0x9E3779B97F4A7C15u + (uint64_t)seed * 0xD1B54A32D192ED03u;
		x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
		x = (x ^ x >> 27) * 0x94D049BB133111EBu;
		p[i] = (uint8_t)((x ^ x >> 31) >> 8 * (place & 7));
	}
}

static enum hz_err
get_buf(void *arg, size_t want, uint8_t **ret)
{
	(void)arg;
	*ret = malloc(want);
	return *ret ? HZ_OK : HZ_ERR_NOMEM;
}

static enum hz_err
segment(void *arg, uint8_t *p, size_t n, const uint8_t addr[static 32])
{
	enum hz_err r = hz_batch_segment(arg, p, n, addr);
	free(p);
	return r;
}

static void
put_buf(void *arg, uint8_t *p)
{
	(void)arg;
	free(p);
}

static void
text_fields(struct hz_record *rec, uint64_t origin, const char *day)
{
	assert_int_equal(hz_record_add(rec, "kind", "exhibit"), HZ_OK);
	assert_int_equal(hz_record_add(rec, "exhibit.title", "text"), HZ_OK);
	assert_int_equal(hz_record_add(rec, "content.media_type", "text/plain; charset=utf-8"), HZ_OK);
	if (origin == 0) {
		assert_int_equal(hz_record_add(rec, "receipt.consent", "given"), HZ_OK);
	} else {
		assert_int_equal(hz_record_add(rec, "derive.what", "text"), HZ_OK);
	}
	assert_int_equal(hz_record_add(rec, "receipt.when_from", day), HZ_OK);
	assert_int_equal(hz_record_add(rec, "receipt.when_to", day), HZ_OK);
}

struct hz_exhibit
seal_text(struct hz_batch *b, uint64_t origin, const void *text, size_t n, const char *day)
{
	static const struct hz_sealer_ops ops = { get_buf, segment, put_buf };
	struct hz_sealer *s = NULL;
	struct hz_sealed sealed;
	struct hz_record rec;
	struct hz_record_draft d;
	struct hz_exhibit e;
	assert_int_equal(hz_sealer_new(&ops, b, &s), HZ_OK);
	assert_int_equal(hz_sealer_begin(s, n), HZ_OK);
	assert_int_equal(hz_sealer_put(s, text, n), HZ_OK);
	assert_int_equal(hz_sealer_end(s, &sealed), HZ_OK);
	hz_record_init(&rec);
	text_fields(&rec, origin, day);
	assert_int_equal(hz_record_draft(&rec, &d), HZ_OK);
	struct hz_new_exhibit x = {
		.sealed = &sealed, .rec = &rec, .draft = &d, .compartment = 1, .origin = origin
	};
	x.consent = origin == 0 ? HZ_CONSENT_GIVEN : HZ_CONSENT_UNKNOWN;
	hz_sha256(text, n < 65536 ? n : 65536, x.first);
	assert_int_equal(hz_batch_exhibit(b, &x, &e), HZ_OK);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	hz_buf_done(&sealed.addrs);
	hz_sealer_free(&s);
	return e;
}

/* origin 0: received, else derived from it and without a word of consent. No consent at all: a lying hash. */
static struct hz_exhibit
seal_with(struct hz_batch *b, uint64_t origin, uint64_t n, unsigned seed, const char *title,
    const char *consent, const char *type)
{
	const bool lying = consent == NULL;
	static const struct hz_sealer_ops ops = { get_buf, segment, put_buf };
	struct hz_sealer *s = NULL;
	struct hz_sealed sealed;
	struct hz_record rec;
	struct hz_record_draft d;
	struct hz_exhibit e;
	static uint8_t chunk[65536];
	uint8_t first[32];
	assert_int_equal(hz_sealer_new(&ops, b, &s), HZ_OK);
	assert_int_equal(hz_sealer_begin(s, n), HZ_OK);
	for (uint64_t at = 0; at < n; at += sizeof(chunk)) {
		size_t k = n - at < sizeof(chunk) ? (size_t)(n - at) : sizeof(chunk);
		fill(chunk, k, at, seed);
		if (at == 0) {
			hz_sha256(chunk, k, first);
		}
		assert_int_equal(hz_sealer_put(s, chunk, k), HZ_OK);
	}
	assert_int_equal(hz_sealer_end(s, &sealed), HZ_OK);
	sealed.sha256[0] ^= lying;
	hz_record_init(&rec);
	assert_int_equal(hz_record_add(&rec, "kind", "exhibit"), HZ_OK);
	assert_int_equal(hz_record_add(&rec, "exhibit.title", title), HZ_OK);
	if (origin == 0) {
		assert_int_equal(hz_record_add(&rec, "receipt.consent", lying ? "unknown" : consent), HZ_OK);
	}
	assert_int_equal(hz_record_add(&rec, "content.media_type", type), HZ_OK);
	assert_int_equal(hz_record_draft(&rec, &d), HZ_OK);
	struct hz_new_exhibit x = {
		.sealed = &sealed, .rec = &rec, .draft = &d, .compartment = 1, .origin = origin
	};
	memcpy(x.first, first, 32);
	enum hz_err r = hz_batch_exhibit(b, &x, &e);
	if (r != HZ_OK) {
		print_error("exhibit: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	hz_buf_done(&sealed.addrs);
	hz_sealer_free(&s);
	return e;
}

struct hz_exhibit
seal_as(
    struct hz_batch *b, uint64_t n, unsigned seed, const char *title, const char *consent, const char *type)
{
	return seal_with(b, 0, n, seed, title, consent, type);
}

struct hz_exhibit
seal_from(struct hz_batch *b, uint64_t origin, uint64_t n, unsigned seed, const char *title, const char *type)
{
	return seal_with(b, origin, n, seed, title, "", type);
}

struct hz_exhibit
seal(struct hz_batch *b, uint64_t n, unsigned seed, const char *title)
{
	return seal_as(b, n, seed, title, "unknown", "application/octet-stream");
}

struct hz_exhibit
seal_lying(struct hz_batch *b, uint64_t n, unsigned seed)
{
	return seal_with(b, 0, n, seed, "t", NULL, "application/octet-stream");
}

struct sink {
	uint64_t at;
	unsigned seed;
};

static enum hz_err
compare(void *arg, const uint8_t *p, size_t n)
{
	struct sink *s = arg;
	static uint8_t want[65536];
	assert_true(n <= sizeof(want));
	fill(want, n, s->at, s->seed);
	assert_memory_equal(p, want, n);
	s->at += n;
	return HZ_OK;
}

void
read_back(struct hz_view *w, const struct hz_exhibit *e, uint64_t n, unsigned seed)
{
	struct hz_object o;
	struct hz_opener *op = NULL;
	struct sink s = { 0, seed };
	uint8_t sum[32];
	assert_int_equal(hz_object_load(w, e, &o), HZ_OK);
	assert_int_equal(o.opening.size, n);
	assert_int_equal(hz_opener_new(&op), HZ_OK);
	assert_int_equal(hz_opener_begin(op, o.file_key, o.opening.size, o.payload), HZ_OK);
	for (uint64_t i = 0; i < o.segments; i++) {
		const uint8_t *p = NULL;
		size_t k = 0;
		assert_int_equal(hz_object_segment(w, &o, i, true, &p, &k), HZ_OK);
		assert_int_equal(hz_opener_put(op, p, k, compare, &s), HZ_OK);
	}
	assert_int_equal(hz_opener_end(op, sum), HZ_OK);
	assert_int_equal(s.at, n);
	assert_memory_equal(sum, o.opening.sha256, 32);
	hz_opener_free(&op);
	hz_object_done(&o);
}
