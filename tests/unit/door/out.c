#include "door/out.h"
#include "base/enc.h"
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"

static void
begin(struct hz_out *o)
{
	int fd = memfd_create("out", MFD_CLOEXEC);

	assert_true(fd >= 0);
	hz_out_init(o, fd);
}

static void
end_with(struct hz_out *o, const char *want)
{
	assert_int_equal(hz_out_end(o), HZ_OK);
	char *s = written(o);
	assert_string_equal(s, want);
	free(s);
	(void)close(o->fd);
	hz_out_done(o);
}

static void
sizes(void **state)
{
	static const struct {
		uint64_t n;
		const char *s;
	} rows[] = { { 0, "0\xc2\xa0"
			  "B" },
		{ 1023, "1023\xc2\xa0"
			"B" },
		{ 1024, "1.0\xc2\xa0KiB" }, { 1536, "1.5\xc2\xa0KiB" }, { 10188, "9.9\xc2\xa0KiB" },
		{ 10189, "10\xc2\xa0KiB" }, { 18432, "18\xc2\xa0KiB" }, { 1048063, "1023\xc2\xa0KiB" },
		{ 1048064, "1.0\xc2\xa0MiB" }, { 4404019, "4.2\xc2\xa0MiB" },
		{ UINT64_C(6657199308), "6.2\xc2\xa0GiB" },
		{ UINT64_MAX, "16\xc2\xa0"
			      "EiB" } };
	char s[HZ_SIZE_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		hz_size_text(rows[i].n, s);
		assert_string_equal(s, rows[i].s);
	}
}

/* NOLINTBEGIN(misc-misleading-bidirectional): that is what is tested */
static void
hostile_names(void **state)
{
	struct hz_out o;

	(void)state;
	begin(&o);
	hz_out_printf(&o, "[%s]\n",
	    hz_show_str(&o, "a\x1b[2J\r\nVALID\xe2\x80\xae"
			    "b\xff\\"));
	end_with(&o, "[a\\x1b[2J\\x0d\\x0aVALID\\u202eb\\xff\\\\]\n");
}
/* NOLINTEND(misc-misleading-bidirectional) */

static void
isolates(void **state)
{
	struct hz_out o;

	(void)state;
	begin(&o); /* a pipe: never */
	o.rtl = true;
	hz_out_printf(&o, "%s %s %s\n", hz_show_id(&o, "DM3-000117"), hz_show_size(&o, 4404019),
	    hz_show_minute(&o, 1795201092));
	end_with(&o, "DM3-000117 4.2\xc2\xa0MiB 2026-11-20 18:58\n");
	begin(&o); /* a terminal in Arabic: always */
	o.rtl = true;
	o.tty = true;
	hz_out_printf(&o, "%s %s\n", hz_show_id(&o, "DM3-000117"), hz_show_time(&o, 1795201092));
	end_with(&o, FSI "DM3-000117" PDI " " FSI "2026-11-20 18:58:12 UTC" PDI "\n");
	begin(&o); /* a terminal in English: where right-to-left text is */
	o.tty = true;
	hz_out_printf(&o, "%s %s\n", hz_show_id(&o, "DM3-000117"), hz_show_str(&o, "حلب"));
	end_with(&o, "DM3-000117 " FSI "حلب" PDI "\n");
}

static void
values(void **state)
{
	struct hz_out o;
	const uint8_t hash[4] = { 0xb3, 0xd1, 0xf0, 0xa9 };

	(void)state;
	begin(&o);
	hz_out_printf(&o, "%s %s %s %s\n", hz_show_hex(&o, hash, 4, 0), hz_show_hex(&o, hash, 4, 4),
	    hz_show_fpr(&o, "7c4109ee52d0a8f3"), hz_show_count(&o, 1284));
	hz_out_printf(&o, "%s|%s|%s|%s|%s\n", hz_show_span(&o, 0), hz_show_span(&o, 104),
	    hz_show_span(&o, 3660), hz_show_span(&o, UINT64_C(48) * 3600), hz_show_str(&o, NULL));
	o.color = true;
	hz_out_printf(&o, "%s\n", hz_show_tone(&o, HZ_TONE_GOOD, "ok"));
	end_with(&o, "b3d1f0a9 b3d1... 7C41 09EE 52D0 A8F3 1284\n0 s|1 min 44 s|1 h 1 min|2 days|\n"
		     "\x1b[32mok\x1b[0m\n");
}

