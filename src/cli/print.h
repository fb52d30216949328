/* Exhibits and events, as text for people and as JSON lines; who acted. */
#ifndef HZ_CLI_PRINT_H
#define HZ_CLI_PRINT_H

#include "cli/common.h"

/* --- exhibits ------------------------------------------------------------------------------------------ */
/* The cases of a vault, read once: an exhibit may be in several. */
struct hz_case_list {
	size_t n;
	struct hz_case *list; /* heap, in the order of their making */
};
HZ_RESULT hz_cases_load(struct hz_view *w, struct hz_case_list *ret);
void hz_cases_done(struct hz_case_list *c);

/* What is shown of an exhibit: row, record and, where asked for, the SHA-256 of its opening. */
struct hz_sheet {
	struct hz_exhibit e;
	struct hz_record r;
	bool hashed;
	uint8_t sha256[32];
};
HZ_RESULT hz_sheet_load(struct hz_view *w, const struct hz_exhibit *e, bool hash, struct hz_sheet *ret);
void hz_sheet_done(struct hz_sheet *s);
const char *hz_sheet_title(const struct hz_sheet *s); /* title, else the file's name, else "" */
/* One line of type `exhibit`; with all, further members: ex, name, source, fields and the like. */
void hz_sheet_json(
    struct hz_out *o, struct hz_view *view, const struct hz_case_list *c, const struct hz_sheet *s, bool all);
/* A table in CSV form: the names of its columns, which are those of the JSON, and one row. */
void hz_sheet_csv_head(struct hz_out *o);
void hz_sheet_csv(
    struct hz_out *o, struct hz_view *view, const struct hz_case_list *c, const struct hz_sheet *s);
/* The record's fields as an object named `fields`. */
void hz_fields_json(struct hz_jw *w, const struct hz_record *r);

/* The claims of the group inspected, under their heading; nothing where there are none. */
void hz_claims_text(struct hz_out *o, const struct hz_record *r);
/* What the camera's clock said, if the file says so; NULL. Without a zone it is the camera's local time. */
const char *hz_claims_camera(const struct hz_record *r);

const char *hz_consent_word(uint8_t consent); /* "given", for programs */
const char *hz_consent_text(uint8_t consent); /* translated */
const char *hz_state_word(uint8_t state);
const char *hz_state_text(uint8_t state);

/* --- events -------------------------------------------------------------------------------------------- */
struct hz_actor {
	char kid[HZ_KID_LEN + 1];
	struct hz_member_info member;
};
struct hz_actors {
	size_t n;
	struct hz_actor *list; /* heap */
};
HZ_RESULT hz_actors_load(struct hz_view *w, struct hz_actors *ret);
void hz_actors_done(struct hz_actors *a);

struct hz_seen {
	struct hz_ref at;
	struct hz_links links;
	const struct hz_actor *who; /* borrowed from the list */
	uint8_t leaf[32];
	struct hz_event ev;
	bool recorded; /* kind and r are those of its record */
	uint8_t kind;
	struct hz_record r;
};
/* A place for one event after the other (they are large). */
HZ_RESULT hz_seen_new(struct hz_seen **ret_s);
void hz_seen_free(struct hz_seen **s);
/* Reads an event and checks its signature by a member's key; with record also its record: that it is the one
 * named, and its signature. HZ_MSG_VAULT_TAMPERED. What s held before is forgotten. */
HZ_RESULT hz_seen_load(
    struct hz_view *w, const struct hz_actors *a, struct hz_ref at, bool record, struct hz_seen *s);
/* One line of type `event`. number: the exhibit's, or NULL. */
void hz_seen_json(struct hz_out *o, const struct hz_seen *s, const char *number);
/* A heading and rows: index, time, who, act, detail. */
void hz_seen_head(struct hz_out *o);
void hz_seen_row(struct hz_out *o, const struct hz_seen *s, const char *number);

#endif
