// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix
import Testing

@testable import DewarTool

/// The port of `dewar run`: connections that wait, that are passed on, and that are answered in the app's place.
@Suite struct RunServerTests {
    private let status = AppStatus()

    /// Serves on a free port while the body runs, before an app that sends back what it gets, part by part.
    private func serve(_ body: @Sendable (_ port: Int, _ appPort: Int) async throws -> Void) async throws {
        let server = RunServer(host: "127.0.0.1", status: self.status, patience: .seconds(600))
        let listener = try await server.listen(port: 0)
        let app = try await server.listen(port: 0)
        let port = try #require(listener.channel.localAddress?.port)
        let appPort = try #require(app.channel.localAddress?.port)
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.serve(listener) }
            group.addTask {
                try await app.executeThenClose { connections in
                    for try await connection in connections {
                        try await RunServer.open(connection).executeThenClose { input, output in
                            for try await part in input { try await output.write(part) }
                            output.finish()
                        }
                    }
                }
            }
            try await body(port, appPort)
            group.cancelAll()
        }
    }

    /// Reads so many bytes, or up to the end.
    private static func text(
        _ reader: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, _ count: Int = .max
    ) async throws -> String {
        var text = ""
        while text.utf8.count < count, let part = try await reader.next() { text += String(buffer: part) }
        return text
    }

    @Test(.timeLimit(.minutes(1))) func whatArrivesIsPassedOnAtOnceAndAsItIs() async throws {
        try await self.serve { port, appPort in
            await self.status.enter(.running(port: appPort))
            try await RunServer.connect(port: port).executeThenClose { input, output in
                var reader = input.makeAsyncIterator()
                let head = "POST /a HTTP/1.1\r\nHost: dev.example\r\nX-Forwarded-For: 192.0.2.1\r\nCookie: a=b\r\n\r\n"
                // The head in two parts, and then a body whose parts are answered one by one.
                try await output.write(ByteBuffer(string: String(head.prefix(20))))
                try await output.write(ByteBuffer(string: String(head.dropFirst(20))))
                #expect(try await Self.text(&reader, head.utf8.count) == head)
                for part in ["one", "two"] {
                    try await output.write(ByteBuffer(string: part))
                    #expect(try await Self.text(&reader, 3) == part)
                }
                // The end of the one direction is not that of the other.
                try await output.write(ByteBuffer(string: "last"))
                output.finish()
                #expect(try await Self.text(&reader) == "last")
            }
        }
    }

    /// A browser may connect while the command ends. Connections that it no longer takes must not stop the process.
    @Test(.timeLimit(.minutes(1))) func connectionsThatComeAtTheEndAreLetGo() async throws {
        let server = RunServer(host: "127.0.0.1", status: self.status, patience: .seconds(600))
        let listener = try await server.listen(port: 0)
        let port = try #require(listener.channel.localAddress?.port)
        let loops = MultiThreadedEventLoopGroup.singleton
        var clients: [any Channel] = []
        for _ in 0..<20 {
            clients.append(try await ClientBootstrap(group: loops).connect(host: "127.0.0.1", port: port).get())
        }
        // Each thread of NIO has been around since then: the connections are accepted, and wait to be taken.
        for _ in 0..<3 { for loop in loops.makeIterator() { try await loop.submit {}.get() } }
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { try? await server.serve(listener) }
        }
        for client in clients { try? await client.close() }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["GET", "POST"]) func aRequestWaitsForTheBuild(method: String)
        async throws
    {
        try await self.serve { port, appPort in
            try await RunServer.connect(port: port).executeThenClose { input, output in
                var reader = input.makeAsyncIterator()
                let head = "\(method) / HTTP/1.1\r\nAccept: text/html\r\n\r\n"
                try await output.write(ByteBuffer(string: head))
                await self.status.enter(.running(port: appPort))
                #expect(try await Self.text(&reader, head.utf8.count) == head)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aPageOfErrorsIsAskedWhetherItIsOld() async throws {
        try await self.serve { port, appPort in
            await self.status.enter(.failed("an error"))
            try await RunServer.connect(port: port).executeThenClose { input, output in
                var reader = input.makeAsyncIterator()
                try await output.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                let answer = try await Self.text(&reader)
                #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.contains("an error"))
            }
            try await RunServer.connect(port: port).executeThenClose { input, output in
                var reader = input.makeAsyncIterator()
                try await output.write(ByteBuffer(string: "GET \(RunPage.waitPath)?after=1 HTTP/1.1\r\n\r\n"))
                await self.status.enter(.building)
                #expect(try await Self.text(&reader).hasPrefix("HTTP/1.1 204 "))
            }
        }
    }
}
