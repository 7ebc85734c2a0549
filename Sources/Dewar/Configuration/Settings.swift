// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Sessions

/// Flask's settings, read from a configuration.
struct Settings {
    /// The first source that has a value for a setting decides.
    let sources: [SettingsSource]

    func secretKey() throws(AppError) -> SecretKey? {
        guard let text = try self.text("secretKey", isSecret: true) else { return nil }
        guard !text.isEmpty else { throw self.mistake("secretKey", "is empty; leave it out to have no sessions.") }
        return try self.key(text, "secretKey")
    }

    func secretKeyFallbacks() throws(AppError) -> [SecretKey] {
        let texts = try self.list("secretKeyFallbacks", isSecret: true)
        var keys: [SecretKey] = []
        for text in texts ?? [] { keys.append(try self.key(text, "secretKeyFallbacks")) }
        return keys
    }

    /// A key file beside a key is refused: it would be unclear which of the two signs.
    func secretKeyFile() throws(AppError) -> String? {
        guard let path = try self.text("secretKeyFile") else { return nil }
        for other in ["secretKey", "secretKeyFallbacks"] as [ConfigKey] where self.source(of: other) != nil {
            throw AppError(
                .invalidConfiguration,
                "Both \(self.name(of: "secretKeyFile")) and \(self.name(of: other)) are set; leave one out.")
        }
        return path
    }

    /// Who besides the program may have access to the file that the keys are in.
    func keyFileAccess() throws(AppError) -> KeyFileAccess? {
        guard let text = try self.text("secretKeyFileAccess") else { return nil }
        guard let access = KeyFileAccess(rawValue: text) else {
            throw self.mistake("secretKeyFileAccess", "must be ownerOnly, readableByOthers or writableByOthers.")
        }
        return access
    }

    /// The file that sets one of these settings; nil when none does.
    func file(of keys: [ConfigKey]) -> String? {
        keys.lazy.compactMap { self.source(of: $0)?.filePath }.first
    }

    func address() throws(AppError) -> ServerAddress {
        var address = ServerAddress()
        if let host = try self.text("host") { address.host = host }
        if let port = try self.number("port", in: 0...65535, "a whole number from 0 to 65535") { address.port = port }
        return address
    }

    func trustedHosts() throws(AppError) -> [String] {
        try self.list("trustedHosts") ?? []
    }

    func baseURL() throws(AppError) -> String? {
        try self.text("baseURL")
    }

    /// A count that is not set is 0: no proxy is trusted unless the configuration counts it.
    func proxyFix() throws(AppError) -> ProxyFix {
        var fix = ProxyFix.off
        if let count = try self.hops("proxyFix.xFor") { fix.xFor = count }
        if let count = try self.hops("proxyFix.xProto") { fix.xProto = count }
        if let count = try self.hops("proxyFix.xHost") { fix.xHost = count }
        if let count = try self.hops("proxyFix.xPort") { fix.xPort = count }
        if let count = try self.hops("proxyFix.xPrefix") { fix.xPrefix = count }
        if let count = try self.hops("proxyFix.forwarded") { fix.forwarded = count }
        return fix
    }

    func apply(to crossSite: inout CrossSitePolicy) throws(AppError) {
        guard let origins = try self.list("trustedOrigins") else { return }
        do {
            _ = try CrossSiteGuard(CrossSitePolicy(trustedOrigins: origins))
        } catch {
            throw self.mistake("trustedOrigins", "cannot be used: \(error)")
        }
        crossSite.trustedOrigins = origins
    }

    func apply(to sessions: inout SessionConfiguration) throws(AppError) {
        try self.apply(to: &sessions.cookie)
        if let refreshes = try self.flag("session.refreshEachRequest") {
            sessions.refresh.configure(refreshes)
        }
        if let lifetime = try self.lifetime() { sessions.lifetime.idle = lifetime }
    }

