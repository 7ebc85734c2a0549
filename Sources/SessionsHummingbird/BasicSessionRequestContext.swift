// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird

/// A request context with a session and nothing else, for applications that need no context of their own.
///
/// ```swift
/// let router = Router(context: BasicSessionRequestContext.self)
/// ```
public struct BasicSessionRequestContext: SessionRequestContext {
    public var coreContext: CoreRequestContextStorage
    public var sessionSlot = SessionSlot()

    public init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
    }
}
