// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CPostgres
import Sessions

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How to reach the database: a checked connection string of libpq. Its description and mirror do not show it, because
/// it may hold a password.
struct ConnectionSettings: Sendable, CustomStringConvertible, CustomReflectable {
    private let text: String
    /// Whole seconds for each host; libpq's minimum is two.
    private let connectTimeout: Int?

    init(_ text: String, timeout: Duration) throws(PostgresStoreError) {
        guard !text.utf8.contains(0), let options = Self.options(of: text) else {
            throw PostgresStoreError(.invalidConfiguration, Self.advice)
        }
        // If a URL's password is not percent-encoded, parts of it become the host or the database, and libpq's messages
        // show them.
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            let isPlain = { (name: String) in !(options[name]?.utf8.dropFirst().contains(UInt8(ascii: "@")) ?? false) }
            guard isPlain("host"), isPlain("dbname"), Self.arePorts(options["port"] ?? "") else {
                throw PostgresStoreError(
                    .invalidConfiguration,
                    "The user and the password in a PostgreSQL URL are percent-encoded: write %40 for @, %2F for /, "
                        + "%3A for :, %3F for ? and %23 for #.")
            }
        }
        self.text = text
        let isSet = options["connect_timeout"] != nil || Self.defaults?["connect_timeout"] != nil
        self.connectTimeout = isSet ? nil : Int(min(max(timeout.components.seconds, 2), 60 * 60))
    }

    var description: String { "a PostgreSQL connection string" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// Opens a connection and waits for it. Nil when libpq has no memory.
    func connect() -> OpaquePointer? {
        // An option after the connection string overrides it; an option before is a default.
        var options = [("dbname", self.text), ("client_encoding", "UTF8"), ("fallback_application_name", "dewar")]
        if let connectTimeout { options.insert(("connect_timeout", "\(connectTimeout)"), at: 0) }
        // libpq reads two lists that end with NULL, and copies them within the call.
        let names = unsafe options.map { unsafe strdup($0.0) }
        let values = unsafe options.map { unsafe strdup($0.1) }
        defer { unsafe (names + values).forEach { unsafe free($0) } }
        let (nameList, valueList) = unsafe (
            (names + [nil]).map { unsafe UnsafePointer($0) }, (values + [nil]).map { unsafe UnsafePointer($0) }
        )
        return unsafe PQconnectdbParams(nameList, valueList, 1)
    }

    private static let advice =
        "A PostgreSQL database is given as postgres://user:password@host:5432/database, as libpq's \"host=… user=…\", "
        + "or as nothing, for what PGHOST, PGUSER and the other variables say; this is none of these."

    private static func options(of text: String) -> [String: String]? {
        // libpq's message quotes the string, so it is not passed on.
        unsafe Self.dictionary(PQconninfoParse(text, nil))
    }

    /// libpq's defaults, which include the environment variables.
    private static var defaults: [String: String]? { unsafe Self.dictionary(PQconndefaults()) }

    /// The options as a dictionary. libpq's list ends with an option without a name; it is freed here.
    private static func dictionary(_ options: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String]? {
        guard let options = unsafe options else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = unsafe options
        while let name = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val { unsafe found[String(cString: name)] = String(cString: value) }
            unsafe option += 1
        }
        return found
    }

    private static func arePorts(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ",") }
    }
}
