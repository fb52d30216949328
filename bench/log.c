/* The custody log at size: events are signed, chained and appended as a vault appends them (custody's tree
 *over tiles in a store, one checkpoint a batch), but into a store of their own and not encrypted, for a
 *vault's exhibits would take weeks to make. Prints, as JSON lines, at every power of ten: time of an append,
 *of a checkpoint, of an inclusion proof; then the full audit of all events beside the bare signature checks
 *of the same bytes, in turns, on so many workers.
 *
 *	log DIR EVENTS [WORKERS]        DIR is made, and removed again with everything in it
 *	log --prove DIR                 proofs alone, of a log that another run has just made
 */
#include "base/buf.h"
#include "base/enc.h"
#include "base/pool.h"
#include "custody/trail.h"
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH    ((uint64_t)1000) /* events of one transaction, as design: batches */
#define CHUNK    ((uint64_t)256)
#define PROOFS   ((unsigned)500)
#define ROUND    ((uint64_t)40960)   /* events of one round of the comparison */
#define COMPARED ((uint64_t)2000000) /* about so many events are checked in both ways */
#define SUBJECTS ((uint64_t)10)      /* one event in so many begins an exhibit */

enum { EVENTS = 1, TILES };

static const char ORIGIN[] = "hirz.invalid/00112233445566778899aabbccddeeff/01234567";

struct bench {
	struct hz_store *store;
	struct hz_txn *t; /* of the tree's loads and stores */
	struct hz_tree *tree;
	struct hz_ed_key member, log;
	char kid[HZ_KID_LEN + 1], vkey[HZ_VKEY_MAX];
	uint8_t last[32]; /* leaf of the newest event */
	uint64_t aseq;
	uint8_t ex[16], ex_head[32]; /* the exhibit at hand */
	uint64_t ex_seq;
	struct hz_buf jws, note;
	bool raw; /* the comparison: signatures only */
	struct hz_trail *trail;
	uint64_t from, to;
};

static void
must(enum hz_err err, const char *what)
{
	if (err != HZ_OK) {
		(void)fprintf(stderr, "log: %s: %s\n", what, hz_fail_detail());
		_exit(1);
	}
}

static double
now(void)
{
	return (double)hz_time_boot_ns() / 1e9;
}

static double
cpu(void)
{
	struct rusage r;
	(void)getrusage(RUSAGE_SELF, &r);
	return (double)r.ru_utime.tv_sec + (double)r.ru_stime.tv_sec +
	       ((double)r.ru_utime.tv_usec + (double)r.ru_stime.tv_usec) / 1e6;
}

/* --- tiles in the store --- */

static void
tile_key(unsigned level, uint64_t tile, uint8_t k[static 9])
{
	k[0] = (uint8_t)level;
	hz_be64(k + 1, tile);
}

static enum hz_err
tile_load(void *arg, unsigned level, uint64_t tile, uint8_t ret[static 8192], size_t *ret_n)
{
	struct bench *b = arg;
	const uint8_t *p = NULL;
	size_t n = 0;
	uint8_t k[9];
	tile_key(level, tile, k);
	enum hz_err err = hz_get(b->t, TILES, k, sizeof k, &p, &n);
	if (err == HZ_OK) {
		memcpy(ret, p, n);
		*ret_n = n / 32;
	}
	return err;
}

static enum hz_err
tile_store(void *arg, unsigned level, uint64_t tile, const uint8_t *hashes, size_t n)
{
	struct bench *b = arg;
	uint8_t k[9];
	tile_key(level, tile, k);
	return hz_set(b->t, TILES, k, sizeof k, hashes, n * 32);
}

static const struct hz_tiles_ops tiles = { tile_load, tile_store };

/* --- growing --- */

