/* hirz key export: public keys in the forms of other tools, and the age identities. */
#include "cli/newfile.h"
#include "cli/print.h"

#include "manifest/manifest.h"
#include "object/age.h"
#include <limits.h>
#include <string.h>

#define OUT_MAX ((size_t)4 * 1024 * 1024)

static const char *const kinds[] = { "age", "minisign", "ssh", "vkey", "jwk" };

static enum hz_err
which(struct hz_cli *cli, const char **ret_kind)
{
	const char *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (hz_args_has(&cli->args, kinds[i])) {
			found = kinds[i];
			n++;
		}
	}
	if (n != 1) {
		return hz_fail(HZ_MSG_USAGE, _("exactly one of --age, --minisign, --ssh, --vkey and --jwk"));
	}
	*ret_kind = found;
	return HZ_OK;
}

/* --- public keys ------------------------------------------------------------------------------------- */

static enum hz_err
jwk(struct hz_view *w, struct hz_buf *out)
{
	uint8_t pks[HZ_JWKS_MAX][32];
	size_t n = 0;
	struct hz_actors a = { 0 };
	enum hz_err r = hz_actors_load(w, &a);

	if (r == HZ_OK && a.n > HZ_JWKS_MAX) {
		r = hz_fail(HZ_MSG_LIMIT, _("more than %d members"), HZ_JWKS_MAX);
	}
	for (size_t i = 0; r == HZ_OK && i < a.n; i++) {
		(void)memcpy(pks[n++], a.list[i].member.event_pk, 32);
	}
	hz_actors_done(&a);
	r = r == HZ_OK ? hz_jwks_write((const uint8_t(*)[32])pks, n, out) : r;
	return r == HZ_OK ? hz_buf_putc(out, '\n') : r;
}

static enum hz_err
public_key(struct hz_vault *v, struct hz_view *w, const char *kind, struct hz_buf *out)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	const struct hz_ed_key *bundle = hz_vault_bundle_key(v);
	struct hz_log_info l;

	if (kind[0] == 'm') {
		return hz_minisign_pub_write(bundle->pk, out);
	}
	if (kind[0] == 's') {
		char comment[16 + HZ_DESK_MAX] = "hirz-";
		(void)memcpy(comment + 5, i->desk, strlen(i->desk) + 1);
		return hz_ssh_public_line(bundle->pk, comment, out);
	}
	if (kind[0] == 'j') {
		return jwk(w, out);
	}
	enum hz_err r = hz_log_info(w, i->logs - 1, &l);
	r = r == HZ_OK ? hz_buf_puts(out, l.vkey) : r;
	return r == HZ_OK ? hz_buf_putc(out, '\n') : r;
}

/* --- age identities ---------------------------------------------------------------------------------- */

static enum hz_err
identity(void *arg, uint32_t compartment, const char *name, uint32_t epoch, const uint8_t secret[static 32])
{
	struct hz_buf *out = arg;
	uint8_t pk[32];
	enum hz_err r =
	    hz_buf_printf(out, "# compartment %u %s, epoch %u\n# public key: ", compartment, name, epoch);

	hz_x25519_public(secret, pk);
	r = r == HZ_OK ? hz_age_recipient_text(pk, out) : r;
	r = r == HZ_OK ? hz_buf_putc(out, '\n') : r;
	r = r == HZ_OK ? hz_age_identity_text(secret, out) : r;
	return r == HZ_OK ? hz_buf_putc(out, '\n') : r;
}

/* --- the command ------------------------------------------------------------------------------------- */

static enum hz_err
write_out(struct hz_cli *cli, const char *kind, const struct hz_buf *text)
{
	const char *path = hz_output_path(cli);
	enum hz_err r = HZ_OK;

	if (!cli->door.json || path != NULL) {
		r = hz_newfile_text(cli, text);
	}
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *w = hz_line_begin(&cli->door.out, "key");
		hz_jw_str(w, "kind", kind);
		if (path != NULL) {
			hz_line_path(w, path);
		} else {
			hz_jw_strn(w, "text", text->p, text->len);
		}
		hz_line_end(&cli->door.out);
	}
	return r;
}

/* A target that is there is refused before anything is recorded. */
static enum hz_err
try_target(struct hz_cli *cli)
{
	const char *path = hz_output_path(cli);
	struct hz_newfile f = HZ_NEWFILE_INIT;
	enum hz_err r = path == NULL ? HZ_OK : hz_newfile_begin(path, &f);

	hz_newfile_end(&f);
	return r;
}

static enum hz_err
make(struct hz_cli *cli, struct hz_vault *v, const char *kind, struct hz_buf *out)
{
	struct hz_view *w = NULL;
	enum hz_err r = HZ_OK;

	if (kind[0] == 'a') {
		r = hz_vault_age_identities(v, identity, out);
		if (r == HZ_OK) {
			hz_door_note(&cli->door,
			    _("these are secret keys: whoever has them reads the exhibits; the log records that "
			      "they were written out"));
		}
		return r;
	}
	r = hz_view_begin(v, &w);
	r = r == HZ_OK ? public_key(v, w, kind, out) : r;
	hz_view_end(&w);
	return r;
}

int
hz_cmd_key_export(struct hz_cli *cli)
{
	struct hz_buf out = HZ_BUF_SECRET_INIT(OUT_MAX);
	struct hz_vault *v = NULL;
	const char *kind = NULL;
	enum hz_err r = which(cli, &kind);

	if (r == HZ_OK && kind[0] == 'a' && cli->door.json && hz_output_path(cli) == NULL) {
		r = hz_fail(HZ_MSG_USAGE, _("--age with --json needs `-o FILE`"));
	}
	r = r == HZ_OK ? try_target(cli) : r;
	if (r == HZ_OK) {
		r = kind[0] == 'a' ? hz_cli_open_asking(cli, HZ_VAULT_WRITE, &v)
				   : hz_cli_open(cli, HZ_VAULT_READ, &v);
	}
	r = r == HZ_OK ? make(cli, v, kind, &out) : r;
	r = r == HZ_OK ? write_out(cli, kind, &out) : r;
	hz_buf_done(&out);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
