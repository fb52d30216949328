#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct held {
	unsigned n;
	char number[HIRZ_NUMBER_SIZE], rule[32];
};

static void
withheld(void *arg, const char *number, const char *rule)
{
	struct held *h = arg;
	h->n++;
	(void)snprintf(h->number, sizeof h->number, "%s", number);
	(void)snprintf(h->rule, sizeof h->rule, "%s", rule);
}

static int
verify(const char *file, const char *key)
{
	char cmd[2048];
	(void)snprintf(cmd, sizeof cmd, "/usr/bin/python3 '%s' '%s' --key %s >'%s' 2>&1", arg_verifier, file,
	    key, in_scratch("out"));
	int st = system(cmd);
	assert_true(WIFEXITED(st));
	return WEXITSTATUS(st);
}

static struct hirz_vault *
filled(void)
{
	struct hirz_vault *v = make_vault("v");
	struct hirz_add_opts o = { HIRZ_SIZED(struct hirz_add_opts), .name = "a.jpg", .title = "أ" };
	(void)add(v, file_of("f", 100, 1), &o);
	o.consent = HIRZ_CONSENT_GIVEN;
	o.consent_ref = "form 1";
	(void)add(v, file_of("f", 70000, 2), &o);
	o.case_code = "C-1";
	(void)add(v, file_of("f", 3000000, 3), &o);
	return v;
}

/* An independent verifier accepts what the library wrote. */
void
exports(void **state)
{
	struct hirz_vault *v = filled();
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	struct hirz_exported x = { HIRZ_SIZED(struct hirz_exported) };
	struct held h = { .n = 0 };
	const char *const ids[] = { "DM3-2", "DM3-3", "dm3-000002" };
	struct hirz_export_opts o = { HIRZ_SIZED(struct hirz_export_opts), .to = "IIIM",
		.file = in_scratch("all.tar"), .withheld = withheld, .arg = &h };
	(void)state;
	ok(hirz_info(v, &i));
	ok(hirz_export(v, &o, &x));
	assert_int_equal(x.included, 2);
	assert_int_equal(x.withheld, 1);
	assert_int_equal(x.bytes, 3070000);
	assert_int_equal(h.n, 1);
	assert_string_equal(h.number, "DM3-000001");
	assert_string_equal(h.rule, "consent-unknown");
	assert_int_equal(strncmp(x.name, "hirz-", 5), 0);
	assert_int_equal(verify(o.file, i.fingerprint), 0);
	i.fingerprint[0] = i.fingerprint[0] == '0' ? '1' : '0';
	assert_int_equal(verify(o.file, i.fingerprint), 4);
	ok(hirz_info(v, &i));
	fails(hirz_export(v, &o, NULL), HIRZ_ERR_EXISTS, "HZ-E065");
	o.file = in_scratch("some.tar");
	o.ids = ids;
	o.ids_count = 3;
	ok(hirz_export(v, &o, &x));
	assert_int_equal(x.included, 2);
	assert_int_equal(verify(o.file, i.fingerprint), 0);
	o.file = in_scratch("case.tar");
	o.ids_count = 0;
	o.case_code = "C-1";
	ok(hirz_export(v, &o, &x));
	assert_int_equal(x.included, 1);
	assert_int_equal(verify(o.file, i.fingerprint), 0);
	hirz_close(v);
}

void
export_gates(void **state)
{
	struct hirz_vault *v = filled();
	struct hirz_exported x = { HIRZ_SIZED(struct hirz_exported) };
	const char *const one[] = { "DM3-1" };
	const char *const two[] = { "DM3-2" };
	const char *const none[] = { "DM3-9" };
	const char *const keys[] = { "age1qqqq" };
	struct hirz_export_opts o = { HIRZ_SIZED(struct hirz_export_opts), .to = "IIIM",
		.file = in_scratch("b.tar"), .ids = one, .ids_count = 1 };
	(void)state;
	uint64_t before = log_size(v);
	fails(hirz_export(v, &o, &x), HIRZ_ERR_DENIED, "HZ-E070");
	assert_int_equal(x.included, 0);
	assert_int_equal(x.withheld, 1);
	assert_int_equal(log_size(v), ++before); /* the refusal, and nothing of what follows */
	o.ids = none;
	fails(hirz_export(v, &o, &x), HIRZ_ERR_NOT_FOUND, "HZ-E060");
	o.ids = NULL;
	fails(hirz_export(v, &o, &x), HIRZ_ERR_USAGE, "HZ-E001");
	o.ids = two;
	o.to = NULL;
	fails(hirz_export(v, &o, &x), HIRZ_ERR_USAGE, "HZ-E001");
	o.to = "IIIM";
	o.recipients = keys;
	o.recipients_count = 1;
	fails(hirz_export(v, &o, &x), HIRZ_ERR_USAGE, "HZ-E001");
	o.recipients_count = 21;
	fails(hirz_export(v, &o, &x), HIRZ_ERR_USAGE, "HZ-E001");
	o.recipients_count = 0;
	o.case_code = "C-9";
	fails(hirz_export(v, &o, &x), HIRZ_ERR_NOT_FOUND, "HZ-E061");
	o.case_code = NULL;
	o.flags = 0x10;
	fails(hirz_export(v, &o, &x), HIRZ_ERR_UNSUPPORTED, "HZ-E094");
	o.flags = HIRZ_EXPORT_DRY | HIRZ_EXPORT_NO_RULES;
	ok(hirz_export(v, &o, &x));
	assert_int_equal(x.included, 1);
	assert_int_equal(log_size(v), before);
	shell("test ! -e '%s'", o.file);
	hirz_close(v);
	v = make_vault("w");
	o = (struct hirz_export_opts){ HIRZ_SIZED(struct hirz_export_opts), .to = "IIIM",
		.file = in_scratch("b.tar") };
	fails(hirz_export(v, &o, &x), HIRZ_ERR_USAGE, "HZ-E066");
	hirz_close(v);
}
