// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
public import Sessions

/// One case of a vector file: plain JSON that nobody changes, and so fit to be shared.
public struct FixtureCase: @unchecked Sendable {
    public let fields: [String: Any]

    public init(fields: [String: Any]) {
        self.fields = fields
    }

    /// What the case is about.
    public var name: String { self.text("name") ?? "?" }

    public func text(_ key: String) -> String? { self.fields[key] as? String }

    public func number(_ key: String) -> Int? { self.fields[key] as? Int }

    public func flag(_ key: String) -> Bool? { self.fields[key] as? Bool }

    public func has(_ key: String) -> Bool { self.fields[key] != nil && !(self.fields[key] is NSNull) }

    public func object(_ key: String) -> FixtureCase? {
        (self.fields[key] as? [String: Any]).map { FixtureCase(fields: $0) }
    }

    public func list(_ key: String) -> [FixtureCase] {
        (self.fields[key] as? [[String: Any]] ?? []).map { FixtureCase(fields: $0) }
    }

    /// A field and its `_base64` form.
    public func bytes(_ key: String) -> [UInt8]? {
        if let text = self.text(key) { return Array(text.utf8) }
        return self.text("\(key)_base64").flatMap { Data(base64Encoded: $0) }.map(Array.init)
    }

    /// A typed value; throws where Dewar has no such value.
    public func value(_ key: String) throws -> SessionValue? {
        try self.object(key).map { try TypedValue.read($0) }
    }

    /// `secret_key_base64` and `secret_key_fallbacks_base64`; nil when there is no key.
    public var keys: SecretKeys? {
        guard let current = self.bytes("secret_key") else { return nil }
        let fallbacks =
            (self.fields["secret_key_fallbacks_base64"] as? [String] ?? [])
            + (self.object("config")?.fields["secret_key_fallbacks_base64"] as? [String] ?? [])
        return SecretKeys(
            SecretKey(bytes: current),
            fallbacks: fallbacks.compactMap { Data(base64Encoded: $0) }.map { SecretKey(bytes: Array($0)) })
    }
}
