/* Bundles, checked by the independent verifier (its path is the first argument). */
#include "tests.h"

#include "base/enc.h"
#include "bundle/bundle.h"
#include "object/age.h"
#include "vault/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *verifier;

static int
verify(const char *file, const char *key)
{
	char cmd[2048];
	(void)snprintf(cmd, sizeof(cmd), "/usr/bin/python3 '%s' '%s' %s%s >'%s/out' 2>&1", verifier, file,
	    key ? "--key " : "", key ? key : "", scratch());
	int st = system(cmd);
	assert_true(WIFEXITED(st));
	if (WEXITSTATUS(st) != 0) {
		shell("sed 's/^/# /' '%s/out' | tail -n 5", scratch());
	}
	return WEXITSTATUS(st);
}

static enum hz_err
export_all(struct hz_vault *v, uint64_t upto, const char *file, bool dry, struct hz_bundle_result *res)
{
	uint64_t nos[32];
	char p[512];
	assert_true(upto <= 32);
	for (uint64_t i = 0; i < upto; i++) {
		nos[i] = upto - i; /* any order */
	}
	in_scratch(p, file);
	struct hz_bundle_opts o = { .exhibits = nos, .count = upto, .to = "IIIM", .file = p, .dry = dry };
	return hz_bundle_write(v, &o, NULL, NULL, res);
}

static struct hz_vault *
filled(void)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_as(b, 1, 1, "أ", "given", "text/plain; charset=utf-8");
	(void)seal_as(b, 70000, 2, "ب", "none", "image/jpeg");
	(void)seal_as(b, 3000000, 3, "ج", "given", "video/mp4");
	(void)seal_as(b, 500, 4, "د", "unknown", "unknown");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

static void
verifies(void **state)
{
	struct hz_vault *v = filled();
	struct hz_bundle_result res;
	char p[512], fp[33], wrong[33];
	(void)state;
	memcpy(fp, hz_vault_info(v)->fingerprint, 33);
	memcpy(wrong, fp, 33);
	wrong[0] = fp[0] == '0' ? '1' : '0';
	assert_int_equal(export_all(v, 4, "b.tar", false, &res), HZ_OK);
	assert_int_equal(res.included, 3);
	assert_int_equal(res.withheld_count, 1);
	assert_string_equal(res.withheld[0].number, "DM3-000004");
	hz_bundle_result_done(&res);
	in_scratch(p, "b.tar");
	assert_int_equal(verify(p, fp), 0);
	assert_int_equal(verify(p, wrong), 4);
	assert_int_equal(verify(p, NULL), 3); /* no key from outside */
	/* The second bundle carries the longer log; the target is never replaced. */
	assert_int_equal(export_all(v, 4, "b.tar", false, &res), HZ_ERR_EXISTS);
	hz_bundle_result_done(&res);
	assert_int_equal(export_all(v, 3, "c.tar", false, &res), HZ_OK);
	hz_bundle_result_done(&res);
	in_scratch(p, "c.tar");
	assert_int_equal(verify(p, fp), 0);
	hz_vault_close(&v);
}

static void
stock_tools(void **state)
{
	struct hz_vault *v = filled();
	struct hz_bundle_result res;
	(void)state;
	assert_int_equal(export_all(v, 4, "b.tar", false, &res), HZ_OK);
	hz_bundle_result_done(&res);
	hz_vault_close(&v);
	shell(
	    "cd '%s' && tar xf b.tar && cd hirz-* && sha512sum --quiet -c tagmanifest-sha512.txt && sha512sum --quiet -c "
	    "manifest-sha512.txt && sha256sum --quiet -c tagmanifest-sha256.txt && sha256sum --quiet -c manifest-sha256.txt",
	    scratch());
	shell(
	    "cd '%s'/hirz-* && minisign -V -q -H -p keys/minisign.pub -m tagmanifest-sha512.txt", scratch());
	shell(
	    "cd '%s'/hirz-* && ssh-keygen -Y verify -f keys/allowed_signers -I hirz -n hirz-bundle -s tagmanifest-sha512.txt.sig "
	    "< tagmanifest-sha512.txt > ../ssh.out",
	    scratch());
	shell(
	    "cd '%s'/hirz-* && test $(ls data/exhibits | wc -l) -eq 3 && ls data/exhibits/*/*.jpg data/exhibits/*/*.mp4 > ../names",
	    scratch());
}

