// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <libgfshare.h>
#include <openssl/rand.h>
#include <stdlib.h>

/// Random octets for the library: without them nothing may be shared, and the process ends.
static void smki_gfshare_fill(unsigned char *octets, unsigned int count) {
  if (RAND_priv_bytes(octets, (int)count) != 1) abort();
}

/// The library has one generator for the whole process and none by default.
static inline void smki_gfshare_use_openssl(void) { gfshare_fill_rand = smki_gfshare_fill; }
