// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file. Here the other one is
// Swift's own view of libc, which does not define _GNU_SOURCE, and both see fd_set.
#include <curl/curl.h>

/// curl_easy_setopt has variable arguments; this one sets a number.
static inline CURLcode smki_curl_set_long(CURL *_Nonnull handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

/// curl_easy_setopt for a text, which the library copies; NULL takes the option back.
static inline CURLcode smki_curl_set_text(CURL *_Nonnull handle, CURLoption option,
                                          const char *_Nullable value) {
  return curl_easy_setopt(handle, option, value);
}

/// curl_easy_setopt for a pointer that the library keeps and does not look behind.
static inline CURLcode smki_curl_set_pointer(CURL *_Nonnull handle, CURLoption option,
                                             void *_Nullable value) {
  return curl_easy_setopt(handle, option, value);
}

/// curl_easy_setopt for a list of header lines, which must live as long as the transfer.
static inline CURLcode smki_curl_set_list(CURL *_Nonnull handle, CURLoption option,
                                          struct curl_slist *_Nullable value) {
  return curl_easy_setopt(handle, option, value);
}

/// curl_easy_setopt for the size of a body.
static inline CURLcode smki_curl_set_size(CURL *_Nonnull handle, CURLoption option,
                                          curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

/// Receives octets: how many were taken; less than offered ends the transfer.
typedef size_t (*smki_curl_receive)(char *_Nonnull octets, size_t size, size_t count,
                                    void *_Nullable context);

/// curl_easy_setopt for a receiving function.
static inline CURLcode smki_curl_set_receive(CURL *_Nonnull handle, CURLoption option,
                                             smki_curl_receive _Nonnull function) {
  return curl_easy_setopt(handle, option, function);
}

/// curl_easy_setopt for a function that hands out octets: how many it gave; 0 is the end.
static inline CURLcode smki_curl_set_send(CURL *_Nonnull handle, CURLoption option,
                                          smki_curl_receive _Nonnull function) {
  return curl_easy_setopt(handle, option, function);
}

/// curl_easy_getinfo has variable arguments; this one asks for the status code.
static inline long smki_curl_status(CURL *_Nonnull handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/// curl_easy_getinfo for the number of new connections that the last transfer needed.
static inline long smki_curl_connects(CURL *_Nonnull handle) {
  long count = 0;
  curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &count);
  return count;
}