static void
gates(void **state)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	struct hz_bundle_result res;
	char p[512];
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_as(b, 500, 4, "t", "unknown", "unknown");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	uint64_t before = hz_vault_info(v)->log_size;
	assert_int_equal(export_all(v, 1, "b.tar", false, &res), HZ_ERR_DENIED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NO_CONSENT);
	hz_bundle_result_done(&res);
	assert_int_equal(hz_vault_info(v)->log_size, before + 1);               /* the refusal */
	assert_int_equal(export_all(v, 1, "b.tar", true, &res), HZ_ERR_DENIED); /* a question leaves none */
	hz_bundle_result_done(&res);
	before++;
	assert_int_equal(export_all(v, 0, "b.tar", false, &res), HZ_ERR_USAGE);
	hz_bundle_result_done(&res);
	assert_int_equal(hz_vault_info(v)->log_size, before);
	in_scratch(p, "b.tar");
	shell("test ! -e '%s'", p);
	/* A later receipt with consent covers it; a dry run says so and writes nothing. */
	struct hz_record rec;
	struct hz_record_draft d;
	struct hz_exhibit e;
	hz_record_init(&rec);
	assert_int_equal(hz_record_add(&rec, "kind", "receipt"), HZ_OK);
	assert_int_equal(hz_record_add(&rec, "receipt.consent", "given"), HZ_OK);
	assert_int_equal(hz_record_draft(&rec, &d), HZ_OK);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_receipt(b, 1, &rec, &d, HZ_CONSENT_GIVEN, NULL, &e), HZ_OK);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	before = hz_vault_info(v)->log_size;
	assert_int_equal(export_all(v, 1, "b.tar", true, &res), HZ_OK);
	assert_int_equal(res.included, 1);
	hz_bundle_result_done(&res);
	assert_int_equal(hz_vault_info(v)->log_size, before);
	shell("test ! -e '%s'", p);
	assert_int_equal(export_all(v, 1, "b.tar", false, &res), HZ_OK);
	hz_bundle_result_done(&res);
	assert_int_equal(verify(p, hz_vault_info(v)->fingerprint), 0);
	/* The receipt that had no consent keeps what it says of the source to itself. */
	shell(
	    "cd '%s' && tar xOf b.tar --wildcards '*/records.json' > shown && grep -q content.media_type shown && ! grep -q exhibit.title shown",
	    scratch());
	hz_vault_close(&v);
}

/* After a restored copy the bundle carries both logs. */
static void
two_logs(void **state)
{
	struct hz_vault_opts o = { .mode = HZ_VAULT_WRITE, .allow_rollback = true };
	struct hz_vault *v = filled();
	struct hz_bundle_result res;
	struct hz_batch *b = NULL;
	struct hz_ref at;
	char p[512], fp[33];
	(void)state;
	memcpy(fp, hz_vault_info(v)->fingerprint, 33);
	hz_vault_close(&v);
	in_scratch(p, "v");
	assert_int_equal(hz_vault_open(p, &o, &good_pass, &v), HZ_OK);
	assert_int_equal(hz_vault_restored(v, "moved to a new disk", &at), HZ_OK);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_as(b, 900, 9, "ه", "given", "text/plain");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(export_all(v, 5, "b.tar", false, &res), HZ_OK);
	hz_bundle_result_done(&res);
	hz_vault_close(&v);
	in_scratch(p, "b.tar");
	assert_int_equal(verify(p, fp), 0);
}

static void
sealed_to(void **state)
{
	struct hz_vault *v = filled();
	struct hz_bundle_result res;
	struct hz_buf text = HZ_BUF_INIT(256);
	uint64_t nos[] = { 1, 2, 3 };
	uint8_t sk[32], pk[1][32];
	const char *s = NULL;
	char p[512];
	(void)state;
	hz_random(sk, 32);
	hz_x25519_public(sk, pk[0]);
	in_scratch(p, "b.age");
	struct hz_bundle_opts o = { .exhibits = nos,
		.count = 3,
		.to = "IIIM",
		.file = p,
		.recipients = (const uint8_t(*)[32])pk,
		.recipients_count = 1 };
	assert_int_equal(hz_bundle_write(v, &o, NULL, NULL, &res), HZ_OK);
	hz_bundle_result_done(&res);
	assert_int_equal(hz_age_identity_text(sk, &text), HZ_OK);
	assert_int_equal(hz_buf_cstr(&text, &s), HZ_OK);
	shell("echo '%s' > '%s/key' && age -d -i '%s/key' '%s' > '%s/b.tar'", s, scratch(), scratch(), p,
	    scratch());
	in_scratch(p, "b.tar");
	assert_int_equal(verify(p, hz_vault_info(v)->fingerprint), 0);
	hz_buf_done(&text);
	hz_vault_close(&v);
}

