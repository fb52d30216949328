/* hirz/format.h says what the rooms and docs/format.md say. */
#include "tests.h"

#include "hirz/format.h"
#include "object/object.h"
#include "record/record.h"
#include "vault/internal.h"

#include <stdio.h>
#include <string.h>

#define EQUAL(public, ours)                                                                                  \
	{                                                                                                    \
#public, (uint64_t)(public), (uint64_t)(ours)                                                \
	}

void
format_numbers(void **state)
{
	static const struct {
		const char *name;
		uint64_t pub, ours;
	} rows[] = {
		EQUAL(HIRZ_TABLE_META, HZ_T_META),
		EQUAL(HIRZ_TABLE_SEGMENTS, HZ_T_SEGMENTS),
		EQUAL(HIRZ_TABLE_SEGMENT_INDEX, HZ_T_SEGMENT_INDEX),
		EQUAL(HIRZ_TABLE_OBJECTS, HZ_T_OBJECTS),
		EQUAL(HIRZ_TABLE_OBJECT_PAGES, HZ_T_OBJECT_PAGES),
		EQUAL(HIRZ_TABLE_EXHIBITS, HZ_T_EXHIBITS),
		EQUAL(HIRZ_TABLE_RECORDS, HZ_T_RECORDS),
		EQUAL(HIRZ_TABLE_EVENTS, HZ_T_EVENTS),
		EQUAL(HIRZ_TABLE_TILES, HZ_T_TILES),
		EQUAL(HIRZ_TABLE_INDEX, HZ_T_INDEX),
		EQUAL(HIRZ_TABLE_CHECKPOINTS, HZ_T_CHECKPOINTS),
		EQUAL(HIRZ_TABLE_RECEIPTS, HZ_T_RECEIPTS),
		EQUAL(HIRZ_TABLE_CASES, HZ_T_CASES),
		EQUAL(HIRZ_TABLE_CASE_MEMBERS, HZ_T_CASE_MEMBERS),
		EQUAL(HIRZ_TABLE_MENTIONS, HZ_T_MENTIONS),
		EQUAL(HIRZ_TABLE_COUNT, HZ_T_COUNT),
		EQUAL(HIRZ_META_VAULT, HZ_META_VAULT),
		EQUAL(HIRZ_META_COUNTERS, HZ_META_COUNTERS),
		EQUAL(HIRZ_META_LOG, HZ_META_LOG),
		EQUAL(HIRZ_META_ACTOR, HZ_META_ACTOR),
		EQUAL(HIRZ_META_MEMBER, HZ_META_MEMBER),
		EQUAL(HIRZ_META_EPOCH, HZ_META_EPOCH),
		EQUAL(HIRZ_META_KEYRING, HZ_META_KEYRING),
		EQUAL(HIRZ_INDEX_QUICK, HZ_IX_QUICK),
		EQUAL(HIRZ_INDEX_SEEN, HZ_IX_SEEN),
		EQUAL(HIRZ_INDEX_EX, HZ_IX_EX),
		EQUAL(HIRZ_INDEX_CASE, HZ_IX_CASE),
		EQUAL(HIRZ_INDEX_RECORD, HZ_IX_RECORD),
		EQUAL(HIRZ_KEY_TYPE_LOG, HZ_KEY_LOG),
		EQUAL(HIRZ_KEY_TYPE_CHECKPOINT, HZ_KEY_CHECKPOINT),
		EQUAL(HIRZ_KEY_TYPE_TABLE, HZ_KEY_TABLE),
		EQUAL(HIRZ_KEY_TYPE_INDEX, HZ_KEY_INDEX),
		EQUAL(HIRZ_KEY_TYPE_EPOCH, HZ_KEY_EPOCH),
		EQUAL(HIRZ_KEY_TYPE_EPOCH_X25519, HZ_KEY_EPOCH_X25519),
		EQUAL(HIRZ_ROW_UNIT, HZ_ROW_UNIT),
		EQUAL(HIRZ_INDEX_ROW_LEN, HZ_INDEX_ROW),
		EQUAL(HIRZ_OBJECT_PAGE_ADDRS, HZ_PAGE_ADDRS),
		EQUAL(HIRZ_EPOCH_OBJECTS, HZ_EPOCH_OBJECTS),
		EQUAL(HIRZ_EPOCH_DAYS * 86400, HZ_EPOCH_SECONDS),
		EQUAL(HIRZ_COMPARTMENT_GENERAL, HZ_GENERAL),
		EQUAL(HIRZ_COMPARTMENT_IDENTITIES, HZ_IDENTITIES),
		EQUAL(HIRZ_DESK_LEN_MAX, HZ_DESK_MAX),
		EQUAL(HIRZ_CHUNK, HZ_OBJ_CHUNK),
		EQUAL(HIRZ_CHUNK + HIRZ_CHUNK_TAG, HZ_OBJ_CHUNK_SEALED),
		EQUAL(HIRZ_SEGMENT, HZ_OBJ_SEGMENT),
		EQUAL(HIRZ_FILE_KEY, HZ_OBJ_FILE_KEY),
		EQUAL(HIRZ_HEADER_MAX, HZ_OBJ_HEADER_MAX),
		EQUAL(HIRZ_RECORD_BYTES_MAX, HZ_RECORD_MAX),
		EQUAL(HIRZ_RECORD_FIELDS_MAX, HZ_RECORD_FIELDS_MAX),
		EQUAL(HIRZ_RECORD_EX_MAX, HZ_RECORD_EX_MAX),
		EQUAL(HIRZ_FIELD_NAME_MAX, HZ_FIELD_NAME_MAX),
		EQUAL(HIRZ_FIELD_VALUE_MAX, HZ_FIELD_VALUE_MAX),
		EQUAL(HIRZ_EVENT_MAX, HZ_EVENT_MAX),
		EQUAL(HIRZ_ALSO_MAX, HZ_ALSO_MAX),
		EQUAL(HIRZ_NOTE_MAX, HZ_NOTE_MAX),
		EQUAL(HIRZ_NOTE_LINES_MAX, HZ_NOTE_SIGS),
		EQUAL(HIRZ_PROOF_MAX, HZ_PROOF_MAX),
		EQUAL(HIRZ_KDF_MIB_MIN, HZ_ARGON_FLOOR_MIB),
		EQUAL(HIRZ_KDF_MIB_MAX, HZ_ARGON_MAX_MIB),
		EQUAL(HIRZ_KDF_T_MAX, HZ_ARGON_T_MAX),
		EQUAL(HIRZ_PLAINTEXT_MAX, 1ull << 60),
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].pub != rows[i].ours) {
			fail_msg("%s", rows[i].name);
		}
	}
	assert_string_equal(HIRZ_TYP_RECORD, HZ_RECORD_TYP);
}