static void
init_event(struct bench *b, struct hz_event *e)
{
	static const uint8_t vault[16] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa,
		0xbb, 0xcc, 0xdd, 0xee, 0xff };
	e->act = HZ_ACT_INIT;
	e->has_init = e->has_keyring = true;
	(void)snprintf(e->ex, sizeof e->ex, "mb-000102030405060708090a0b0c0d0e0f");
	memcpy(e->init.vault_id, vault, 16);
	memcpy(e->init.event_pk, b->member.pk, 32);
	memcpy(e->init.bundle_pk, b->member.pk, 32);
	memcpy(e->init.x25519_pk, b->member.pk, 32);
	memcpy(e->init.member, e->ex, sizeof e->ex);
	memcpy(e->init.checkpoint, b->vkey, sizeof b->vkey);
	e->init.roles = HZ_ROLE_DOCUMENTER | HZ_ROLE_ANALYST;
}

/* An exhibit is acquired; then it is looked at some times. */
static void
next_event(struct bench *b, uint64_t index, struct hz_event *e)
{
	char hex[33];
	bool acquire = (index - 1) % SUBJECTS == 0;
	if (acquire) {
		hz_random_nonce(b->ex, sizeof b->ex);
		b->ex_seq = 0;
	}
	hz_hex(hex, b->ex, 16);
	(void)snprintf(e->ex, sizeof e->ex, "ex-%s", hex);
	e->act = acquire ? HZ_ACT_ACQUIRE : HZ_ACT_ACCESS;
	e->seq = b->ex_seq;
	e->has_prev = b->ex_seq > 0;
	memcpy(e->prev, b->ex_head, 32);
	e->has_rec = true;
	e->has_obj = e->has_hdr = e->has_com = acquire;
	e->obj_size = 1048;
	hz_sha256(&index, sizeof index, e->rec);
}

static void
append(struct bench *b, uint64_t index, struct hz_event *e)
{
	uint8_t k[8], leaf[32];
	memset(e, 0, sizeof *e);
	(void)snprintf(e->log, sizeof e->log, "%s", ORIGIN);
	e->t = 1800000000 + (int64_t)(index / 100);
	e->aseq = b->aseq;
	e->has_aprev = b->aseq > 0;
	memcpy(e->aprev, b->last, 32);
	if (index == 0) {
		init_event(b, e);
	} else {
		next_event(b, index, e);
	}
	hz_buf_clear(&b->jws);
	must(hz_event_sign_kid(e, &b->member, b->kid, &b->jws), "sign");
	hz_leaf_hash(b->jws.p, b->jws.len, leaf);
	hz_be64(k, index);
	must(hz_append(b->t, EVENTS, k, sizeof k, b->jws.p, b->jws.len), "append");
	must(hz_tree_append(b->tree, leaf), "tree");
	memcpy(b->last, leaf, 32);
	memcpy(b->ex_head, leaf, 32);
	b->aseq++;
	b->ex_seq++;
}

/* Root, tiles, signature: what a checkpoint costs, without the commit that makes it durable. */
static double
checkpoint(struct bench *b)
{
	struct hz_checkpoint c = { .size = hz_tree_size(b->tree) };
	double begun = now();
	(void)snprintf(c.origin, sizeof c.origin, "%s", ORIGIN);
	must(hz_tree_root(b->tree, c.root), "root");
	must(hz_tree_flush(b->tree), "tiles");
	hz_buf_clear(&b->note);
	must(hz_checkpoint_sign(&c, &b->log, &b->note), "checkpoint");
	return now() - begun;
}

/* One proof, from the store and from nothing remembered but what the system has in memory. */
static double
one_proof(struct bench *b, uint64_t index, uint64_t size)
{
	uint8_t root[32], proof[HZ_PROOF_MAX][32], k[8], leaf[32];
	const uint8_t *p = NULL;
	size_t n = 0, len = 0;
	struct hz_tree *tree = NULL;
	double begun = now();
	must(hz_tree_open(&tiles, b, size, &tree), "tree");
	must(hz_tree_inclusion(tree, index, size, proof, &n), "proof");
	must(hz_tree_root(tree, root), "root");
	double took = now() - begun;
	hz_tree_close(&tree);
	hz_be64(k, index);
	must(hz_get(b->t, EVENTS, k, sizeof k, &p, &len), "event");
	hz_leaf_hash(p, len, leaf);
	must(hz_inclusion_verify(leaf, index, size, proof, n, root), "the proof is wrong");
	return took;
}

