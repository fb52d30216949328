#include "base/fd.h"

#include <signal.h>
#include <stdatomic.h>

/* At this many signals the program ends at once: somebody insists. */
#define SIGNALS_INSIST 3

static atomic_int cancel_signal;
static atomic_int cancel_count;

static void
on_signal(int sig)
{
	int none = 0;
	(void)atomic_compare_exchange_strong(&cancel_signal, &none, sig);
	if (atomic_fetch_add(&cancel_count, 1) + 1 >= SIGNALS_INSIST) {
		struct sigaction plain = { .sa_handler = SIG_DFL };
		(void)sigemptyset(&plain.sa_mask);
		(void)sigaction(sig, &plain, NULL);
		(void)raise(sig);
	}
}

int
hz_cancel_signal(void)
{
	return atomic_load(&cancel_signal);
}

void
hz_cancel_install(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct sigaction old;
		/* nohup and background jobs of a shell ignore some of them: leave that. */
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
			/* No SA_RESTART: a read that waits for a pipe or a person must end. */
			struct sigaction sa = { .sa_handler = on_signal };
			(void)sigemptyset(&sa.sa_mask);
			(void)sigaction(signals[i], &sa, NULL);
		}
	}
}

enum hz_err
hz_cancel_check(void)
{
	int sig = hz_cancel_signal();
	return sig == 0 ? HZ_OK : hz_fail(HZ_MSG_CANCELLED, "signal %d", sig);
}
