// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes

extension HTTPFields {
    /// The values of a field for which HTTPTypes has no name; `name` is in lower case.
    package func values(ofFieldNamed name: String) -> [String] {
        self.filter { $0.name.canonicalName == name }.map(\.value)
    }

    /// The CSRF token that a script sent in a header; nil for none.
    package var crossSiteToken: String? {
        self.values(ofFieldNamed: "x-csrf-token").first
    }
}
