/* Every command with its options and its help. docs/man has one page for each (a test compares them). */
#include "cli/table.h"

#include "door/trust.h"

/* A command whose file is not there yet is listed and refused; the build defines HZ_HAVE_CMD_ for each file
 * src/cli/cmd_<name>.c. */
#ifndef HZ_HAVE_CMD_ADD
#define hz_cmd_add NULL
#endif
#ifndef HZ_HAVE_CMD_ANCHOR
#define hz_cmd_anchor_import  NULL
#define hz_cmd_anchor_list    NULL
#define hz_cmd_anchor_request NULL
#endif
#ifndef HZ_HAVE_CMD_AUDIT
#define hz_cmd_audit NULL
#endif
#ifndef HZ_HAVE_CMD_BACKUP
#define hz_cmd_backup NULL
#endif
#ifndef HZ_HAVE_CMD_CASE
#define hz_cmd_case_add  NULL
#define hz_cmd_case_list NULL
#define hz_cmd_case_new  NULL
#define hz_cmd_case_show NULL
#endif
#ifndef HZ_HAVE_CMD_CLASSIFY
#define hz_cmd_classify NULL
#endif
#ifndef HZ_HAVE_CMD_CUSTODY
#define hz_cmd_custody NULL
#endif
#ifndef HZ_HAVE_CMD_DOCTOR
#define hz_cmd_doctor NULL
#endif
#ifndef HZ_HAVE_CMD_EXPORT
#define hz_cmd_export NULL
#endif
#ifndef HZ_HAVE_CMD_INIT
#define hz_cmd_init NULL
#endif
#ifndef HZ_HAVE_CMD_KEY
#define hz_cmd_key_export NULL
#endif
#ifndef HZ_HAVE_CMD_LEARN
#define hz_cmd_learn NULL
#endif
#ifndef HZ_HAVE_CMD_LIST
#define hz_cmd_list NULL
#endif
#ifndef HZ_HAVE_CMD_LOCK
#define hz_cmd_lock NULL
#endif
#ifndef HZ_HAVE_CMD_LOG
#define hz_cmd_log            NULL
#define hz_cmd_log_compare    NULL
#define hz_cmd_log_misconduct NULL
#define hz_cmd_log_publish    NULL
#endif
#ifndef HZ_HAVE_CMD_OBJECT
#define hz_cmd_object_export NULL
#endif
#ifndef HZ_HAVE_CMD_OPEN
#define hz_cmd_open NULL
#endif
#ifndef HZ_HAVE_CMD_RECOVER
#define hz_cmd_recover_restored NULL
#endif
#ifndef HZ_HAVE_CMD_REPORT
#define hz_cmd_report_tags NULL
#endif
#ifndef HZ_HAVE_CMD_REVIEW
#define hz_cmd_review NULL
#endif
#ifndef HZ_HAVE_CMD_SHOW
#define hz_cmd_show NULL
#endif
#ifndef HZ_HAVE_CMD_STATUS
#define hz_cmd_status NULL
#endif
#ifndef HZ_HAVE_CMD_UNLOCK
#define hz_cmd_unlock NULL
#endif
#ifndef HZ_HAVE_CMD_VERIFY
#define hz_cmd_verify NULL
#endif
#ifndef HZ_HAVE_CMD_VOCAB
#define hz_cmd_vocab_check  NULL
#define hz_cmd_vocab_export NULL
#define hz_cmd_vocab_import NULL
#define hz_cmd_vocab_list   NULL
#define hz_cmd_vocab_show   NULL
#endif
#ifndef HZ_HAVE_CMD_WITNESS
#define hz_cmd_witness_import  NULL
#define hz_cmd_witness_init    NULL
#define hz_cmd_witness_list    NULL
#define hz_cmd_witness_policy  NULL
#define hz_cmd_witness_request NULL
#define hz_cmd_witness_sign    NULL
#endif

#define START    N_("Start and look after the vault")
#define COLLECT  N_("Collect and find")
#define DESCRIBE N_("Describe and decide")
#define CUSTODY  N_("Prove and check")
#define HAND     N_("Hand over and keep copies")
#define ABOUT    N_("About hirz")

