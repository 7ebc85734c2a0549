// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    static let httpDate = FuzzTarget("http-date", "dates in fields and in Flask's JSON", maximumLength: 512) { input in
        guard let seconds = HTTPDate.parse(input.text) else { return }
        guard let written = HTTPDate.format(seconds) else {
            throw Violation(description: "a date that was read cannot be written")
        }
        // The year has four digits, and a reader takes those below 100 for years of these centuries.
        guard seconds >= -59_011_459_200 else { return }
        try require(HTTPDate.parse(written) == seconds, "written again, the date is another")
    }
}
