// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file. Here the other one is
// Swift's own view of libc, which does not define _GNU_SOURCE.
#include <libxml/xmlversion.h>
// The same for ICU, which Foundation brings in another version: nothing here needs libxml2's.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <string.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// A text that a parser takes piece by piece; it must live as long as the parser.
struct smki_xml_source {
  const char *_Nullable at;
  size_t left;
};

static inline int smki_xml_read(void *_Nullable context, char *_Nonnull buffer, int count) {
  struct smki_xml_source *source = (struct smki_xml_source *)context;
  size_t piece = source->left < (size_t)count ? source->left : (size_t)count;
  memcpy(buffer, source->at, piece);
  source->at += piece;
  source->left -= piece;
  return (int)piece;
}

/// A parser that takes its text piece by piece, so that it holds no copy of the whole.
static inline xmlTextReaderPtr _Nullable smki_xml_reader(struct smki_xml_source *_Nonnull source,
                                                         int options) {
  return xmlReaderForIO(smki_xml_read, NULL, source, NULL, "UTF-8", options);
}

/// Maps a file for reading, or returns NULL; an empty file cannot be mapped.
static inline void *_Nullable smki_xml_map(const char *_Nonnull path, size_t *_Nonnull size) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  void *start = MAP_FAILED;
  if (descriptor < 0) return NULL;
  if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
    *size = (size_t)status.st_size;
    start = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  }
  close(descriptor);
  return start == MAP_FAILED ? NULL : start;
}
