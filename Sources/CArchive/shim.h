// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file.
#define _GNU_SOURCE 1
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

/// `open` is variadic, which Swift does not import, and `errno` is a macro.
///
/// Returns the descriptor or the negative error; a child process does not inherit it.
static inline int smki_file_open(const char *_Nonnull path, int flags, unsigned mode) {
  int descriptor = open(path, flags | O_CLOEXEC, (mode_t)mode);
  return descriptor < 0 ? -errno : descriptor;
}

/// What of a locale says which characters there are; a macro, which Swift does not import.
static const int smki_names_of_files = LC_CTYPE_MASK;

/// The error of the last call that failed on this thread.
static inline int smki_file_error(void) { return errno; }
