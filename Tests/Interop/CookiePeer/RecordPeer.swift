// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsFlask
import Synchronization

/// Writes and reads records of Flask-Session as a Swift service beside a Flask application does.
struct RecordPeer {
    /// The one record that there is, under whatever key.
    private final class Storage: FlaskSessionStorage {
        private let record: Mutex<[UInt8]?>

        init(_ record: [UInt8]?) {
            self.record = Mutex(record)
        }

        var bytes: [UInt8]? { self.record.withLock { $0 } }

        func value(of key: String) -> [UInt8]? { self.bytes }

        func set(_ value: [UInt8], for key: String, secondsToLive seconds: Int, mustExist: Bool) -> Bool {
            self.record.withLock { $0 = value }
            return true
        }

        func extendLife(of key: String, secondsToLive seconds: Int) -> Bool { true }

        func remove(_ key: String) -> Bool {
            self.record.withLock { $0 = nil }
            return true
        }
    }

    private let request: PeerRequest
    private let storage: Storage
    private let sessions: SessionManager

    init(_ request: PeerRequest) throws {
        self.request = request
        self.storage = Storage(request.record.map { Array($0) })
        var configuration = SessionConfiguration.flaskSession(in: self.storage)
        configuration.flaskSession?.startsPermanent = false
        configuration.flaskSession?.serialization = request.isJSON == true ? .json : .messagePack
        self.sessions = try SessionManager(keys: nil, configuration: configuration)
    }

    func answer() async throws -> PeerAnswer {
        switch self.request.op {
        case .writeRecord: PeerAnswer(record: try await self.write())
        case .copyRecord: PeerAnswer(record: try await self.copy())
        default: PeerAnswer(json: try await self.read())
        }
    }

    /// A record with the request's values; nil when there is none for them.
    private func write() async throws -> Data? {
        guard let json = self.request.json, case .dictionary(let values) = try TaggedJSON.decode(Array(json.utf8))
        else { throw UnusableRequest() }
        let session = try await self.sessions.open([])
        session.merge(values)
        return try await self.save(session)
    }

    /// The request's record with each value once more in a list under `copies`, written anew.
    private func copy() async throws -> Data? {
        let session = try await self.open()
        guard !session.isNew else { return nil }
        session["copies"] = .list(session.map(\.value))
        return try await self.save(session)
    }

    private func read() async throws -> String? {
        let session = try await self.open()
        guard !session.isNew else { return nil }
        return String(decoding: try TaggedJSON.encode(.dictionary(session.entries)), as: UTF8.self)
    }

    private func open() async throws -> Session {
        try await self.sessions.open(["session=l3pJVTgIVkIL4tg8TVqVNMhsut7h-BGS12uI6q32AZo"])
    }

    private func save(_ session: Session) async throws -> Data? {
        do throws(SessionError) {
            _ = try await self.sessions.commit(session)
        } catch {
            if error.kind == .unstorableValue { return nil }
            throw error
        }
        return self.storage.bytes.map { Data($0) }
    }
}
