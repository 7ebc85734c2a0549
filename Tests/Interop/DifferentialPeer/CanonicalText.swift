// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

extension SessionValue {
    /// A text that is the same for equal values of the same kind, and for no others; differential.py writes the same.
    var canonicalText: String {
        switch self {
        case .null: "n"
        case .bool(let flag): flag ? "t" : "f"
        case .int(let number): "i\(number);"
        case .bigInteger(let number): "i\(number.description);"
        case .double(let number): number.isNaN ? "dnan;" : "d\(String(number.bitPattern, radix: 16));"
        case .string(let text): "s\(text.utf8.count):\(text)"
        case .markup(let text): "m\(text.utf8.count):\(text)"
        case .bytes(let bytes): "b\(Hex.text(bytes));"
        case .date(let date): "D\(Int(date.timeIntervalSince1970));"
        case .uuid(let uuid): "u\(uuid.uuidString.lowercased());"
        case .list(let items): "[\(items.map(\.canonicalText).joined())]"
        case .tuple(let items): "(\(items.map(\.canonicalText).joined()))"
        case .dictionary(let entries):
            "{\(entries.map { "\($0.key.utf8.count):\($0.key)" + $0.value.canonicalText }.joined())}"
        }
    }
}
