/* The inside of a parsed JSON document, shared by the reader and the writer of this room only. */
#ifndef HZ_CODEC_TREE_H
#define HZ_CODEC_TREE_H

#include "codec/json.h"

struct hz_json {
	const struct hz_json_doc *doc;
	const char *name; /* of a member, else NULL */
	enum hz_json_type type;
	uint32_t count; /* members or elements */
	union {
		size_t kids; /* arrays and objects: where theirs begin in doc->kids */
		uint64_t number;
		bool truth;
		struct {
			const char *p;
			size_t len;
		} str;
	};
};

struct hz_json_doc {
	struct hz_json *nodes; /* the first is the root */
	size_t n_nodes, cap_nodes;
	/* Numbers of nodes. An array has its elements here; an object its members as they came and then once
	 * more in the order of their names. */
	uint32_t *kids;
	size_t n_kids, cap_kids;
	char *text; /* all names and strings, each with a NUL: never longer than the source */
	size_t n_text;
};

/* Member number i in the order of the names. */
const struct hz_json *hz_json_sorted_at(const struct hz_json *v, size_t i);

#endif
