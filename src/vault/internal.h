/* What the files of the vault room share. Nobody outside includes this. */
#ifndef HZ_VAULT_INTERNAL_H
#define HZ_VAULT_INTERNAL_H

#include "base/enc.h"
#include "base/fd.h"
#include "base/gate.h"
#include "base/pool.h"
#include "store/store.h"
#include "vault/keyring.h"
#include "vault/vault.h"

enum { /* tables, [F-11.2] */
	HZ_T_META = 1,
	HZ_T_SEGMENTS,
	HZ_T_SEGMENT_INDEX,
	HZ_T_OBJECTS,
	HZ_T_OBJECT_PAGES,
	HZ_T_EXHIBITS,
	HZ_T_RECORDS,
	HZ_T_EVENTS,
	HZ_T_TILES,
	HZ_T_INDEX,
	HZ_T_CHECKPOINTS,
	HZ_T_RECEIPTS,
	HZ_T_CASES,
	HZ_T_CASE_MEMBERS,
	HZ_T_MENTIONS,
	HZ_T_TAGS,
	HZ_T_RULES,
	HZ_T_MODELS,
	HZ_T_COUNT = HZ_T_MODELS
};
enum {
	HZ_META_VAULT = 1,
	HZ_META_COUNTERS,
	HZ_META_LOG,
	HZ_META_ACTOR,
	HZ_META_MEMBER,
	HZ_META_EPOCH,
	HZ_META_KEYRING,
	HZ_META_CLOCK = 16,
	HZ_META_WITNESSES = 20,
	HZ_META_GIVEN
};
enum { HZ_IX_QUICK = 1, HZ_IX_SEEN, HZ_IX_EX, HZ_IX_CASE, HZ_IX_RECORD, HZ_IX_ANCHOR = 20, HZ_IX_RULES };

#define HZ_ROW_UNIT      256
#define HZ_ROW_MAX       (80u << 20)
#define HZ_INDEX_ROW     52
#define HZ_INLINE_ADDRS  8
#define HZ_PAGE_ADDRS    ((size_t)2040)
#define HZ_EPOCH_OBJECTS 4096
#define HZ_EPOCH_SECONDS ((int64_t)30 * 86400)
#define HZ_GENERAL       1u
#define HZ_IDENTITIES    2u
#define HZ_QUICK_MAX     64
#define HZ_NO_LOG        0xFFFFFFFFu

/* One shared key in clear, inside the locked arena. */
struct hz_shared_key {
	struct hz_key_name name;
	uint8_t key[32];
};
/* All secrets of an open vault: one guarded allocation. */
struct hz_secrets {
	struct hz_member_keys me;
	struct hz_ed_key checkpoint; /* of the current log */
	size_t n, cap;
	struct hz_shared_key keys[];
};

struct hz_counters {
	uint64_t seg_high, next_exhibit, next_object, next_record;
	uint32_t next_case, log;
};
struct hz_actor { /* this member's chain in the current log */
	uint64_t next;
	uint8_t head[32];
};
struct hz_epoch_state {
	uint32_t compartment, epoch, objects;
	uint64_t begun;
	char name[32];
};
struct hz_vault {
	char *path;
	int dirfd, lockfd;
	enum hz_vault_mode mode;
	bool force_fs, no_outside_pin, no_wait;
	bool mark_at_close; /* a writer that opened well, within a session */
	struct hz_store *store;
	struct hz_vault_info info;
	struct hz_keyring kr;
	struct hz_secrets *sec; /* NULL when locked */
	uint8_t member[16];
	char kid[HZ_KID_LEN + 1];
	struct hz_counters ct;
	struct hz_log_info log;         /* the current one */
	struct hz_buf note;             /* its last checkpoint */
	struct hz_epoch_state epoch[3]; /* by compartment; 0 unused */
	int64_t pin_written_ns;
	struct hz_gate *gate; /* keeps workers out while the map grows */
	struct hz_recent *recent;
};

