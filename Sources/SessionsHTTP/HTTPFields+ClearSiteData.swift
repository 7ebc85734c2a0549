// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Sessions

extension HTTPFields {
    /// Asks the browser to delete the site's data, after a sign-out.
    ///
    /// ```swift
    /// try await exchange.session.signOut()
    /// response.headerFields.clearSiteData()
    /// ```
    ///
    /// ``Sessions/ClearSiteData`` describes what browsers do with it.
    public mutating func clearSiteData(_ kinds: ClearSiteData = .afterSignOut) {
        guard let name = HTTPField.Name(ClearSiteData.fieldName), !kinds.isEmpty else { return }
        self[name] = kinds.fieldValue
    }
}
