/* What is known from outside of those who make time stamps: files on the command line. */
#include "cli/vouch.h"

#include "base/enc.h"
#include "base/fd.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* Says in which file the fault lies. */
HZ_RESULT
hz_vouch_in(enum hz_err r, const char *path)
{
	return r == HZ_OK ? r : hz_fail(hz_fail_msg(), "%s: %s", path, hz_fail_detail());
}

HZ_RESULT
hz_vouch_file(const char *path, size_t max, struct hz_buf *out)
{
	return hz_vouch_in(hz_file_read(AT_FDCWD, path, max, out), path);
}

/* Files of certificates, one behind the other. */
static enum hz_err
read_certs(struct hz_cli *cli, const char *option, struct hz_buf *out)
{
	struct hz_buf one = HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	const char *path;
	size_t at = 0;
	unsigned n = 0;
	enum hz_err r = HZ_OK;

	while (r == HZ_OK && (path = hz_args_next(&cli->args, option, &at)) != NULL) {
		hz_buf_clear(&one);
		r = hz_vouch_file(path, HZ_TSA_FILE_MAX, &one);
		r = r == HZ_OK ? hz_vouch_in(hz_tsa_certs_ok(one.p, one.len), path) : r;
		if (r == HZ_OK && n++ > 0 && (one.p[0] == 0x30 || out->p[0] == 0x30)) {
			r = hz_fail(
			    HZ_MSG_USAGE, _("several files of certificates must be in PEM: %s"), path);
		}
		r = r == HZ_OK ? hz_buf_put(out, one.p, one.len) : r;
		r = r == HZ_OK && one.p[0] != 0x30 ? hz_buf_putc(out, '\n') : r;
	}
	hz_buf_done(&one);
	return r;
}

static enum hz_err
read_many(struct hz_cli *cli, const char *option, enum hz_err (*ok)(const void *p, size_t n),
    struct hz_buf *bufs, struct hz_tsa_bytes *bytes, size_t *ret_n)
{
	const char *path;
	size_t at = 0;

	while ((path = hz_args_next(&cli->args, option, &at)) != NULL) {
		if (*ret_n == HZ_VOUCH_FILES) {
			return hz_fail(HZ_MSG_USAGE, _("at most %d files at once"), HZ_VOUCH_FILES);
		}
		struct hz_buf *b = &bufs[*ret_n];
		*b = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_FILE_MAX);
		HZ_TRY(hz_vouch_file(path, HZ_TSA_FILE_MAX, b));
		HZ_TRY(hz_vouch_in(ok(b->p, b->len), path));
		bytes[(*ret_n)++] = (struct hz_tsa_bytes){ b->p, b->len };
	}
	return HZ_OK;
}

void
hz_vouch_init(struct hz_vouch *g)
{
	memset(g, 0, sizeof *g);
	g->cas = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	g->more = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	g->blocks = (struct hz_buf)HZ_BUF_INIT(8192);
}

HZ_RESULT
hz_vouch_read(struct hz_cli *cli, bool more, struct hz_vouch *g)
{
	const char *blocks = hz_args_get(&cli->args, "block-header");
	struct hz_buf text = HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	struct hz_anchor_given *a = &g->given;

	HZ_TRY(read_certs(cli, "tsa-ca", &g->cas));
	if (more) {
		HZ_TRY(read_certs(cli, "untrusted", &g->more));
	}
	HZ_TRY(read_many(cli, "crl", hz_tsa_crls_ok, g->lists, g->crls, &a->ncrls));
	HZ_TRY(read_many(cli, "ocsp", hz_tsa_ocsp_ok, g->answers, g->ocsps, &a->nocsps));
	a->authorities = (struct hz_tsa_bytes){ g->cas.p, g->cas.len };
	a->more = (struct hz_tsa_bytes){ g->more.p, g->more.len };
	a->crls = g->crls;
	a->ocsps = g->ocsps;
	a->now = hz_time_now();
	if (blocks != NULL) {
		enum hz_err r = hz_vouch_file(blocks, HZ_TSA_FILE_MAX, &text);
		r = r == HZ_OK ? hz_vouch_in(hz_blocks_read(text.p, text.len, &g->blocks), blocks) : r;
		hz_buf_done(&text);
		HZ_TRY(r);
		a->blocks = (struct hz_tsa_bytes){ g->blocks.p, g->blocks.len };
	}
	return HZ_OK;
}

void
hz_vouch_done(struct hz_vouch *g)
{
	hz_buf_done(&g->cas);
	hz_buf_done(&g->more);
	hz_buf_done(&g->blocks);
	for (size_t i = 0; i < HZ_VOUCH_FILES; i++) {
		hz_buf_done(&g->lists[i]);
		hz_buf_done(&g->answers[i]);
	}
}
