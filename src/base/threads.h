/* Inside base only: what every thread of hirz has in common. */
#ifndef HZ_BASE_THREADS_H
#define HZ_BASE_THREADS_H

#include <pthread.h>

/* pthread_create with signals left to the program's first thread; faults of the new one stay its own. */
int hz_thread_start(pthread_t *ret_thread, void *(*run)(void *), void *arg);

#endif
