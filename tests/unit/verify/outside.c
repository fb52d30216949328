/* Keys, policies and checkpoints from outside. */
#include "tests.h"

#include "../../lib/memory.h"
#include "base/enc.h"
#include <stdlib.h>
#include <string.h>

static struct seen s;

static void
expect(const struct hz_trust_key *key, enum hz_verdict want)
{
	look(vector()->p, vector()->len, key, 0, &s);
	OK(s.err);
	assert_int_equal(s.r.verdict, want);
}

static void
fingerprints(void **state)
{
	static const char *const bad[] = { "", "cfe9260ff7465b7d5cc96959adc3909",
		"cfe9260ff7465b7d5cc96959adc390944", "gfe9260ff7465b7d5cc96959adc39094",
		"cfe9260ff7465b7d5cc96959adc39094\n" };
	static struct hz_trust_key key;

	(void)state;
	assert_true(hz_trust_fingerprint("CFE9 260F F746 5B7D 5CC9 6959 ADC3 9094", &key));
	expect(&key, HZ_VALID_SIGNED);
	key.fingerprint[15] ^= 1;
	expect(&key, HZ_INVALID);
	assert_int_equal(s.count[HZ_FINDING_KEY], 1);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(hz_trust_fingerprint(bad[i], &key));
	}
	OK(hz_trust_read(FINGERPRINT "\r\n", 34, &key));
	expect(&key, HZ_VALID_SIGNED);
}

/* Each of keys/, given from outside, proves a part; the same of another key is refused. */
static void
key_files(void **state)
{
	static const char *const files[] = { "keys/checkpoint.vkey", "keys/minisign.pub",
		"keys/allowed_signers", "keys/actors.jwks" };
	static struct hz_trust_key key;
	struct hz_buf other = HZ_BUF_INIT(4096);
	uint8_t seed[32] = { 1 }, pk[32];

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		size_t n = 0;
		const uint8_t *p = content(files[i], &n);
		OK(hz_trust_read(p, n, &key));
		expect(&key, HZ_INCOMPLETE);
		assert_int_equal(s.count[HZ_FINDING_PART_KEY], 1);
		assert_int_equal(s.count[HZ_FINDING_NO_KEY], 0);
	}
	hz_ed_public(seed, pk);
	for (size_t i = 0; i < 4; i++) {
		hz_buf_clear(&other);
		OK(i == 0    ? hz_vkey_write("hirz.invalid/x", pk, &other)
		    : i == 1 ? hz_minisign_pub_write(pk, &other)
		    : i == 2 ? hz_ssh_public_line(pk, "me", &other)
			     : hz_jwks_write((const uint8_t(*)[32]) & pk, 1, &other));
		OK(hz_trust_read(other.p, other.len, &key));
		expect(&key, HZ_INVALID);
		assert_int_equal(s.count[HZ_FINDING_KEY], 1);
	}
	hz_buf_done(&other);
}

static void
no_keys(void **state)
{
	static struct hz_trust_key key;
	static const char *const bad[] = { "", "\n", "hello\n", "{}", "ssh-rsa AAAA x\n", "a+b+c" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		FAILS(hz_trust_read(bad[i], strlen(bad[i]), &key), HZ_MSG_BUNDLE_KEY);
	}
	FAILS(hz_trust_read("\0\0\0", 3, &key), HZ_MSG_BUNDLE_KEY);
}

/* --- policies
 * ---------------------------------------------------------------------------------------------------- */
struct signer {
	char name[32], vkey[128];
	struct hz_ed_key key;
	uint8_t id[4];
};

static void
signer_make(struct signer *w, uint8_t number)
{
	uint8_t seed[32] = { number, 7 }, tail[34] = { '\n', 4 }, h[32], blob[33] = { 4 };
	struct hz_buf b = HZ_BUF_INIT(128);
	char hex[9];
	const char *text = NULL;

	(void)snprintf(w->name, sizeof w->name, "w%u.example", number);
	hz_ed_key_from_seed(seed, &w->key);
	memcpy(tail + 2, w->key.pk, 32);
	hz_sha256_2(w->name, strlen(w->name), tail, sizeof tail, h);
	memcpy(w->id, h, 4);
	hz_hex(hex, h, 4);
	memcpy(blob + 1, w->key.pk, 32);
	OK(hz_b64_put(&b, HZ_B64_STD, blob, sizeof blob));
	OK(hz_buf_cstr(&b, &text));
	(void)snprintf(w->vkey, sizeof w->vkey, "%s+%s+%s", w->name, hex, text);
	hz_buf_done(&b);
}

