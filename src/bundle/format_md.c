/* doc/format.md, built into the program so that every bundle carries the page that explains it. */
__asm__(".section .rodata\n"
	".balign 16\n"
	".global hz_format_md\n"
	".hidden hz_format_md\n"
	"hz_format_md:\n"
	".incbin \"" HZ_FORMAT_MD "\"\n"
	".global hz_format_md_end\n"
	".hidden hz_format_md_end\n"
	"hz_format_md_end:\n"
	".byte 0\n"
	".previous\n");

/* C17 wants a declaration in every file. */
extern const char hz_format_md[];
