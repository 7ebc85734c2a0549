// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A route of an application, for a list of them.
struct ListedRoute: Hashable, Sendable {
    let rule: String
    let name: String
    let methods: [String]
    let place: SourcePlace
}
