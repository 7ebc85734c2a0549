// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The name of a browser in a user's list of devices: "Firefox on Linux".
///
/// A few browsers and systems are known by name. Any other client goes by the name of its first product (RFC 9110,
/// section 10.1.5). Whatever the client sends, the label is short and visible ASCII.
package enum DeviceLabel {
    /// The label for a `User-Agent`; nil when it names nothing.
    package static func text(for userAgent: String) -> String? {
        let bytes = Array(userAgent.utf8.prefix(Self.maximumRead))
        let system = Self.name(in: bytes, of: Self.systems)
        guard let browser = Self.name(in: bytes, of: Self.browsers) ?? Self.product(of: bytes) else { return system }
        guard let system else { return browser }
        // Every browser calls itself Mozilla.
        return browser == "Mozilla" ? system : browser + " on " + system
    }

    private static func name(in bytes: [UInt8], of table: [(mark: [UInt8], name: String)]) -> String? {
        table.first { bytes.contains(bytes: $0.mark) }?.name
    }

    /// The first product's name: a token, and so without control characters.
    private static func product(of bytes: [UInt8]) -> String? {
        let name = bytes.prefix { Self.isToken($0) }.prefix(Self.maximumProduct)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func isToken(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "-_.+") }

    private static let maximumRead = 512
    private static let maximumProduct = 48

    /// In this order, because many browsers also carry the names of the browsers that they derive from.
    private static let browsers: [(mark: [UInt8], name: String)] = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Opera", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"), ("DuckDuckGo/", "DuckDuckGo"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"), ("MSIE ", "Internet Explorer"), ("Trident/", "Internet Explorer"),
        ("Safari/", "Safari"),
    ].map { (Array($0.0.utf8), $0.1) }

    private static let systems: [(mark: [UInt8], name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"), ("Macintosh", "macOS"), ("FreeBSD", "FreeBSD"), ("Linux", "Linux"),
    ].map { (Array($0.0.utf8), $0.1) }
}
