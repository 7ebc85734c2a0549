// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import NIOSSL
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

@Suite(.timeLimit(.minutes(5))) struct SignInTests {
    @Test func aPasswordIsGiven() async throws {
        let server = try await RedisServer.start(password: "p@ss word")
        defer { keepAlive(server) }
        let store = try RedisStore(url: "redis://:p%40ss%20word@127.0.0.1:\(server.port)/1")
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(try await store.read(.number(1), at: start) == record())
    }

    @Test(arguments: ["", "user:hunter2@", ":hunter2@"])
    func aWrongOneIsAnErrorAtOnceAndIsNotSaid(login: String) async throws {
        let server = try await RedisServer.start(password: "right")
        defer { keepAlive(server) }
        let store = try RedisStore(url: "redis://\(login)127.0.0.1:\(server.port)")
        let time = await ContinuousClock().measure {
            let error = await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }
            #expect(error?.kind == .denied)
            #expect(error?.description.contains("hunter2") == false)
        }
        #expect(time < .seconds(4))
    }

    /// The rights are those that the documentation names; before it named `+time`, the others were enough.
    @Test(arguments: [" +time", ""]) func aUserWithTheDocumentedRightsMayDoEverything(time: String) async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let rights =
            "ACL SETUSER app on >secret resetkeys ~dewar:* +get +getrange +set +del +zrange +zcount +zadd +zrem "
            + "+zscore +zremrangebyscore +pttl +pexpire +eval +evalsha" + time
        #expect(try await server.command(rights.split(separator: " ").map(String.init)) == .status("OK"))
        let store = try RedisStore(url: "redis://app:secret@127.0.0.1:\(server.port)")
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        #expect(try await store.read(.number(1), at: start) == record(user: "u"))
        #expect(try await store.ids(ofUser: "u", at: start) == [.number(1)])
        #expect(try await store.remove(.number(1), ifVersion: 1))
        try await store.remove(.number(1))
        for seconds in [0.0, 61, 122] {
            #expect(try await store.ids(ofUser: "u", at: start.addingTimeInterval(seconds)) == [])
        }
        let card = try await server.command("DBSIZE")
        #expect(card == .integer(0))
        let other = try RedisStore(url: "redis://app:secret@127.0.0.1:\(server.port)?prefix=other")
        #expect(
            await failure(RedisStoreError.self) { _ = try await other.read(.number(1), at: start) }?.kind == .denied)
    }

    /// Those that docs/FLASK.md names.
    @Test func aUserWithTheDocumentedRightsMayShareFlasksRecords() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let rights = "ACL SETUSER app on >secret resetkeys ~session:* +get +set +expire +del"
        #expect(try await server.command(rights.split(separator: " ").map(String.init)) == .status("OK"))
        let redis = try RedisFlaskSessions(url: "redis://app:secret@127.0.0.1:\(server.port)")
        #expect(try await redis.set([1, 2], for: "session:a", secondsToLive: 60, mustExist: false))
        #expect(try await redis.set([3], for: "session:a", secondsToLive: 60, mustExist: true))
        #expect(try await redis.value(of: "session:a") == [3])
        #expect(try await redis.extendLife(of: "session:a", secondsToLive: 3600))
        #expect(try await server.command("TTL", "session:a").integer ?? 0 > 60)
        #expect(try await redis.remove("session:a"))
        let error = await failure(RedisStoreError.self) { _ = try await redis.value(of: "other:a") }
        #expect(error?.kind == .denied)
    }

    @Test func tlsChecksTheServer() async throws {
        let folder = try TemporaryFolder()
        let (key, certificate) = (folder.file("key.pem"), folder.file("certificate.pem"))
        let openssl = try ServerProgram(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-keyout",
                key, "-out", certificate, "-subj", "/CN=dewar", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            ], log: folder.file("log"))
        try await eventually("the certificate is made") { !openssl.isRunning }
        let port = try await freePort()
        let server = try await RedisServer.start([
            "--tls-port", "\(port)", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no",
            "--tls-ca-cert-file", certificate,
        ])
        defer { keepAlive(server) }
        for host in ["127.0.0.1", "localhost"] {
            var configuration = try RedisConfiguration(url: "rediss://\(host):\(port)")
            configuration.operationTimeout = .milliseconds(500)
            // Nobody vouches for it.
            let refused = try RedisStore(configuration)
            #expect(
                await failure(RedisStoreError.self) { _ = try await refused.read(.number(1), at: start) }?.kind
                    == .unreachable)
            configuration.tls?.trustRoots = .file(certificate)
            let store = try RedisStore(configuration)
            _ = try await store.write(try record(), replacing: nil, at: start)
            #expect(try await store.read(.number(1), at: start) == record())
        }
        withExtendedLifetime(server) {}
    }
}
