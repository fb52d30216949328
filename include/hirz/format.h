/* Names, labels, numbers and limits of docs/format.md, for programs that read the formats themselves. Values
 * never change within a format version. */
#ifndef HIRZ_FORMAT_H
#define HIRZ_FORMAT_H

/* --- 2, 4: suite and labels
 * ----------------------------------------------------------------------------------- */
#define HIRZ_FORMAT_VERSION    1
#define HIRZ_FORMAT_LINE       "hirz-vault 1 compat=0 incompat=0\n"
#define HIRZ_SUITE             "hirz-suite/1"
#define HIRZ_LABEL_MEMBER      "hirz-member/v1"
#define HIRZ_KDF_CONTEXT       "hirz_key"
#define HIRZ_LABEL_SLOT        "hirz-slot/v1"
#define HIRZ_LABEL_WRAP        "hirz-wrap/v1"
#define HIRZ_LABEL_WRAP_X25519 "hirz-wrap-x25519/v1"
#define HIRZ_LABEL_KEYRING     "hirz-keyring/v1"
#define HIRZ_LABEL_ROW         "hirz-row/v1"
#define HIRZ_LABEL_INDEX       "hirz-index/v1"
#define HIRZ_LABEL_HEADER      "hirz-header/v1"
#define HIRZ_LABEL_FILE_KEY    "hirz-file-key/v1"
#define HIRZ_LABEL_EXHIBIT     "hirz-exhibit/v1"
#define HIRZ_LABEL_OPENING     "hirz-opening/v1"
#define HIRZ_LABEL_DISCLOSURES "hirz-disclosures/v1"
#define HIRZ_LABEL_COMMITMENT  "hirz-commitment/v1"
#define HIRZ_LABEL_PIN         "hirz-pin/v1"
#define HIRZ_LABEL_PIN_NAME    "hirz-pin-name/v1"
#define HIRZ_LABEL_PIN_KEY     "hirz-pin-key/v1"
#define HIRZ_LABEL_SESSION     "hirz-session/v1"
#define HIRZ_SSHSIG_NAMESPACE  "hirz-bundle"

enum hirz_member_key { /* 4.3: numbers of a member's keys */
	HIRZ_MEMBER_KEY_EVENT = 1,
	HIRZ_MEMBER_KEY_BUNDLE = 2,
	HIRZ_MEMBER_KEY_X25519 = 3,
	HIRZ_MEMBER_KEY_WITNESS = 5,
	HIRZ_MEMBER_KEY_HYBRID = 6,
	HIRZ_MEMBER_KEY_WRAP = 7
};
enum hirz_compartment { HIRZ_COMPARTMENT_GENERAL = 1, HIRZ_COMPARTMENT_IDENTITIES = 2 };
#define HIRZ_EPOCH_OBJECTS 4096
#define HIRZ_EPOCH_DAYS    30

/* --- 5: encodings
 * ---------------------------------------------------------------------------------------------- */
#define HIRZ_TYP_EVENT     "hirz-event+jws"
#define HIRZ_TYP_RECORD    "hirz-record+sd-jwt"
#define HIRZ_ORIGIN_PREFIX "hirz.invalid/"
#define HIRZ_EX_PREFIX     "ex-"
#define HIRZ_MEMBER_PREFIX "mb-"
#define HIRZ_RECORD_PREFIX "rc-"
#define HIRZ_DESK_LEN_MAX  12

/* --- 6: objects
 * ------------------------------------------------------------------------------------------------- */
#define HIRZ_PLAINTEXT_MIN        1
#define HIRZ_PLAINTEXT_MAX        1152921504606846976 /* 2^60 */
#define HIRZ_PAD_MIN              1024
#define HIRZ_CHUNK                65536
#define HIRZ_CHUNK_TAG            16
#define HIRZ_PAYLOAD_NONCE        16
#define HIRZ_SEGMENT              1048560
#define HIRZ_FILE_KEY             16
#define HIRZ_HEADER_MAX           65536
#define HIRZ_HEADER_SYMMETRIC_LEN 97
enum hirz_header_type { HIRZ_HEADER_SYMMETRIC = 1, HIRZ_HEADER_AGE = 2 };

