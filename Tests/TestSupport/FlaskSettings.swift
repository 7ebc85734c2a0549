// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

extension SessionConfiguration {
    /// Flask's defaults changed by settings under Flask's names, with no clock skew, as Flask has none.
    ///
    /// - Throws: ``RefusedSetting`` for a setting that Dewar refuses at start-up and Flask at the first cookie.
    public init(flaskSettings settings: FixtureCase?) throws {
        self = .flask
        self.clockSkew = .zero
        guard let settings else { return }
        if let name = settings.text("SESSION_COOKIE_NAME") { self.cookie.name = name }
        if settings.has("SESSION_COOKIE_DOMAIN") { self.cookie.domain = settings.text("SESSION_COOKIE_DOMAIN") }
        let path = [settings.text("SESSION_COOKIE_PATH"), settings.text("APPLICATION_ROOT")]
        self.cookie.path = path.compactMap { $0 }.first { !$0.isEmpty } ?? "/"
        self.cookie.isHTTPOnly = settings.flag("SESSION_COOKIE_HTTPONLY") ?? true
        self.cookie.isSecure = settings.flag("SESSION_COOKIE_SECURE") ?? false
        self.cookie.isPartitioned = settings.flag("SESSION_COOKIE_PARTITIONED") ?? false
        if let text = settings.text("SESSION_COOKIE_SAMESITE") {
            guard let sameSite = SameSite(caseInsensitive: text) else { throw RefusedSetting() }
            self.cookie.sameSite = sameSite
        }
        if settings.flag("SESSION_REFRESH_EACH_REQUEST") == false { self.refresh = .never }
        if let seconds = settings.fields["PERMANENT_SESSION_LIFETIME"] as? Double {
            self.lifetime.idle = .seconds(seconds)
        }
        if let size = settings.number("MAX_COOKIE_SIZE") { self.cookie.sizeLimit = .warn(over: size) }
    }
}

/// A setting that cannot be, told at start-up.
public struct RefusedSetting: Error {}
