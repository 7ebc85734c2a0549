// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How the checks of a suite run; ``SessionStoreSuite`` says what each of these is.
struct SuiteSettings: Sendable {
    let expiry: SessionStoreExpiry
    let seed: UInt64
    let operations: Int
    let parallelism: Int
}