static const struct hz_opt globals[] = {
	{ "vault", 0, "DIR", N_("the vault (else HIRZ_VAULT, else the one around the current folder)"),
	    NULL },
	{ "lang", 0, "ar|en", N_("language of texts (else HIRZ_LANG, else the system's)"), "ar|en" },
	{ "json", 0, NULL, N_("JSON lines for programs instead of text"), NULL },
	{ "quiet", 'q', NULL, N_("say only what failed"), NULL },
	{ "verbose", 'v', NULL, N_("say more"), NULL },
	{ "any-filesystem", 0, NULL, N_("allow a network file system or vfat, at your own risk"), NULL },
	{ "no-input", 0, NULL, N_("never ask; fail where an answer is needed"), NULL },
	{ "color", 0, "auto|always|never", N_("colours on status words"), "auto|always|never" },
	{ "passphrase-file", 0, "FILE", N_("the passphrase is the first line of this file"), NULL },
	{ "passphrase-fd", 0, "N", N_("the passphrase is the next line of this descriptor"), NULL },
	{ "help", 'h', NULL, N_("show help and end"), NULL },
	{ "version", 0, NULL, N_("show the version and end"), NULL },
	HZ_OPT_END,
};

static const char *const init_examples[] = {
	"hirz init ~/vault --org \"Documentation Centre\" --desk DM3",
	N_("make a vault; exhibits of this desk are numbered DM3-000001 and up"),
	NULL,
};
static const struct hz_opt init_opts[] = {
	{ "org", 0, "NAME", N_("name of the organisation"), NULL },
	{ "desk", 0, "CODE", N_("short code of this desk, the beginning of its numbers"), NULL },
	{ "profile", 0, "office|field", N_("kind of vault (office if not given)"), "office|field" },
	{ "kdf-mem", 0, "MIB", N_("memory that deriving a key takes (256 if not given, 64 at least)"), NULL },
	{ "no-pin", 0, NULL, N_("remember no checkpoint outside the vault on this machine"), NULL },
	HZ_OPT_END,
};

static const char *const unlock_examples[] = {
	"hirz unlock --for 30m",
	N_("ask for the passphrase once, then work for half an hour"),
	NULL,
};
static const struct hz_opt unlock_opts[] = {
	{ "for", 0, "TIME", N_("how long, such as 30m or 8h"), NULL },
	HZ_OPT_END,
};

static const char *const lock_examples[] = {
	"hirz lock",
	N_("forget the keys of this session at once"),
	NULL,
};
static const char *const status_examples[] = {
	"hirz status",
	N_("what is in the vault, is it open, what to do next"),
	NULL,
};
static const char *const doctor_examples[] = {
	"hirz doctor",
	N_("check what hirz needs from this system"),
	NULL,
};

static const char *const add_examples[] = {
	"hirz add photo.jpg --source \"witness 14\" --consent C-031",
	N_("seal one file and say where it comes from"),
	"hirz add -r /media/stick --case 2019-MAR",
	N_("seal everything in a folder into one case"),
	"cat letter.txt | hirz add - --name letter.txt",
	N_("seal what comes from another program"),
	NULL,
};
static const struct hz_opt add_opts[] = {
	{ "recursive", 'r', NULL, N_("go into folders"), NULL },
	{ "title", 0, "TEXT", N_("title of the exhibit"), NULL },
	{ "source", 0, "WHO", N_("who made or saw it"), NULL },
	{ "received-from", 0, "WHO", N_("who handed it over"), NULL },
	{ "where", 0, "PLACE", N_("place that it shows or speaks of"), NULL },
	{ "when", 0, "DATE", N_("when it happened: DATE, A..B or ~DATE"), NULL },
	{ "consent", 0, "REF", N_("consent: its reference, none or unknown (unknown if not given)"), NULL },
	{ "message", 'm', "TEXT", N_("a remark; with --consent none the basis"), NULL },
	{ "case", 0, "CODE", N_("put it into this case, which is made if new"), NULL },
	{ "lang-of", 0, "ar|en|ku|tr", N_("language of the text inside"), "ar|en|ku|tr" },
	{ "name", 0, "NAME", N_("file name for what comes from standard input"), NULL },
	{ "allow-unsandboxed", 0, NULL,
	    N_("find out file types although this system offers no sandbox for it"), NULL },
	DRY_RUN,
	HZ_OPT_END,
};

