/* Unit tests of the room inspect: the parsers and what they stand on. The program itself:
 * ../sandbox/inspect.c. */
#include "tests.h"

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_add_text),
		cmocka_unit_test(test_add_numbers),
		cmocka_unit_test(test_add_times),
		cmocka_unit_test(test_source_memory),
		cmocka_unit_test(test_source_file),
		cmocka_unit_test(test_source_limits),
		cmocka_unit_test(test_text_clean),
		cmocka_unit_test(test_text_cut),
		cmocka_unit_test(test_text_limit),
		cmocka_unit_test(test_exif_all),
		cmocka_unit_test(test_exif_times),
		cmocka_unit_test(test_exif_places),
		cmocka_unit_test(test_exif_hostile),
		cmocka_unit_test(test_jpeg),
		cmocka_unit_test(test_jpeg_c2pa),
		cmocka_unit_test(test_png),
		cmocka_unit_test(test_webp),
		cmocka_unit_test(test_c2pa),
		cmocka_unit_test(test_xmp),
		cmocka_unit_test(test_xmp_hostile),
		cmocka_unit_test(test_bmff_header),
		cmocka_unit_test(test_bmff_places),
		cmocka_unit_test(test_bmff_hostile),
		cmocka_unit_test(test_heif),
		cmocka_unit_test(test_proofmode),
		cmocka_unit_test(test_beginnings),
		cmocka_unit_test(test_docx),
		cmocka_unit_test(test_odf),
		cmocka_unit_test(test_office_hostile),
		cmocka_unit_test(test_office_bomb),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_html_charset),
		cmocka_unit_test(test_charset_tables),
		cmocka_unit_test(test_decoder_pieces),
		cmocka_unit_test(test_text_encodings),
		cmocka_unit_test(test_pdf_lines),
		cmocka_unit_test(test_pdf_strip),
		cmocka_unit_test(test_listing),
		cmocka_unit_test(test_listing_cut),
		cmocka_unit_test(test_listing_limits),
		cmocka_unit_test(test_listing_bomb),
		cmocka_unit_test(test_archive_kinds),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL) == 0 ? 0 : 1;
}
