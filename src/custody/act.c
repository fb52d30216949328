#include "custody/act.h"

#include <string.h>

#define DOC  HZ_ROLE_DOCUMENTER
#define ANA  HZ_ROLE_ANALYST
#define LEG  HZ_ROLE_LEGAL
#define CUS  HZ_ROLE_CUSTODIAN
#define HAND (HZ_M_REC | HZ_M_ALSO | HZ_M_TO | HZ_M_WHY)

/* [F-8.2], in the order of enum hz_act. HZ_M_X is allowed everywhere. */
static const struct hz_act_row rows[HZ_ACT_COUNT] = {
	[HZ_ACT_INIT] = { "init", 0, HZ_M_EX | HZ_M_INIT | HZ_M_KEYRING, 0, true },
	[HZ_ACT_RESTORE] = { "restore", CUS, HZ_M_EX | HZ_M_INIT | HZ_M_KEYRING | HZ_M_REF, HZ_M_REC, true },
	[HZ_ACT_ACQUIRE] = { "acquire", DOC, HZ_M_EX | HZ_M_OBJ | HZ_M_HDR | HZ_M_COM | HZ_M_REC, 0, false },
	[HZ_ACT_RECEIPT] = { "receipt", DOC, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_RECORD] = { "record", DOC | ANA | LEG, HZ_M_REC, HZ_M_EX, false },
	[HZ_ACT_ACCESS] = { "access", ANA | LEG, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_EXPORT] = { "export", LEG, HZ_M_REC | HZ_M_HEADS, 0, false },
	[HZ_ACT_NOTE] = { "note", 0, HZ_M_REC, HZ_M_EX | HZ_M_REF, false },
	[HZ_ACT_KEY_ADD] = { "key-add", CUS, HZ_M_EX | HZ_M_KEYRING, HZ_M_REC, true },
	[HZ_ACT_KEY_REVOKE] = { "key-revoke", CUS, HZ_M_EX | HZ_M_KEYRING, HZ_M_REC, true },
	[HZ_ACT_ROLE_GRANT] = { "role-grant", CUS, HZ_M_EX | HZ_M_REC, 0, true },
	[HZ_ACT_ROLE_REVOKE] = { "role-revoke", CUS, HZ_M_EX | HZ_M_REC, 0, true },
	[HZ_ACT_VERIFY] = { "verify", 0, HZ_M_REC, HZ_M_EX, false },
	[HZ_ACT_CLOCK] = { "clock", 0, 0, 0, false },
	[HZ_ACT_REWRAP] = { "rewrap", CUS, HZ_M_EX | HZ_M_HDR, 0, false },
	[HZ_ACT_DERIVE] = { "derive", ANA | DOC,
	    HZ_M_EX | HZ_M_OBJ | HZ_M_HDR | HZ_M_COM | HZ_M_SRC | HZ_M_REC, 0, false },
	[HZ_ACT_CLASSIFY_SUGGEST] = { "classify-suggest", ANA | LEG, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_REVIEW] = { "review", ANA | LEG, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_REDACT] = { "redact", LEG, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_CONSENT_SET] = { "consent-set", DOC | LEG, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_CONSENT_WITHDRAW] = { "consent-withdraw", DOC | LEG, HZ_M_EX | HZ_M_REC, 0, false },
	[HZ_ACT_EXPORT_REQUEST] = { "export-request", LEG, HZ_M_REC, HZ_M_REF, false },
	[HZ_ACT_EXPORT_APPROVE] = { "export-approve", LEG, HZ_M_REC, HZ_M_REF, false },
	[HZ_ACT_REFUSED] = { "refused", 0, 0, HZ_M_EX | HZ_M_REC, false },
	[HZ_ACT_TRANSFER_OUT] = { "transfer-out", CUS | LEG, HZ_M_EX, HAND, false },
	[HZ_ACT_TRANSFER_IN] = { "transfer-in", CUS | LEG, HZ_M_EX, HAND, false },
	[HZ_ACT_HOLD] = { "hold", CUS | LEG, HZ_M_EX, HAND, false },
	[HZ_ACT_RELEASE] = { "release", CUS | LEG, HZ_M_EX, HAND, false },
	[HZ_ACT_MERGE] = { "merge", CUS | LEG, HZ_M_EX, HAND, false },
	[HZ_ACT_DESTROY] = { "destroy", CUS, HZ_M_EX | HZ_M_REC, HZ_M_REF | HZ_M_WHY, false },
	[HZ_ACT_DESTROY_HEADER] = { "destroy-header", CUS, HZ_M_EX | HZ_M_REC, HZ_M_REF | HZ_M_WHY, false },
	[HZ_ACT_ANCHOR] = { "anchor", 0, 0, HZ_M_REC, false },
	[HZ_ACT_PANIC] = { "panic", 0, 0, HZ_M_REC, false },
};

static const char *const role_names[] = { "documenter", "analyst", "legal", "auditor", "custodian",
	"witness" };

const struct hz_act_row *
hz_act_row(enum hz_act act)
{
	return act > HZ_ACT_UNKNOWN && act < HZ_ACT_COUNT ? &rows[act] : NULL;
}

const char *
hz_act_name(enum hz_act act)
{
	const struct hz_act_row *row = hz_act_row(act);
	return row == NULL ? "unknown" : row->name;
}

enum hz_act
hz_act_parse(const char *s, size_t n)
{
	for (int i = HZ_ACT_UNKNOWN + 1; i < HZ_ACT_COUNT; i++) {
		if (strlen(rows[i].name) == n && memcmp(rows[i].name, s, n) == 0) {
			return (enum hz_act)i;
		}
	}
	return HZ_ACT_UNKNOWN;
}

unsigned
hz_act_roles(enum hz_act act)
{
	const struct hz_act_row *row = hz_act_row(act);
	return row == NULL ? 0 : row->roles;
}

const char *
hz_role_name(enum hz_member_role role)
{
	for (unsigned i = 0; i < sizeof role_names / sizeof role_names[0]; i++) {
		if ((unsigned)role == 1U << i) {
			return role_names[i];
		}
	}
	return "unknown";
}

unsigned
hz_role_parse(const char *s)
{
	for (unsigned i = 0; i < sizeof role_names / sizeof role_names[0]; i++) {
		if (strcmp(role_names[i], s) == 0) {
			return 1U << i;
		}
	}
	return 0;
}