static const char *const list_examples[] = {
	"hirz list",
	N_("the newest exhibits"),
	"hirz list case:2019-MAR date:2019-07..2019-08",
	N_("exhibits of a case that speak of these months"),
	NULL,
};
static const struct hz_opt list_opts[] = {
	{ "csv", 0, NULL, N_("a table for programs that calculate"), NULL },
	{ "limit", 0, "N", N_("at most so many"), NULL },
	HZ_OPT_END,
};

static const char *const show_examples[] = {
	"hirz show DM3-000117",
	N_("what is known about one exhibit"),
	NULL,
};
static const struct hz_opt show_opts[] = {
	{ "history", 0, NULL, N_("with every earlier version of the record"), NULL },
	HZ_OPT_END,
};

static const char *const open_examples[] = {
	"hirz open DM3-000117 -o photo.jpg --reason \"review by the legal team\"",
	N_("write the original bytes to a file; the log records who and why"),
	NULL,
};
static const struct hz_opt open_opts[] = {
	OUT_FILE,
	{ "reason", 0, "TEXT", N_("why it is opened; stands in the log"), NULL },
	HZ_OPT_END,
};

static const char *const custody_examples[] = {
	"hirz custody DM3-000117",
	N_("every act on one exhibit, from sealing on"),
	NULL,
};

static const char *const log_examples[] = {
	"hirz log --since 2026-11-01",
	N_("the acts of these days"),
	"hirz log --checkpoint > checkpoint.txt",
	N_("the signed state of the log, to give to a witness"),
	NULL,
};
static const struct hz_opt log_opts[] = {
	{ "since", 0, "DATE", N_("only from this day on"), NULL },
	{ "proof", 0, "N", N_("proof that event N is in the log"), NULL },
	{ "checkpoint", 0, NULL, N_("the newest signed checkpoint"), NULL },
	{ "cosigned", 0, NULL, N_("with --checkpoint: the newest one that a witness signed"), NULL },
	{ "words", 0, NULL, N_("with --checkpoint: words to read over the phone, in Arabic and English"),
	    NULL },
	{ "qr", 0, NULL, N_("with --checkpoint: a QR code on the terminal"), NULL },
	{ "qr-file", 0, "FILE", N_("with --checkpoint: a QR code as a picture, FILE.png or FILE.svg"), NULL },
	OUT_FILE,
	HZ_OPT_END,
};
static const char *const log_compare_examples[] = {
	"hirz log compare acorn river ...",
	N_("are these the words of a checkpoint of this log"),
	"hirz log compare --of checkpoint.txt acorn river ...",
	N_("are they those of this file; needs no vault"),
	NULL,
};
static const struct hz_opt log_compare_opts[] = {
	{ "of", 0, "FILE", N_("a checkpoint, a bundle or another file with a checkpoint"), NULL },
	HZ_OPT_END,
};
static const char *const log_misconduct_examples[] = {
	"hirz log misconduct mine.txt theirs.tar -o proof.txt",
	N_("two states of one log that cannot both be true, as a proof for anybody"),
	NULL,
};
static const struct hz_opt log_misconduct_opts[] = {
	{ "log", 0, "KEY|FILE", N_("the key of the log (vkey); else that of the vault or of the files"),
	    NULL },
	OUT_FILE,
	HZ_OPT_END,
};
static const char *const log_publish_examples[] = {
	"hirz log publish /srv/www/log",
	N_("hashes and checkpoint for anybody to watch; nothing of an event is shown"),
	NULL,
};

static const char *const audit_examples[] = {
	"hirz audit --against checkpoint-march.txt",
	N_("check everything that was signed, and that nothing is gone since March"),
	"hirz audit -o audit.pack --html audit.html",
	N_("write the whole log for others to check, and a report to read"),
	NULL,
};
static const struct hz_opt audit_opts[] = {
	{ "against", 0, "FILE",
	    N_("a checkpoint, pin, bundle or audit pack that was kept outside (may be repeated)"), NULL },
	HZ_OPT_POLICY,
	HZ_OPTS_STAMPS,
	{ "output", 'o', "PACK", N_("write an audit pack: all events, for checking without keys"), NULL },
	{ "sealed-to", 0, "KEY", N_("encrypt the pack to this age key (may be repeated)"), NULL },
	{ "html", 0, "FILE", N_("write a report to read, in English and Arabic"), NULL },
	{ "record", 0, NULL, N_("then write an event that says this check was done"), NULL },
	{ "fresh", 0, NULL, N_("begin anew, not where an audit was stopped"), NULL },
	HZ_OPT_END,
};