    /// A cookie's date cannot be after the year 9999, and `Duration` cannot hold every `Double`.
    private func lifetime() throws(AppError) -> Duration? {
        let limit = 253_402_300_799.0
        let kind = "a number of seconds from 0 to 253402300799, which is the year 9999"
        let seconds = try self.value("permanentSessionLifetime", kind) { reader, key in
            let seconds = try reader.requiredDouble(forKey: key)
            guard (0...limit).contains(seconds) else { throw AppError(.invalidConfiguration, kind) }
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
                throw self.mistake("session.cookie.samesite", "must be Strict, Lax or None.")
            }
            cookie.sameSite = sameSite
        }
        if let size = try self.number("maxCookieSize", in: 0...Int.max, "a number of bytes, or 0 for no limit") {
            cookie.sizeLimit = cookie.sizeLimit.of(size)
        }
        try self.check(cookie)
    }

    /// Names the setting because of which browsers would refuse the cookie.
    private func check(_ cookie: SessionCookie) throws(AppError) {
        let line = SetCookie(
            name: cookie.name, value: "", domain: cookie.domain, isSecure: cookie.isSecure || cookie.isPartitioned,
            isHTTPOnly: cookie.isHTTPOnly, path: cookie.path, sameSite: cookie.sameSite,
            isPartitioned: cookie.isPartitioned)
        do throws(SetCookieError) {
            try line.validate()
        } catch {
            let suspects = Self.settings(behind: error.kind) + ["session.cookie.name"]
            // A mistake in the program's own values is reported when the application starts.
            guard let key = suspects.first(where: { self.source(of: $0) != nil }) else { return }
            throw self.mistake(key, "cannot be used. \(error)")
        }
    }

    private static func settings(behind kind: SetCookieError.Kind) -> [ConfigKey] {
        switch kind.value {
        case .invalidDomain, .domainEndsInDot, .domainIsTopLevel, .prefixForbidsDomain: ["session.cookie.domain"]
        case .pathWithoutSlash, .prefixNeedsRootPath: ["session.cookie.path"]
        case .prefixNeedsSecure, .partitionedNeedsSecure: ["session.cookie.secure"]
        case .prefixNeedsHTTPOnly: ["session.cookie.httponly"]
        case .sameSiteNoneNeedsSecure: ["session.cookie.secure", "session.cookie.samesite"]
        case .controlCharacter(let attribute), .attributeTooLong(let attribute, _):
            [attribute == "Domain" ? "session.cookie.domain" : "session.cookie.path"]
        case .invalidName, .controlCharacterInValue, .expiresOutOfRange, .tooLong: []
        }
    }

    /// Replaces a time by the configured one, in seconds; 0 is no limit.
    func apply(_ key: ConfigKey, to time: inout Duration?) throws(AppError) {
        let kind = "a number of seconds up to 2147483648, or 0 for no limit"
        let seconds = try self.value(key, kind) { reader, key in
            let seconds = try reader.requiredDouble(forKey: key)
            guard (0...2_147_483_648).contains(seconds) else { throw AppError(.invalidConfiguration, kind) }
            return seconds
        }
        if let seconds { time = seconds == 0 ? nil : .seconds(seconds) }
    }

    // MARK: - One value

    private func text(_ key: ConfigKey, isSecret: Bool = false) throws(AppError) -> String? {
        try self.value(key, "text") { reader, key in try reader.requiredString(forKey: key, isSecret: isSecret) }
    }

    private func list(_ key: ConfigKey, isSecret: Bool = false) throws(AppError) -> [String]? {
        try self.value(key, "a list of texts") { reader, key in
            try reader.requiredStringArray(forKey: key, isSecret: isSecret)
        }
    }

    private func number(_ key: ConfigKey, in range: ClosedRange<Int>, _ kind: String) throws(AppError) -> Int? {
        try self.value(key, kind) { reader, key in
            let number = try reader.requiredInt(forKey: key)
            guard range.contains(number) else { throw AppError(.invalidConfiguration, kind) }
            return number
        }
    }

    func count(_ key: ConfigKey) throws(AppError) -> Int? {
        try self.number(key, in: Int.min...Int.max, "a whole number")
    }

    /// How many proxies are trusted.
    private func hops(_ key: ConfigKey) throws(AppError) -> Int? {
        try self.number(key, in: 0...Int.max, "a number of proxies")
    }

    private func flag(_ key: ConfigKey) throws(AppError) -> Bool? {
        try self.value(key, "true or false") { reader, key in try reader.requiredBool(forKey: key) }
    }

    /// A value, or nil when it is not set. A value of another kind is an error and does not count as not set.
    private func value<Value>(
        _ key: ConfigKey, _ kind: String, read: (ConfigReader, ConfigKey) throws -> Value
    ) throws(AppError) -> Value? {
        guard let source = self.source(of: key) else { return nil }
        do {
            return try read(source.reader, key)
        } catch {
            throw self.mistake(key, "must be \(kind).")
        }
    }

    private func source(of key: ConfigKey) -> SettingsSource? { self.sources.first { $0.sets(key) } }

    private func name(of key: ConfigKey) -> String {
        self.source(of: key)?.name(of: key) ?? key.components.joined(separator: ".")
    }

    /// The error of a value that cannot be used; it does not show the value, which may be a key.
    private func mistake(_ key: ConfigKey, _ words: String) -> AppError {
        AppError(.invalidConfiguration, "The setting \(self.name(of: key)) \(words)")
    }

    private func key(_ text: String, _ key: ConfigKey) throws(AppError) -> SecretKey {
        guard let secret = SecretKey(configured: text) else {
            throw self.mistake(key, "cannot be used: what follows base64: is not base64.")
        }
        return secret
    }
}

extension SessionRefresh {
    /// What Flask's `SESSION_REFRESH_EACH_REQUEST` means where a session that is used must be sent again to go on: the
    /// program's own way stays, unless that is never.
    fileprivate mutating func configure(_ refreshes: Bool) {
        if !refreshes { self = .never } else if self == .never { self = .permanentOnEachRequest }
    }
}

extension CookieSizeLimit {
    /// The same consequence at another size in bytes; 0 means no limit, as in Flask.
    fileprivate func of(_ size: Int) -> Self {
        guard size > 0 else { return .none }
        return if case .refuse = self { .refuse(over: size) } else { .warn(over: size) }
    }
}