struct proofs {
	double mean, worst; /* seconds: pages in memory */
	double first;       /* mean of the first time: what the system does not have comes from the disk */
};

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/* Proofs of events all over the log, each event twice: once it is seldom in memory, once it is. */
static struct proofs
prove(struct bench *b, uint64_t size)
{
	struct proofs r = { 0, 0, 0 };
	uint64_t index[PROOFS];
	hz_random_nonce(index, sizeof index);
	for (unsigned i = 0; i < PROOFS; i++) {
		index[i] %= size;
	}
	qsort(index, PROOFS, sizeof index[0], by_value);
	must(hz_txn_begin(b->store, false, &b->t), "view");
	for (unsigned i = 0; i < PROOFS; i++) {
		r.first += one_proof(b, index[i], size) / PROOFS;
		double took = one_proof(b, index[i], size);
		r.mean += took / PROOFS;
		r.worst = took > r.worst ? took : r.worst;
	}
	hz_txn_abort(&b->t);
	return r;
}

static void
grow(struct bench *b, uint64_t events)
{
	struct hz_event *e = calloc(1, sizeof *e);
	double appending = 0, note_sum = 0, note_worst = 0, commits = 0;
	uint64_t since = 0, notes = 0, next = 1000;
	must(e == NULL ? hz_fail(HZ_MSG_NOMEM, "an event") : HZ_OK, "memory");
	must(hz_txn_begin(b->store, true, &b->t), "write");
	must(hz_tree_open(&tiles, b, 0, &b->tree), "tree");
	for (uint64_t i = 0; i < events;) {
		double begun = now();
		for (uint64_t k = 0; k < BATCH && i < events; k++, i++, since++) {
			append(b, i, e);
		}
		appending += now() - begun;
		double took = checkpoint(b);
		note_sum += took;
		note_worst = took > note_worst ? took : note_worst;
		notes++;
		begun = now();
		must(hz_txn_commit(&b->t), "commit");
		commits += now() - begun;
		hz_store_drop_pages(b->store);
		if (i == next || i == events) {
			struct proofs pr = prove(b, i);
			(void)printf("{\"v\":1,\"type\":\"log\",\"events\":%llu,\"append_us\":%.1f,"
				     "\"commit_us\":%.1f,\"checkpoint_ms\":%.3f,\"checkpoint_worst_ms\":%.3f,"
				     "\"proof_ms\":%.3f,\"proof_worst_ms\":%.3f,"
				     "\"proof_first_ms\":%.3f}\n",
			    (unsigned long long)i, appending / (double)since * 1e6,
			    commits / (double)since * 1e6, note_sum / (double)notes * 1e3, note_worst * 1e3,
			    pr.mean * 1e3, pr.worst * 1e3, pr.first * 1e3);
			(void)fflush(stdout);
			appending = note_sum = note_worst = commits = 0;
			since = notes = 0;
			next *= 10;
		}
		must(hz_txn_begin(b->store, true, &b->t), "write");
	}
	hz_txn_abort(&b->t);
	hz_tree_close(&b->tree);
	free(e);
}

/* --- the audit --- */

struct chunk {
	uint64_t n;
	struct hz_fact f[CHUNK];
};

/* What a signature check needs of a JWS and nothing else: the bytes that are signed, and the signature. */
static bool
bare(const struct bench *b, const uint8_t *p, size_t n)
{
	uint8_t sig[64];
	size_t got = 0;
	return n > 87 &&
	       hz_b64_get(HZ_B64_URL, (const char *)p + n - 86, 86, sig, sizeof sig, &got) == HZ_OK &&
	       hz_ed_verify(b->member.pk, p, n - 87, sig);
}

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct bench *b = arg;
	struct hz_txn *t = NULL;
	struct chunk *c = calloc(1, sizeof *c);
	uint64_t i = b->from + item * CHUNK, end = i + CHUNK < b->to ? i + CHUNK : b->to;
	enum hz_err err = c == NULL ? hz_fail(HZ_MSG_NOMEM, "events") : hz_txn_begin(b->store, false, &t);
	for (; err == HZ_OK && i < end; i++) {
		const uint8_t *p = NULL;
		size_t n = 0;
		uint8_t k[8];
		hz_be64(k, i);
		err = hz_get(t, EVENTS, k, sizeof k, &p, &n);
		if (err == HZ_OK && b->raw) {
			err = bare(b, p, n) ? HZ_OK : hz_fail(HZ_MSG_TAMPERED, "signature");
		} else if (err == HZ_OK) {
			err = hz_trail_look(hz_trail_signers(b->trail), i, p, n, true, state, &c->f[c->n++]);
		}
	}
	hz_txn_abort(&t);
	if (err == HZ_OK && !b->raw) {
		err = hz_lane_send(lane, (struct hz_pool_msg){ .kind = 1, .p = c, .cost = sizeof *c });
		c = err == HZ_OK ? NULL : c;
	}
	free(c);
	return err;
}