static const char *const verify_examples[] = {
	"hirz verify --full",
	N_("read every byte and compare it with what was sealed"),
	"hirz verify --sealed",
	N_("check what is stored without opening anything"),
	"hirz verify 2019-MAR",
	N_("check one case"),
	"hirz verify -- type:image/ sealed:2026-11..",
	N_("check what a query finds, as in `hirz list`"),
	NULL,
};
static const struct hz_opt verify_opts[] = {
	{ "full", 0, NULL, N_("every byte, decrypted, against the sealed hash"), NULL },
	{ "sealed", 0, NULL, N_("stored bytes against their addresses only; needs no exhibit keys"), NULL },
	{ "sample", 0, "N%", N_("only this part of the exhibits, chosen by chance"), NULL },
	HZ_OPT_AGAINST,
	HZ_OPT_POLICY,
	HZ_OPTS_STAMPS,
	{ "record", 0, NULL, N_("then write an event that says this check was done"), NULL },
	HZ_OPT_END,
};

static const char *const anchor_request_examples[] = {
	"hirz anchor request -o checkpoint.tsq",
	N_("a request that a time stamp authority answers; only a hash is in it"),
	"hirz anchor request --renew -o checkpoint.tsq --checkpoint checkpoint",
	N_("renew earlier time stamps too, and write the file that programs such as ots stamp"),
	NULL,
};
static const struct hz_opt anchor_request_opts[] = {
	OUT_FILE,
	{ "checkpoint", 0, "FILE", N_("write the signed checkpoint beside it, to this new file"), NULL },
	{ "renew", 0, NULL, N_("record the hashes of all earlier time stamps first"), NULL },
	HZ_OPT_END,
};
static const char *const anchor_import_examples[] = {
	"hirz anchor import checkpoint.tsr --tsa-ca authority.pem --crl authority.crl",
	N_("check the answer of an authority and keep it in the log"),
	"hirz anchor import checkpoint.ots --block-header block.txt",
	N_("keep an OpenTimestamps proof and compare it with a block that you got yourself"),
	NULL,
};
static const struct hz_opt anchor_import_opts[] = {
	{ "tsa-ca", 0, "FILE", N_("certificate of the authority that is trusted (may be repeated)"), NULL },
	{ "untrusted", 0, "FILE", N_("further certificates for the chain (may be repeated)"), NULL },
	{ "crl", 0, "FILE", N_("revocation list (may be repeated)"), NULL },
	{ "ocsp", 0, "FILE", N_("answer of an OCSP responder (may be repeated)"), NULL },
	{ "request", 0, "FILE", N_("the request, where another program made it"), NULL },
	{ "checkpoint", 0, "FILE", N_("the checkpoint that was stamped, where it is not found by itself"),
	    NULL },
	HZ_OPT_BLOCK_HEADER,
	DRY_RUN,
	HZ_OPT_END,
};
static const char *const anchor_list_examples[] = {
	"hirz anchor list",
	N_("the time stamps of the log, checked today"),
	NULL,
};

static const char *const case_new_examples[] = {
	"hirz case new 2019-MAR --title \"Market of Maarat al-Numan\"",
	N_("make a case"),
	NULL,
};
static const struct hz_opt case_new_opts[] = {
	{ "title", 0, "TEXT", N_("title of the case"), NULL },
	HZ_OPT_END,
};
static const char *const case_list_examples[] = {
	"hirz case list",
	N_("all cases and how much they hold"),
	NULL,
};
static const char *const case_show_examples[] = {
	"hirz case show 2019-MAR",
	N_("one case and its exhibits"),
	NULL,
};
static const char *const case_add_examples[] = {
	"hirz case add 2019-MAR DM3-000117 DM3-000118",
	N_("put exhibits into a case"),
	NULL,
};

