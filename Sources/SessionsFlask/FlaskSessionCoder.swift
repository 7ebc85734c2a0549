// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions as the records of Flask-Session (`flask_session/base.py`, `MsgSpecSerializer`), apart from pickle.
struct FlaskSessionCoder: Sendable {
    let serialization: FlaskSessionSerialization

    /// - Parameter record: What the session was read from, if it was.
    func encode(_ values: SessionDictionary, after record: FlaskSessionRecord?) throws(SessionError) -> [UInt8] {
        do throws(FlaskRecordError) {
            return try self.bytes(of: values, after: record)
        } catch {
            throw .unstorable(values, error) { try self.bytes(of: $0, after: nil) }
        }
    }

    private func bytes(
        of values: SessionDictionary, after record: FlaskSessionRecord?
    ) throws(FlaskRecordError) -> [UInt8] {
        switch self.serialization {
        case .messagePack: try Self.encode(values, after: record)
        case .json: try PlainJSONWriter.encode(.dictionary(values))
        }
    }

    private static func encode(
        _ values: SessionDictionary, after record: FlaskSessionRecord?
    ) throws(FlaskRecordError) -> [UInt8] {
        var writer = MessagePackWriter()
        writer.writeMapHead(values.count)
        for (key, value) in values {
            writer.write(key)
            if let record, let piece = record.pieces[Array(key.utf8)], record.values[key] == value {
                writer.append(piece)
            } else {
                try writer.write(value, depth: 1)
            }
        }
        return try writer.finish()
    }

    /// The session in a record, in either form.
    func decode(_ bytes: [UInt8], id: FlaskSessionID) throws(TokenError) -> FlaskSessionRecord {
        if var reader = try? MessagePackReader(bytes), let entries = try? reader.readEntries() {
            return FlaskSessionRecord(key: id, values: entries.values, pieces: entries.pieces)
        }
        guard !Self.isPickle(bytes) else { throw TokenError(.pickled) }
        guard bytes.count <= FlaskRecordError.maximumSize, var reader = try? TaggedJSONReader(bytes, isTagged: false),
            case .dictionary(let values)? = try? reader.readDocument()
        else { throw TokenError(.badPayload) }
        return FlaskSessionRecord(key: id, values: values, pieces: [:])
    }

    /// Whether bytes that are no MessagePack look like a pickled dictionary: they begin as one does in some protocol,
    /// and end with pickle's "stop". It is for the log only; whatever they are, they are not read.
    private static func isPickle(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 1, bytes.last == UInt8(ascii: ".") else { return false }
        switch bytes[0] {
        case 0x80: return (2...9).contains(bytes[1])
        case UInt8(ascii: "("), UInt8(ascii: "}"), UInt8(ascii: "c"), UInt8(ascii: "]"): return true
        default: return false
        }
    }
}

/// A session as it was found in the engine that a Flask application shares.
struct FlaskSessionRecord: Sendable {
    let key: FlaskSessionID
    let values: SessionDictionary
    /// The bytes of each value, by key. What this side does not change is written back as it was, so that it survives
    /// even where Swift has no such value (a dictionary whose keys are numbers).
    let pieces: [[UInt8]: ArraySlice<UInt8>]
    /// How many bytes the record takes.
    var size = 0
    /// Whether the id was signed with another key than the one that signed when the request came.
    var hasOtherKey = false
    /// How often the keys had changed by then.
    var keyChanges = 0
}

extension FlaskSessionRecord: FoundSession {
    /// The id of such a session is its secret.
    var id: SessionID? { nil }
    var lifetime: SessionLifetime? { nil }
    /// There is no version to compare: the last write wins.
    var isMerged: Bool { false }

    /// The engine does not say.
    func expiresAt(within configured: SessionLifetime) -> Date? { nil }

    func absoluteEnd(within configured: SessionLifetime) -> Date? { nil }
}

extension SessionState {
    /// The record of Flask-Session that the cookie led to; nil when it led to none.
    var shared: FlaskSessionRecord? { self.found as? FlaskSessionRecord }
}

/// An id as Flask-Session makes it, random bytes in base64url: all that opens a session, and so never shown.
struct FlaskSessionID: Sendable {
    let text: String

    /// What 16 bytes make, the fewest that cannot be guessed; and more than any application makes.
    private static let lengths = 22...1024

    /// A new id.
    init(using random: SessionRandom, length: Int) {
        self.text = String(decoding: Base64.encodeURLSafe(random.bytes(length)), as: UTF8.self)
    }

    /// The id in a cookie; nil for what no generator makes, so that a visitor cannot ask the engine for anything else.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard Self.lengths.contains(bytes.count), bytes.allSatisfy(Self.isURLSafe) else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isURLSafe(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "-_") }
}

extension FlaskSessionID: CustomStringConvertible, CustomReflectable {
    var description: String { "FlaskSessionID" }

    var customMirror: Mirror { Mirror(self, children: []) }
}
