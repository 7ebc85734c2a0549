// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The hosts whose requests are answered (Flask's `TRUSTED_HOSTS`); an empty list allows all hosts.
struct TrustedHosts: Sendable {
    private struct Entry: Sendable {
        let name: String
        let takesSubdomains: Bool
    }

    private let entries: [Entry]

    /// - Parameter names: `shop.example`, or `.shop.example` for it and all below it. A port is ignored, as in Flask.
    /// - Throws: ``AppError`` for a name that is not a host.
    init(_ names: [String]) throws(AppError) {
        var entries: [Entry] = []
        for text in names {
            let takesSubdomains = text.utf8.first == UInt8(ascii: ".")
            let name = takesSubdomains ? String(text.dropFirst()) : text
            guard let host = HostField(DomainName.ascii(name) ?? name) else {
                throw AppError(
                    .invalidConfiguration,
                    "The trusted host \"\(text)\" is none; write shop.example, or .shop.example for it and all below it."
                )
            }
            entries.append(Entry(name: host.name, takesSubdomains: takesSubdomains))
        }
        self.entries = entries
    }

    /// Whether requests to the host are answered, on whatever port.
    func contains(_ host: HostField) -> Bool {
        let name = host.name.utf8
        return self.entries.isEmpty
            || self.entries.contains { entry in
                let known = entry.name.utf8
                guard name.count > known.count else { return name.elementsEqual(known) }
                return entry.takesSubdomains && name.suffix(known.count + 1).elementsEqual(("." + entry.name).utf8)
            }
    }
}
