// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Finds what a misspelt name may have meant.
enum NearNames {
    /// At most three of `names` that differ from `name` in no more than half of its letters, the nearest first.
    static func nearest(to name: String, in names: [String]) -> [String] {
        let letters = Array(name.unicodeScalars)
        let limit = max(2, letters.count / 2)
        // Names come from the program itself, but the one asked for may be any text.
        guard letters.count <= 100 else { return [] }
        return names.enumerated()
            .map { (distance: Self.distance(letters, Array($1.unicodeScalars)), order: $0, name: $1) }
            .filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }
            .prefix(3)
            .map(\.name)
    }

    /// The edit distance (Levenshtein), one row at a time.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let replaced = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
