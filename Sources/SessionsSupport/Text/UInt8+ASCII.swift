// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension UInt8 {
    /// Whether the byte is an ASCII letter, small or capital.
    @inlinable
    package var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }

    /// Whether the byte is an ASCII digit.
    @inlinable
    package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether the byte is an ASCII control character.
    @inlinable
    package var isASCIIControl: Bool { self < 0x20 || self == 0x7F }

    /// Whether the byte is an ASCII letter, a digit, or one of these characters.
    @inlinable
    package func isASCIILetterOrDigit(or others: String) -> Bool {
        self.isASCIILetter || self.isASCIIDigit || others.utf8.contains(self)
    }
}
