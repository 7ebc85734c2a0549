// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A network between a store and its server, on a port of its own, that can be made to fail.
public final class TestProxy: Sendable {
    /// What happens to what goes through from now on.
    public enum Fault: Sendable, Equatable {
        case none
        /// The next request is not passed on: its connection is cut.
        case cutRequest
        /// So many bytes of answers pass, and then their connection is cut. The next one is whole.
        case cutAnswer(after: Int)
        /// Every so many answers, one is cut at some place.
        case cutSome(every: Int)
        /// Nothing arrives, and nobody hangs up.
        case stalled
        /// The answers arrive later.
        case delayed(milliseconds: Int64)
    }

    public let port: Int
    private let network: ProxyNetwork

    public init(to port: Int) async throws {
        self.network = ProxyNetwork()
        self.port = try await self.network.listen(to: port)
    }

    deinit {
        self.network.close()
    }

    public var fault: Fault {
        get { self.network.fault }
        set { self.network.fault = newValue }
    }

    /// How many times a client has spoken after the server.
    public var roundTrips: Int { self.network.roundTrips }

    /// Cuts every connection.
    public func cut() {
        self.network.cut()
    }
}
