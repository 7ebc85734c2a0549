// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Builds the URLs of an application's routes, those of static files with the hashes of their contents.
struct SiteURLs: Sendable {
    let routes: URLBuilder
    /// By the names of the routes that serve files.
    let fingerprints: [String: FileFingerprints]

    /// The URL of a route; see ``URLBuilder``.
    func url(
        for name: String, values: [(String, URLValue)], anchor: String? = nil, scheme: String? = nil,
        isExternal: Bool? = nil, blueprint: String? = nil, base: URLBase
    ) throws(RouteError) -> String {
        let name = URLBuilder.whole(name, in: blueprint)
        return try self.routes.url(
            for: name, values: values + self.fingerprint(of: name, values), anchor: anchor, scheme: scheme,
            isExternal: isExternal, base: base)
    }

    /// The parameter with the hash; nothing for another route, for a file that is not there, and for a value that the
    /// handler has given.
    private func fingerprint(of name: String, _ values: [(String, URLValue)]) -> [(String, URLValue)] {
        guard !self.fingerprints.isEmpty, let files = self.fingerprints[name],
            !values.contains(where: { $0.0 == FileFingerprints.parameter }),
            case .string(let filename)? = values.first(where: { $0.0 == "filename" })?.1,
            let hash = files.hash(of: filename)
        else { return [] }
        return [(FileFingerprints.parameter, .string(hash))]
    }
}
