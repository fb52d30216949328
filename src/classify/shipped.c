/* data/syria.rules, built into the program, so that texts can be classified with nothing beside it. */
#include "classify/shipped.h"

__asm__(".section .rodata\n"
	".balign 16\n"
	".global hz_rules_file\n"
	".hidden hz_rules_file\n"
	"hz_rules_file:\n"
	".incbin \"" HZ_RULES_FILE "\"\n"
	".global hz_rules_file_end\n"
	".hidden hz_rules_file_end\n"
	"hz_rules_file_end:\n"
	".byte 0\n"
	".previous\n");

extern const char hz_rules_file[];
extern const char hz_rules_file_end[];

const void *
hz_rules_shipped(size_t *ret_n)
{
	/* cppcheck-suppress comparePointers ; two marks in one text */
	*ret_n = (size_t)(hz_rules_file_end - hz_rules_file);
	return hz_rules_file;
}
