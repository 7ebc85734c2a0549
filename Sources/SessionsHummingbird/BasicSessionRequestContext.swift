// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird

/// A request context with a session and nothing else, for applications that need no context of their own.
///
/// ```swift
/// let router = Router(context: BasicSessionRequestContext.self)
/// ```
public struct BasicSessionRequestContext: SessionRequestContext {
    /// What Hummingbird itself keeps of a request.
    public var coreContext: CoreRequestContextStorage
    /// Where the session is put.
    public var sessionSlot = SessionSlot()

    /// The context of a request that came over a connection.
    public init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
    }
}
