// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix

@testable import SessionsRedis

/// A server that speaks Redis' protocol, with the answers of a test: what a real one cannot be made to say at a certain
/// moment.
final class ScriptedServer: Sendable {
    enum Answer: Sendable {
        /// As the protocol has it.
        case reply(String)
        /// The usual answer, but not before ``release()``.
        case hold
        /// None: the connection ends.
        case cut
    }

    private typealias Held = (channel: any Channel, reply: String)

    let port: Int
    private let listener: any Channel
    private let commands = Shared<[[String]]>([])
    private let held = Shared<[Held]>([])

    /// - Parameter answer: The answer to a command; nil for the usual one, of a server that has all slots of a cluster
    ///   and does nothing.
    init(_ answer: @escaping @Sendable (_ words: [String]) -> Answer?) async throws {
        let (commands, held) = (self.commands, self.held)
        self.listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let parser = ReplyParser(limit: 1 << 20) else { throw ServerError("There is no memory.") }
                    let handler = ScriptedConnection(parser: parser) { words, channel in
                        commands.change { $0.append(words) }
                        switch answer(words) {
                        case nil: channel.send(Self.usualReply(to: words, at: channel))
                        case .reply(let reply): channel.send(reply)
                        case .hold: held.change { $0.append((channel, Self.usualReply(to: words, at: channel))) }
                        case .cut: channel.close(promise: nil)
                        }
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = self.listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        self.port = port
    }

    deinit {
        self.listener.close(promise: nil)
    }

    var address: RedisAddress { RedisAddress(host: "127.0.0.1", port: self.port) }

    /// How often a command has come.
    func count(of name: String) -> Int { self.commands.value.count { $0.first == name } }

    /// Sends what is held.
    func release() {
        for (channel, reply) in self.held.value { channel.send(reply) }
        self.held.value = []
    }

    /// The reply to `CLUSTER SLOTS` of a cluster in which one server of this machine has all.
    static func slots(at port: Int) -> String {
        "*1\r\n*3\r\n:0\r\n:\(SlotMap.count - 1)\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n"
    }

    private static func usualReply(to words: [String], at channel: any Channel) -> String {
        switch words.first {
        case "CLUSTER": Self.slots(at: channel.localAddress?.port ?? 0)
        case "GET", "GETRANGE": "$-1\r\n"
        default: "+OK\r\n"
        }
    }
}

/// A connection to a ``ScriptedServer``: commands have the form of replies.
private final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let parser: ReplyParser
    private let receive: (_ words: [String], _ channel: any Channel) -> Void

    init(parser: ReplyParser, receive: @escaping (_ words: [String], _ channel: any Channel) -> Void) {
        self.parser = parser
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try self.parser.feed(self.unwrapInboundIn(data))
            while let command = try self.parser.next() {
                self.receive(command.elements?.compactMap(\.text) ?? [], context.channel)
            }
        } catch {
            context.close(promise: nil)
        }
    }
}

extension Channel {
    fileprivate func send(_ reply: String) {
        self.writeAndFlush(ByteBuffer(string: reply), promise: nil)
    }
}
