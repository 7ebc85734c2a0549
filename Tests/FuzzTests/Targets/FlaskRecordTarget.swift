// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import SessionsFlask

extension FuzzTarget {
    static let flaskRecord = FuzzTarget("flask-record", "a record of Flask-Session: MessagePack, or JSON") { input in
        let id = FlaskSessionID(using: FuzzSetting.random, length: 32)
        let coder = FlaskSessionCoder(serialization: .messagePack)
        guard let record = try? coder.decode(input, id: id) else { return }
        try require(record.pieces.isEmpty || record.pieces.count == record.values.count, "a value has no bytes")
        // What was not changed is copied; only then can any record be written again.
        if !record.pieces.isEmpty || record.values.isEmpty {
            let copied = try coder.encode(record.values, after: record)
            try require(
                try coder.decode(copied, id: id).values == record.values, "copied, a record holds something else")
        }
        if let written = try? coder.encode(record.values, after: nil) {
            try require(
                try coder.decode(written, id: id).values == record.values, "written anew, a record holds something else"
            )
        }
        let plain = FlaskSessionCoder(serialization: .json)
        guard let text = try? plain.encode(record.values, after: nil) else { return }
        let read = try plain.decode(text, id: id)
        try require(read.values.count == record.values.count, "as JSON, a record has other entries")
        try require(try plain.encode(read.values, after: nil) == text, "as JSON, one record has two spellings")
    }
}
