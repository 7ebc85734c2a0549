// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions
import SessionsFlask

/// What one request costs in its session, without the web server: what a middleware does, from the `Cookie` field to the
/// `Set-Cookie` field.
struct SessionCosts {
    /// Where sessions are kept.
    enum Place: String, CaseIterable {
        case flask
        case signed
        case sealed
        case memory
    }

    /// Roughly how many bytes the contents have as JSON.
    static let sizes = [60, 200, 1000, 3500]

    let place: Place
    let size: Int
    private let manager: SessionManager
    private let cookie: String
    private let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    init(_ place: Place, size: Int) async throws {
        self.place = place
        self.size = size
        self.manager = try SessionManager(
            keys: SecretKeys(SecretKey(using: .system)), configuration: Self.configuration(place),
            logger: self.logger)
        let session = try await self.manager.open([])
        session.merge(Basket.contents(bytes: size))
        let line = try await self.manager.commit(session).setCookie ?? ""
        self.cookie = String(line.prefix { $0 != ";" })
    }

    private static func configuration(_ place: Place) -> SessionConfiguration {
        var configuration =
            switch place {
            case .flask: SessionConfiguration.flask
            case .signed: SessionConfiguration(.cookies(.signed))
            case .sealed: SessionConfiguration(.cookies(.sealed))
            case .memory: SessionConfiguration.stored(in: MemoryStore())
            }
        configuration.cookie.sizeLimit = .none
        return configuration
    }

    var all: [Workload] {
        [
            self.workload("not looking") { _ in },
            self.workload("reading") { blackHole($0["username"] as String?) },
            self.workload("writing") { session in
                let count: Int = session["count"] ?? 0
                session["count"] = count + 1
            },
        ]
    }

    private func workload(_ name: String, _ handler: @escaping @Sendable (Session) -> Void) -> Workload {
        let isIdle = name == "not looking"
        return Workload("\(self.place.rawValue), \(self.size) bytes", name) { [manager, cookie, logger] count in
            for _ in 0..<count {
                let session = LazySession(manager, logger: logger) { RequestFields(cookies: [cookie]) }
                if !isIdle { handler(try await session.open()) }
                blackHole(try await session.commit())
            }
        }
    }
}

/// Contents of about a given size: a user, and a basket of articles.
enum Basket {
    static func contents(bytes: Int) -> SessionDictionary {
        var contents: SessionDictionary = ["username": "admin", "count": 1]
        var articles: [SessionValue] = []
        for number in 0..<max((bytes - 30) / 28, 1) {
            let article = UInt32(truncatingIfNeeded: (number + 1) &* 2_654_435_761)
            articles.append(["sku": .string(String(article, radix: 36)), "qty": .int(number % 5 + 1)])
        }
        contents["basket"] = .list(articles)
        return contents
    }
}
