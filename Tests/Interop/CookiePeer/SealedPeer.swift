// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// Seals a session at a given time and with a given id and salt, and opens what others sealed.
struct SealedPeer {
    let request: PeerRequest
    let configuration: SessionConfiguration

    init(_ request: PeerRequest) {
        self.request = request
        var configuration = SessionConfiguration.flask
        configuration.place = .cookies(.sealed)
        configuration.refresh = .never
        configuration.cookie.name = request.cookieName ?? configuration.cookie.name
        configuration.cookie.isSecure = true
        configuration.cookie.sizeLimit = .none
        configuration.lifetime = SessionLifetime(
            idle: .seconds(request.idle ?? 3600), absolute: request.absolute.map { .seconds($0) })
        self.configuration = configuration
    }

    func answer() async throws -> PeerAnswer {
        switch self.request.op {
        case .seal: PeerAnswer(setCookie: try await self.seal())
        default: PeerAnswer(json: try await self.unseal())
        }
    }

    /// Begins the session when it is to have begun, and changes it at the time at which it is to be sealed.
    private func seal() async throws -> String? {
        let now = self.request.now ?? 0
        let beginning = try self.sessions(at: self.request.created ?? now)
        let session = try await beginning.open([])
        session.merge(try self.request.values)
        let first = try await beginning.commit(session).setCookie
        guard let created = self.request.created, created != now else { return first }
        let sessions = try self.sessions(at: now)
        let continued = try await sessions.open([String((first ?? "").prefix { $0 != ";" })])
        continued.isModified = true
        return try await sessions.commit(continued).setCookie
    }

    private func unseal() async throws -> String? {
        guard let cookie = self.request.cookie else { throw UnusableRequest() }
        let session = try await self.sessions(at: self.request.now ?? 0).open([cookie])
        guard !session.isNew else { return nil }
        return String(decoding: try TaggedJSON.encode(.dictionary(session.entries)), as: UTF8.self)
    }

    private func sessions(at second: Int) throws -> SessionManager {
        let (salt, id) = (self.request.salt.map(Array.init), self.request.id.map(Array.init))
        return try SessionManager(
            keys: try self.request.keys, configuration: self.configuration,
            clock: SessionClock { Date(timeIntervalSince1970: Double(second)) },
            random: salt.map { salt in SessionRandom { $0 == id?.count ? id ?? salt : salt } } ?? .system)
    }
}
