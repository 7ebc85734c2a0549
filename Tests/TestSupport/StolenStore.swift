// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions
import SessionsTesting

/// A store that somebody has copied, together with the key that signs the cookies.
public struct StolenStore: Sendable {
    private static let key: SecretKey = "7f3c9a51e0d84b62a1c5f7e93d20b846"
    private let store: any SessionStore
    private let sessions: SessionManager
    private let clock = ManualClock(start)

    public init(_ store: any SessionStore) throws {
        var configuration = SessionConfiguration.stored(in: store)
        configuration.renewalInterval = .seconds(60)
        self.store = store
        self.sessions = try SessionManager(
            keys: SecretKeys(Self.key), configuration: configuration, clock: self.clock.sessionClock)
    }

    /// A session's cookie, and the one after its periodic renewal.
    public func twoCookies() async throws -> [StolenCookie] {
        let session = try await self.sessions.open([])
        session["user"] = "arthur"
        let first = try StolenCookie(try await self.sessions.commit(session).setCookie)
        self.clock.advance(by: .seconds(61))
        let next = try await self.sessions.open([first.pair])
        return [first, try StolenCookie(try await self.sessions.commit(next).setCookie)]
    }

    /// Everything in the store that could be taken for the secret of a session.
    public func hashes(of cookie: StolenCookie) async throws -> [[UInt8]] {
        guard let id = SessionID(bytes: cookie.id), let record = try await self.store.read(id, at: self.clock.now),
            let previous = record.previousSecretHash
        else { throw StolenCookie.Unreadable() }
        return [record.secretHash, previous, [UInt8](repeating: 0, count: record.secretHash.count)]
    }

    /// Whether a well-signed cookie with this secret opens the session.
    public func opens(_ cookie: StolenCookie, with secret: some Sequence<UInt8>) async throws -> Bool {
        let name = self.sessions.configuration.cookie.name
        let signer = Signer(keys: SecretKeys(Self.key), salt: "dewar.ticket." + name, digest: .sha256)
        let token = signer.sign(Array(StolenCookie.base64(Array(cookie.id) + secret).utf8))
        return try await !self.sessions.open([name + "=" + String(decoding: token, as: UTF8.self)]).isNew
    }
}