static enum hz_err
worker_new(void **ret, void *arg)
{
	(void)arg;
	*ret = calloc(1, sizeof(struct hz_event));
	return *ret == NULL ? hz_fail(HZ_MSG_NOMEM, "an event") : HZ_OK;
}

static void
worker_free(void *state, void *arg)
{
	(void)arg;
	free(state);
}

static void
drop(struct hz_pool_msg *m, void *arg)
{
	(void)arg;
	free(m->p);
}

static void
range(struct bench *b, unsigned workers)
{
	static const struct hz_pool_ops ops = { work, worker_new, worker_free, drop };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	enum hz_err end = HZ_OK;
	must(hz_pool_start(&ops, b, (b->to - b->from + CHUNK - 1) / CHUNK, workers, 4u << 20, &pool), "pool");
	while (hz_pool_next(pool, &m, &end)) {
		if (m.kind == 0) {
			must(end == HZ_OK ? HZ_OK : hz_fail_restore(hz_pool_failure(pool)), "audit");
			continue;
		}
		const struct chunk *c = m.p;
		for (uint64_t i = 0; i < c->n; i++) {
			must(hz_trail_add(b->trail, &c->f[i]), "trail");
		}
		free(m.p);
	}
	hz_pool_stop(&pool);
	hz_store_drop_pages(b->store);
}

static void
found(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail)
{
	(void)arg;
	(void)log;
	if (hz_trail_level(what) == HZ_TRAIL_FAILED) {
		(void)fprintf(stderr, "log: event %llu: %s: %s\n", (unsigned long long)index,
		    hz_trail_word(what), detail);
		_exit(1);
	}
}

struct spent {
	double wall, cpu;
};

static void
measured(struct bench *b, unsigned workers, bool raw, struct spent *s)
{
	double wall = now(), used = cpu();
	b->raw = raw;
	range(b, workers);
	s->wall += now() - wall;
	s->cpu += cpu() - used;
}

static void
audit(struct bench *b, uint64_t events, unsigned workers)
{
	static const struct hz_trail_ops ops = { found };
	struct spent bare_s = { 0, 0 }, full = { 0, 0 }, rest = { 0, 0 };
	struct hz_checkpoint c;
	const uint8_t *p = NULL;
	size_t n = 0;
	static const uint8_t first[8];
	must(hz_trail_new(&ops, NULL, &b->trail), "trail");
	must(hz_txn_begin(b->store, false, &b->t), "view");
	must(hz_get(b->t, EVENTS, first, sizeof first, &p, &n), "event 0");
	must(hz_trail_log(b->trail, p, n), "event 0");
	hz_txn_abort(&b->t);
	uint64_t compared = 0, each = events / COMPARED + 1;
	for (b->from = 0; b->from < events; b->from = b->to) {
		uint64_t round = b->from / ROUND;
		b->to = b->from + ROUND < events ? b->from + ROUND : events;
		if (round % each != 0) {
			measured(b, workers, false, &rest);
			continue;
		}
		/* In turns, and each in front of the other as often as behind. */
		bool raw_first = round / each % 2 == 0;
		measured(b, workers, raw_first, raw_first ? &bare_s : &full);
		measured(b, workers, !raw_first, raw_first ? &full : &bare_s);
		compared += b->to - b->from;
	}
	must(hz_trail_checkpoint(b->trail, b->note.p, b->note.len, &c), "the log does not end as signed");
	struct rusage r;
	(void)getrusage(RUSAGE_SELF, &r);
	(void)printf(
	    "{\"v\":1,\"type\":\"audit\",\"events\":%llu,\"workers\":%u,\"seconds\":%.1f,"
	    "\"compared\":%llu,\"events_s\":%.0f,\"bare_s\":%.0f,\"of_bare_wall\":%.3f,\"of_bare_cpu\":%.3f,"
	    "\"peak_rss_mib\":%ld}\n",
	    (unsigned long long)events, workers, full.wall + rest.wall, (unsigned long long)compared,
	    (double)compared / full.wall, (double)compared / bare_s.wall, bare_s.wall / full.wall,
	    bare_s.cpu / full.cpu, r.ru_maxrss / 1024);
	hz_trail_free(&b->trail);
}

