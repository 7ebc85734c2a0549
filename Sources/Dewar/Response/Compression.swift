// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which responses are sent in gzip.
///
/// ```swift
/// app.compression = .gzip
/// ```
///
/// A response is compressed if the client takes gzip, the type of the contents compresses well, it has at least
/// ``minimumLength`` bytes, and **it does not depend on a session**. Where a page has a secret, such as a CSRF token, and
/// also what a visitor has sent, an attacker can find the secret by the length of the compressed page (BREACH). So these
/// are not compressed: responses that vary by `Cookie`, set a cookie, or forbid caches to store them (`no-store`,
/// `private`), and those to requests with `Authorization`. A page that shows a secret that is in none of these must say
/// `Cache-Control: private` or `no-transform`.
///
/// - SeeAlso: RFC 9110, sections 8.4 and 12.5.3; the BREACH attack, breachattack.com.
public struct Compression: Hashable, Sendable {
    /// The shortest body that is compressed, in bytes. A shorter one fits into a packet of the network as it is.
    public var minimumLength: Int

    /// gzip for bodies from a length on.
    public init(minimumLength: Int = 1024) {
        self.minimumLength = minimumLength
    }

    /// gzip, for bodies of 1,024 bytes and more.
    public static let gzip = Compression()
}