static const char *const export_examples[] = {
	"hirz export 2019-MAR --to IIIM -o mar.tar",
	N_("write a bundle that others can check without us"),
	"hirz export 2019-MAR --to IIIM -o mar.tar -n",
	N_("only say what would be in it and what is held back"),
	"hirz export --to IIIM -o images.tar -- type:image/ date:2019-07",
	N_("what a query finds, as in `hirz list`"),
	NULL,
};
static const struct hz_opt export_opts[] = {
	{ "all", 0, NULL, N_("every exhibit of the vault"), NULL },
	{ "to", 0, "RECIPIENT", N_("who gets it; stands in the log"), NULL },
	OUT_FILE,
	{ "purpose", 0, "TEXT", N_("what for; consent is checked against it"), NULL },
	{ "sealed-to", 0, "KEY", N_("encrypt the bundle to this age key (may be repeated)"), NULL },
	{ "redact", 0, "PROFILE", N_("leave out what this profile withholds"), NULL },
	{ "no-rules", 0, NULL, N_("leave out the rules by which texts were tagged"), NULL },
	{ "format", 0, "tar|zip", N_("kind of file (tar if not given)"), "tar|zip" },
	DRY_RUN,
	HZ_OPT_END,
};

static const char *const object_export_examples[] = {
	"hirz object export DM3-000117 -o photo.age",
	N_("one exhibit as a file that age opens"),
	NULL,
};
static const struct hz_opt object_export_opts[] = {
	OUT_FILE,
	HZ_OPT_END,
};

static const char *const key_export_examples[] = {
	"hirz key export --vkey -o vault.vkey",
	N_("the public key of the checkpoints"),
	"hirz key export --age -o keys.txt",
	N_("secret keys that open exported objects; asks for the passphrase"),
	NULL,
};
static const struct hz_opt key_export_opts[] = {
	{ "age", 0, NULL, N_("the age identities of what you may read (secret)"), NULL },
	{ "minisign", 0, NULL, N_("the public key for minisign"), NULL },
	{ "ssh", 0, NULL, N_("the public key for ssh-keygen"), NULL },
	{ "vkey", 0, NULL, N_("the public key as a signed-note verifier key"), NULL },
	{ "jwk", 0, NULL, N_("the public keys as JSON Web Keys"), NULL },
	OUT_FILE,
	HZ_OPT_END,
};

static const char *const backup_examples[] = {
	"hirz backup /media/stick/vault-copy",
	N_("a safe copy of the vault while it is in use"),
	NULL,
};

static const char *const recover_examples[] = {
	"hirz recover restored -m \"disk broken, backup of 1 May\"",
	N_("go on in a new log after an older copy was put in place"),
	NULL,
};
static const struct hz_opt recover_opts[] = {
	{ "message", 'm', "WHY", N_("why; stands in the log for ever"), NULL },
	HZ_OPT_END,
};

static const char *const witness_init_examples[] = {
	"hirz witness init --name partner.example/witness",
	N_("make this computer a witness for others; prints its public key"),
	NULL,
};
#define WITNESS_DIR                                                                                          \
	{                                                                                                    \
		"state", 0, "DIR", N_("where this witness remembers (else in your own state folder)"), NULL  \
	}
