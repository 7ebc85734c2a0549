// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A signed-in user asked for a page that the site does not show to them.
///
/// `Dewar` and `SessionsHummingbird` answer it with 403. A server of your own catches it:
///
/// ```swift
/// do {
///     page = try await overview.page({ name in query[name] }, for: session, links: links)
/// } catch is PageForbidden {
///     status = 403
/// }
/// ```
public struct PageForbidden: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, for the user.
    public let description = "You may not see this page. Sign in as a user who may."

    /// The error, for a page of your own.
    public init() {}
}