static void
cosign(const struct signer *w, const char *text, uint64_t t, struct hz_buf *note)
{
	struct hz_buf m = HZ_BUF_INIT(1024);
	uint8_t data[76];

	OK(hz_buf_printf(&m, "cosignature/v1\ntime %llu\n%s", (unsigned long long)t, text));
	memcpy(data, w->id, 4);
	hz_be64(data + 4, t);
	hz_ed_sign(&w->key, m.p, m.len, data + 12);
	OK(hz_buf_printf(note, "\xe2\x80\x94 %s ", w->name));
	OK(hz_b64_put(note, HZ_B64_STD, data, sizeof data));
	OK(hz_buf_putc(note, '\n'));
	hz_buf_done(&m);
}

static void
policy_rules(void **state)
{
	struct signer w[3];
	static char text[4096];
	static struct hz_policy p;

	(void)state;
	for (uint8_t i = 0; i < 3; i++) {
		signer_make(&w[i], i);
	}
	(void)snprintf(text, sizeof text,
	    "# ours\n\n \t\nwitness A %s\n\twitness B %s  https://b.example/\nwitness C %s\n"
	    "group pair 2 A B\ngroup top any pair C\nquorum top\n",
	    w[0].vkey, w[1].vkey, w[2].vkey);
	OK(hz_policy_read(text, strlen(text), &p));
	assert_int_equal(p.nodes, 5);
	assert_int_equal(p.quorum, 4);
	const struct {
		const char *lines;
		enum hz_msg msg;
	} bad[] = {
		{ "", HZ_MSG_FORMAT },
		{ "quorum none", HZ_MSG_FORMAT },
		{ "quorum none\nquorum none\n", HZ_MSG_FORMAT },
		{ "quorum A\n", HZ_MSG_FORMAT },
		{ "quorum none\r\n", HZ_MSG_FORMAT },
		{ "witnes A x\nquorum none\n", HZ_MSG_FORMAT },
		{ "witness A x\nquorum A\n", HZ_MSG_FORMAT },
		{ "witness none %0\nquorum none\n", HZ_MSG_FORMAT },
		{ "witness A %0\nwitness A %1\nquorum A\n", HZ_MSG_FORMAT },
		{ "witness A %0\nwitness B %0\nquorum A\n", HZ_MSG_FORMAT },
		{ "witness A %0\ngroup G 2 A\nquorum G\n", HZ_MSG_FORMAT },
		{ "witness A %0\ngroup G 0 A\nquorum G\n", HZ_MSG_FORMAT },
		{ "witness A %0\ngroup G any\nquorum G\n", HZ_MSG_FORMAT },
		{ "witness A %0\ngroup G any A A\nquorum G\n", HZ_MSG_FORMAT },
		{ "witness A %0\ngroup G any A\ngroup H any A\nquorum G\n", HZ_MSG_FORMAT },
		{ "group G any G\nquorum G\n", HZ_MSG_FORMAT },
		{ "log x\nquorum none\n", HZ_MSG_FORMAT },
		{ "quorum none more\n", HZ_MSG_FORMAT },
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct hz_buf b = HZ_BUF_INIT(4096);
		for (const char *c = bad[i].lines; *c != '\0'; c++) {
			OK(*c == '%' ? hz_buf_puts(&b, w[*++c - '0'].vkey) : hz_buf_putc(&b, *c));
		}
		FAILS(hz_policy_read(b.p, b.len, &p), bad[i].msg);
		hz_buf_done(&b);
	}
	(void)snprintf(text, sizeof text, "witness A %s\nquorum A\n", w[0].vkey);
	text[strlen("witness A w0.example+")] ^= 1; /* the key id */
	FAILS(hz_policy_read(text, strlen(text), &p), HZ_MSG_FORMAT);
}

/* At the limits of a kind and of a line. */
static void
policy_limits(void **state)
{
	static struct hz_policy p;
	struct hz_buf b = HZ_BUF_INIT(65536);
	struct signer w;

	(void)state;
	for (uint8_t i = 0; i < HZ_POLICY_MAX; i++) {
		signer_make(&w, i);
		OK(hz_buf_printf(&b, "witness %u %s\n", i, w.vkey));
	}
	size_t at = b.len;
	OK(hz_buf_puts(&b, "group all all"));
	for (unsigned i = 0; i < HZ_POLICY_MAX; i++) {
		OK(hz_buf_printf(&b, " %u", i));
	}
	OK(hz_buf_puts(&b, "\nquorum all\n"));
	OK(hz_policy_read(b.p, b.len, &p));
	assert_int_equal(p.node[p.quorum].need, HZ_POLICY_MAX);
	b.len = at;
	signer_make(&w, HZ_POLICY_MAX);
	OK(hz_buf_printf(&b, "witness more %s\nquorum none\n", w.vkey));
	FAILS(hz_policy_read(b.p, b.len, &p), HZ_MSG_LIMIT);
	hz_buf_clear(&b);
	OK(hz_buf_puts(&b, "group x any"));
	for (unsigned i = 0; i < 200; i++) {
		OK(hz_buf_puts(&b, " y"));
	}
	OK(hz_buf_puts(&b, "\nquorum none\n"));
	FAILS(hz_policy_read(b.p, b.len, &p), HZ_MSG_LIMIT);
	hz_buf_done(&b);
}

