// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file.
#define _GNU_SOURCE 1
#include <unistd.h>

#include <libpq-fe.h>
