// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird

/// A request context with a session and nothing else, for applications that need no context of their own.
///
/// ```swift
/// let router = Router(context: BasicSessionRequestContext.self)
/// ```
public struct BasicSessionRequestContext: SessionRequestContext {
    /// Hummingbird's own data of a request.
    public var coreContext: CoreRequestContextStorage
    /// The slot for the session.
    public var sessionSlot = SessionSlot()

    /// The context of a request that came over a connection.
    public init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
    }
}
