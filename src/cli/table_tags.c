/* Examples and options of the commands about tags. */
#include "cli/table.h"

/* clang-format off */
#define RULES { "rules", 0, "FILE", N_("these rules, not those of the vault or of the program"), NULL }
#define AXIS  { "axis", 0, "type|party|place|date", N_("only tags of this kind"), "type|party|place|date" }
/* clang-format on */

const char *const hz_classify_examples[] = {
	"hirz classify",
	N_("propose tags for every text of the vault that is new or changed"),
	"hirz classify --explain DM3-000118",
	N_("which words of the text speak for which tag"),
	"hirz classify --text statement.txt --date 2019-07",
	N_("what the rules find in a text of any file; needs no vault"),
	"hirz classify -n --rules new.rules -- case:2019-MAR",
	N_("what other rules would propose for a case; nothing is kept"),
	NULL,
};
const struct hz_opt hz_classify_opts[] = {
	DRY_RUN,
	RULES,
	{ "explain", 0, "ID", N_("why this exhibit has its tags; operands name tags to show alone"), NULL },
	{ "text", 0, "FILE|-", N_("a text outside the vault; - is standard input"), NULL },
	{ "date", 0, "DATE", N_("with --text: when the event was, DATE or A..B"), NULL },
	{ "all", 0, NULL, N_("with --explain and --text: also what is denied, rejected or superseded"),
	    NULL },
	HZ_OPT_END,
};

const char *const hz_review_examples[] = {
	"hirz review --next",
	N_("decide on one proposed tag after the other"),
	"hirz review --next --as lina --axis party -- case:2019-MAR",
	N_("only parties, in one case, under the name of the person who decides"),
	"hirz review DM3-000118 --accept type:unlawful_attack.air -m \"the witness saw it\"",
	N_("one decision, with its reason"),
	NULL,
};
const struct hz_opt hz_review_opts[] = {
	{ "next", 0, NULL,
	    N_("what waits for you, one after the other; needs a terminal or lines of answers"), NULL },
	{ "accept", 0, "TAG", N_("the text says this (may be repeated)"), NULL },
	{ "reject", 0, "TAG", N_("the text does not say this (may be repeated)"), NULL },
	{ "add", 0, "TAG", N_("a tag that was not proposed (may be repeated)"), NULL },
	{ "message", 'm', "WHY", N_("the reason; stands in the log"), NULL },
	{ "as", 0, "NAME", N_("who decides, where several people work as one member"), NULL },
	{ "certainty", 0, "WORD", N_("with --add: how the text says it (stated if not given)"),
	    "stated|alleged|likely|denied" },
	{ "status", 0, "WORD", N_("what is held of the fact"),
	    "confirmed-violation|confirmed-similar-act|confirmed-no-violation|likely|possible|unlikely|unknown" },
	{ "proof", 0, "WORD", N_("the standard of proof that is met"),
	    "none|reasonable-suspicion|reasonable-grounds|substantial-grounds|balance|beyond-reasonable-doubt" },
	{ "legal", 0, "WORD", N_("how the act is characterised in law"),
	    "none-said|war-crime|crime-against-humanity|genocide|human-rights-violation" },
	AXIS,
	{ "disputed", 0, NULL, N_("with --next: what people decided both ways"), NULL },
	{ "order", 0, "learned|counter",
	    N_("with --next: likeliest types first, by a learned model, or by number"), "learned|counter" },
	HZ_OPT_END,
};

const char *const hz_learn_examples[] = {
	"hirz learn",
	N_("how many decisions there are to learn from, and how many are missing"),
	"hirz learn --train",
	N_("make a model of them and use it from now on"),
	"hirz learn --show unlawful_attack.air",
	N_("the words by which the model knows a type, and how often it was right"),
	NULL,
};
const struct hz_opt hz_learn_opts[] = {
	{ "train", 0, NULL, N_("learn from all decisions on types, and use the model from now on"), NULL },
	{ "off", 0, NULL, N_("use no model from now on"), NULL },
	{ "show", 0, NULL, N_("the model in use with its words; operands name types"), NULL },
	HZ_OPT_END,
};

const char *const hz_vocab_list_examples[] = {
	"hirz vocab list --axis type",
	N_("the types of violations as a tree, in both languages"),
	NULL,
};
const struct hz_opt hz_vocab_list_opts[] = {
	{ "axis", 0, "type|party|place", N_("only entries of this kind"), "type|party|place" },
	RULES,
	HZ_OPT_END,
};
const char *const hz_vocab_show_examples[] = {
	"hirz vocab show party:russia",
	N_("labels, dates, cross-references, words and sources of one entry"),
	NULL,
};
const struct hz_opt hz_vocab_show_opts[] = {
	RULES,
	HZ_OPT_END,
};
const char *const hz_vocab_check_examples[] = {
	"hirz vocab check my.rules",
	N_("every fault of a rules file, each with its line and what to do"),
	NULL,
};
const char *const hz_vocab_import_examples[] = {
	"hirz vocab import my.rules",
	N_("keep these rules in the vault; from now on it classifies with them"),
	"hirz vocab import --shipped",
	N_("take over the rules that this program brings"),
	NULL,
};
const struct hz_opt hz_vocab_import_opts[] = {
	{ "shipped", 0, NULL, N_("the rules that this program brings"), NULL },
	HZ_OPT_END,
};
const char *const hz_vocab_export_examples[] = {
	"hirz vocab export --format skos -o vocabulary.jsonld",
	N_("the vocabulary for other programs"),
	"hirz vocab export --format rules -o my.rules",
	N_("the rules file itself, to change it"),
	NULL,
};
const struct hz_opt hz_vocab_export_opts[] = {
	{ "format", 0, "skos|rules|md",
	    N_("SKOS as JSON-LD (if not given), the rules file, or a page to read"), "skos|rules|md" },
	RULES,
	OUT_FILE,
	HZ_OPT_END,
};

const char *const hz_report_tags_examples[] = {
	"hirz report tags 2019-MAR",
	N_("how many tags a case has, by type and party, confirmed and not"),
	"hirz report tags --csv -- date:2019",
	N_("a table of what a query finds, as in `hirz list`"),
	NULL,
};
const struct hz_opt hz_report_tags_opts[] = {
	{ "csv", 0, NULL, N_("a table for programs that calculate"), NULL },
	HZ_OPT_END,
};
