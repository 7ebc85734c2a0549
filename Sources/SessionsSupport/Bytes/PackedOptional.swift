// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A number or nil in eight bytes, where `Int?` takes sixteen. The smallest number of all stands for nil, so it must be
/// none that is kept: no time and no size is.
@usableFromInline package struct PackedOptional: Hashable, Sendable {
    @usableFromInline let number: Int

    @inlinable
    package init(_ value: Int?) {
        self.number = value ?? .min
    }

    @inlinable package var value: Int? { self.number == .min ? nil : self.number }

    /// The moment so many milliseconds after 1970.
    package var date: Date? { self.value.map(Date.init(milliseconds:)) }
}
