// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#include <libpq-fe.h>
