// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import SessionsRedis

@Suite struct RedisURLTests {
    private static let accepted: [(url: String, description: String)] = [
        ("redis://localhost", "redis://localhost:6379?prefix=dewar"),
        ("redis://localhost/", "redis://localhost:6379?prefix=dewar"),
        ("REDIS://localhost:7000/0", "redis://localhost:7000?prefix=dewar"),
        ("valkey://10.0.0.1:7000/15?prefix=shop", "redis://10.0.0.1:7000/15?prefix=shop"),
        ("redis://app:secret@cache.internal:6379/2?prefix=app", "redis://app:***@cache.internal:6379/2?prefix=app"),
        ("redis://:secret@cache", "redis://:***@cache:6379?prefix=dewar"),
        ("rediss://cache", "rediss://cache:6379?prefix=dewar"),
        ("valkeys://cache", "rediss://cache:6379?prefix=dewar"),
        ("redis://[::1]:7000/1", "redis://[::1]:7000/1?prefix=dewar"),
        ("redis://[::1]", "redis://[::1]:6379?prefix=dewar"),
        ("redis+cluster://a,b:7001,c", "redis+cluster://a:6379,b:7001,c:6379?prefix=dewar"),
        ("rediss+cluster://:p@a/0", "rediss+cluster://:***@a:6379?prefix=dewar"),
        ("redis+sentinel://a,b:7/shop", "redis+sentinel://a:26379,b:7/shop?prefix=dewar"),
        ("redis+sentinel://u:p@a/my%20shop/3", "redis+sentinel://u:***@a:26379/my%20shop/3?prefix=dewar"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?prefix=dewar"),
        ("redis+unix:///run/a%20b%3F.sock?db=3&prefix=shop", "unix:///run/a%20b%3F.sock?db=3&prefix=shop"),
        ("valkey+unix://app:secret@/run/redis.sock", "unix://app:***@/run/redis.sock?prefix=dewar"),
        ("unix://:secret@/run/redis.sock?prefix=a&db=15", "unix://:***@/run/redis.sock?db=15&prefix=a"),
    ]

    @Test(arguments: Self.accepted) func aURLIsRead(url: String, description: String) throws {
        let configuration = try RedisConfiguration(url: url)
        #expect("\(configuration)" == description)
        #expect(configuration.debugDescription == description)
    }

    @Test(arguments: [
        "", "redis", "redis:", "redis:/a", "http://a", "redisx://a", "redis+sentinels://a/b", "redis://",
        "redis://:6379",
        "redis://a:", "redis://a:b", "redis://a:0", "redis://a:65536", "redis://a:-1", "redis://a,b",
        "redis+cluster://a,",
        "redis+cluster://a/1", "redis+sentinel://a", "redis+sentinel://a/", "redis://a/x", "redis://a/-1",
        "redis://a/1/2",
        "redis://a/+1", "redis://a b", "redis://a#b", "redis://user@a", "redis://[::1", "redis://[::1]x", "redis://[]",
        "redis://a?prefix=", "redis://a?prefix=%7Bx%7D", "redis://a?prefix=a%20b", "redis://a?prefix=a&prefix=b",
        "redis://a?db=1", "unix://", "unix:///", "unix://a/run/redis.sock", "unix:///a?db=x", "unix:///a?db=",
        "unix:///a?db=1&db=2", "unix:///a?db=-1", "unix:///a?port=1", "unix:///a%00b", "rediss+unix:///a", "unix:/a",
        "unix:///" + String(repeating: "a", count: 103), "unix://a,b/run/redis.sock",
        "redis://a/99999999999999999999",
    ])
    func aURLThatMakesNoSenseIsRefused(url: String) async {
        #expect(await failure(RedisStoreError.self) { _ = try RedisStore(url: url) }?.kind == .invalidConfiguration)
    }

    @Test func namesAndPasswordsArePercentEncoded() throws {
        let configuration = try RedisConfiguration(url: "redis://a%40b:p%40%3A%2F%3F%23%25+@c:1")
        #expect(configuration.username == "a@b")
        #expect(configuration.password == "p@:/?#%+")
        #expect(configuration.servers == .standalone(RedisAddress(host: "c", port: 1)))
    }

    @Test func anAtSignThatSomebodyForgotToEncodeIsThePasswords() throws {
        let configuration = try RedisConfiguration(url: "redis://u:p@ss:word@c")
        #expect(configuration.password == "p@ss:word")
        #expect("\(configuration)" == "redis://u:***@c:6379?prefix=dewar")
    }

    @Test func nothingShowsAPassword() async throws {
        var configuration = try RedisConfiguration(url: "redis://user:hunter2@host")
        configuration.sentinelPassword = "hunter2"
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [
            dumped, "\(configuration)", String(reflecting: configuration), "\(configuration.sentinelPassword == nil)",
        ] {
            #expect(!text.contains("hunter2"))
        }
        let mistakes = ["redis://u:hunter2/x@a", "redis://u:hunter2#x", "redis://u:hunter2?@a", "http://u:hunter2@a"]
        for url in mistakes {
            let error = await failure(RedisStoreError.self) { _ = try RedisStore(url: url) }
            #expect(error?.kind == .invalidConfiguration)
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test func settingsAreChecked() async throws {
        var configuration = try RedisConfiguration(url: "redis://host")
        configuration.commandTimeout = .zero
        #expect(
            await failure(RedisStoreError.self) { _ = try RedisStore(configuration) }?.kind == .invalidConfiguration)
        configuration.commandTimeout = .seconds(1)
        configuration.connectionsPerServer = 0
        #expect(
            await failure(RedisStoreError.self) { _ = try RedisStore(configuration) }?.kind == .invalidConfiguration)
    }

    @Test func aDumpOfAStoreHasNoPassword() throws {
        var text = ""
        dump(try RedisStore(url: "redis://user:kx9-password@127.0.0.1:1"), to: &text)
        #expect(!text.contains("kx9"))
        // The first bytes of it, a line each, as a dump has them.
        #expect(
            !text.split(separator: "\n").map { $0.filter(\.isNumber) }.joined(separator: " ").contains("107 120 57"))
    }

    @Test func aServerThatCannotSaveIsFull() {
        for line in ["MISCONF Redis is configured to save", "ERR Error running script: -MISCONF Redis is configured"] {
            #expect(RedisStoreError(RedisServerError(line: line)).kind == .full)
        }
    }
}