static void
keys(struct bench *b)
{
	struct hz_buf v = HZ_BUF_INIT(HZ_VKEY_MAX);
	uint8_t seed[32] = { 1 };
	hz_ed_key_from_seed(seed, &b->member);
	seed[0] = 2;
	hz_ed_key_from_seed(seed, &b->log);
	hz_kid(b->member.pk, b->kid);
	must(hz_vkey_write(ORIGIN, b->log.pk, &v), "vkey");
	memcpy(b->vkey, v.p, v.len);
	hz_buf_done(&v);
	b->jws = (struct hz_buf)HZ_BUF_INIT(HZ_EVENT_MAX);
	b->note = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
}

static int
prove_only(struct bench *b, const char *dir)
{
	const struct hz_store_opts so = {
		.read_only = true, .force_fs = true, .skip_walk = true, .tables = TILES
	};
	uint64_t n = 0;
	must(hz_store_open(dir, &so, &b->store), "store");
	must(hz_txn_begin(b->store, false, &b->t), "view");
	must(hz_table_count(b->t, EVENTS, &n), "events");
	hz_txn_abort(&b->t);
	struct proofs pr = prove(b, n);
	(void)printf("{\"v\":1,\"type\":\"proofs\",\"events\":%llu,\"proof_ms\":%.3f,"
		     "\"proof_worst_ms\":%.3f,\"proof_first_ms\":%.3f}\n",
	    (unsigned long long)n, pr.mean * 1e3, pr.worst * 1e3, pr.first * 1e3);
	hz_store_close(&b->store);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct bench b;
	if (argc == 3 && strcmp(argv[1], "--prove") == 0) {
		must(hz_crypto_init(), "crypto");
		return prove_only(&b, argv[2]);
	}
	const struct hz_store_opts so = { .create = true, .force_fs = true, .tables = TILES };
	uint64_t events = 0, workers = 2;
	if (argc < 3 || argc > 4 || hz_parse_u64(argv[2], strlen(argv[2]), 1000000000, &events) != HZ_OK ||
	    events < 2 ||
	    (argc == 4 && (hz_parse_u64(argv[3], strlen(argv[3]), 16, &workers) != HZ_OK || workers == 0))) {
		(void)fprintf(stderr, "log DIR EVENTS [WORKERS]\n");
		return 2;
	}
	must(hz_crypto_init(), "crypto");
	if (mkdir(argv[1], 0700) != 0) {
		(void)fprintf(stderr, "log: %s: %s\n", argv[1], strerrordesc_np(errno));
		return 1;
	}
	must(hz_store_open(argv[1], &so, &b.store), "store");
	keys(&b);
	grow(&b, events);
	audit(&b, events, (unsigned)workers);
	hz_store_close(&b.store);
	hz_buf_done(&b.jws);
	hz_buf_done(&b.note);
	for (size_t i = 0; i < 2; i++) {
		char path[4096];
		(void)snprintf(path, sizeof path, "%s/%s", argv[1], i == 0 ? "data.mdb" : "lock.mdb");
		(void)unlink(path);
	}
	(void)rmdir(argv[1]);
	return 0;
}
