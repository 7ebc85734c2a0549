// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix

/// Owns the port on which the app is visited, also while the app is stopped and built.
///
/// A connection is passed on byte by byte once its first request has arrived and the app runs: what the client sends
/// reaches the app as it is, and so do headers, cookies and streams on the way back. The app sees this machine as the
/// client. With the app its connections end, so that each request is answered by the newest build.
struct RunServer: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let host: String
    let status: AppStatus
    /// How long a person waits for a page before another page says why.
    let patience: Duration

    /// Begins to listen. Nothing is read from a connection before ``open(_:)``.
    ///
    /// - Throws: ``ToolError`` when the port is in use or the host is unknown.
    func listen(port: Int) async throws(ToolError) -> NIOAsyncChannel<any Channel, Never> {
        do {
            return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.autoRead, value: false)
                .bind(host: self.host, port: port) { $0.eventLoop.makeSucceededFuture($0) }
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ToolError("Port \(port) is in use by another program. Stop it, or choose another: --port.")
        } catch is SocketAddressError, is SocketAddressError.UnknownHost {
            throw ToolError("The host \(Printable.text(self.host)) is not known.")
        } catch {
            throw ToolError("\(Printable.text(self.host)):\(port) cannot be listened on: \(error)")
        }
    }

    /// Answers connections until the task is cancelled.
    func serve(_ listener: NIOAsyncChannel<any Channel, Never>) async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    // A client that goes away, and an app that does, end their connection, and nothing else.
                    group.addTask { try? await self.answer(connection) }
                }
            }
        }
    }

    /// Opens a connection that a client has made.
    ///
    /// Only what takes a connection opens it: NIO stops the process when an open one is let go unused, and the listener
    /// lets go of those that a browser makes while this ends.
    static func open(_ channel: any Channel) async throws -> Connection {
        try await channel.eventLoop.submit {
            guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
            let connection = try Self.wrapped(channel)
            // It fails for a closed channel only, and that would end the connection as well.
            try? channel.syncOptions?.setOption(.autoRead, value: true)
            return connection
        }.get()
    }

    private func answer(_ channel: any Channel) async throws {
        try await Self.open(channel).executeThenClose { input, output in
            var reader = input.makeAsyncIterator()
            var received = ByteBuffer()
            var start: RequestStart?
            while start == nil, received.readableBytes < RequestStart.longest {
                guard var part = try await reader.next() else { return }
                received.writeBuffer(&part)
                start = RequestStart(received.readableBytesView)
            }
            guard let port = try await self.port(for: start, output) else {
                output.finish()
                // What the client still sends is read, or it might lose the page.
                while try await reader.next() != nil {}
                return
            }
            let app = try await Self.connect(port: port)
            try await app.executeThenClose { answers, requests in
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        // Also when the app ends in the middle: the client must not wait for the rest.
                        defer { output.finish() }
                        for try await part in answers { try await output.write(part) }
                    }
                    try await requests.write(received)
                    while let part = try await reader.next() { try await requests.write(part) }
                    requests.finish()
                    try await group.waitForAll()
                }
            }
        }
    }

    /// Waits until the app runs, and gives its port; nil when this has answered in its place.
    private func port(
        for start: RequestStart?, _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> Int? {
        if let start, let number = RunPage.waitsFor(start) {
            _ = await self.status.phase(after: number)
            try await output.write(ByteBuffer(bytes: RunPage.waitIsOver))
            return nil
        }
        var moment = await self.status.now
        if moment.phase == .building, start?.isForPage ?? false {
            moment = await self.status.phase(after: moment.number, within: self.patience)
        } else {
            while moment.phase == .building, !Task.isCancelled {
                moment = await self.status.phase(after: moment.number)
            }
        }
        if case .running(let port) = moment.phase { return port }
        guard let start, let page = RunPage(moment) else { return nil }
        try await output.write(ByteBuffer(bytes: page.response(to: start, isTold: start.isFor(self.host))))
        return nil
    }

    /// A connection to a port of this machine.
    static func connect(port: Int) async throws -> Connection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Self.wrapped(channel) }
            }
    }

    private static func wrapped(_ channel: any Channel) throws -> Connection {
        try Connection(
            wrappingChannelSynchronously: channel,
            configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true))
    }
}
