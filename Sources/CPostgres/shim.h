// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// Debian has the header in a folder that only pkg-config tells of.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif
