/* The log between recorder and replayer: entries of a fixed head and two byte strings.
 *
 *  C  file made: ino, a = name ("" for a nameless one)     W  written: ino, off, a = bytes, flags
 *  T  cut or grown to off bytes: ino                        S  synced: ino, a = its name; covers the log up
 * to its byte off R  renamed: a -> b                                       L  linked: ino gets the name b U
 * name a removed                                        D  folder b made A  written to standard output: a */
#ifndef HZ_TESTS_CRASH_LOG_H
#define HZ_TESTS_CRASH_LOG_H

#include <stdint.h>

#define CRASH_MAGIC 0x31534843u
#define CRASH_DSYNC 1 /* W: on disk when it returns */
#define CRASH_DIR   2 /* S: a folder */
#define CRASH_ALL   4 /* S: everything */

struct crash_entry {
	uint32_t magic;
	uint8_t op, flags, zero[2];
	uint64_t ino, off, a, b;
};

#endif
