// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SessionRecord {
    /// The record that replaces this one.
    func successor(_ change: (inout SessionRecord) -> Void = { _ in }) -> SessionRecord {
        var next = self
        next.version += 1
        change(&next)
        return next
    }

    /// A line for each field that is not as expected. Text is compared by its bytes, unlike `==`.
    package func differences(from expected: SessionRecord) -> [String] {
        var found: [String] = []
        func compare<Value>(_ name: String, _ field: (SessionRecord) -> Value, _ areSame: (Value, Value) -> Bool) {
            let (actual, wanted) = (field(self), field(expected))
            if !areSame(actual, wanted) { found.append("\(name) is \(Self.text(actual)), not \(Self.text(wanted))") }
        }
        compare("id", \.id, ==)
        compare("secretHash", \.secretHash, ==)
        compare("previousSecretHash", \.previousSecretHash, ==)
        compare("graceEnd", \.graceEnd, ==)
        compare("version", \.version, ==)
        compare("contents", \.contents, ==)
        compare("createdAt", \.createdAt, ==)
        compare("renewedAt", \.renewedAt, ==)
        compare("authenticatedAt", \.authenticatedAt, ==)
        compare("lastUsedAt", \.lastUsedAt, ==)
        compare("idleTimeout", \.idleTimeout, ==)
        compare("absoluteEnd", \.absoluteEnd, ==)
        compare("user", \.user, Self.haveSameBytes)
        compare("deviceLabel", \.deviceLabel, Self.haveSameBytes)
        return found
    }

    private static func haveSameBytes(_ left: String?, _ right: String?) -> Bool {
        left.map { Array($0.utf8) } == right.map { Array($0.utf8) }
    }

    /// A field's value for a message: long values shortened, times in milliseconds, and text with its bytes.
    private static func text(_ value: Any) -> String {
        switch value {
        case let bytes as [UInt8] where bytes.count > 40: "\(bytes.count) bytes beginning \(bytes.prefix(16))"
        case let text as String where text.utf8.count > 80: "\(text.utf8.count) bytes of text"
        case let text as String: text.debugDescription + " \(Array(text.utf8))"
        case let date as Date: "\(date.milliseconds) ms"
        default: "\(value)"
        }
    }
}
