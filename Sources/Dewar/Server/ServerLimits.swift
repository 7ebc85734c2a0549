// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How long a connection may take, how much of a request may come, and how many connections there may be.
///
/// ```swift
/// app.serverLimits.bodyTimeout = .seconds(120)
/// app.serverLimits.maximumConnections = 500
/// ```
///
/// Without them a client that sends nothing, or a part of a request, would hold its connection for ever, and a few
/// hundred such clients would keep all others out (the attack is called Slowloris). A time of nil is no limit.
public struct ServerLimits: Hashable, Sendable {
    /// The time for the head of a request, from its first byte to the empty line; also for that first byte after the
    /// connection was opened. A head that is late is answered with 408, a client that has sent nothing is not.
    public var headTimeout: Duration? = .seconds(20)

    /// The time that may pass without a byte of a body that the server is waiting for. After that, `request.body` and
    /// `request.form` throw an error that is answered with 408.
    public var bodyTimeout: Duration? = .seconds(30)

    /// The bytes of a body that must arrive per second, on average over the time that the server waits for it, after
    /// the first ``bodyTimeout``; 0 for no minimum. It stops a client that sends one byte every few seconds.
    public var minimumBodyRate = 500

    /// The time between two requests on a connection. Behind a proxy, it must be longer than the proxy's own, so that
    /// the proxy never sends a request into a connection that is being closed.
    public var keepAliveTimeout: Duration? = .seconds(75)

    /// The time within which a client must read some of what was sent to it. After that, the connection is closed.
    public var writeTimeout: Duration? = .seconds(60)

    /// The time that requests have to finish when the server is told to stop. After that, their tasks are cancelled and
    /// their connections closed. It must be shorter than the time after which the process is killed: 30 seconds in
    /// Kubernetes, 10 in Docker.
    public var shutdownTimeout: Duration? = .seconds(25)

    /// The connections that may be open at once. Further ones wait to be accepted, and the connection that has been
    /// without a request for longest is closed to make room.
    ///
    /// Nil is three quarters of the files that the process may have open (`ulimit -n`), and 10000 at most: the rest is
    /// for files and stores.
    public var maximumConnections: Int?

    /// The pieces of background work that may be under way at once, those that have yet to begin among them. More are
    /// refused: ``App/background(file:line:_:)`` throws.
    public var maximumBackgroundWork = 1000

    /// The bytes of a request's address, and of its header fields together. A larger head is answered with 431.
    public var maximumHeaderSize = 64 * 1024

    /// The recommended limits.
    public init() {}
}

extension ServerLimits {
    /// The connections that may be open at once, in a process that may have this many files open.
    func connections(descriptors: Int) -> Int {
        self.maximumConnections ?? max(1, min(10_000, descriptors / 4 * 3))
    }

    /// - Throws: ``AppError`` for an invalid limit.
    func check() throws(AppError) {
        let times = [
            ("headTimeout", self.headTimeout), ("bodyTimeout", self.bodyTimeout),
            ("keepAliveTimeout", self.keepAliveTimeout), ("writeTimeout", self.writeTimeout),
            ("shutdownTimeout", self.shutdownTimeout),
        ]
        // A longer time does not fit into the clock's nanoseconds.
        for case (let name, let time?) in times where time <= .zero || time > .seconds(1 << 31) {
            throw AppError(.invalidConfiguration, "The limit \(name) must be a time above zero, or nil.")
        }
        let sizes = [
            ("maximumConnections", self.maximumConnections ?? 1), ("maximumHeaderSize", self.maximumHeaderSize),
            ("maximumBackgroundWork", self.maximumBackgroundWork),
        ]
        for (name, size) in sizes where size < 1 {
            throw AppError(.invalidConfiguration, "The limit \(name) must be 1 or more.")
        }
        guard self.minimumBodyRate >= 0 else {
            throw AppError(.invalidConfiguration, "The limit minimumBodyRate must not be below 0.")
        }
    }
}