static void
columns(void **state)
{
	struct hz_out o;

	(void)state;
	begin(&o);
	hz_out_cell(&o, "مُرَوَّة", 6); /* 8 characters, 4 columns */
	hz_out_puts(&o, "|\n");
	hz_out_cell(&o, "12", -5);
	hz_out_puts(&o, "|\n");
	hz_out_cell(&o, "no", 5); /* nothing hangs over at the end of a line */
	hz_out_cell(&o, "", 5);
	hz_out_puts(&o, "\n");
	hz_out_cell(&o, "12", -5);
	hz_out_printf(&o, "%s\n", "");
	hz_out_cell(&o, "ab", 3);
	hz_out_printf(&o, "%s|\n", "");
	hz_out_cell(&o, "too long", 3);
	hz_out_puts(&o, "|\n");
	hz_out_cell(&o, FSI "ab" PDI, 4);
	hz_out_puts(&o, "|\n");
	o.color = true;
	hz_out_cell(&o, hz_show_tone(&o, HZ_TONE_BAD, "no"), 4);
	hz_out_puts(&o, "|\n");
	hz_out_field(&o, "title", 8, "x");
	end_with(&o, "مُرَوَّة    |\n   12  |\nno\n   12\nab   |\ntoo long  |\n" FSI "ab" PDI
		     "    |\n\x1b[31mno\x1b[0m    |\ntitle     x\n");
}

static void
json_lines(void **state)
{
	struct hz_out o;
	struct hz_jw *w = NULL;

	(void)state;
	begin(&o);
	w = hz_line_begin(&o, "item");
	hz_line_path(w, "usb/صورة.jpg");
	hz_jw_int(w, "size", 4404019);
	hz_line_time(w, "t", 0);
	hz_line_end(&o);
	w = hz_line_begin(&o, "item");
	hz_line_path(w, "usb/\xff\xfe.jpg");
	hz_line_text(w, "title", "a\x80z");
	hz_line_end(&o);
	end_with(&o, "{\"v\":1,\"type\":\"item\",\"path\":\"usb/صورة.jpg\",\"size\":4404019,"
		     "\"t\":\"1970-01-01T00:00:00Z\"}\n"
		     "{\"v\":1,\"type\":\"item\",\"path\":\"usb/\xef\xbf\xbd\xef\xbf\xbd.jpg\","
		     "\"path_b64\":\"dXNiL//+LmpwZw==\",\"title\":\"a\xef\xbf\xbdz\"}\n");
}

/* A line that cannot be written whole is not written at all, and is reported. */
static void
broken_line(void **state)
{
	struct hz_out o;
	struct hz_jw *w = NULL;

	(void)state;
	begin(&o);
	(void)hz_line_begin(&o, "whole");
	hz_line_end(&o);
	w = hz_line_begin(&o, "half");
	hz_jw_str(w, "name", "\xff");
	hz_line_end(&o);
	assert_true(hz_out_broken(&o));
	hz_out_flush(&o);
	char *s = written(&o);
	assert_null(strstr(s, "half"));
	free(s);
	(void)close(o.fd);
	hz_out_done(&o);
}

static void
full_disk(void **state)
{
	struct hz_out o;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0) {
		print_message("# skipped: /dev/full cannot be opened\n");
		return;
	}
	hz_out_init(&o, fd);
	hz_out_puts(&o, "words\n");
	assert_false(hz_out_broken(&o));
	/* The work's own failure is still there after the output failed. */
	HZ_IGNORE(hz_fail(HZ_MSG_NO_EXHIBIT, "DM3-1"));
	hz_out_flush(&o);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NO_EXHIBIT);
	assert_true(hz_out_broken(&o));
	hz_fail_clear();
	assert_int_equal(hz_out_end(&o), HZ_ERR_IO);
	assert_int_equal(hz_fail_msg(), HZ_MSG_OUTPUT); /* not the disk of the vault */
	assert_int_equal(o.err_no, ENOSPC);
	(void)close(fd);
	hz_out_done(&o);
}

static void
long_output(void **state)
{
	struct hz_out o;

	(void)state;
	begin(&o);
	for (int i = 0; i < 10000; i++) {
		hz_out_printf(&o, "%09d\n", i);
	}
	assert_int_equal(hz_out_end(&o), HZ_OK);
	char *s = written(&o);
	assert_int_equal(strlen(s), 100000);
	assert_memory_equal(s + 99990, "000009999\n", 10);
	free(s);
	(void)close(o.fd);
	hz_out_done(&o);
}

const struct CMUnitTest out_tests[] = {
	cmocka_unit_test(sizes),
	cmocka_unit_test(hostile_names),
	cmocka_unit_test(isolates),
	cmocka_unit_test(values),
	cmocka_unit_test(columns),
	cmocka_unit_test(json_lines),
	cmocka_unit_test(broken_line),
	cmocka_unit_test(full_disk),
	cmocka_unit_test(long_output),
};
const size_t out_count = sizeof out_tests / sizeof out_tests[0];
