#include "base/enc.h"
#include "custody/event.h"

#include <string.h>

#define PREFIX   "hirz.invalid/"
#define ID_HEX   32
#define ID_LEN   (3 + ID_HEX)
#define LOG_HEX  8
#define VAULT_AT (sizeof PREFIX - 1)

#define AT(field) offsetof(struct hz_event, field)
#define HEX(name, bit)                                                                                       \
	{                                                                                                    \
#name, HZ_MK_HEX, bit, false, AT(name), AT(has_##name)                                       \
	}

static const struct hz_event_member members[] = {
	{ "act", HZ_MK_ACT, 0, false, 0, 0 },
	{ "also", HZ_MK_ALSO, HZ_M_ALSO, false, 0, 0 },
	{ "aprev", HZ_MK_LINK, 0, false, AT(aprev), AT(has_aprev) },
	{ "aseq", HZ_MK_INT, 0, false, AT(aseq), 0 },
	HEX(com, HZ_M_COM),
	{ "ex", HZ_MK_EX, HZ_M_EX, true, 0, 0 },
	HEX(hdr, HZ_M_HDR),
	HEX(heads, HZ_M_HEADS),
	{ "init", HZ_MK_INIT, HZ_M_INIT, false, 0, 0 },
	HEX(keyring, HZ_M_KEYRING),
	{ "log", HZ_MK_LOG, 0, false, 0, 0 },
	{ "obj", HZ_MK_OBJ, HZ_M_OBJ, false, 0, 0 },
	{ "prev", HZ_MK_LINK, 0, true, AT(prev), AT(has_prev) },
	HEX(rec, HZ_M_REC),
	HEX(ref, HZ_M_REF),
	{ "seq", HZ_MK_INT, 0, true, AT(seq), 0 },
	HEX(src, HZ_M_SRC),
	{ "t", HZ_MK_TIME, 0, false, 0, 0 },
	HEX(to, HZ_M_TO),
	{ "v", HZ_MK_VERSION, 0, false, 0, 0 },
	HEX(why, HZ_M_WHY),
	{ "x", HZ_MK_X, HZ_M_X, false, 0, 0 },
};

const struct hz_event_member *
hz_event_member(size_t i)
{
	return i < sizeof members / sizeof members[0] ? &members[i] : NULL;
}

unsigned
hz_event_members(const struct hz_event *e)
{
	unsigned bits = 0;
	bits |= e->nalso > 0 ? HZ_M_ALSO : 0U;
	bits |= e->has_com ? HZ_M_COM : 0U;
	bits |= e->ex[0] != '\0' ? HZ_M_EX : 0U;
	bits |= e->has_hdr ? HZ_M_HDR : 0U;
	bits |= e->has_heads ? HZ_M_HEADS : 0U;
	bits |= e->has_init ? HZ_M_INIT : 0U;
	bits |= e->has_keyring ? HZ_M_KEYRING : 0U;
	bits |= e->has_obj ? HZ_M_OBJ : 0U;
	bits |= e->has_rec ? HZ_M_REC : 0U;
	bits |= e->has_ref ? HZ_M_REF : 0U;
	bits |= e->has_src ? HZ_M_SRC : 0U;
	bits |= e->has_to ? HZ_M_TO : 0U;
	bits |= e->has_why ? HZ_M_WHY : 0U;
	bits |= e->has_x || e->x != NULL ? HZ_M_X : 0U;
	return bits;
}

static bool
is_id(const char *s, const char *prefix)
{
	return strlen(s) == ID_LEN && memcmp(s, prefix, 3) == 0 && hz_is_hex(s + 3, ID_HEX);
}

/* [F-5.4] */
static bool
is_origin(const char *s)
{
	const size_t slash = VAULT_AT + 2 * sizeof((struct hz_event_init *)NULL)->vault_id;
	return strlen(s) == slash + 1 + LOG_HEX && memcmp(s, PREFIX, VAULT_AT) == 0 &&
	       hz_is_hex(s + VAULT_AT, slash - VAULT_AT) && s[slash] == '/' &&
	       hz_is_hex(s + slash + 1, LOG_HEX);
}

static enum hz_err
check_act(const struct hz_event *e)
{
	const struct hz_act_row *row = hz_act_row(e->act);
	if (row == NULL) {
		if (e->ex[0] != '\0' && !is_id(e->ex, "ex-") && !is_id(e->ex, "mb-")) {
			return hz_fail(HZ_MSG_FORMAT, "event: ex is not an id");
		}
		return HZ_OK;
	}
	unsigned has = hz_event_members(e);
	if ((row->required & ~has) != 0) {
		return hz_fail(
		    HZ_MSG_FORMAT, "event: %s lacks a member (%#x)", row->name, row->required & ~has);
	}
	unsigned may = row->required | row->allowed | HZ_M_X;
	if ((has & ~may) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "event: %s has a member that it may not have (%#x)", row->name,
		    has & ~may);
	}
	if (e->ex[0] != '\0' && !is_id(e->ex, row->member ? "mb-" : "ex-")) {
		return hz_fail(HZ_MSG_FORMAT, "event: ex of %s is not the id of %s", row->name,
		    row->member ? "a member" : "an exhibit");
	}
	return HZ_OK;
}

enum hz_err
hz_event_check(const struct hz_event *e)
{
	if (!is_origin(e->log)) {
		return hz_fail(HZ_MSG_FORMAT, "event: log is not an origin");
	}
	if ((e->aseq == 0) == e->has_aprev) {
		return hz_fail(HZ_MSG_FORMAT, "event: aseq and aprev do not agree");
	}
	if (e->ex[0] != '\0' && (e->seq == 0) == e->has_prev) {
		return hz_fail(HZ_MSG_FORMAT, "event: seq and prev do not agree");
	}
	enum hz_err err = check_act(e);
	return err == HZ_OK && e->has_init ? hz_init_check(e) : err;
}

enum hz_err
hz_init_check(const struct hz_event *e)
{
	const struct hz_event_init *i = &e->init;
	char kid[HZ_KID_LEN + 1];
	char name[HZ_ORIGIN_MAX];
	char vault[2 * sizeof i->vault_id + 1];
	uint8_t pk[32];
	enum hz_err err = hz_vkey_parse(i->checkpoint, strlen(i->checkpoint), name, pk);
	if (err != HZ_OK) {
		return err;
	}
	hz_hex(vault, i->vault_id, sizeof i->vault_id);
	hz_kid(i->event_pk, kid);
	if (memcmp(e->log + VAULT_AT, vault, sizeof vault - 1) != 0 || strcmp(name, e->log) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: vault or checkpoint key are not those of its log");
	}
	if (memcmp(kid, e->kid, sizeof kid) != 0 || strcmp(i->member, e->ex) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: not signed by the member that it names");
	}
	if (e->aseq != 0 || i->restored != (e->act == HZ_ACT_RESTORE) ||
	    (e->act == HZ_ACT_INIT && e->seq != 0)) {
		return hz_fail(HZ_MSG_FORMAT, "event 0: not the first of its chains");
	}
	return HZ_OK;
}
