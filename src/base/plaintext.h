/* The one media type that is decided without a parser. */
#ifndef HZ_BASE_PLAINTEXT_H
#define HZ_BASE_PLAINTEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { HZ_PLAINTEXT_MAX = 1 << 20 };

/* Whether a whole file of n bytes is text/plain; charset=utf-8 beyond doubt: 1 to HZ_PLAINTEXT_MAX bytes
 * of strict UTF-8, no control characters (C0, DEL, C1) but TAB, LF, CR and FF, and the first byte that
 * is none of these nor a space begins none of: < { [ % # @ "From " or a byte order mark. Such a file need
 * not be shown to libmagic; any other is neither text nor not text by this. */
bool hz_plaintext_ok(const void *p, size_t n);

#endif
