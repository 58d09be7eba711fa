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
