// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file.
#define _GNU_SOURCE 1
#include <unistd.h>

#include <libpq-fe.h>

/// Opens a connection. A server that is gone without a word is given up within some ten
/// seconds, unless the string says otherwise: it comes last, so its settings stand.
static inline PGconn *smki_connect(const char *string) {
  const char *const keywords[] = {"connect_timeout", "tcp_user_timeout", "keepalives_idle",
                                  "keepalives_interval", "keepalives_count", "dbname", NULL};
  const char *const values[] = {"3", "7000", "3", "2", "2", string, NULL};
  return PQconnectdbParams(keywords, values, 1);
}
