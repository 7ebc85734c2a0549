// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if __has_include(<hiredis/hiredis.h>)
#include <hiredis/hiredis.h>
#else
#include <hiredis.h>
#endif
