/* Codes, texts, and the frame of every call. */
#include "api/api.h"

#include "door/messages.h"
#include <string.h>

/* The public numbers are the library's own, for ever. */
#define SAME(name) _Static_assert((int)HIRZ_##name == (int)HZ_##name, "public code " #name)
SAME(OK);
SAME(ERR_USAGE);
SAME(ERR_NOT_FOUND);
SAME(ERR_EXISTS);
SAME(ERR_DENIED);
SAME(ERR_LOCKED);
SAME(ERR_BUSY);
SAME(ERR_LIMIT);
SAME(ERR_NOMEM);
SAME(ERR_IO);
SAME(ERR_NOSPACE);
SAME(ERR_FORMAT);
SAME(ERR_VERSION);
SAME(ERR_TAMPERED);
SAME(ERR_ROLLBACK);
SAME(ERR_NO_VAULT);
SAME(ERR_INPUT);
SAME(ERR_UNSUPPORTED);
SAME(ERR_CHANGED);
SAME(ERR_CANCELLED);
SAME(ERR_INTERNAL);

const char *
hirz_version(void)
{
	return HZ_VERSION;
}

const char *
hirz_strerror(enum hirz_err code)
{
	switch (code) {
	case HIRZ_OK:
		return "no error";
	case HIRZ_ERR_USAGE:
		return "a function was used wrongly";
	case HIRZ_ERR_NOT_FOUND:
		return "there is no such exhibit, case or file";
	case HIRZ_ERR_EXISTS:
		return "it exists already";
	case HIRZ_ERR_DENIED:
		return "refused by rule";
	case HIRZ_ERR_LOCKED:
		return "wrong passphrase, or no key for this";
	case HIRZ_ERR_BUSY:
		return "the vault is in use by another program";
	case HIRZ_ERR_LIMIT:
		return "over a limit";
	case HIRZ_ERR_NOMEM:
		return "out of memory";
	case HIRZ_ERR_IO:
		return "reading or writing failed";
	case HIRZ_ERR_NOSPACE:
		return "the disk is full";
	case HIRZ_ERR_FORMAT:
		return "damaged, or not what it should be";
	case HIRZ_ERR_VERSION:
		return "a newer or unknown format";
	case HIRZ_ERR_TAMPERED:
		return "a hash, a tag or a signature does not match";
	case HIRZ_ERR_ROLLBACK:
		return "the vault is older than what was seen of it before";
	case HIRZ_ERR_NO_VAULT:
		return "there is no vault here";
	case HIRZ_ERR_INPUT:
		return "a passphrase is needed and none was given";
	case HIRZ_ERR_UNSUPPORTED:
		return "not offered here";
	case HIRZ_ERR_CHANGED:
		return "the source changed while it was read";
	case HIRZ_ERR_CANCELLED:
		return "stopped, as asked";
	case HIRZ_ERR_INTERNAL:
		break;
	}
	return code == HIRZ_ERR_INTERNAL ? "the library made a mistake" : "an unknown code";
}

const char *
hirz_error_id(void)
{
	static const struct {
		enum hz_msg msg;
		char id[9];
	} ids[] = {
#define ID(num, sym, err)                                                                                    \
	{ HZ_MSG_##sym,                                                                                      \
		{ 'H', 'Z', '-', 'E', '0' + (num) / 100, '0' + (num) / 10 % 10, '0' + (num) % 10, 0 } },
		HZ_MSG_LIST(ID)
#undef ID
	};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		if (ids[i].msg == hz_fail_msg()) {
			return ids[i].id;
		}
	}
	return "";
}

const char *
hirz_error_what(void)
{
	if (hz_fail_msg() == HZ_MSG_NONE) {
		return "";
	}
	/* The program's own text for wrong use speaks of a command. */
	return hz_fail_msg() == HZ_MSG_USAGE ? "this call cannot be carried out as it stands"
					     : hz_message_of(hz_fail_msg())->what;
}

const char *
hirz_error_why(void)
{
	return hz_fail_msg() == HZ_MSG_NONE ? "" : hz_fail_detail();
}

HZ_RESULT
hz_api_enter(struct hirz_vault *v, enum hirz_mode need)
{
	hz_fail_clear();
	if (v == NULL) {
		return hz_fail(HZ_MSG_USAGE, "no vault is given");
	}
	if (v->busy) {
		return hz_fail(HZ_MSG_USAGE, "a callback calls with the handle that it was called for");
	}
	if (v->v == NULL) {
		return hz_fail(HZ_MSG_USAGE, "the vault could not be opened again: close it");
	}
	if (need != HIRZ_SEALED && v->mode == HIRZ_SEALED) {
		return hz_fail(HZ_MSG_NO_KEY, "the vault was opened without keys");
	}
	if (need == HIRZ_WRITE && v->mode != HIRZ_WRITE) {
		return hz_fail(HZ_MSG_USAGE, "the vault was opened for reading only");
	}
	v->busy = true;
	return HZ_OK;
}

enum hirz_err
hz_api_end(enum hz_err r)
{
	if (r == HZ_OK) {
		hz_fail_clear();
	} else if (hz_msg_err(hz_fail_msg()) != r) {
		r = hz_fail(HZ_MSG_INTERNAL, "code %d came without a message", (int)r);
	}
	return (enum hirz_err)r;
}

enum hirz_err
hz_api_leave(struct hirz_vault *v, enum hz_err r)
{
	v->busy = false;
	return hz_api_end(r);
}

enum hz_err
hz_api_stopped(void)
{
	return hz_fail(HZ_MSG_CANCELLED, "a callback asked to stop");
}

static size_t
size_of(const void *p)
{
	size_t n;
	memcpy(&n, p, sizeof n);
	return n;
}

HZ_RESULT
hz_api_opts(const void *in, void *own, size_t n)
{
	memset(own, 0, n);
	if (in == NULL) {
		return HZ_OK;
	}
	size_t given = size_of(in);
	if (given < sizeof(size_t) || given > HZ_API_STRUCT_MAX) {
		return hz_fail(HZ_MSG_USAGE, "a struct of options has the size %zu", given);
	}
	const unsigned char *p = in;
	for (size_t i = n; i < given; i++) {
		if (p[i] != 0) {
			return hz_fail(HZ_MSG_UNSUPPORTED, "an option that a newer library knows");
		}
	}
	memcpy(own, in, given < n ? given : n);
	return HZ_OK;
}

HZ_RESULT
hz_api_ret_check(const void *ret)
{
	if (ret != NULL && (size_of(ret) < sizeof(size_t) || size_of(ret) > HZ_API_STRUCT_MAX)) {
		return hz_fail(HZ_MSG_USAGE, "a struct for results has the size %zu", size_of(ret));
	}
	return HZ_OK;
}

void
hz_api_ret(const void *own, size_t n, void *ret)
{
	if (ret == NULL) {
		return;
	}
	size_t given = size_of(ret);
	unsigned char *to = ret;
	memset(to + sizeof(size_t), 0, given - sizeof(size_t));
	memcpy(to + sizeof(size_t), (const unsigned char *)own + sizeof(size_t),
	    (given < n ? given : n) - sizeof(size_t));
}