struct hz_tiles_over;
struct hz_view {
	struct hz_vault *v;
	struct hz_txn *t;
	bool own;
	struct hz_tiles_over *trees;
};

/* row.c: values [F-11.3], keyed index [F-11.4]. */
HZ_RESULT hz_row_set(struct hz_vault *v, struct hz_txn *t, unsigned table, const void *k, size_t kn,
    const struct hz_buf *content, bool append);
/* Appends the content to out. HZ_ERR_NOT_FOUND; HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_row_get(
    struct hz_vault *v, struct hz_txn *t, unsigned table, const void *k, size_t kn, struct hz_buf *out);
HZ_RESULT hz_row_open(struct hz_vault *v, unsigned table, const void *k, size_t kn, const uint8_t *row,
    size_t n, struct hz_buf *out);
void hz_index_key(
    struct hz_vault *v, uint32_t compartment, uint8_t type, const void *a, size_t an, uint8_t ret[static 32]);
HZ_RESULT hz_index_set(struct hz_vault *v, struct hz_txn *t, const uint8_t key[static 32], uint64_t value);
/* *ret_value 0 when absent. */
HZ_RESULT hz_index_get(
    struct hz_vault *v, struct hz_txn *t, const uint8_t key[static 32], uint64_t *ret_value);
/* A shared key by name; NULL when this member has none. */
const uint8_t *hz_vault_key(const struct hz_vault *v, uint8_t type, uint32_t compartment, uint32_t epoch);
uint32_t hz_vault_newest_epoch(const struct hz_vault *v, uint8_t type, uint32_t compartment);

/* pack.c: signed texts in rows without their base64 [F-11.8]. */
#define HZ_EVENT_TYP "hirz-event+jws"
HZ_RESULT hz_put_jws(struct hz_buf *b, const char *typ, const uint8_t *jws, size_t n);
HZ_RESULT hz_get_jws(struct hz_rd *rd, const char *typ, size_t max, struct hz_buf *out);
/* Disclosures joined by '~' to packed ones, and back. */
HZ_RESULT hz_pack_disclosures(const struct hz_buf *joined, struct hz_buf *out);
HZ_RESULT hz_unpack_disclosures(const uint8_t *p, size_t n, struct hz_buf *joined);

/* rows.c: contents [F-11.8]. */
HZ_RESULT hz_put_ref(struct hz_buf *b, struct hz_ref r);
HZ_RESULT hz_get_ref(struct hz_rd *r, struct hz_ref *ret);
HZ_RESULT hz_meta_load(struct hz_vault *v, struct hz_txn *t);
HZ_RESULT hz_counters_save(struct hz_vault *v, struct hz_txn *t);
HZ_RESULT hz_vault_row_save(struct hz_vault *v, struct hz_txn *t, uint64_t created);
HZ_RESULT hz_log_row_load(
    struct hz_vault *v, struct hz_txn *t, uint32_t no, struct hz_log_info *ret, struct hz_buf *note);
HZ_RESULT hz_log_row_save(
    struct hz_vault *v, struct hz_txn *t, const struct hz_log_info *l, const struct hz_buf *note);
HZ_RESULT hz_actor_load(struct hz_vault *v, struct hz_txn *t, struct hz_actor *ret);
HZ_RESULT hz_actor_save(struct hz_vault *v, struct hz_txn *t, const struct hz_actor *a);
struct hz_member_row {
	uint64_t next_seq;
	uint8_t head[32];
	struct hz_ref at;
	char name[128];
};
HZ_RESULT hz_member_row_load(
    struct hz_vault *v, struct hz_txn *t, const uint8_t id[static 16], struct hz_member_row *ret);
HZ_RESULT hz_member_row_save(
    struct hz_vault *v, struct hz_txn *t, const uint8_t id[static 16], const struct hz_member_row *m);
