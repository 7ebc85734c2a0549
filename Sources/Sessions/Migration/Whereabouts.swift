// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What one of the two stores has under an id.
enum MigrationEntry: Sendable, Hashable {
    case absent
    case session(SessionRecord)
    case copy(RecordCopy)

    init(_ record: SessionRecord?) {
        self = record.map { record in RecordCopy(stored: record).map(Self.copy) ?? .session(record) } ?? .absent
    }
}

/// Where a session is. A session lives in one store at a time, and that store decides.
enum Whereabouts: Sendable {
    case nowhere
    /// In one store; alone when the store that was asked first has nothing of it.
    case lives(SessionRecord, in: MigrationSide, isAlone: Bool)
    /// Stopped in one store and not yet begun in the other, whose copy has this version: whoever writes it next brings
    /// it there.
    case onTheWay(SessionRecord, to: MigrationSide, copyVersion: Int)

    /// The session's version; nil when there is none.
    var version: Int? {
        switch self {
        case .nowhere: nil
        case .lives(let record, _, _), .onTheWay(let record, _, _): record.version
        }
    }
}
