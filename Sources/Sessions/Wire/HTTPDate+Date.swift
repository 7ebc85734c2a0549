// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension HTTPDate {
    /// The text of a date, its fraction of a second dropped; nil outside the years 1 to 9999.
    package static func format(_ date: Date) -> String? {
        guard let seconds = Int(exactly: date.timeIntervalSince1970.rounded(.down)) else { return nil }
        return Self.format(seconds)
    }
}
