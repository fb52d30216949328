/* What a file says of itself, as text: claims, and never more than that. */
#include "cli/print.h"

#include <string.h>

#define COLUMNS 28
#define PREFIX  "inspected."

/* The last part of a claim's name in the reader's language; the part itself where nobody has named it. */
static const char *
word(struct hz_out *o, const char *part)
{
	const struct {
		const char *part, *text;
	} words[] = {
		{ "altitude", C_("claim", "altitude (m)") },
		{ "artist", C_("claim", "author") },
		{ "author", C_("claim", "author") },
		{ "brand", C_("claim", "kind of container") },
		{ "bytes", C_("claim", "bytes unpacked") },
		{ "charset", C_("claim", "encoding") },
		{ "charset_by", C_("claim", "encoding known from") },
		{ "check", C_("claim", "own hashes") },
		{ "complete", C_("claim", "read to the end") },
		{ "copyright", C_("claim", "copyright") },
		{ "duration", C_("claim", "duration (s)") },
		{ "encrypted", C_("claim", "encrypted") },
		{ "entries", C_("claim", "entries") },
		{ "folders", C_("claim", "folders") },
		{ "format", C_("claim", "format") },
		{ "height", C_("claim", "height") },
		{ "kind", C_("claim", "kind") },
		{ "label", C_("claim", "label") },
		{ "language", C_("claim", "language") },
		{ "latitude", C_("claim", "latitude") },
		{ "lens", C_("claim", "lens") },
		{ "longitude", C_("claim", "longitude") },
		{ "make", C_("claim", "make") },
		{ "model", C_("claim", "model") },
		{ "modified_by", C_("claim", "changed by") },
		{ "note", C_("claim", "remark") },
		{ "orientation", C_("claim", "orientation") },
		{ "pages", C_("claim", "pages") },
		{ "part", C_("claim", "part of the set") },
		{ "producer", C_("claim", "produced with") },
		{ "serial", C_("claim", "serial number") },
		{ "sha256", C_("claim", "sha256") },
		{ "size", C_("claim", "bytes") },
		{ "software", C_("claim", "software") },
		{ "subject", C_("claim", "subject") },
		{ "time", C_("claim", "time") },
		{ "time_created", C_("claim", "created") },
		{ "time_digitized", C_("claim", "digitized") },
		{ "time_modified", C_("claim", "changed") },
		{ "time_taken", C_("claim", "taken") },
		{ "title", C_("claim", "title") },
		{ "tool", C_("claim", "made with") },
		{ "unnamed", C_("claim", "entries without a name") },
		{ "unsafe", C_("claim", "entries that lead outside") },
		{ "url", C_("claim", "address") },
		{ "width", C_("claim", "width") },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(words[i].part, part) == 0) {
			return words[i].text;
		}
	}
	return hz_show_id(o, part);
}

/* The middle part says where in the file it stands. */
static const char *
group(const char *name, size_t n)
{
	const struct {
		const char *name, *text;
	} groups[] = { { "exif", "EXIF" }, { "gps", "GPS" }, { "xmp", "XMP" }, { "c2pa", "C2PA" },
		{ "proofmode", "ProofMode" }, { "video", C_("claim", "video") },
		{ "doc", C_("claim", "document") }, { "archive", C_("claim", "archive") },
		{ "web", C_("claim", "web capture") } };

	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		if (strlen(groups[i].name) == n && memcmp(groups[i].name, name, n) == 0) {
			return groups[i].text;
		}
	}
	return NULL;
}

/* A time of day without Z or an offset at its end. */
static bool
lacks_zone(const char *part, const char *value)
{
	const char *t = strncmp(part, "time", 4) == 0 ? strchr(value, 'T') : NULL;

	return t != NULL && strpbrk(t, "Z+-") == NULL;
}

static void
one(struct hz_out *o, const char *name, const char *value)
{
	const char *dot = strrchr(name, '.');
	const char *part = dot != NULL ? dot + 1 : name;
	const char *where = dot != NULL ? group(name, (size_t)(dot - name)) : NULL;
	struct hz_buf cell = HZ_BUF_INIT(1024);
	const char *text = word(o, part);

	/* Translators: what is claimed, and in brackets where in the file: "taken (EXIF)". */
	if (where != NULL && hz_buf_printf(&cell, _("%s (%s)"), text, where) == HZ_OK &&
	    hz_buf_putc(&cell, '\0') == HZ_OK) {
		text = (const char *)cell.p;
	}
	hz_out_puts(o, "  ");
	/* lint: allow hz_out_cell (our own words; a name that we have none for was made visible) */
	hz_out_cell(o, text, COLUMNS);
	hz_out_puts(o, hz_show_str(o, value));
	if (lacks_zone(part, value)) {
		hz_out_printf(o, "  %s", _("(local time, zone not known)"));
	}
	hz_out_puts(o, "\n");
	hz_buf_done(&cell);
}

void
hz_claims_text(struct hz_out *o, const struct hz_record *r)
{
	const char *by = hz_record_get(r, PREFIX "by");
	bool any = false;

	for (size_t i = 0; i < r->n; i++) {
		const char *name = r->fields[i].name;

		if (strncmp(name, PREFIX, strlen(PREFIX)) != 0 || strcmp(name, PREFIX "by") == 0) {
			continue;
		}
		if (!any) {
			/* Translators: the program and its sandbox. */
			hz_out_printf(o, _("\nAs the file says, unchecked (read by %s):\n"),
			    hz_show_str(o, by == NULL ? "" : by));
		}
		any = true;
		one(o, name + strlen(PREFIX), r->fields[i].value);
	}
	if (!any && by != NULL) {
		hz_out_printf(
		    o, _("\nWhat the file says of itself could not be read: %s\n"), hz_show_str(o, by));
	}
}

const char *
hz_claims_camera(const struct hz_record *r)
{
	static const char *const clocks[] = { PREFIX "exif.time_taken", PREFIX "exif.time_digitized",
		PREFIX "video.time_taken", PREFIX "video.time_created" };

	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		const char *time = hz_record_get(r, clocks[i]);

		if (time != NULL) {
			return time;
		}
	}
	return NULL;
}