static const struct hz_opt witness_init_opts[] = {
	{ "name", 0, "NAME", N_("name of this witness, such as partner.example/witness"), NULL },
	{ "kdf-mem", 0, "MIB", N_("memory that deriving a key takes (256 if not given, 64 at least)"), NULL },
	WITNESS_DIR,
	HZ_OPT_END,
};
static const char *const witness_request_examples[] = {
	"hirz witness request -o request.txt",
	N_("ask a witness to sign the newest checkpoint; carry the file to it"),
	NULL,
};
static const struct hz_opt witness_request_opts[] = {
	{ "for", 0, "NAME", N_("the witness; the request begins where it signed last"), NULL },
	{ "old", 0, "N", N_("the size that the witness signed last (0: never)"), NULL },
	OUT_FILE,
	HZ_OPT_END,
};
static const char *const witness_sign_examples[] = {
	"hirz witness sign request.txt -o answer.txt --log 'hirz.invalid/...+...+...'",
	N_("the first request of a log: its key must have come over another way"),
	"hirz witness sign request.txt -o answer.txt",
	N_("sign it if it goes on from what was signed before"),
	NULL,
};
static const struct hz_opt witness_sign_opts[] = {
	{ "log", 0, "KEY|FILE", N_("the key of a log that is new to this witness (vkey)"), NULL },
	OUT_FILE,
	WITNESS_DIR,
	HZ_OPT_END,
};
static const char *const witness_import_examples[] = {
	"hirz witness import answer.txt --witness partner.key",
	N_("keep what the witness signed; its key is needed the first time"),
	NULL,
};
static const struct hz_opt witness_import_opts[] = {
	{ "witness", 0, "KEY|FILE", N_("the key of a witness that is new here"), NULL },
	HZ_OPT_END,
};
static const char *const witness_list_examples[] = {
	"hirz witness list",
	N_("the witnesses of this vault, and how far each has signed"),
	"hirz witness list --own",
	N_("the key of this witness and the logs that it signs"),
	NULL,
};
static const struct hz_opt witness_list_opts[] = {
	{ "own", 0, NULL, N_("what this computer signs as a witness, not who signs for the vault"), NULL },
	WITNESS_DIR,
	HZ_OPT_END,
};
static const char *const witness_policy_examples[] = {
	"hirz witness policy --quorum 2 -o policy.txt",
	N_("log and witnesses of this vault as a policy for those who check it"),
	NULL,
};
static const struct hz_opt witness_policy_opts[] = {
	{ "quorum", 0, "N", N_("how many of the witnesses are needed (all if not given)"), NULL },
	OUT_FILE,
	HZ_OPT_END,
};

static const char *const help_examples[] = {
	"hirz help exit-codes",
	N_("a topic: what the exit codes mean"),
	"hirz help add",
	N_("help of one command"),
	NULL,
};
static const struct hz_opt help_opts[] = {
	{ "dump", 0, NULL, N_("all commands and options for programs, tab separated"), NULL },
	HZ_OPT_END,
};
static const char *const version_examples[] = {
	"hirz version",
	N_("the version of the program and of the formats it writes"),
	NULL,
};

#define READ  (HZ_NEED_VAULT | HZ_NEED_KEYS)
#define WRITE (HZ_NEED_VAULT | HZ_NEED_WRITE | HZ_NEED_KEYS)

