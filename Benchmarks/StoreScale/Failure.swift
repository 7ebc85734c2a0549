// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A store that did not do what it should, so that its times mean nothing.
struct Failure: Error, CustomStringConvertible {
    let description: String
}
