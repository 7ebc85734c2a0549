// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A route needs somebody who is signed in, or who has proved lately who they are.
///
/// A framework adapter answers it with 401; a site with pages of its own catches it and leads to them:
///
/// ```swift
/// do throws(SignInRequired) {
///     try session.requireFresh(within: .seconds(600))
/// } catch {
///     page = error.reason == .notSignedIn ? "/login" : "/password"
/// }
/// ```
public struct SignInRequired: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is missing.
    public enum Reason: Hashable, Sendable {
        /// Nobody is signed in.
        case notSignedIn
        /// Somebody is, and it is too long ago that they proved it.
        case notFresh
    }

    /// What is missing.
    public let reason: Reason

    /// The error for a reason, for a route that checks for itself.
    public init(reason: Reason) {
        self.reason = reason
    }

    /// What to do, in a sentence.
    public var description: String {
        switch self.reason {
        case .notSignedIn: "Nobody is signed in."
        case .notFresh: "Signing in once more is needed for this."
        }
    }
}
