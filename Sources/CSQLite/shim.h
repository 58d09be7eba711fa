// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file.
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

/// `open` is variadic, which Swift does not import, and `errno` is a macro.
///
/// Returns the descriptor or the negative error; a child process does not inherit it.
static inline int smki_open(const char *_Nonnull path, int flags, unsigned mode) {
  int descriptor = open(path, flags | O_CLOEXEC, (mode_t)mode);
  return descriptor < 0 ? -errno : descriptor;
}

/// The error of the last call that failed on this thread.
static inline int smki_error(void) { return errno; }

/// `SQLITE_TRANSIENT` is a cast that Swift does not import; a null pointer would bind NULL.
static inline int smki_bind_blob(
    sqlite3_stmt *_Nonnull statement, int index, const void *_Nullable data, sqlite3_uint64 count) {
  return sqlite3_bind_blob64(statement, index, data ? data : "", count, SQLITE_TRANSIENT);
}

/// As above, for text in UTF-8.
static inline int smki_bind_text(
    sqlite3_stmt *_Nonnull statement, int index, const char *_Nullable data, sqlite3_uint64 count) {
  return sqlite3_bind_text64(
      statement, index, data ? data : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}