/* --- 7: records
 * ------------------------------------------------------------------------------------------------- */
#define HIRZ_RECORD_BYTES_MAX  262144
#define HIRZ_RECORD_FIELDS_MAX 512
#define HIRZ_RECORD_EX_MAX     64
#define HIRZ_FIELD_NAME_MAX    100
#define HIRZ_FIELD_VALUE_MAX   16384
#define HIRZ_DECOY_UNIT        8

/* --- 8: custody log
 * ---------------------------------------------------------------------------------------------- */
#define HIRZ_EVENT_MAX       60000
#define HIRZ_EVENT_DEPTH_MAX 3
#define HIRZ_ALSO_MAX        16
#define HIRZ_NOTE_MAX        65536
#define HIRZ_NOTE_LINES_MAX  100
#define HIRZ_PROOF_MAX       64
#define HIRZ_PROOF_LINE      "c2sp.org/tlog-proof@v1\n"
#define HIRZ_FINGERPRINT_LEN 32

/* --- 9: bundles
 * --------------------------------------------------------------------------------------------------- */
#define HIRZ_BAG_PATH_MAX 100

/* --- 11: the vault at rest
 * ----------------------------------------------------------------------------------------- */
enum hirz_table {
	HIRZ_TABLE_META = 1,
	HIRZ_TABLE_SEGMENTS = 2,
	HIRZ_TABLE_SEGMENT_INDEX = 3,
	HIRZ_TABLE_OBJECTS = 4,
	HIRZ_TABLE_OBJECT_PAGES = 5,
	HIRZ_TABLE_EXHIBITS = 6,
	HIRZ_TABLE_RECORDS = 7,
	HIRZ_TABLE_EVENTS = 8,
	HIRZ_TABLE_TILES = 9,
	HIRZ_TABLE_INDEX = 10,
	HIRZ_TABLE_CHECKPOINTS = 11,
	HIRZ_TABLE_RECEIPTS = 12,
	HIRZ_TABLE_CASES = 13,
	HIRZ_TABLE_CASE_MEMBERS = 14,
	HIRZ_TABLE_MENTIONS = 15,
	HIRZ_TABLE_TAGS = 16,
	HIRZ_TABLE_RULES = 17,
	HIRZ_TABLE_MODELS = 18,
	HIRZ_TABLE_COUNT = 18
};
enum hirz_meta_kind {
	HIRZ_META_VAULT = 1,
	HIRZ_META_COUNTERS = 2,
	HIRZ_META_LOG = 3,
	HIRZ_META_ACTOR = 4,
	HIRZ_META_MEMBER = 5,
	HIRZ_META_EPOCH = 6,
	HIRZ_META_KEYRING = 7
};
enum hirz_index_type {
	HIRZ_INDEX_QUICK = 1,
	HIRZ_INDEX_SEEN = 2,
	HIRZ_INDEX_EX = 3,
	HIRZ_INDEX_CASE = 4,
	HIRZ_INDEX_RECORD = 5
};
enum hirz_key_type {
	HIRZ_KEY_TYPE_LOG = 1,
	HIRZ_KEY_TYPE_CHECKPOINT = 2,
	HIRZ_KEY_TYPE_TABLE = 3,
	HIRZ_KEY_TYPE_INDEX = 4,
	HIRZ_KEY_TYPE_EPOCH = 5,
	HIRZ_KEY_TYPE_EPOCH_X25519 = 6
};
#define HIRZ_ROW_UNIT          256
#define HIRZ_INDEX_ROW_LEN     52
#define HIRZ_OBJECT_PAGE_ADDRS 2040
#define HIRZ_KEYRING_MAGIC     "HIRZKEYS"
#define HIRZ_KDF_MIB_MIN       64
#define HIRZ_KDF_MIB_MAX       2048
#define HIRZ_KDF_T_MAX         16

#endif
