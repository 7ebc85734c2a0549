// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

// Dewar's side of the exchange with real Flask and Flask-Session. Each line on standard input is a request in JSON, and
// each line on standard output its answer; test_cookie_exchange.py, test_flask_session.py and test_sealed_cookies.py
// are the other side.

while let line = readLine() {
    let request = try JSONDecoder().decode(PeerRequest.self, from: Data(line.utf8))
    let answer =
        switch request.op {
        case .write, .read: try await CookiePeer(request).answer()
        case .seal, .unseal: try await SealedPeer(request).answer()
        case .writeRecord, .readRecord, .copyRecord: try await RecordPeer(request).answer()
        }
    print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
}

/// What Python asks for: a cookie or a record of Flask-Session with these values, or the values of one.
struct PeerRequest: Decodable {
    enum Operation: String, Decodable {
        case write, read, seal, unseal
        case writeRecord = "write_record"
        case readRecord = "read_record"
        case copyRecord = "copy_record"
    }

    let op: Operation
    /// The secret keys in base64: the one that signs, and older ones. Records need none.
    let key: Data?
    let fallbacks: [Data]?
    /// The values to write, as tagged JSON.
    let json: String?
    /// The `Cookie` header to read.
    let cookie: String?
    /// The record of Flask-Session to read, in base64.
    let record: Data?
    /// Whether records are written as JSON, and not as MessagePack.
    let isJSON: Bool?
    /// Of sealed cookies: the name, when the session began, what time it is, the limits in seconds, and the salt and
    /// the id to take.
    let cookieName: String?
    let created: Int?
    let now: Int?
    let idle: Int?
    let absolute: Int?
    let salt: Data?
    let id: Data?

    enum CodingKeys: String, CodingKey {
        case op, key, fallbacks, json, cookie, record, created, now, idle, absolute, salt, id
        case cookieName = "cookie_name"
        case isJSON = "is_json"
    }
}

/// What Python gets: the `Set-Cookie` header, the values as tagged JSON, or a record; nil for what was refused.
struct PeerAnswer: Encodable {
    enum CodingKeys: String, CodingKey {
        case setCookie = "set_cookie"
        case json, record
    }

    var setCookie: String?
    var json: String?
    var record: Data?
}

/// A request that lacks what its operation needs.
struct UnusableRequest: Error {}

extension PeerRequest {
    /// The keys that a request must have.
    var keys: SecretKeys {
        get throws {
            guard let key = self.key else { throw UnusableRequest() }
            return SecretKeys(
                SecretKey(bytes: Array(key)), fallbacks: (self.fallbacks ?? []).map { SecretKey(bytes: Array($0)) })
        }
    }

    /// The values that are to be written.
    var values: SessionDictionary {
        get throws {
            guard let json = self.json, case .dictionary(let values) = try TaggedJSON.decode(Array(json.utf8)) else {
                throw UnusableRequest()
            }
            return values
        }
    }
}

private struct CookiePeer {
    let request: PeerRequest
    let sessions: SessionManager

    init(_ request: PeerRequest) throws {
        self.request = request
        self.sessions = try SessionManager(keys: try request.keys, configuration: .flask)
    }

    func answer() async throws -> PeerAnswer {
        switch self.request.op {
        case .write: PeerAnswer(setCookie: try await self.write())
        default: PeerAnswer(json: try await self.read())
        }
    }

    private func write() async throws -> String? {
        let session = try await self.sessions.open([])
        session.merge(try self.request.values)
        return try await self.sessions.commit(session).setCookie
    }

    private func read() async throws -> String? {
        guard let cookie = self.request.cookie else { throw UnusableRequest() }
        let session = try await self.sessions.open([cookie])
        guard !session.isNew else { return nil }
        return String(decoding: try TaggedJSON.encode(.dictionary(session.entries)), as: UTF8.self)
    }
}
