// SPDX-License-Identifier: Apache-2.0
#pragma once
// Only the types and numbers of PKCS #11: nothing is linked, the module is opened by its path.
#include <p11-kit/pkcs11.h>

#include <dlfcn.h>

/// Opens a module and asks for its functions; the module stays in the process for good.
///
/// - Returns: null, and `reason` says why, when there is no module at the path.
static inline CK_FUNCTION_LIST_PTR _Nullable smki_pkcs11_open(
    const char *_Nonnull path, const char *_Nullable *_Nonnull reason) {
  *reason = 0;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    *reason = dlerror();
    return 0;
  }
  CK_C_GetFunctionList list = (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  if (!list) {
    *reason = dlerror();
    return 0;
  }
  CK_FUNCTION_LIST_PTR functions = 0;
  if (list(&functions) != CKR_OK || !functions) {
    *reason = "C_GetFunctionList refused";
    return 0;
  }
  return functions;
}
