// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include <stddef.h>

// Counts what the calling thread allocates from here on.
void fuzz_memory_start(void);

// Ends the count. The most bytes that were allocated at once, without what was there at the start.
size_t fuzz_memory_stop(void);

#endif
