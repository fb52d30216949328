/* Topics of `hirz help TOPIC`. */
#include "cli/cli.h"

#include "door/messages.h"
#include <string.h>

const char *const hz_cli_topics[] = { "exit-codes", "environment", "json", "arabic", "tags", NULL };

#define HEAD_COLUMNS 25

struct topic_row {
	const char *head; /* never translated; NULL: text alone */
	const char *text;
};

static const struct topic_row exit_rows[] = {
	{ "0", N_("all of it is done") },
	{ "1", N_("failed; see the message id") },
	{ "2", N_("wrong use: an option or an argument") },
	{ "3", N_("finished, but some items failed or were held back") },
	{ "4", N_("verification failed: bytes, log or signature") },
	{ "5", N_("wrong passphrase, or no key for this") },
	{ "6", N_("no vault here, or its format is not known") },
	{ "7", N_("the vault is in use by another program") },
	{ "8", N_("refused by a rule: consent, role, second person") },
	{ "9", N_("no space, or reading or writing failed; nothing is half-written") },
	{ "10", N_("the other side cannot be reached") },
	{ "11", N_("the vault is older than a pin or a witness has seen") },
	{ "12", N_("an answer is needed and none is allowed") },
	{ "128+N", N_("ended by signal N") },
	{ NULL,
	    N_("If several apply: 4, then 11, then 9, then what happened first. Treat an unknown code as a "
	       "failure.") },
	{ NULL, N_("Message ids never change; texts may:") },
	{ NULL, NULL },
};

static const struct topic_row environment_rows[] = {
	{ "HIRZ_VAULT", N_("the vault, where --vault is not given") },
	{ "HIRZ_LANG", N_("ar or en, where --lang is not given") },
	{ "HIRZ_PASSPHRASE_FILE", N_("a file whose first line is the passphrase") },
	{ "LANGUAGE LC_ALL LC_MESSAGES LANG", N_("the language, where nothing else says it") },
	{ "NO_COLOR TERM", N_("NO_COLOR=1 or TERM=dumb: no colours, nothing redrawn with dumb") },
	{ "ACCESSIBLE", N_("ACCESSIBLE=1: nothing is redrawn, for screen readers") },
	{ "XDG_STATE_HOME", N_("where the pin outside the vault is kept") },
	{ NULL, N_("No variable holds a passphrase: other programs could read it there.") },
	{ NULL, NULL },
};

static const struct topic_row json_rows[] = {
	{ NULL, N_("With --json every line of standard output is one object with \"v\":1 and \"type\".") },
	{ NULL, N_("New types and members may appear; readers ignore what they do not know.") },
	{ NULL, N_("Errors are one line on standard error:") },
	{ NULL, "  {\"v\":1,\"type\":\"error\",\"id\":\"HZ-E021\",\"exit\":5,\"what\":...,\"why\":...,"
		"\"do\":...,\"safe\":...}" },
	{ NULL, N_("Names of members, types and values never depend on the language.") },
	{ NULL, N_("Times are RFC 3339 in UTC, sizes are bytes, hashes are lower-case hex.") },
	{ NULL,
	    N_("A name that is not UTF-8 comes twice: \"path\" (approximate) and \"path_b64\" (exact).") },
	{ NULL, N_("Lines of type \"progress\" may stand between the others.") },
	{ NULL, NULL },
};

static const struct topic_row arabic_rows[] = {
	{ NULL,
	    N_("Texts are Arabic with --lang ar, HIRZ_LANG=ar or an Arabic system language; no Arabic locale "
	       "needs to be installed.") },
	{ NULL, N_("Command names, options, ids and JSON stay in Latin letters and digits.") },
	{ NULL,
	    N_("Text is written in logical order. On a terminal, ids, sizes, dates and names are isolated so "
	       "that they do not turn around in an Arabic line; in pipes no such marks are written.") },
	{ NULL,
	    N_("Some terminals do not display Arabic from right to left; Konsole and the VTE terminals do.") },
	{ NULL,
	    N_("Passphrases may be Arabic: composed and decomposed letters count as the same. If a passphrase "
	       "is refused, look at the keyboard layout first.") },
	{ NULL, NULL },
};

static const struct topic_row tags_rows[] = {
	{ NULL,
	    N_("A tag says what a text says: a type of violation, a party, a place, a date. It is no finding of "
	       "what happened. `hirz classify` proposes tags by rules, `hirz review` takes the decisions of "
	       "people, and only what they confirm or add is given to others as such.") },
	{ "type:VALUE", N_("a type of violation; its parts are below it, as in unlawful_attack.air") },
	{ "party:VALUE@ROLE", N_("a party and what the text says of it") },
	{ "place:VALUE date:VALUE", N_("a place of the rules; a day, a month or a year") },
	{ NULL, N_("Roles:") },
	{ "alleged-perpetrator", N_("the text says that it did it") },
	{ "victim-or-target", N_("it was done to it, or meant for it") },
	{ "location-or-control", N_("it was done where this party is or rules") },
	{ "source", N_("it says something in the text") },
	{ "none", N_("it is only named") },
	{ NULL, N_("Certainty:") },
	{ "stated alleged likely", N_("said as a fact, as somebody's claim, as probable") },
	{ "denied", N_("the text denies it; folded away, never dropped") },
	{ NULL, N_("States:") },
	{ "proposed",
	    N_("by rules; nobody has decided, a second person is missing, or people do not agree") },
	{ "confirmed", N_("by a person, a party by two people") },
	{ "rejected added superseded",
	    N_("by a person; by a person without the rules; newer rules say it no more") },
	{ NULL, NULL },
};

static const struct {
	const char *name;
	const struct topic_row *rows;
} topics[] = {
	{ "exit-codes", exit_rows },
	{ "environment", environment_rows },
	{ "json", json_rows },
	{ "arabic", arabic_rows },
	{ "tags", tags_rows },
};

static void
put_ids(struct hz_out *o)
{
	size_t n = 0;
	const struct hz_message *rows = hz_message_rows(&n);

	for (size_t i = 0; i < n; i++) {
		char id[9];
		hz_msg_id(rows[i].msg, id);
		hz_out_puts(o, "  ");
		/* lint: allow hz_out_cell (a number of a message) */
		hz_out_cell(o, id, 8);
		hz_out_printf(o, "%s\n", _(rows[i].what));
	}
}

bool
hz_cli_topic(struct hz_out *o, const char *name)
{
	for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
		if (strcmp(topics[i].name, name) != 0) {
			continue;
		}
		for (const struct topic_row *row = topics[i].rows; row->text != NULL; row++) {
			if (row->head != NULL) {
				hz_out_puts(o, "  ");
				/* lint: allow hz_out_cell (our own table) */
				hz_out_cell(o, row->head, HEAD_COLUMNS);
			}
			hz_out_printf(o, "%s\n", _(row->text));
		}
		if (topics[i].rows == exit_rows) {
			put_ids(o);
		}
		return true;
	}
	return false;
}
