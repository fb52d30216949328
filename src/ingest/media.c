#include "ingest/media.h"

#include "base/enc.h"
#include "base/fd.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HASH_TEXT 64

void
hz_media_set(struct hz_media *m, const char *type, const char *by)
{
	m->claims.n = 0;
	m->claims_by[0] = '\0';
	(void)snprintf(m->type, sizeof m->type, "%s", type);
	(void)snprintf(m->by, sizeof m->by, "%s", by);
}

static void
take_type(const struct hz_inspect_answer *a, struct hz_media *m)
{
	bool text =
	    strncmp(a->type, "text/", 5) == 0 && a->charset[0] != '\0' && strcmp(a->charset, "binary") != 0;

	if (!a->known) {
		(void)snprintf(m->by, sizeof m->by, "hirz-inspect: %s", hz_inspect_reason_word(a->reason));
		return;
	}
	(void)snprintf(
	    m->type, sizeof m->type, "%s%s%s", a->type, text ? "; charset=" : "", text ? a->charset : "");
	(void)snprintf(m->by, sizeof m->by, "libmagic, sandbox %s", hz_sandbox_level_word(a->level));
}

static void
take_claims(const struct hz_inspect_answer *a, struct hz_media *m)
{
	if (a->claims_reason != HZ_INSPECT_KNOWN) {
		/* Where the type is not known either, content.type_by says why. */
		if (a->known) {
			(void)snprintf(m->claims_by, sizeof m->claims_by, "%s: %s", hz_inspector_name(),
			    hz_inspect_reason_word(a->claims_reason));
		}
		return;
	}
	if (a->claims.n > 0) {
		m->claims = a->claims;
		(void)snprintf(m->claims_by, sizeof m->claims_by, "%s, sandbox %s", hz_inspector_name(),
		    hz_sandbox_level_word(a->level));
	}
}

int
hz_media_reopen(int fd, const void *p, size_t n, uint64_t size)
{
	char name[32];

	if (fd >= 0) {
		(void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
		return open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (n != size) {
		return -1;
	}
	int memory = memfd_create("hirz", MFD_CLOEXEC);

	if (memory >= 0 && (hz_fd_write_all(memory, p, n) != HZ_OK || lseek(memory, 0, SEEK_SET) != 0)) {
		hz_fail_clear();
		hz_fd_close(&memory);
	}
	return memory;
}

/* A PDF is read by other programs, in a process of its own. */
static void
ask_pdf(struct hz_inspector *insp, const void *p, size_t n, uint64_t size, int fd, struct hz_media *m)
{
	struct hz_inspect_question q = { .asked = HZ_INSPECT_ASK_CLAIMS,
		.fd = hz_media_reopen(fd, p, n, size) };
	struct hz_inspect_answer a;

	if (q.fd < 0) {
		return;
	}
	if (hz_inspector_pdf(insp, &q, &a) != HZ_OK) {
		hz_fail_clear();
	} else if (a.claims_reason != HZ_INSPECT_KNOWN) {
		(void)snprintf(m->claims_by, sizeof m->claims_by, "pdfinfo: %s",
		    hz_inspect_pdf_here() ? hz_inspect_reason_word(a.claims_reason) : "not installed");
	} else if (a.claims.n > 0) {
		m->claims = a.claims;
		(void)snprintf(m->claims_by, sizeof m->claims_by, "%s, pdfinfo, sandbox %s",
		    hz_inspector_name(), hz_sandbox_level_word(a.level));
	}
	hz_fd_close(&q.fd);
}

void
hz_media_ask(struct hz_inspector *insp, const void *p, size_t n, uint64_t size, int fd, struct hz_media *m)
{
	struct hz_inspect_question q = { .asked = HZ_INSPECT_ASK_TYPE | HZ_INSPECT_ASK_CLAIMS,
		.bytes = p,
		.n = n < HZ_INSPECT_DATA_MAX ? n : HZ_INSPECT_DATA_MAX,
		.size = size,
		.fd = fd };
	struct hz_inspect_answer a;

	if (size != HZ_INSPECT_SIZE_UNKNOWN && q.n >= size) {
		q.fd = -1; /* it is all there */
	}
	hz_media_set(m, "unknown", "no hirz-inspect here");
	if (insp == NULL) {
		return;
	}
	if (hz_inspector_ask(insp, &q, &a) != HZ_OK) {
		hz_media_set(m, "unknown", "hirz-inspect: no memory");
		hz_fail_clear();
		return;
	}
	take_type(&a, m);
	take_claims(&a, m);
	if (a.known && strcmp(a.type, "application/pdf") == 0) {
		ask_pdf(insp, p, n, size, fd, m);
	}
}

void
hz_media_name(const char *name, struct hz_media *m)
{
	static const char *const parts[] = { "asc", "proof.csv", "proof.csv.asc", "proof.json",
		"proof.json.asc", "ots", "gst", "nostr" };
	size_t n = strlen(name);

	if (n < HASH_TEXT + 2 || name[HASH_TEXT] != '.' || !hz_is_hex(name, HASH_TEXT)) {
		return;
	}
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		const char *part = parts[i];

		if (strcmp(name + HASH_TEXT + 1, part) != 0) {
			continue;
		}
		/* What the content said stands. */
		(void)hz_claims_put(&m->claims, HZ_CLAIM_PROOFMODE_PART, part, strlen(part));
		(void)hz_claims_put(&m->claims, HZ_CLAIM_PROOFMODE_SHA256, name, HASH_TEXT);
		if (m->claims_by[0] == '\0') {
			(void)snprintf(m->claims_by, sizeof m->claims_by, "the file's name");
		}
	}
}

static enum hz_err
claim_field(struct hz_record *r, const struct hz_claim *c)
{
	char name[sizeof "inspected." + HZ_CLAIM_NAME_MAX];
	uint64_t v = 0;

	(void)snprintf(name, sizeof name, "inspected.%s", hz_claim_name(c->key));
	if (hz_claim_grammar(c->key) == HZ_CLAIM_NUMBER) {
		HZ_TRY(hz_parse_u64(c->value, strlen(c->value), UINT64_MAX, &v));
		return hz_record_add_int(r, name, v);
	}
	return hz_record_add(r, name, c->value);
}

HZ_RESULT
hz_media_fields(const struct hz_media *m, struct hz_record *r)
{
	HZ_TRY(hz_record_add(r, "content.media_type", m->type));
	HZ_TRY(hz_record_add(r, "content.type_by", m->by));
	if (m->claims_by[0] != '\0') {
		HZ_TRY(hz_record_add(r, "inspected.by", m->claims_by));
	}
	for (size_t i = 0; i < m->claims.n; i++) {
		HZ_TRY(claim_field(r, &m->claims.list[i]));
	}
	return HZ_OK;
}