static void
quorum(void **state)
{
	static const char note_text[] = "hirz.invalid/x\n9\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
	struct signer w[3];
	static char text[4096];
	static struct hz_policy p;
	bool by[2 * HZ_POLICY_MAX], met = true;
	struct hz_buf note = HZ_BUF_INIT(8192);

	(void)state;
	for (uint8_t i = 0; i < 3; i++) {
		signer_make(&w[i], i);
	}
	(void)snprintf(text, sizeof text,
	    "witness A %s\nwitness B %s\nwitness C %s\ngroup two 2 A B C\nquorum two\n", w[0].vkey, w[1].vkey,
	    w[2].vkey);
	OK(hz_policy_read(text, strlen(text), &p));
	OK(hz_buf_printf(&note, "%s\n", note_text));
	hz_policy_check(&p, note.p, note.len, by, &met);
	assert_false(met || by[0] || by[1] || by[2]);
	cosign(&w[0], note_text, 1780300800, &note);
	cosign(&w[0], note_text, 1780300801, &note); /* one witness twice is one witness */
	hz_policy_check(&p, note.p, note.len, by, &met);
	assert_true(by[0] && !by[1] && !met);
	size_t at = note.len;
	cosign(&w[2], note_text, 1780300802, &note);
	hz_policy_check(&p, note.p, note.len, by, &met);
	assert_true(by[0] && !by[1] && by[2] && met);
	for (size_t i = at + 4; i + 1 < note.len; i += 3) {
		note.p[i] ^= 1;
		hz_policy_check(&p, note.p, note.len, by, &met);
		assert_false(met);
		note.p[i] ^= 1;
	}
	note.p[16] ^= 1; /* the size in the text */
	hz_policy_check(&p, note.p, note.len, by, &met);
	assert_false(met || by[0]);
	hz_policy_check(&p, "", 0, by, &met);
	assert_false(met);
	hz_buf_done(&note);
}

/* --- from before
 * -------------------------------------------------------------------------------------------------- */
static enum hz_err
before_of(const void *p, size_t n, struct hz_before *ret_b)
{
	struct memory m = { p, n, 0 };
	const struct hz_source src = { read_memory, &m };

	size_t count = 0;
	enum hz_err err = hz_before_read(&src, ret_b, 1, &count);

	assert_true(err != HZ_OK || count == 1);
	return err;
}

static void
forms_of_before(void **state)
{
	struct hz_before b;
	struct hz_buf pin = HZ_BUF_INIT(8192);
	size_t n = 0;
	const uint8_t *note = content("custody/checkpoint", &n);

	(void)state;
	OK(before_of(note, n, &b));
	assert_int_equal(b.c.size, 9);
	assert_int_equal(b.kind, HZ_BEFORE_CHECKPOINT);
	hz_before_done(&b, 1);
	OK(before_of(vector()->p, vector()->len, &b));
	assert_int_equal(b.c.size, 9);
	assert_memory_equal(b.note.p, note, n);
	hz_before_done(&b, 1);
	OK(hz_buf_printf(&pin, "hirz-pin/v1\nvkey a+b+c\nevent0 %064d\n\n", 0));
	size_t head = pin.len;
	OK(hz_buf_put(&pin, note, n));
	OK(before_of(pin.p, pin.len, &b));
	assert_int_equal(b.kind, HZ_BEFORE_PIN);
	assert_string_equal(b.vkey, "a+b+c");
	hz_before_done(&b, 1);
	pin.p[head - 1] = 'x';
	FAILS(before_of(pin.p, pin.len, &b), HZ_MSG_FORMAT);
	FAILS(before_of("", 0, &b), HZ_MSG_FORMAT);
	FAILS(before_of(note, n - 1, &b), HZ_MSG_FORMAT);
	assert_int_not_equal(before_of(vector()->p, 2000, &b), HZ_OK);
	hz_buf_done(&pin);
}

const struct CMUnitTest outside_tests[] = {
	cmocka_unit_test(fingerprints),
	cmocka_unit_test(key_files),
	cmocka_unit_test(no_keys),
	cmocka_unit_test(policy_rules),
	cmocka_unit_test(policy_limits),
	cmocka_unit_test(quorum),
	cmocka_unit_test(forms_of_before),
};
const size_t outside_count = sizeof outside_tests / sizeof outside_tests[0];
