// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A handler or hook of the application, and whether it may look at the session. If so, the session is opened before it
/// runs.
struct Action<Function: Sendable>: Sendable {
    let usesSession: Bool
    let function: Function
}
