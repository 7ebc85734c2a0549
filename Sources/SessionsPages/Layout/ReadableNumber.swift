// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Numbers for people.
enum ReadableNumber {
    /// "1,234,567", for a number that is not negative.
    static func english(_ number: Int) -> String {
        let digits = String(number)
        return digits.enumerated().reduce(into: "") { text, digit in
            let isGroup = digit.offset > 0 && (digits.count - digit.offset).isMultiple(of: 3)
            text += isGroup ? ",\(digit.element)" : "\(digit.element)"
        }
    }
}
