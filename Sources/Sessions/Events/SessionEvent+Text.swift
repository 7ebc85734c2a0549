// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging

extension SessionEvent: CustomStringConvertible {
    /// The event in one line, without its time: `rejected reason=wrong_secret session=00f1… user="alice"`.
    ///
    /// A user and a device are quoted, so that whatever is in them makes no line of its own.
    public var description: String {
        let details: [(String, String?)] = [
            ("reason", self.reason?.rawValue), ("count", self.missedCount.map(String.init)),
            ("session", self.sessionID?.description), ("user", self.user?.debugDescription),
            ("device", self.deviceLabel?.debugDescription),
        ]
        return details.reduce(into: self.kind.name) { text, detail in
            if let value = detail.1 { text += " \(detail.0)=\(value)" }
        }
    }

    var reason: TokenError.Reason? {
        guard case .rejected(let reason) = self.kind else { return nil }
        return reason
    }

    var missedCount: Int? {
        guard case .missed(let count) = self.kind else { return nil }
        return count
    }
}

extension SessionEvent: Encodable {
    private enum CodingKeys: String, CodingKey {
        case kind, time, reason, count, session, user, device
    }

    /// Encodes what there is: `kind`, `time`, `reason`, `count`, `session`, `user` and `device`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.kind.name, forKey: .kind)
        try container.encode(self.time, forKey: .time)
        try container.encodeIfPresent(self.reason?.rawValue, forKey: .reason)
        try container.encodeIfPresent(self.missedCount, forKey: .count)
        try container.encodeIfPresent(self.sessionID?.description, forKey: .session)
        try container.encodeIfPresent(self.user, forKey: .user)
        try container.encodeIfPresent(self.deviceLabel, forKey: .device)
    }
}

extension SessionEvents {
    /// Writes every event to a log, a line each, until the task is cancelled: theft and missed events as warnings.
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
