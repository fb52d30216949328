#include "base/threads.h"

#include <signal.h>
#include <stddef.h>

int
hz_thread_start(pthread_t *ret_thread, void *(*run)(void *), void *arg)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS };
	sigset_t all, old;

	(void)sigfillset(&all);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		(void)sigdelset(&all, faults[i]);
	}
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	int rc = pthread_create(ret_thread, NULL, run, arg);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}
