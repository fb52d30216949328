/* --tsa-ca, --untrusted, --crl, --ocsp, --block-header: what is known from outside of those who make time
 * stamps. */
#ifndef HZ_CLI_VOUCH_H
#define HZ_CLI_VOUCH_H

#include "anchor/anchor.h"
#include "cli/cli.h"

#define HZ_VOUCH_FILES 16 /* revocation lists, and as many OCSP answers */

struct hz_vouch {
	struct hz_buf cas, more, blocks;
	struct hz_buf lists[HZ_VOUCH_FILES], answers[HZ_VOUCH_FILES];
	struct hz_tsa_bytes crls[HZ_VOUCH_FILES], ocsps[HZ_VOUCH_FILES];
	struct hz_anchor_given given; /* borrows all of it */
};
void hz_vouch_init(struct hz_vouch *g);
/* Reads the files that the command names; more: the command has --untrusted. HZ_MSG_USAGE, HZ_MSG_FORMAT,
 * HZ_MSG_LIMIT with the name of the file; errors of files. */
HZ_RESULT hz_vouch_read(struct hz_cli *cli, bool more, struct hz_vouch *g);
void hz_vouch_done(struct hz_vouch *g);

/* A small file, whole, with its name in what goes wrong; and a failure about such a file. */
HZ_RESULT hz_vouch_file(const char *path, size_t max, struct hz_buf *out);
HZ_RESULT hz_vouch_in(enum hz_err r, const char *path);

#endif
