// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Sessions

/// Flask's settings, read from a configuration.
struct Settings {
    let reader: ConfigReader

    func secretKey() throws(AppError) -> SecretKey? {
        guard let text = try self.text("secretKey", isSecret: true) else { return nil }
        guard !text.isEmpty else {
            throw AppError(.invalidConfiguration, "The setting secretKey is empty; leave it out to have no sessions.")
        }
        return try Self.key(text, named: "secretKey")
    }

    func secretKeyFallbacks() throws(AppError) -> [SecretKey] {
        let texts = try self.value("secretKeyFallbacks", "a list of texts") { key in
            try self.reader.requiredStringArray(forKey: key, isSecret: true)
        }
        var keys: [SecretKey] = []
        for text in texts ?? [] { keys.append(try Self.key(text, named: "secretKeyFallbacks")) }
        return keys
    }

    /// Beside a key it would be a matter of luck which of the two signs.
    func secretKeyFile() throws(AppError) -> String? {
        guard let path = try self.text("secretKeyFile") else { return nil }
        for other in ["secretKey", "secretKeyFallbacks"] where self.isSet(ConfigKey(other)) {
            throw AppError(.invalidConfiguration, "Both secretKeyFile and \(other) are set; leave one out.")
        }
        return path
    }

    func address() throws(AppError) -> ServerAddress {
        var address = ServerAddress()
        if let host = try self.text("host") { address.host = host }
        if let port = try self.number("port") { address.port = port }
        return address
    }

    func apply(to crossSite: inout CrossSitePolicy) throws(AppError) {
        let origins = try self.value("trustedOrigins", "a list of texts") {
            try self.reader.requiredStringArray(forKey: $0)
        }
        if let origins { crossSite.trustedOrigins = origins }
    }

    func apply(to sessions: inout SessionConfiguration) throws(AppError) {
        try self.apply(to: &sessions.cookie)
        if let refreshes = try self.flag("session.refreshEachRequest") {
            sessions.refresh = refreshes ? .permanentOnEachRequest : .never
        }
        if let lifetime = try self.lifetime() { sessions.lifetime.idle = lifetime }
    }

    /// Beyond the year 9999 there are no dates to write, and `Duration` has no room for every `Double`.
    private func lifetime() throws(AppError) -> Duration? {
        let limit = 253_402_300_799.0
        let kind = "a number of seconds up to 253402300799, which is the year 9999"
        let seconds = try self.value("permanentSessionLifetime", kind) { key in
            let seconds = try self.reader.requiredDouble(forKey: key)
            guard abs(seconds) <= limit else { throw AppError(.invalidConfiguration, kind) }
            return seconds
        }
        return seconds.map { .seconds($0) }
    }

    private func apply(to cookie: inout SessionCookie) throws(AppError) {
        if let name = try self.text("session.cookie.name") { cookie.name = name }
        if let domain = try self.text("session.cookie.domain") { cookie.domain = domain }
        if let path = try self.text("session.cookie.path") { cookie.path = path }
        if let flag = try self.flag("session.cookie.httponly") { cookie.isHTTPOnly = flag }
        if let flag = try self.flag("session.cookie.secure") { cookie.isSecure = flag }
        if let flag = try self.flag("session.cookie.partitioned") { cookie.isPartitioned = flag }
        if let text = try self.text("session.cookie.samesite") {
            guard let sameSite = SameSite(caseInsensitive: text) else {
                throw AppError(.invalidConfiguration, "session.cookie.samesite must be Strict, Lax or None.")
            }
            cookie.sameSite = sameSite
        }
        if let size = try self.number("maxCookieSize") { cookie.sizeLimit = size == 0 ? .none : .warn(over: size) }
    }

    // MARK: - One value

    private func text(_ key: ConfigKey, isSecret: Bool = false) throws(AppError) -> String? {
        try self.value(key, "text") { try self.reader.requiredString(forKey: $0, isSecret: isSecret) }
    }

    private func number(_ key: ConfigKey) throws(AppError) -> Int? {
        try self.value(key, "a whole number") { try self.reader.requiredInt(forKey: $0) }
    }

    private func flag(_ key: ConfigKey) throws(AppError) -> Bool? {
        try self.value(key, "true or false") { try self.reader.requiredBool(forKey: $0) }
    }

    /// A value, nil when it is not set; one that is set to another kind is an error, and not taken for none.
    private func value<Value>(
        _ key: ConfigKey, _ kind: String, read: (ConfigKey) throws -> Value
    ) throws(AppError) -> Value? {
        do {
            return try read(key)
        } catch {
            guard self.isSet(key) else { return nil }
            throw AppError(
                .invalidConfiguration, "The setting \(key.components.joined(separator: ".")) must be \(kind).")
        }
    }

    private func isSet(_ key: ConfigKey) -> Bool {
        self.reader.string(forKey: key, isSecret: true) != nil || self.reader.double(forKey: key, isSecret: true) != nil
            || self.reader.bool(forKey: key, isSecret: true) != nil
            || self.reader.stringArray(forKey: key, isSecret: true) != nil
            || self.reader.doubleArray(forKey: key, isSecret: true) != nil
            || self.reader.boolArray(forKey: key, isSecret: true) != nil
    }

    private static func key(_ text: String, named name: String) throws(AppError) -> SecretKey {
        guard let key = SecretKey(configured: text) else {
            throw AppError(.invalidConfiguration, "What follows base64: in \(name) is not base64.")
        }
        return key
    }
}