/* --- tags [F-9.14] ---------------------------------------------------------------------------------------
 */

static void
decide(struct hz_batch *b, const char *id, enum hz_decision what, const char *by)
{
	struct hz_kept_tag t;
	struct hz_tag_set s;
	assert_int_equal(hz_tag_id_read(id, &t), HZ_OK);
	t.certainty = HZ_CERTAIN_STATED;
	struct hz_new_review x = {
		.exhibit = 1, .tag = &t, .what = what, .by = by, .why = "a-secret-reason"
	};
	assert_int_equal(hz_batch_review(b, &x, &s), HZ_OK);
	hz_tag_set_done(&s);
}

/* A text with six tags: confirmed, proposed, rejected; parties with two people, one, and in dispute. */
static struct hz_vault *
tagged(void)
{
	static const char *const values[] = { "kept_one", "open_one", "gone_one", "kept_two", "open_two",
		"open_three" };
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	struct hz_span span = { .start = 0, .end = 4, .rule = "type/a:1" };
	struct hz_tag t[6] = { { .axis = 0 } };
	struct hz_tags tags = { 6, t };
	struct hz_tag_set s;
	struct hz_classify_when when = { "2011-03-15", "2011-03-15" };
	uint8_t id[32] = { 7 };
	uint32_t no = 0;
	bool fresh = false;
	for (size_t i = 0; i < 6; i++) {
		t[i] = (struct hz_tag){ .axis = i < 3 ? HZ_AXIS_TYPE : HZ_AXIS_PARTY,
			.certainty = HZ_CERTAIN_STATED,
			.score = 300,
			.band = HZ_BAND_MEDIUM,
			.nspans = 1,
			.spans = &span };
		(void)snprintf(t[i].value, sizeof(t[i].value), "%s", values[i]);
	}
	struct hz_new_rules r = { .file = "rules", .size = 5, .id = id, .name = "n", .version = "1" };
	struct hz_new_classification x = { .exhibit = 1,
		.rules_id = id,
		.rules_version = "1",
		.engine = "test",
		.when = &when,
		.tags = &tags };
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, "some text", 9, NULL);
	assert_int_equal(hz_batch_rules(b, &r, &no, NULL), HZ_OK);
	x.rules = no;
	assert_int_equal(hz_batch_classification(b, &x, &fresh, &s), HZ_OK);
	hz_tag_set_done(&s);
	decide(b, "type:kept_one", HZ_DECIDED_CONFIRMED, "Lina");
	decide(b, "type:gone_one", HZ_DECIDED_REJECTED, "Lina");
	decide(b, "party:kept_two", HZ_DECIDED_CONFIRMED, "Lina");
	decide(b, "party:kept_two", HZ_DECIDED_CONFIRMED, "Omar");
	decide(b, "party:open_two", HZ_DECIDED_CONFIRMED, "Lina");
	decide(b, "party:open_three", HZ_DECIDED_CONFIRMED, "Lina");
	decide(b, "party:open_three", HZ_DECIDED_REJECTED, "Omar");
	decide(b, "type:by_hand", HZ_DECIDED_ADDED, "Omar");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

/* Whether a word stands in files whose names begin so. */
static bool
stands_in(const char *word, const char *files)
{
	char cmd[1024];
	(void)snprintf(cmd, sizeof(cmd), "grep -rq -e '%s' '%s'/x/*/%s", word, scratch(), files);
	return system(cmd) == 0;
}

