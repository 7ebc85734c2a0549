// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// Tells the thread sanitizer of Swift's Synchronization.Mutex, on Linux: scripts/sanitize loads this library in front of
// Swift's own.
//
// A mutex that no other thread wants is one atomic operation in the program itself, which the sanitizer sees. One that
// another thread wants is handed over by the kernel, in three functions of Swift's library, which is not built for the
// sanitizer: without this, it reports what such a mutex guards as if nothing did. Each function here does the same as
// Swift's, and says to the sanitizer that the thread has taken, or gives up, what the mutex guards.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// The sanitizer's, which is a part of the tests' program.
static void (*acquire)(void *), (*release)(void *);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

typedef SWIFT void (*lock_function)(uint32_t thread, SELF);
typedef SWIFT bool (*try_function)(SELF);
typedef SWIFT void (*unlock_function)(SELF);

static lock_function swift_lock;
static try_function swift_try;
static unlock_function swift_unlock;

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

static void *found(void *where, const char *name) {
    void *address = dlsym(where, name);
    if (address) return address;
    fprintf(stderr, "The thread sanitizer cannot be told of Swift's mutex: there is no %s.\n", name);
    exit(1);
}

__attribute__((constructor)) static void begin(void) {
    // Other programs that the tests start have no sanitizer.
    acquire = dlsym(RTLD_DEFAULT, "__tsan_acquire");
    release = dlsym(RTLD_DEFAULT, "__tsan_release");
    if (!dlsym(RTLD_NEXT, LOCK)) return;
    swift_lock = found(RTLD_NEXT, LOCK);
    swift_try = found(RTLD_NEXT, TRY);
    swift_unlock = found(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool try_slow(SELF) __asm__(TRY);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
    swift_lock(thread, self);
    if (acquire) acquire(self);
}

SWIFT bool try_slow(SELF) {
    bool is_taken = swift_try(self);
    if (is_taken && acquire) acquire(self);
    return is_taken;
}

SWIFT void unlock_slow(SELF) {
    if (release) release(self);
    swift_unlock(self);
}
