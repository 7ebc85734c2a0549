// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsRedis
import TestSupport
import Testing

/// Many records that are read at once: a page of a scan, and a user's list.
@Suite(.timeLimit(.minutes(5))) struct BatchTests {
    private static let count = 50

    @Test func aPageCostsTwoRoundTripsAndAListAsMany() async throws {
        try await Self.withStore { store, proxy in
            let ids = Set(try (0..<Self.count).map(SessionID.number))
            for _ in 0..<3 {
                let before = proxy.roundTrips
                let page = try await store.scan(after: nil, limit: Self.count, at: start)
                #expect(Set(page.sessions.map(\.id)) == ids)
                #expect(proxy.roundTrips - before == 2)
            }
            _ = try await store.ids(ofUser: "u", at: start)
            let before = proxy.roundTrips
            #expect(Set(try await store.ids(ofUser: "u", limit: Self.count, at: start)) == ids)
            #expect(proxy.roundTrips - before == 2)
        }
    }

    /// The names of the keys are some 2,300 bytes, and the records more.
    @Test(arguments: [0, 100, 2000, 2500, 4000, 9000])
    func aBatchThatIsCutIsAskedForAgain(cut: Int) async throws {
        try await Self.withStore { store, proxy in
            let ids = Set(try (0..<Self.count).map(SessionID.number))
            proxy.fault = .cutAnswer(after: cut)
            let page = try await store.scan(after: nil, limit: Self.count, at: start)
            #expect(proxy.fault == .none)
            #expect(Set(page.sessions.map(\.id)) == ids && page.sessions.count == Self.count)
        }
    }

    private static func withStore(_ body: (RedisStore, TestProxy) async throws -> Void) async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        var configuration = try RedisConfiguration(url: "redis://127.0.0.1:\(proxy.port)")
        configuration.connectionsPerServer = 1
        let store = try RedisStore(configuration)
        for number in 0..<Self.count {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        try await body(store, proxy)
    }
}
