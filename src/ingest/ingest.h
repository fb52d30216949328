/* Files into the vault: collected, read once by workers, sealed, and acknowledged after the commit that holds
 * them (docs/format.md [F-11.11]).
 *
 * given = sealed + duplicate + refused + failed: every operand and every entry of a folder has one result. */
#ifndef HZ_INGEST_INGEST_H
#define HZ_INGEST_INGEST_H

#include "vault/vault.h"

enum hz_ingest_result {
	HZ_INGEST_SEALED,    /* new in the vault (in a dry run: would be) */
	HZ_INGEST_DUPLICATE, /* its bytes are in the vault: a further receipt, or nothing for a file seen
				before */
	HZ_INGEST_REFUSED,   /* empty, not a regular file, changed while it was read */
	HZ_INGEST_FAILED     /* could not be read */
};

/* What is known about all files of one call. Texts are UTF-8 (hz_ingest_check), NULL or empty where not
 * given. */
struct hz_ingest_opts {
	const char *title, *source, *from, *where, *when, *lang;
	const char *note;      /* a remark; with HZ_CONSENT_NONE_NEEDED the basis */
	const char *case_code; /* exhibits become members of this case, which is made where it is new */
	enum hz_consent consent;
	const char *consent_ref; /* with HZ_CONSENT_GIVEN */
	const char *stdin_name;  /* file name of what comes from standard input */
	bool recursive, dry_run;
	bool allow_unsandboxed; /* ask hirz-inspect although it has no sandbox here */
	bool want_hash;         /* also give the hash of files that were seen before (one more row to open) */
	unsigned workers;       /* 0: 3 for large files, 8 for small ones */
};

struct hz_ingest_item {
	enum hz_ingest_result result;
	const char *path;      /* as given, then below the folder; any bytes */
	const char *number;    /* of the exhibit; NULL where there is none */
	const uint8_t *sha256; /* 32 bytes; NULL where not known */
	uint64_t size;
	bool receipt;                     /* a duplicate of which a further receipt was recorded */
	const struct hz_failure *failure; /* refused and failed */
};

/* All may be NULL. Called in the thread that runs hz_ingest_run. */
struct hz_ingest_ops {
	void (*collected)(void *arg, uint64_t files, uint64_t bytes);
	void (*progress)(void *arg, uint64_t files, uint64_t bytes);
	/* In the order of the files; sealed and duplicate only after the commit. */
	void (*item)(void *arg, const struct hz_ingest_item *item);
	/* After a group of items: a moment to write them out. */
	void (*flush)(void *arg);
};

struct hz_ingest_sum {
	uint64_t given, sealed, duplicate, refused, failed;
	uint64_t bytes;                                 /* of the sealed */
	char first[HZ_NUMBER_MAX], last[HZ_NUMBER_MAX]; /* of the sealed; empty: none */
	bool case_made;                                 /* the case was new */
};

/* Checks options and operands before anything is read: texts (UTF-8, no control characters that end a line,
 * at most HZ_FIELD_VALUE_MAX bytes), date, consent, case code. HZ_MSG_USAGE. */
HZ_RESULT hz_ingest_check(const struct hz_ingest_opts *opts, const char *const *paths, size_t npaths);

/* Seals what the paths name ("-" is standard input). v is open for writing (for a dry run, reading is
 * enough). *sum counts what was acknowledged, whatever is returned. A file that cannot be added is an item,
 * not an error; errors are those of the vault, HZ_MSG_NOMEM, and HZ_ERR_CANCELLED after a signal, when what
 * was complete has been committed. After any other error nothing of the batch in hand is acknowledged. */
HZ_RESULT hz_ingest_run(struct hz_vault *v, const struct hz_ingest_opts *opts, const char *const *paths,
    size_t npaths, const struct hz_ingest_ops *ops, void *arg, struct hz_ingest_sum *sum);

/* A claimed time: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-MM-DDTHH:MM[:SS] (a space for T, a Z at the end are fine),
 * two of them with .. between, or one after ~. Digits may be Arabic-Indic. Days of the calendar only. */
#define HZ_CLAIMED_DAY 11
struct hz_claimed {
	char from[HZ_CLAIMED_DAY], to[HZ_CLAIMED_DAY]; /* first and last day, YYYY-MM-DD */
	const char *precision;                         /* word of [F-7.5], static */
};
/* HZ_MSG_USAGE. */
HZ_RESULT hz_claimed_parse(const char *text, struct hz_claimed *ret_w);

#endif