/* Each label stands in the page, between quotes or backquotes. */
void
format_labels(void **state)
{
	static const char *const labels[] = { HIRZ_LABEL_MEMBER, HIRZ_KDF_CONTEXT, HIRZ_LABEL_SLOT,
		HIRZ_LABEL_WRAP, HIRZ_LABEL_WRAP_X25519, HIRZ_LABEL_KEYRING, HIRZ_LABEL_ROW, HIRZ_LABEL_INDEX,
		HIRZ_LABEL_HEADER, HIRZ_LABEL_FILE_KEY, HIRZ_LABEL_EXHIBIT, HIRZ_LABEL_OPENING,
		HIRZ_LABEL_DISCLOSURES, HIRZ_LABEL_COMMITMENT, HIRZ_LABEL_PIN, HIRZ_LABEL_PIN_NAME,
		HIRZ_LABEL_PIN_KEY, HIRZ_LABEL_SESSION, HIRZ_SSHSIG_NAMESPACE, HIRZ_SUITE, HIRZ_TYP_EVENT,
		HIRZ_TYP_RECORD, HIRZ_EX_PREFIX, HIRZ_MEMBER_PREFIX, HIRZ_RECORD_PREFIX };
	static char page[262144];
	(void)state;
	FILE *f = fopen(arg_format_md, "re");
	assert_non_null(f);
	size_t n = fread(page, 1, sizeof page - 1, f);
	assert_true(n > 1000 && n < sizeof page - 1);
	assert_int_equal(fclose(f), 0);
	page[n] = '\0';
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		char quoted[80];
		(void)snprintf(quoted, sizeof quoted, "`%s`", labels[i]);
		if (strstr(page, quoted) == NULL) {
			fail_msg("%s is not in the page", quoted);
		}
	}
	assert_non_null(strstr(page, "`hirz-vault 1 compat=0 incompat=0 LF`"));
	assert_non_null(strstr(page, "\"" HIRZ_KEYRING_MAGIC "\""));
	assert_non_null(strstr(page, "`c2sp.org/tlog-proof@v1 LF`"));
	assert_non_null(strstr(page, "`" HIRZ_ORIGIN_PREFIX "<vault id>/<log id>`"));
}
