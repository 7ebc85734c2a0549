// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import Logging
public import NIOCore
public import SessionsHummingbird

/// The Hummingbird context of an ``App``'s requests, for middleware that is added to it.
public struct AppRequestContext: SessionRequestContext, RemoteAddressRequestContext {
    /// What Hummingbird itself keeps of a request.
    public var coreContext: CoreRequestContextStorage
    /// Where the session is put.
    public var sessionSlot = SessionSlot()
    /// The address at the other end of the connection: the visitor's, or a proxy's; nil where there is none.
    public let remoteAddress: SocketAddress?
    /// The connection; nil where there is none.
    let channel: (any Channel)?

    /// The context of a request that came over a connection.
    public init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.remoteAddress = source.channel.remoteAddress
        self.channel = source.channel
    }

    /// A context of a request that came over no connection.
    init(logger: Logger, remoteAddress: SocketAddress? = nil) {
        self.coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
        self.remoteAddress = remoteAddress
        self.channel = nil
    }

    private struct LoggerSource: RequestContextSource {
        let logger: Logger
    }
}
