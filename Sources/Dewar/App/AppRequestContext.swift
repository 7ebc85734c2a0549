// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import Logging
public import SessionsHummingbird

/// The Hummingbird context of an ``App``'s requests, for middleware that is added to it.
public struct AppRequestContext: SessionRequestContext {
    /// What Hummingbird itself keeps of a request.
    public var coreContext: CoreRequestContextStorage
    /// Where the session is put.
    public var sessionSlot = SessionSlot()

    /// The context of a request that came over a connection.
    public init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
    }

    /// A context of a request that came over no connection.
    init(logger: Logger) {
        self.coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
    }

    private struct LoggerSource: RequestContextSource {
        let logger: Logger
    }
}