static void
tags(void **state)
{
	struct hz_vault *v = tagged();
	struct hz_bundle_result res;
	char p[512], fp[33];
	(void)state;
	memcpy(fp, hz_vault_info(v)->fingerprint, 33);
	assert_int_equal(export_all(v, 1, "b.tar", false, &res), HZ_OK);
	hz_bundle_result_done(&res);
	in_scratch(p, "b.tar");
	assert_int_equal(verify(p, fp), 0);
	shell("mkdir '%s/x' && tar -C '%s/x' -xf '%s'", scratch(), scratch(), p);
	/* What people agreed on, or added. */
	static const char *const settled[] = { "type kept_one", "party kept_two", "type:kept_one",
		"type:by_hand", "party:kept_two" };
	for (size_t i = 0; i < sizeof(settled) / sizeof(settled[0]); i++) {
		assert_true(stands_in(settled[i], "data/tags/confirmed.json"));
		assert_true(stands_in(settled[i], "data/records/records.json"));
		assert_false(stands_in(settled[i], "data/tags/proposed.json"));
	}
	/* What is still open stands apart, and no decision about it. */
	static const char *const open[] = { "open_one", "open_two", "open_three" };
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		assert_true(stands_in(open[i], "data/tags/proposed.json"));
		assert_false(stands_in(open[i], "data/tags/confirmed.json"));
		assert_false(stands_in(open[i], "data/records/records.json"));
	}
	/* Rejections, names, reasons, the date that a run was given: in no file. */
	static const char *const hidden[] = { "gone_one", "Lina", "Omar", "a-secret-reason", "2011-03-15" };
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		assert_false(stands_in(hidden[i], "data/records/records.json"));
		assert_false(stands_in(hidden[i], "data/tags/"));
	}
	hz_vault_close(&v);
}

/* Two files of rules, of which the second was used; a third exhibit that no rules read. */
static void
rules(void **state)
{
	struct hz_vault *v = tagged();
	struct hz_bundle_result res;
	struct hz_batch *b = NULL;
	struct hz_exhibit plain;
	char p[512], fp[33], id[65];
	uint8_t other[32] = { 8 };
	struct hz_new_rules r = { .file = "others", .size = 6, .id = other, .name = "n", .version = "2" };
	uint32_t no = 0;
	(void)state;
	memcpy(fp, hz_vault_info(v)->fingerprint, 33);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_rules(b, &r, &no, NULL), HZ_OK);
	plain = seal_text(b, 0, "other text", 10, NULL);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);

	/* The file that the classification names, its record, its event; not the other one. A dry run says
	 * the same. */
	assert_int_equal(export_all(v, 2, "dry.tar", true, &res), HZ_OK);
	assert_int_equal(res.rules_count, 1);
	hz_bundle_result_done(&res);
	assert_int_equal(export_all(v, 2, "b.tar", false, &res), HZ_OK);
	assert_int_equal(res.rules_count, 1);
	assert_string_equal(res.rules[0].version, "1");
	assert_int_equal(res.rules[0].size, 5);
	hz_hex(id, res.rules[0].id, 32);
	hz_bundle_result_done(&res);
	in_scratch(p, "b.tar");
	assert_int_equal(verify(p, fp), 0);
	shell("mkdir '%s/x' && tar -C '%s/x' -xf '%s'", scratch(), scratch(), p);
	shell("test \"$(cd '%s'/x/*/data/rules && ls)\" = '%s.rules'", scratch(), id);
	shell("test \"$(cat '%s'/x/*/data/rules/%s.rules)\" = rules", scratch(), id);
	assert_true(stands_in("\"rules.sha256\":", "data/records/records.json"));
	shell("rm -r '%s/x'", scratch());

	/* Left out on demand, and where nothing was classified: no file, no record. */
	uint64_t one[] = { 1 }, two[] = { plain.no };
	for (int i = 0; i < 2; i++) {
		char name[512];
		in_scratch(name, i == 0 ? "c.tar" : "d.tar");
		struct hz_bundle_opts o = { .exhibits = i == 0 ? one : two,
			.count = 1,
			.to = "IIIM",
			.file = name,
			.no_rules = i == 0 };
		assert_int_equal(hz_bundle_write(v, &o, NULL, NULL, &res), HZ_OK);
		assert_int_equal(res.rules_count, 0);
		hz_bundle_result_done(&res);
		assert_int_equal(verify(name, fp), 0);
		shell("! tar tf '%s' | grep -q data/rules/", name);
		shell("! tar xOf '%s' --wildcards '*/records.json' | grep -q rules.sha256", name);
	}
	hz_vault_close(&v);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(verifies, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(stock_tools, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(gates, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(two_logs, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(sealed_to, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(tags, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(rules, scratch_make, scratch_drop),
	};
	if (argc < 2 || hz_crypto_init() != HZ_OK) {
		return 1;
	}
	verifier = argv[1];
	return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
