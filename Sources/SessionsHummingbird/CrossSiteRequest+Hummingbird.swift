// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Hummingbird
package import Sessions

extension CrossSiteRequest {
    /// What a request says of where it comes from.
    package init(_ request: Request) {
        let target = request.head.path ?? "/"
        self.init(
            method: request.method.rawValue, path: String(target.prefix { $0 != "?" }), host: request.head.authority,
            origin: request.headers[values: .origin].first,
            fetchSite: request.headers.values(ofFieldNamed: "sec-fetch-site").first,
            forwardedHosts: request.headers.values(ofFieldNamed: "x-forwarded-host"))
    }
}

extension HTTPFields {
    /// The values of a field that HTTPTypes has no name for; `name` is in small letters.
    fileprivate func values(ofFieldNamed name: String) -> [String] {
        self.filter { $0.name.canonicalName == name }.map(\.value)
    }

    /// The token that a script sent along; nil for none.
    package var crossSiteToken: String? {
        self.values(ofFieldNamed: "x-csrf-token").first
    }
}
