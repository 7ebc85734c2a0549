// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#include "fuzz_memory.h"

#include <stdbool.h>

static _Thread_local bool counts;
static _Thread_local long live;
static _Thread_local long peak;

void fuzz_memory_start(void) {
    live = peak = 0;
    counts = true;
}

size_t fuzz_memory_stop(void) {
    counts = false;
    return (size_t)peak;
}

// The address sanitizer calls these two, if a program has them (sanitizer/allocator_interface.h).

size_t __sanitizer_get_allocated_size(const volatile void *block);

void __sanitizer_malloc_hook(const volatile void *block, size_t size) {
    (void)block;
    if (!counts) return;
    live += (long)size;
    if (live > peak) peak = live;
}

void __sanitizer_free_hook(const volatile void *block) {
    if (!counts || block == NULL) return;
    live -= (long)__sanitizer_get_allocated_size(block);
}
