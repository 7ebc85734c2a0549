// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

// Dewar's side of the cookie exchange with real Flask. Each line on standard input is a request in JSON, and each line on
// standard output its answer; test_cookie_exchange.py is the other side.

while let line = readLine() {
    let request = try JSONDecoder().decode(PeerRequest.self, from: Data(line.utf8))
    print(String(decoding: try JSONEncoder().encode(try await CookiePeer(request).answer()), as: UTF8.self))
}

/// What Python asks for: a cookie with these values, or the values of this cookie.
private struct PeerRequest: Decodable {
    enum Operation: String, Decodable {
        case write, read
    }

    let op: Operation
    /// The secret keys in base64: the one that signs, and older ones.
    let key: Data
    let fallbacks: [Data]
    /// The values to write, as tagged JSON.
    let json: String?
    /// The `Cookie` header to read.
    let cookie: String?
}

/// What Python gets: the `Set-Cookie` header, or the values as tagged JSON; nil for a cookie that was refused.
private struct PeerAnswer: Encodable {
    enum CodingKeys: String, CodingKey {
        case setCookie = "set_cookie"
        case json
    }

    var setCookie: String?
    var json: String?
}

private struct CookiePeer {
    struct UnusableRequest: Error {}

    let request: PeerRequest
    let sessions: SessionManager

    init(_ request: PeerRequest) throws {
        self.request = request
        let keys = SecretKeys(
            SecretKey(bytes: Array(request.key)), fallbacks: request.fallbacks.map { SecretKey(bytes: Array($0)) })
        self.sessions = try SessionManager(keys: keys, configuration: .flask)
    }

    func answer() async throws -> PeerAnswer {
        switch self.request.op {
        case .write: PeerAnswer(setCookie: try await self.write())
        case .read: PeerAnswer(json: try await self.read())
        }
    }

    private func write() async throws -> String? {
        guard let json = self.request.json, case .dictionary(let values) = try TaggedJSON.decode(Array(json.utf8))
        else {
            throw UnusableRequest()
        }
        let session = try await self.sessions.open([])
        session.merge(values)
        return try await self.sessions.commit(session).setCookie
    }

    private func read() async throws -> String? {
        guard let cookie = self.request.cookie else { throw UnusableRequest() }
        let session = try await self.sessions.open([cookie])
        guard !session.isNew else { return nil }
        return String(decoding: try TaggedJSON.encode(.dictionary(session.values)), as: UTF8.self)
    }
}
