/* Output for other programs: what comes out for bytes from outside. */
#include "base/enc.h"
#include "codec/sink.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

typedef enum hz_err (*sink_fn)(struct hz_buf *out, const void *p, size_t n);

static void
gives(sink_fn fn, const void *p, size_t n, const char *want)
{
	struct hz_buf b = HZ_BUF_INIT(4096);
	const char *s = NULL;
	assert_int_equal(fn(&b, p, n), HZ_OK);
	assert_int_equal(hz_buf_cstr(&b, &s), HZ_OK);
	assert_string_equal(s, want);
	hz_buf_done(&b);
}

#define GIVES(fn, text, want) gives(fn, text, sizeof(text) - 1, want)

static void
html(void **state)
{
	(void)state;
	GIVES(hz_html_text, "", "<bdi></bdi>");
	GIVES(hz_html_text, "</bdi><script>x('&\"`')</script>",
	    "<bdi>&lt;/bdi&gt;&lt;script&gt;x(&#39;&amp;&quot;&#96;&#39;)&lt;/script&gt;</bdi>");
	GIVES(hz_html_text,
	    "حلب \xe2\x80\xae"
	    "gpj.exe",
	    "<bdi>حلب \\u202egpj.exe</bdi>");
	GIVES(hz_html_text, "a\0b\xff\n", "<bdi>a\\x00b\\xff\\x0a</bdi>");
	GIVES(hz_html_attr, "\" onmouseover=\"x", "\"&quot; onmouseover=&quot;x\"");
	GIVES(hz_html_attr, "a\tb\r\n<", "\"a\\x09b\\x0d\\x0a&lt;\"");
}

static void
csv(void **state)
{
	(void)state;
	GIVES(hz_csv_cell, "", "\"\"");
	GIVES(hz_csv_cell, "Aleppo - hospital, 2019", "\"Aleppo - hospital, 2019\"");
	GIVES(hz_csv_cell, "say \"so\"", "\"say \"\"so\"\"\"");
	GIVES(hz_csv_cell, "=1+1", "\"'=1+1\"");
	GIVES(hz_csv_cell, "+963", "\"'+963\"");
	GIVES(hz_csv_cell, "-5", "\"'-5\"");
	GIVES(hz_csv_cell, "@SUM(A1)", "\"'@SUM(A1)\"");
	GIVES(hz_csv_cell, "  =1", "\"  '=1\"");
	GIVES(hz_csv_cell, "\t=1", "\"\\x09=1\"");
	GIVES(hz_csv_cell, "\r\n=1", "\"\\x0d\\x0a=1\"");
	GIVES(hz_csv_cell, "x\";=1", "\"x\"\";'=1\"");
	GIVES(hz_csv_cell, "a, =1", "\"a, '=1\"");
	GIVES(hz_csv_cell,
	    "\xef\xbc\x9d"
	    "1",
	    "\"'\xef\xbc\x9d"
	    "1\"");
	GIVES(hz_csv_cell, "\xe3\x80\x80\xef\xbc\x8b", "\"\xe3\x80\x80'\xef\xbc\x8b\"");
	GIVES(hz_csv_cell, "'x", "\"''x\"");
	GIVES(hz_csv_cell, "\\", "\"\\\\\"");
}

static void
names(void **state)
{
	char name[300], want[200];
	(void)state;
	GIVES(hz_file_name, "صورة من حلب.jpg", "صورة من حلب.jpg");
	GIVES(hz_file_name, "", "unnamed");
	GIVES(hz_file_name, "..", "__");
	GIVES(hz_file_name, ".", "_");
	GIVES(hz_file_name, "../../etc/passwd", "_._.._etc_passwd");
	GIVES(hz_file_name, "/etc/passwd", "_etc_passwd");
	GIVES(hz_file_name, "a\\b:c*d?e\"f<g>h|i", "a__b_c_d_e_f_g_h_i");
	GIVES(hz_file_name, ".bashrc", "_bashrc");
	GIVES(hz_file_name, "-rf", "_rf");
	GIVES(hz_file_name, "~", "_");
	GIVES(hz_file_name, "a\0b", "a_x00b");
	GIVES(hz_file_name, "photo\xe2\x80\xaegpj.exe", "photo_u202egpj.exe");
	GIVES(hz_file_name, "a\nb\x1b[2J", "a_x0ab_x1b[2J");
	GIVES(hz_file_name, "x. ", "x._");
	GIVES(hz_file_name, "CON", "_ON");
	GIVES(hz_file_name, "nul.txt", "_ul.txt");
	GIVES(hz_file_name, "Com7 .x", "_om7 .x");
	GIVES(hz_file_name, "common", "common");
	GIVES(hz_file_name, "\xff", "_xff");
	/* One byte below the limit, at it, over it; the ending stays and no letter is cut. */
	for (size_t n = 119; n <= 121; n++) {
		memset(name, 'x', n);
		memset(want, 'x', 120);
		want[n < 120 ? n : 120] = '\0';
		gives(hz_file_name, name, n, want);
	}
	memset(name, 'x', 200);
	memcpy(name + 200, ".jpeg", 5);
	memset(want, 'x', 115);
	memcpy(want + 115, ".jpeg", 6);
	gives(hz_file_name, name, 205, want);
	for (size_t i = 0; i < 100; i++) {
		memcpy(name + 2 * i, "ح", 2);
	}
	memcpy(name + 200, ".jpeg", 5);
	memcpy(want, name, 114);
	memcpy(want + 114, ".jpeg", 6);
	gives(hz_file_name, name, 205, want);
}

/* Full or not, nothing half-written stays. */
static void
over_the_limit(void **state)
{
	static const sink_fn all[] = { hz_html_text, hz_html_attr, hz_csv_cell, hz_file_name };
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (size_t max = 2; max < 40; max++) {
			struct hz_buf b = HZ_BUF_INIT(max);
			assert_int_equal(hz_buf_puts(&b, "k:"), HZ_OK);
			enum hz_err err = all[i](&b, "=a<b>&\"\n\xff, =x", 14);
			assert_true(err == HZ_OK || err == HZ_ERR_LIMIT);
			assert_true(err == HZ_OK || b.len == 2);
			assert_memory_equal(b.p, "k:", 2);
			hz_buf_done(&b);
		}
	}
}

const struct CMUnitTest sinks_tests[] = {
	cmocka_unit_test(html),
	cmocka_unit_test(csv),
	cmocka_unit_test(names),
	cmocka_unit_test(over_the_limit),
};
const size_t sinks_count = sizeof(sinks_tests) / sizeof(sinks_tests[0]);
