/* Rows of the table of commands that stand in files of their own. Inside this room only. */
#ifndef HZ_CLI_TABLE_H
#define HZ_CLI_TABLE_H

#include "cli/cli.h"

/* clang-format off */
#define OUT_FILE { "output", 'o', "FILE", N_("write to this file, which must not exist yet"), NULL }
#define DRY_RUN { "dry-run", 'n', NULL, N_("only say what would be done"), NULL }
/* clang-format on */

/* table_tags.c: examples, which a NULL ends, and options of classify, review, learn, vocab
 * and report. */
extern const char *const hz_classify_examples[], *const hz_review_examples[],
						     *const hz_vocab_list_examples[],
							 *const hz_vocab_show_examples[],
							     *const hz_vocab_check_examples[],
								 *const hz_vocab_import_examples[],
								     *const hz_vocab_export_examples[],
									 *const hz_report_tags_examples[];
extern const char *const hz_learn_examples[];
extern const struct hz_opt hz_classify_opts[], hz_review_opts[], hz_vocab_list_opts[], hz_vocab_show_opts[],
    hz_vocab_import_opts[], hz_vocab_export_opts[], hz_report_tags_opts[], hz_learn_opts[];

#endif
