// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a cookie says, and whether it says it truly.
struct CookieReading {
    enum Form: String {
        case flask, signed, sealed, stored, unknown

        var description: String {
            switch self {
            case .flask: "flask: signed, and readable without the key"
            case .signed: "signed: Dewar's, readable without the key"
            case .sealed: "sealed: encrypted, readable with the key only"
            case .stored: "stored: names a session in a store, and has the secret that opens it"
            case .unknown: "unknown: no session cookie of Dewar or Flask"
            }
        }
    }

    /// What the keys say.
    enum Verdict: Hashable {
        /// No key was given.
        case unchecked
        case verified(fingerprint: String, isCurrent: Bool)
        case refused(reason: String)
    }

    private(set) var form: Form
    private(set) var verdict = Verdict.unchecked
    private(set) var values: SessionDictionary?
    private(set) var id: SessionID?
    private(set) var createdAt: Date?
    private(set) var signedAt: Date?
    private(set) var expiresAt: Date?

    /// Reads a cookie.
    ///
    /// - Parameters:
    ///   - names: The names that the cookie may have; its seal may be bound to one of them.
    ///   - lifetime: The idle timeout in seconds, for formats that do not say when they end.
    init(_ value: String, names: [String], keys: SecretKeys?, lifetime: Int, now: Date) {
        let token = Array(value.utf8)[...]
        self.form = Self.form(of: token)
        self.readUnverified(token)
        if let keys, self.form != .unknown { self.verify(token, names: names, keys: keys, now: now) }
        self.setEnd(lifetime)
    }

    /// Whether the cookie would open its session now, as far as it can be told.
    func isGood(at now: Date) -> Bool {
        if case .refused = self.verdict { return false }
        return self.form != .unknown && self.expiresAt.map { now < $0 } ?? true
    }

    // MARK: - Without a key

    private static func form(of token: ArraySlice<UInt8>) -> Form {
        guard let segments = TimedSigner.segments(of: token), !segments.value.isEmpty else {
            let hasDot = token.contains(UInt8(ascii: "."))
            if hasDot {
                return SessionTicketCoder.hasForm(of: token) && Self.ticketID(token) != nil ? .stored : .unknown
            }
            return (Base64.decodeURLSafe(token)?.count ?? 0) > 64 ? .sealed : .unknown
        }
        guard let json = TokenPayload.decode(segments.value), let value = try? TaggedJSON.decode(json),
            TimedSigner.seconds(segments.timestamp) != nil
        else { return .unknown }
        if case .list(let parts) = value, parts.count == 2, case .int = parts[0] { return .signed }
        return .flask
    }

    private mutating func readUnverified(_ token: ArraySlice<UInt8>) {
        switch self.form {
        case .flask, .signed:
            guard let segments = TimedSigner.segments(of: token) else { return }
            self.signedAt = TimedSigner.seconds(segments.timestamp).map { Date(milliseconds: $0 * 1000) }
            let value = TokenPayload.decode(segments.value).flatMap { try? TaggedJSON.decode($0) }
            if case .dictionary(let entries) = value { self.values = entries }
            if case .list(let parts) = value, case .int(let created)? = parts.first,
                case .dictionary(let entries)? = parts.last
            {
                self.values = entries
                self.createdAt = Date(milliseconds: created.multipliedReportingOverflow(by: 1000).partialValue)
            }
        case .stored: self.id = Self.ticketID(token)
        case .sealed, .unknown: break
        }
    }

    private static func ticketID(_ token: ArraySlice<UInt8>) -> SessionID? {
        guard let dot = token.lastIndex(of: UInt8(ascii: ".")), let bytes = Base64.decodeURLSafe(token[..<dot]),
            bytes.count == SessionID.length + SessionSecret.length
        else { return nil }
        return SessionID(bytes: bytes.prefix(SessionID.length))
    }

    // MARK: - With keys

    /// Tries each key under each name until one fits.
    private mutating func verify(_ token: ArraySlice<UInt8>, names: [String], keys: SecretKeys, now: Date) {
        self.verdict = .refused(reason: "no key is accepted any more")
        for name in names {
            for (index, watched) in keys.all.enumerated() where watched.isAccepted {
                if self.verify(token, name: name, key: watched.key, isCurrent: index == 0, now: now) { return }
            }
        }
    }

    /// Whether the cookie is one of this name that this key made. If so, it is read again, because that is certain now.
    private mutating func verify(
        _ token: ArraySlice<UInt8>, name: String, key: SecretKey, isCurrent: Bool, now: Date
    ) -> Bool {
        let keys = SecretKeys(key)
        do throws(TokenError) {
            let contents: TokenContents?
            switch self.form {
            case .flask:
                let coder = FlaskTokenCoder(keys: keys, maximumAge: nil, clockSkew: 0)
                contents = try coder.decode(token, now: now.wholeSeconds)
            case .signed:
                let coder = SignedTokenCoder(keys: keys, cookieName: name, lifetime: Self.unlimited, clockSkew: 0)
                contents = try Self.decodeAtAnyAge(now) { seconds throws(TokenError) in
                    try coder.decode(token, now: seconds)
                }
            case .sealed:
                let coder = SealedTokenCoder(keys: keys, cookieName: name, lifetime: Self.unlimited, clockSkew: 0)
                contents = try Self.decodeAtAnyAge(now) { seconds throws(TokenError) in
                    try coder.decode(token, now: seconds)
                }
            case .stored:
                contents = nil
                self.id = try SessionTicketCoder(keys: keys, cookieName: name).decode(token).id
            case .unknown: return false
            }
            self.verdict = .verified(fingerprint: key.fingerprint, isCurrent: isCurrent)
            if let contents { self.take(contents) }
            return true
        } catch {
            self.verdict = .refused(reason: error.kind.description)
            return false
        }
    }

    /// A token that has ended, or whose time has not come, is read as at the moment when it was made.
    private static func decodeAtAnyAge(
        _ now: Date, _ decode: (Int) throws(TokenError) -> TokenContents
    ) throws(TokenError) -> TokenContents {
        do throws(TokenError) {
            return try decode(now.wholeSeconds)
        } catch {
            guard error.kind == .expired || error.kind == .notYetValid, let signedAt = error.signedAt else {
                throw error
            }
            return try decode(signedAt)
        }
    }

    private mutating func take(_ contents: TokenContents) {
        self.values = contents.values
        self.signedAt = Date(milliseconds: contents.signedAt * 1000)
        self.createdAt = contents.createdAt.map { Date(milliseconds: $0 * 1000) }
        // The last second is still good.
        self.expiresAt = contents.expiresAt.map { Date(milliseconds: ($0 + 1) * 1000) }
        self.id = contents.id
    }

    private mutating func setEnd(_ lifetime: Int) {
        guard self.expiresAt == nil else { return }
        self.expiresAt = self.signedAt.map { $0.adding(.seconds(lifetime + 1)) }
    }

    /// A thousand years.
    private static let unlimited = SessionLifetime(idle: .seconds(1000 * 366 * 86_400))
}
