// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP1
import NIOPosix
import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An answer, without its body.
struct AuditAnswer: Sendable {
    let url: AuditURL
    let status: Int
    /// All fields in their order; `Set-Cookie` stands there as often as it was sent.
    let fields: [(name: String, value: String)]

    func values(_ name: String) -> [String] {
        self.fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    func first(_ name: String) -> String? { self.values(name).first }

    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(self.status) }
}

/// Asks for pages over HTTP/1.1, one connection for each, and reads no body.
struct AuditClient: Sendable {
    /// How long one answer may take, the connection included.
    var timeout = Duration.seconds(10)

    func get(_ url: AuditURL, cookie: String? = nil) async throws -> AuditAnswer {
        do {
            return try await withThrowingTaskGroup(of: AuditAnswer.self) { group in
                group.addTask { try await self.answer(url, cookie: cookie) }
                group.addTask {
                    try await Task.sleep(for: self.timeout)
                    throw ToolError("\(url.origin) did not answer within \(self.timeout.milliseconds / 1000) s.")
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch let error as ToolError {
            throw error
        } catch let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode) {
            throw Self.closed(url)
        } catch let error as ChannelError where [.ioOnClosedChannel, .alreadyClosed, .outputClosed].contains(error) {
            throw Self.closed(url)
        } catch let error as IOError {
            throw ToolError("\(url.origin) cannot be reached (error number \(error.errnoCode)).")
        } catch let error as NIOConnectionError {
            let number = error.connectionErrors.lazy.compactMap { ($0.error as? IOError)?.errnoCode }.first
            throw ToolError(
                "\(url.origin) cannot be reached (\(number.map { "error number \($0)" } ?? "its name is not known")).")
        } catch  where CommandParts.isTLSError(error) {
            throw ToolError("\(url.origin) and this machine cannot agree on TLS, or the certificate is not trusted.")
        } catch {
            throw ToolError("\(url.origin) does not answer in HTTP/1.1 (\(type(of: error))).")
        }
    }

    private func answer(_ url: AuditURL, cookie: String?) async throws -> AuditAnswer {
        let tls = url.isSecure ? try CommandParts.tls(host: url.host) : nil
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.milliseconds(Int64(self.timeout.milliseconds)))
            .connect(host: url.host, port: url.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(tls()) }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { input, output in
            var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target)
            head.headers = [
                "Host": url.hostField, "User-Agent": "dewar-audit", "Accept": "text/html, */*",
                "Connection": "close",
            ]
            if let cookie { head.headers.add(name: "Cookie", value: cookie) }
            // In one go: a server that answers, or closes, at the head does not make the rest fail.
            try await output.write(contentsOf: [.head(head), .end(nil)])
            for try await part in input {
                guard case .head(let head) = part else { continue }
                return AuditAnswer(
                    url: url, status: Int(head.status.code),
                    fields: head.headers.map { (name: $0.name, value: $0.value) })
            }
            throw Self.closed(url)
        }
    }

    private static func closed(_ url: AuditURL) -> ToolError {
        // The reset may arrive before what TLS says of the bytes in front of it.
        let reason = url.isSecure ? ", perhaps because it and this machine cannot agree on TLS" : ""
        return ToolError("\(url.origin) closed the connection without an answer\(reason).")
    }
}