HZ_RESULT hz_epoch_load(struct hz_vault *v, struct hz_txn *t, uint32_t compartment);
HZ_RESULT hz_epoch_save(struct hz_vault *v, struct hz_txn *t, uint32_t compartment);
struct hz_keyring_row {
	uint8_t hash[32];
	struct hz_ref at;
};
HZ_RESULT hz_keyring_row_load(struct hz_vault *v, struct hz_txn *t, struct hz_keyring_row *ret);
HZ_RESULT hz_keyring_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_keyring_row *k);
HZ_RESULT hz_exhibit_row_read(
    struct hz_vault *v, uint64_t no, const uint8_t *p, size_t n, struct hz_exhibit *ret);
HZ_RESULT hz_exhibit_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_exhibit *e, bool append);
/* derived.c: the key of an exhibit's row [F-11.2]; returns its length. */
#define HZ_EXHIBIT_KEY_MAX 17
size_t hz_exhibit_key_put(uint64_t no, uint8_t ret[static HZ_EXHIBIT_KEY_MAX]);
/* The counter that a key stands for; false for a key of another form. */
bool hz_exhibit_key_get(const uint8_t *k, size_t n, uint64_t *ret_no);
/* The counter behind "117" or "117.1"; 0 where it is none. */
uint64_t hz_number_read(const char *s);
void hz_number_text(const char *desk, uint64_t no, char ret[static HZ_NUMBER_MAX]);
void hz_id_text(const char *prefix, const uint8_t id[static 16], char ret[static HZ_ID_TEXT]);
HZ_RESULT hz_record_row_save(
    struct hz_vault *v, struct hz_txn *t, const struct hz_record_row *r, bool sealed);

/* keys.c: keyring on disk, secrets in memory. */
HZ_RESULT hz_keys_read_file(struct hz_vault *v, const char *name, struct hz_keyring *ret);
HZ_RESULT hz_keys_unlock(struct hz_vault *v, const struct hz_unlock *unlock);
HZ_RESULT hz_keys_load_shared(struct hz_vault *v); /* opens this member's wraps into v->sec */
HZ_RESULT hz_keys_add(
    struct hz_vault *v, const struct hz_key_name *name, const uint8_t key[static 32]); /* wrap + secrets */
HZ_RESULT hz_keys_stage(struct hz_vault *v);   /* writes and syncs keyring.new */
HZ_RESULT hz_keys_publish(struct hz_vault *v); /* rename, sync, keyring.2 */
HZ_RESULT hz_keys_pick(
    struct hz_vault *v, const uint8_t named[static 32]); /* the file that the log names wins */
HZ_RESULT hz_secrets_new(size_t cap, struct hz_secrets **ret);

/* session.c */
HZ_RESULT hz_session_load(struct hz_vault *v, bool *ret_found);
/* The session's key for marks and the name of this vault's mark; false without a session. The caller wipes
 * the key. */
bool hz_session_mark(const uint8_t vault_id[static 16], uint8_t ret_key[static 32], char ret_name[static 33]);

/* mark.c [F-11.12]. Nothing here fails loudly: without a mark the walker goes. */
bool hz_mark_good(const struct hz_vault *v);
/* Without a look at session and place: is the mark of this name, under this key, one of the file as it is;
 * and writing it. */
bool hz_mark_is(const struct hz_vault *v, const uint8_t key[static 32], const char *name);
void hz_mark_put(const struct hz_vault *v, const struct hz_store_stamp *st, const uint8_t key[static 32],
    const char *name);
void hz_mark_drop(const struct hz_vault *v);
void hz_mark_write(const struct hz_vault *v, const struct hz_store_stamp *st);
/* Walks; *ret_stamped when a mark may be written over what was walked. wait: up to 20 ms, until the time of
 * the last change is old enough to tell it from a later one. The environment must be closed. */
HZ_RESULT hz_mark_walk(const struct hz_vault *v, bool wait, bool *ret_stamped, struct hz_store_stamp *ret_st);
/* After a writer's work: walks what it leaves and marks it. Keeps the failure of the work. */
void hz_mark_close(const struct hz_vault *v);

