// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The settings of a suite's checks, which ``SessionStoreSuite`` describes.
struct SuiteSettings: Sendable {
    let expiry: SessionStoreExpiry
    let seed: UInt64
    let operations: Int
    let parallelism: Int
}
