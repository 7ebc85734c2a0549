// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes

extension HTTPFields {
    /// Whether a browser asks on its own, for a page that the visitor may never see: `Sec-Purpose: prefetch`, perhaps
    /// with parameters (`prefetch;prerender`). No page can set the field (Fetch, section 2.2.2).
    package var isPrefetch: Bool {
        guard let name = Self.purpose, let value = self[name] else { return false }
        return value.utf8.prefix { $0 != UInt8(ascii: ";") }.elementsEqual("prefetch".utf8)
    }

    /// Made once: every request is asked for it.
    private static let purpose = HTTPField.Name("Sec-Purpose")
}
