// SPDX-License-Identifier: Apache-2.0
#pragma once
// No _GNU_SOURCE: every C module must see the same libc as the toolchain's own Dispatch module,
// which is built without it, or `fd_set` has two definitions where both are loaded.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/bn.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/// What a public key consists of: a macro of other macros, which Swift does not import.
static inline int smki_EVP_PKEY_PUBLIC_KEY(void) { return EVP_PKEY_PUBLIC_KEY; }

/// What a key pair consists of: a macro of other macros, which Swift does not import.
static inline int smki_EVP_PKEY_KEYPAIR(void) { return EVP_PKEY_KEYPAIR; }

/// Makes the table of multiples of the group's generator, 1 when there is one.
///
/// Deprecated since 3.0 without a successor; a library that does not have it any more multiplies
/// without a table, which is slower and as right.
static inline int smki_EC_GROUP_precompute(EC_GROUP *_Nonnull group) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  return EC_GROUP_precompute_mult(group, NULL);
#pragma GCC diagnostic pop
}

/// A stack of certificates, whose functions are macros of macros, which Swift does not import.
static inline STACK_OF(X509) *_Nullable smki_X509_stack_new(void) { return sk_X509_new_null(); }
static inline int smki_X509_stack_add(STACK_OF(X509) *_Nonnull stack, X509 *_Nonnull certificate) {
  return X509_up_ref(certificate) == 1 && sk_X509_push(stack, certificate) > 0;
}
static inline void smki_X509_stack_free(STACK_OF(X509) *_Nullable stack) {
  sk_X509_pop_free(stack, X509_free);
}
