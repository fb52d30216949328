/* Objects: padding, age payload, segments, address, header content, opening, exhibit key (docs/format.md 6).
 * Pure: bytes in, bytes out; no files, no store. */
#ifndef HZ_OBJECT_OBJECT_H
#define HZ_OBJECT_OBJECT_H

#include "base/buf.h"
#include "crypto/crypto.h"

#define HZ_OBJ_CHUNK        65536
#define HZ_OBJ_CHUNK_SEALED (HZ_OBJ_CHUNK + 16)
#define HZ_OBJ_SEGMENT      1048560
#define HZ_OBJ_FILE_KEY     16
#define HZ_OBJ_HEADER_MAX   65536
#define HZ_OPENING_MAX      256

/* P(L) of [F-6.1]; L at least 1, HZ_MSG_LIMIT over 2^60. */
HZ_RESULT hz_pad_len(uint64_t len, uint64_t *ret_padded);
/* Payload length (nonce, chunks, tags) of a padded plaintext. */
uint64_t hz_payload_len(uint64_t padded);
/* The reverse: HZ_MSG_FORMAT if no padded length gives this payload length. */
HZ_RESULT hz_payload_padded(uint64_t payload, uint64_t *ret_padded);

/* --- sealing: plaintext in, segments out, in order ------------------------------------------------- */
struct hz_sealer;
/* Called for each full segment and the last one: the bytes and their address. The callee may take the
 * buffer p away: *take = true; a new one is then asked through get_buf. */
struct hz_sealer_ops {
	/* Gives a buffer of HZ_OBJ_SEGMENT bytes (HZ_ERR_NOMEM, HZ_ERR_CANCELLED). */
	enum hz_err (*get_buf)(void *arg, size_t want, uint8_t **ret_p);
	/* Takes the buffer with n bytes in it; owns it from then on, also on failure. */
	enum hz_err (*segment)(void *arg, uint8_t *p, size_t n, const uint8_t addr[static 32]);
	/* Gives a buffer back that was got and not handed over. */
	void (*put_buf)(void *arg, uint8_t *p);
};
/* Reusable: one sealer for many objects. */
HZ_RESULT hz_sealer_new(const struct hz_sealer_ops *ops, void *arg, struct hz_sealer **ret_s);
void hz_sealer_free(struct hz_sealer **s);
/* Begins an object whose plaintext will be size bytes, with a fresh random file key and nonce.
 * (size_hint chooses the buffer for small objects: get_buf is asked for the payload length or
 * HZ_OBJ_SEGMENT, whichever is smaller.) size may be UINT64_MAX for a stream of unknown length. */
HZ_RESULT hz_sealer_begin(struct hz_sealer *s, uint64_t size);
/* Any number of bytes; hashes the plaintext (SHA-256) as it goes. */
HZ_RESULT hz_sealer_put(struct hz_sealer *s, const uint8_t *p, size_t n);
struct hz_sealed {
	uint64_t size, payload;            /* plaintext bytes, payload bytes */
	uint8_t sha256[32];                /* of the plaintext */
	uint8_t root[32];                  /* object address */
	uint8_t file_key[HZ_OBJ_FILE_KEY]; /* secret: wipe */
	uint64_t segments;
	struct hz_buf addrs; /* 32 bytes a segment; caller frees */
};
/* Pads, ends, gives the sums. HZ_MSG_SOURCE_EMPTY for no byte at all; HZ_MSG_SOURCE_CHANGED when a known
 * size was promised and another came. */
HZ_RESULT hz_sealer_end(struct hz_sealer *s, struct hz_sealed *ret);
void hz_sealer_abort(struct hz_sealer *s);

/* --- opening: segments in, plaintext out ------------------------------------------------------------ */
struct hz_opener;
HZ_RESULT hz_opener_new(struct hz_opener **ret_o);
void hz_opener_free(struct hz_opener **o);
/* size: the true plaintext length from the opening; payload: stored length. Checks that payload is the
 * length that size leads to (Padme), else HZ_MSG_CONTENT_DIFFERS. */
HZ_RESULT hz_opener_begin(
    struct hz_opener *o, const uint8_t file_key[static 16], uint64_t size, uint64_t payload);
/* Feeds payload bytes in order; sink gets verified plaintext without padding (may be NULL: verify only).
 * A failed tag or non-zero padding: HZ_MSG_CONTENT_DIFFERS, and nothing of that chunk is released. */
HZ_RESULT hz_opener_put(struct hz_opener *o, const uint8_t *p, size_t n,
    enum hz_err (*sink)(void *arg, const uint8_t *p, size_t n), void *arg);
/* All bytes must have come. Gives the SHA-256 of the plaintext. */
HZ_RESULT hz_opener_end(struct hz_opener *o, uint8_t ret_sha256[static 32]);

/* Object address of segment addresses (32 bytes each), [F-6.4]. */
HZ_RESULT hz_object_root(const uint8_t *addrs, uint64_t n, uint8_t ret_root[static 32]);

/* --- header content [F-6.5] ------------------------------------------------------------------------- */
struct hz_epoch_key {
	uint32_t compartment, epoch;
	uint8_t key[32];
};
HZ_RESULT hz_header_wrap(const struct hz_epoch_key *ek, const uint8_t vault_id[static 16],
    const uint8_t file_key[static 16], struct hz_buf *out);
struct hz_header_info {
	uint8_t type; /* 1 symmetric, 2 age */
	uint32_t compartment, epoch;
};
HZ_RESULT hz_header_peek(const uint8_t *p, size_t n, struct hz_header_info *ret);
/* Symmetric headers. HZ_MSG_VAULT_TAMPERED when box or commitment fail. */
HZ_RESULT hz_header_unwrap(const uint8_t *p, size_t n, const struct hz_epoch_key *ek,
    const uint8_t vault_id[static 16], uint8_t ret_file_key[static 16]);
void hz_exhibit_key(const uint8_t file_key[static 16], uint8_t ret_key[static 32]);

/* --- opening [F-6.6] -------------------------------------------------------------------------------- */
struct hz_opening {
	uint8_t salt[32], sha256[32];
	uint64_t size;
};
HZ_RESULT hz_opening_write(const struct hz_opening *o, struct hz_buf *out);
HZ_RESULT hz_opening_read(const void *p, size_t n, struct hz_opening *ret); /* exactly the one form */
/* What is sealed under the exhibit key: nonce || box. label "hirz-opening/v1" or "hirz-disclosures/v1";
 * ctx is what follows the vault id in the associated data [F-6.7]. */
HZ_RESULT hz_exhibit_seal(const uint8_t exhibit_key[static 32], const char *label,
    const uint8_t vault_id[static 16], const void *ctx, size_t ctxlen, const void *p, size_t n,
    struct hz_buf *out);
HZ_RESULT hz_exhibit_open(const uint8_t exhibit_key[static 32], const char *label,
    const uint8_t vault_id[static 16], const void *ctx, size_t ctxlen, const uint8_t *p, size_t n,
    struct hz_buf *out);

#endif
