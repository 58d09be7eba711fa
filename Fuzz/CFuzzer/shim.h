// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdint.h>

// The library has no header that declares these for C.

/// Runs libFuzzer as a command with these arguments; gives its exit code.
int LLVMFuzzerRunDriver(int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
                        int (*_Nonnull run)(const uint8_t *_Nullable data, size_t size));

/// libFuzzer's own changes of octets in place, its dictionary and comparisons among them; gives the
/// new count.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull data, size_t size, size_t max_size);
