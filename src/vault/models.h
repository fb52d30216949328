/* Learned models kept in the vault (docs/format.md [F-7.10], [F-11.23]). The newest is the one in use; one
 * without bytes says that none is in use from there on. What is in the bytes is the learning room's matter:
 * here they are bytes with a hash, a signed record and an event. */
#ifndef HZ_VAULT_MODELS_H
#define HZ_VAULT_MODELS_H

#include "vault/vault.h"

#define HZ_MODEL_FILE_MAX   ((size_t)1000000)
#define HZ_MODEL_ENGINE_MAX 64

struct hz_model_row {
	uint32_t no;       /* from 1, in the order in which they were kept */
	uint8_t set[32];   /* of the training set; zeros where there are no bytes */
	uint8_t rules[32]; /* id of the rules whose names are no features; zeros where there are no bytes */
	uint8_t sha256[32];
	uint64_t size; /* 0: no model is in use */
	uint64_t record;
	struct hz_ref at;
	char engine[HZ_MODEL_ENGINE_MAX]; /* program and version */
};
/* From *no on (from 1); *no is set behind it. bytes (may be NULL) gets them appended, checked against their
 * hash; it should be a secret buffer, as words of testimonies are in them. */
HZ_RESULT hz_model_row_next(
    struct hz_view *w, uint32_t *no, bool *ret_found, struct hz_model_row *ret, struct hz_buf *bytes);
/* The one in use, or that says that none is; *ret_found false: none was ever kept. */
HZ_RESULT hz_model_row_newest(
    struct hz_view *w, bool *ret_found, struct hz_model_row *ret, struct hz_buf *bytes);
/* Row contents [F-11.23]. */
HZ_RESULT hz_model_row_read(
    const void *p, size_t n, uint32_t no, struct hz_model_row *ret, const uint8_t **ret_bytes);
/* Row, record and bytes of every model agree, and the row that a record names is there. */
HZ_RESULT hz_model_rows_check(struct hz_view *w);
/* What the record of an event says of a model stands in its row. HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_model_record_check(struct hz_view *w, const struct hz_record *rec);

struct hz_new_model {
	const void *bytes; /* size 0: no model from here on */
	size_t size;
	const uint8_t *set, *rules; /* 32 each; NULL with size 0 */
	const char *engine;
	uint32_t types, texts; /* of the model */
};
/* Keeps it, with a `record` event. HZ_MSG_LIMIT. */
HZ_RESULT hz_batch_model(struct hz_batch *b, const struct hz_new_model *x, struct hz_model_row *ret);

#endif