/* Columns: name, handler, summary, usage, examples, options, needs, operands from, to, heading. */
static const struct hz_cmd commands[] = {
	{ "init", hz_cmd_init, N_("make a new vault"), "DIR --org NAME --desk CODE [options]", init_examples,
	    init_opts, HZ_NEED_NONE, 1, 1, START },
	{ "unlock", hz_cmd_unlock, N_("keep the vault open for a while"), "[--for TIME]", unlock_examples,
	    unlock_opts, HZ_NEED_VAULT, 0, 0, START },
	{ "lock", hz_cmd_lock, N_("forget the keys of this session"), "", lock_examples, NULL, HZ_NEED_VAULT,
	    0, 0, START },
	{ "status", hz_cmd_status, N_("state of the vault and what to do next"), "", status_examples, NULL,
	    HZ_NEED_VAULT, 0, 0, START },
	{ "doctor", hz_cmd_doctor, N_("check this system for what hirz needs"), "", doctor_examples, NULL,
	    HZ_NEED_NONE, 0, 0, START },

	{ "add", hz_cmd_add, N_("seal files as exhibits"), "PATH...|- [options]", add_examples, add_opts,
	    WRITE, 1, HZ_ANY, COLLECT },
	{ "list", hz_cmd_list, N_("list exhibits"), "[QUERY] [--limit N]", list_examples, list_opts, READ, 0,
	    HZ_ANY, COLLECT },
	{ "show", hz_cmd_show, N_("show one exhibit"), "ID [--history]", show_examples, show_opts, READ, 1, 1,
	    COLLECT },
	{ "open", hz_cmd_open, N_("get the original bytes of an exhibit"), "ID [-o FILE] --reason TEXT",
	    open_examples, open_opts, WRITE, 1, 1, COLLECT },
	{ "case new", hz_cmd_case_new, N_("make a case"), "CODE [--title TEXT]", case_new_examples,
	    case_new_opts, WRITE, 1, 1, COLLECT },
	{ "case list", hz_cmd_case_list, N_("list cases"), "", case_list_examples, NULL, READ, 0, 0,
	    COLLECT },
	{ "case show", hz_cmd_case_show, N_("show one case"), "CODE", case_show_examples, NULL, READ, 1, 1,
	    COLLECT },
	{ "case add", hz_cmd_case_add, N_("put exhibits into a case"), "CODE ID...|-- QUERY",
	    case_add_examples, NULL, WRITE | HZ_TAKES_QUERY, 2, HZ_ANY, COLLECT },

	{ "classify", hz_cmd_classify, N_("propose tags: types of violations, parties, places, dates"),
	    "[ID...|CASE|-- QUERY] [-n] [--explain ID [TAG...]] [--text FILE|-] [options]",
	    hz_classify_examples, hz_classify_opts, HZ_TAKES_QUERY, 0, HZ_ANY, DESCRIBE },
	{ "review", hz_cmd_review, N_("decide on proposed tags"),
	    "ID --accept|--reject|--add TAG... -m WHY | --next [-- QUERY] [options]", hz_review_examples,
	    hz_review_opts, WRITE | HZ_TAKES_QUERY, 0, HZ_ANY, DESCRIBE },
	{ "learn", hz_cmd_learn, N_("learn an order of types from what people decided"),
	    "[--train|--off|--show [TYPE...]]", hz_learn_examples, hz_learn_opts, WRITE, 0, HZ_ANY,
	    DESCRIBE },
	{ "vocab list", hz_cmd_vocab_list, N_("list types, parties and places"),
	    "[--axis AXIS] [--rules FILE]", hz_vocab_list_examples, hz_vocab_list_opts, HZ_NEED_NONE, 0, 0,
	    DESCRIBE },
	{ "vocab show", hz_cmd_vocab_show, N_("show one type, party or place"), "ID... [--rules FILE]",
	    hz_vocab_show_examples, hz_vocab_show_opts, HZ_NEED_NONE, 1, HZ_ANY, DESCRIBE },
	{ "vocab check", hz_cmd_vocab_check, N_("check a rules file"), "FILE", hz_vocab_check_examples, NULL,
	    HZ_NEED_NONE, 1, 1, DESCRIBE },
	{ "vocab import", hz_cmd_vocab_import, N_("keep a rules file in the vault"), "FILE|--shipped",
	    hz_vocab_import_examples, hz_vocab_import_opts, WRITE, 0, 1, DESCRIBE },
	{ "vocab export", hz_cmd_vocab_export, N_("write the vocabulary for others"),
	    "[--format FORMAT] [-o FILE] [--rules FILE]", hz_vocab_export_examples, hz_vocab_export_opts,
	    HZ_NEED_NONE, 0, 0, DESCRIBE },
	{ "report tags", hz_cmd_report_tags, N_("count tags by type, party and state"),
	    "[CASE|ID...|-- QUERY] [--csv]", hz_report_tags_examples, hz_report_tags_opts,
	    READ | HZ_TAKES_QUERY, 0, HZ_ANY, DESCRIBE },

	{ "custody", hz_cmd_custody, N_("chain of custody of one exhibit"), "ID", custody_examples, NULL,
	    READ, 1, 1, CUSTODY },
	{ "log", hz_cmd_log, N_("log of all acts, proofs and checkpoints"), "[options]", log_examples,
	    log_opts, READ, 0, 0, CUSTODY },
	{ "audit", hz_cmd_audit, N_("check the whole log: signatures, roles, chains, checkpoints"),
	    "[--against FILE...] [-o PACK] [options]", audit_examples, audit_opts, READ, 0, 0, CUSTODY },
	{ "log compare", hz_cmd_log_compare, N_("compare words that were read out"), "WORD... [--of FILE]",
	    log_compare_examples, log_compare_opts, READ, 1, HZ_ANY, CUSTODY },
	{ "log misconduct", hz_cmd_log_misconduct, N_("prove that a log signed two histories"),
	    "FILE FILE [-o FILE] [--log KEY]", log_misconduct_examples, log_misconduct_opts, HZ_NEED_NONE, 2,
	    2, CUSTODY },
	{ "log publish", hz_cmd_log_publish, N_("publish the hashes of the log as files"), "DIR",
	    log_publish_examples, NULL, READ, 1, 1, CUSTODY },
	{ "witness init", hz_cmd_witness_init, N_("become a witness for the logs of others"),
	    "--name NAME [options]", witness_init_examples, witness_init_opts, HZ_NEED_NONE, 0, 0, CUSTODY },
	{ "witness request", hz_cmd_witness_request, N_("ask a witness to sign the log"), "[options]",
	    witness_request_examples, witness_request_opts, READ, 0, 0, CUSTODY },
	{ "witness sign", hz_cmd_witness_sign, N_("sign the log of others as a witness"), "FILE [options]",
	    witness_sign_examples, witness_sign_opts, HZ_NEED_NONE, 1, 1, CUSTODY },
	{ "witness import", hz_cmd_witness_import, N_("keep what a witness signed"), "FILE [--witness KEY]",
	    witness_import_examples, witness_import_opts, WRITE, 1, 1, CUSTODY },
	{ "witness list", hz_cmd_witness_list, N_("list witnesses and how far they signed"), "[options]",
	    witness_list_examples, witness_list_opts, HZ_NEED_NONE, 0, 0, CUSTODY },
	{ "witness policy", hz_cmd_witness_policy, N_("write a policy of your witnesses"),
	    "[--quorum N] [-o FILE]", witness_policy_examples, witness_policy_opts, READ, 0, 0, CUSTODY },
	{ "verify", hz_cmd_verify, N_("check the vault against what was sealed"),
	    "[ID...|CASE|-- QUERY] [options]", verify_examples, verify_opts, HZ_NEED_VAULT | HZ_TAKES_QUERY,
	    0, HZ_ANY, CUSTODY },

	{ "anchor request", hz_cmd_anchor_request, N_("write a request for a time stamp"),
	    "-o FILE [--checkpoint FILE] [--renew]", anchor_request_examples, anchor_request_opts, WRITE, 0,
	    0, CUSTODY },
	{ "anchor import", hz_cmd_anchor_import, N_("check a time stamp and keep it in the log"),
	    "FILE --tsa-ca FILE [options]", anchor_import_examples, anchor_import_opts, WRITE, 1, 1,
	    CUSTODY },
	{ "anchor list", hz_cmd_anchor_list, N_("list the time stamps of the log"), "", anchor_list_examples,
	    NULL, READ, 0, 0, CUSTODY },

	{ "export", hz_cmd_export, N_("write a bundle for others"),
	    "CASE|ID...|--all|-- QUERY --to RECIPIENT -o FILE [options]", export_examples, export_opts,
	    WRITE | HZ_TAKES_QUERY, 0, HZ_ANY, HAND },
	{ "object export", hz_cmd_object_export, N_("write one exhibit as an age file"), "ID -o FILE",
	    object_export_examples, object_export_opts, WRITE, 1, 1, HAND },
	{ "key export", hz_cmd_key_export, N_("write keys in the formats of other tools"),
	    "--age|--minisign|--ssh|--vkey|--jwk [-o FILE]", key_export_examples, key_export_opts, READ, 0, 0,
	    HAND },
	{ "backup", hz_cmd_backup, N_("copy the vault safely"), "DIR", backup_examples, NULL, WRITE, 1, 1,
	    HAND },
	{ "recover restored", hz_cmd_recover_restored, N_("go on from an older copy of the vault"), "-m WHY",
	    recover_examples, recover_opts, HZ_NEED_VAULT, 0, 0, HAND },

	{ "help", hz_cmd_help, N_("help of a command or a topic"), "[COMMAND|TOPIC]", help_examples,
	    help_opts, HZ_NEED_NONE, 0, 2, ABOUT },
	{ "version", hz_cmd_version, N_("show the version"), "", version_examples, NULL, HZ_NEED_NONE, 0, 0,
	    ABOUT },
};

const struct hz_prog hz_cli_prog = {
	.name = "hirz",
	.version = HZ_VERSION,
	.summary = N_("a secure vault for evidence"),
	.globals = globals,
	.cmds = commands,
	.cmd_count = sizeof commands / sizeof commands[0],
	.topics = hz_cli_topics,
};
