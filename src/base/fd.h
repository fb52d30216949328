/* Descriptors and files: everything close-on-exec, nothing follows a symlink unless it says so. */
#ifndef HZ_BASE_FD_H
#define HZ_BASE_FD_H

#include "base/buf.h"

/* Opens the null device on any of 0, 1, 2 that is closed: LMDB or an output file would get the number
 * and the next message would be written into it. Opened the wrong way round, so that using them is
 * an error as before, not a silent success. First call of every main(). */
void hz_fd_fill_std(void);
/* How many more descriptors this process may have (RLIMIT_NOFILE), counted up to most. */
unsigned hz_fd_spare(unsigned most);
/* Refuses core dumps and ptrace by the same user: RLIMIT_CORE 0, PR_SET_DUMPABLE 0 (the latter not in
 * builds with the leak checker, which attaches to its own process). */
void hz_process_harden(void);

void hz_fd_close(int *fd);                                           /* for hz_cleanup; takes -1, leaves -1 */
HZ_RESULT hz_fd_read_full(int fd, void *p, size_t n, size_t *ret_n); /* short only at the end */
HZ_RESULT hz_fd_pread_full(int fd, void *p, size_t n, uint64_t off, size_t *ret_n);
HZ_RESULT hz_fd_write_all(int fd, const void *p, size_t n);
/* Appends a regular file of at most max bytes (out must allow them) under a folder descriptor. Missing:
 * HZ_MSG_SOURCE_MISSING; no permission: HZ_MSG_SOURCE_DENIED; symlink, FIFO, folder, device:
 * HZ_MSG_SOURCE_NOT_REGULAR; larger: HZ_MSG_LIMIT; else HZ_MSG_IO. out is as before on failure. */
HZ_RESULT hz_file_read(int dirfd, const char *name, size_t max, struct hz_buf *out);
/* Replaces name by content so that a crash leaves the old or the new: writes name.new (a stale one is
 * removed first), syncs, renames, syncs the folder. name without '/'; mode as given, umask or not.
 * On failure the old content stands, except that HZ_MSG_IO from the last sync may leave the new one. */
HZ_RESULT hz_file_replace(int dirfd, const char *name, const void *p, size_t n, mode_t mode);
/* Creates name (HZ_MSG_TARGET_EXISTS if it is there), writes, syncs the file and the folder; removes it
 * again where writing failed. */
HZ_RESULT hz_file_create(int dirfd, const char *name, const void *p, size_t n, mode_t mode);
HZ_RESULT hz_dir_sync(int dirfd);
/* Makes a folder and its missing parents (0700, synced), opens it. Symlinks that are there already are
 * followed: the path is the user's own. HZ_MSG_NOT_A_FOLDER where something else has the name. */
HZ_RESULT hz_dir_make(const char *path, int *ret_fd);

/* Set by the signal handlers of a door (SIGINT, SIGTERM, SIGHUP): long loops look at it.
 * 0 none, else the signal number. */
int hz_cancel_signal(void);
/* Signals that are ignored stay ignored (nohup). Calls are interrupted (no SA_RESTART): hz_fd_* then give
 * HZ_MSG_CANCELLED. The third signal ends the program at once. */
void hz_cancel_install(void);
/* HZ_ERR_CANCELLED if a signal came. */
HZ_RESULT hz_cancel_check(void);

#endif
