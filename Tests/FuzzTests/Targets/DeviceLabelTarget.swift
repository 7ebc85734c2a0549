// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

extension FuzzTarget {
    static let deviceLabel = FuzzTarget("device-label", "the browser's name in a User-Agent", maximumLength: 700) {
        input in
        let text = input.text
        guard let label = DeviceLabel.text(for: text) else { return }
        try require(!label.isEmpty && label.utf8.count <= 64, "a label that is empty, or long")
        try require(
            label.utf8.allSatisfy { $0.isASCIILetterOrDigit(or: " -_.+") }, "a label with signs that have a meaning")
        try require(label.first != " " && label.last != " ", "blanks around a label")
        guard text.utf8.count >= 512 else { return }
        try require(DeviceLabel.text(for: text + "Firefox/ iPhone") == label, "what is not read counts")
    }
}