/* clock.c: what the clocks say [F-8.20]. */
void hz_clock_now(const struct hz_vault *v, struct hz_clock *c); /* c->there: boot and sync are known */
bool hz_clock_due(const struct hz_clock *last, const struct hz_clock *now);
/* Newest reading in the current log; not there where it has none. */
HZ_RESULT hz_clock_row_load(struct hz_vault *v, struct hz_txn *t, struct hz_clock *ret);
HZ_RESULT hz_clock_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_clock *c);

/* log.c: events into the current log inside a write transaction. */
struct hz_logger;
HZ_RESULT hz_logger_open(struct hz_vault *v, struct hz_txn *t, struct hz_logger **ret_l);
void hz_logger_close(struct hz_logger **l);
void hz_logger_txn(struct hz_logger *l, struct hz_txn *t); /* the next transaction */
/* Fills log, t, aseq, aprev; signs; stores; links: previous event of the subject, record. */
HZ_RESULT hz_logger_event(struct hz_logger *l, struct hz_event *e, struct hz_links links,
    struct hz_ref *ret_at, uint8_t ret_leaf[static 32]);
/* Tiles, checkpoint, log row, actor row, into the transaction; the vault's own state follows in
 * hz_logger_done. */
/* The leaf hash of the log's own event 0, kept in its row. */
HZ_RESULT hz_logger_event0(struct hz_logger *l, const uint8_t leaf[static 32]);
HZ_RESULT hz_logger_finish(struct hz_logger *l);
void hz_logger_done(struct hz_logger *l); /* after the commit */
uint64_t hz_logger_pending(const struct hz_logger *l);
/* What a tree's tiles hang on; must outlive the tree. */
struct hz_tiles_over {
	struct hz_vault *v;
	struct hz_txn *t;
	uint32_t log;
	struct hz_tiles_over *next; /* a view's list */
};
HZ_RESULT hz_tree_over(struct hz_tiles_over *o, uint64_t size, struct hz_tree **ret_t);

/* pin.c */
/* A folder in the user's state folder ("hirz/pins"), made when it is not there. */
HZ_RESULT hz_state_dir(const char *name, int *ret_fd);
HZ_RESULT hz_pins_check(struct hz_vault *v);
HZ_RESULT hz_pins_write(struct hz_vault *v, bool now);
HZ_RESULT hz_pin_inside_read(
    int dirfd, struct hz_checkpoint *ret_c, char *ret_vkey, uint8_t ret_event0[static 32]);

/* agree.c: a field of a record is just this; the record is of that event. */
bool hz_field_is_hash(const struct hz_record *r, const char *name, const uint8_t h[static 32]);
bool hz_field_is_number(const struct hz_record *r, const char *name, uint64_t v);
bool hz_row_is_at(const struct hz_record_row *row, struct hz_ref at);

/* outward.c: remembers in the write transaction under w that a checkpoint of this size leaves the vault. */
HZ_RESULT hz_given_note(struct hz_view *w, uint32_t log, uint64_t size);

/* recent.c: quick keys asked for in this run. */
HZ_RESULT hz_recent_new(struct hz_recent **ret_r);
void hz_recent_free(struct hz_recent **r);
bool hz_recent_add(struct hz_recent *r, const uint8_t key[static 32]); /* true when it was there */

/* open.c: maps data.mdb, which the walker has passed, and reads the vault's state: log, keyring, pins. */
HZ_RESULT hz_vault_load(struct hz_vault *v);
/* open.c: a handle on the folder, nothing read yet. */
HZ_RESULT hz_vault_handle(const char *path, struct hz_vault **ret);

/* A write transaction with room in the map. */
HZ_RESULT hz_write_begin(struct hz_vault *v, struct hz_txn **ret_t);
HZ_RESULT hz_lock_writer(struct hz_vault *v);
/* Deletes segments above the highest number in use: a dead run's, never acknowledged [F-11.11]. */
HZ_RESULT hz_remove_orphans(struct hz_vault *v);

#endif
