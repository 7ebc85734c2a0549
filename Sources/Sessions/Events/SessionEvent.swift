// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Something that happened to a session, for an audit log.
///
/// It says what happened, when, to which session, and to which user. It never holds a cookie, a secret, a key, or
/// contents of the session other than the user's name.
///
/// ```swift
/// for await event in sessions.events where event.kind == .replayed {
///     alert("a stolen cookie of \(event.user ?? "nobody")")
/// }
/// ```
public struct SessionEvent: Sendable, Hashable {
    /// What happened.
    public let kind: Kind
    /// When it happened, by the clock of the ``SessionManager``.
    public let time: Date
    /// The session's id, if that is no secret. The id of a session that is shared with Flask-Session is one, and is
    /// left out.
    public let sessionID: SessionID?
    /// The user to whom the session belongs or belonged, if a user signed in.
    public let user: String?
    /// The name of the device in the user's list of devices, if it is known.
    public let deviceLabel: String?
    /// Who revoked the session, as far as the call said: the user, or what `by:` named, such as an administrator.
    public let actor: String?

    /// An event of your own, to test code that handles events.
    public init(
        _ kind: Kind, time: Date, sessionID: SessionID? = nil, user: String? = nil, deviceLabel: String? = nil,
        actor: String? = nil
    ) {
        self.kind = kind
        self.time = time
        self.sessionID = sessionID
        self.user = user
        self.deviceLabel = deviceLabel
        self.actor = actor
    }
}

extension SessionEvent {
    /// What happened to a session.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: Hashable, Sendable {
            case created, renewed, signedIn, reauthenticated, signedOut, ended, expired, revoked, conflict,
                droppedWrite, replayed
            case rejected(TokenError.Kind)
            case missed(Int)
        }

        let value: Value

        /// A session began.
        public static let created = Kind(value: .created)
        /// A session got a new secret, or in a sealed cookie a new id: cookies that were sent before have stopped working, or
        /// soon will. A `.flask` or `.signed` cookie was sent anew, and those before are good until they expire.
        public static let renewed = Kind(value: .renewed)
        /// A user signed in.
        public static let signedIn = Kind(value: .signedIn)
        /// The user proved again who they are.
        public static let reauthenticated = Kind(value: .reauthenticated)
        /// The user signed out.
        public static let signedOut = Kind(value: .signedOut)
        /// The visitor's request ended a session: it destroyed or emptied it.
        public static let ended = Kind(value: .ended)
        /// A cookie came that holds a session whose idle or absolute timeout is over. A store has no such session any more:
        /// its cookie is ``rejected(_:)`` with `unknownSession`.
        public static let expired = Kind(value: .expired)
        /// A session was ended from outside: from the user's list of devices, by the application, by the limit of sessions, or
        /// with another session that came of the same cookie.
        public static let revoked = Kind(value: .revoked)
        /// A cookie came that opened no session.
        public static func rejected(_ kind: TokenError.Kind) -> Kind { Kind(value: .rejected(kind)) }
        /// A request changed a session that another request had changed or used meanwhile, and both were kept.
        public static let conflict = Kind(value: .conflict)
        /// A request changed a session that had meanwhile ended or been renewed, and the change was dropped.
        public static let droppedWrite = Kind(value: .droppedWrite)
        /// A cookie came from before a renewal long ago: a thief has a copy of it. The session has been ended.
        public static let replayed = Kind(value: .replayed)
        /// This many events could not be delivered, because the subscriber was too slow.
        public static func missed(_ count: Int) -> Kind { Kind(value: .missed(count)) }

        /// The kind's name, for logs: `signed_in` and the like.
        public var name: String {
            switch self.value {
            case .created: "created"
            case .renewed: "renewed"
            case .signedIn: "signed_in"
            case .reauthenticated: "reauthenticated"
            case .signedOut: "signed_out"
            case .ended: "ended"
            case .expired: "expired"
            case .revoked: "revoked"
            case .rejected: "rejected"
            case .conflict: "conflict"
            case .droppedWrite: "dropped_write"
            case .replayed: "replayed"
            case .missed: "missed"
            }
        }

        /// The same as ``name``, without what belongs to it.
        public var description: String { self.name }
    }
}

extension SessionEvent: CustomStringConvertible {
    /// The event in one line, without its time: `rejected reason=wrong_secret session=00f1… user="alice"`.
    ///
    /// User, device and actor are quoted, so that no text in them can begin a new line.
    public var description: String {
        let details: [(String, String?)] = [
            ("reason", self.rejection?.name), ("count", self.missedCount.map(String.init)),
            ("session", self.sessionID?.description), ("user", self.user?.quoted),
            ("device", self.deviceLabel?.quoted), ("by", self.actor?.quoted),
        ]
        return details.reduce(into: self.kind.name) { text, detail in
            if let value = detail.1 { text += " \(detail.0)=\(value)" }
        }
    }

    /// Why the cookie was rejected; nil for events of another kind.
    public var rejection: TokenError.Kind? {
        guard case .rejected(let kind) = self.kind.value else { return nil }
        return kind
    }

    /// How many events could not be delivered; nil for events of another kind.
    public var missedCount: Int? {
        guard case .missed(let count) = self.kind.value else { return nil }
        return count
    }
}

extension SessionEvent: Encodable {
    private enum CodingKeys: String, CodingKey {
        case kind, time, reason, count, session, user, device, actor
    }

    /// Encodes the parts that are there: `kind`, `time`, `reason`, `count`, `session`, `user`, `device`, `actor`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.kind.name, forKey: .kind)
        try container.encode(self.time, forKey: .time)
        try container.encodeIfPresent(self.rejection?.name, forKey: .reason)
        try container.encodeIfPresent(self.missedCount, forKey: .count)
        try container.encodeIfPresent(self.sessionID?.description, forKey: .session)
        try container.encodeIfPresent(self.user, forKey: .user)
        try container.encodeIfPresent(self.deviceLabel, forKey: .device)
        try container.encodeIfPresent(self.actor, forKey: .actor)
    }
}

extension SessionEvents {
    /// Writes each event on a line of a log until the task is cancelled. Replays and missed events are warnings.
    ///
    /// ```swift
    /// await sessions.events.log(to: Logger(label: "audit"))
    /// ```
    public func log(to logger: Logger, level: Logger.Level = .info) async {
        for await event in self {
            let isAlarm = event.kind == .replayed || event.missedCount != nil
            logger.log(level: isAlarm && level < .warning ? .warning : level, "session \(event)")
        }
    }
}

/// The session that something happened to, as far as it may be told.
package struct SessionSubject: Sendable, Hashable {
    package let id: SessionID?
    package var user: String?
    let deviceLabel: String?

    package init(id: SessionID? = nil, user: String? = nil, deviceLabel: String? = nil) {
        self.id = id
        self.user = user
        self.deviceLabel = deviceLabel
    }

    /// A session of which nothing is known, or nothing may be said.
    package static let unknown = SessionSubject()
}
