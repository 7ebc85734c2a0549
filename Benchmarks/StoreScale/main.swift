// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

// Whether a store costs the same with a million sessions as with a thousand.
//
//   swift run -c release StoreScale memory|directory|sqlite [SMALL LARGE EXPIRED]
//
// SMALL, LARGE and EXPIRED are numbers of sessions: 1000, 1000000 and 10000 unless given. The stores are in a new temporary
// folder (TMPDIR says where), which is removed at the end.

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().compactMap { Int($0) }.filter { $0 > 0 }
guard let kind = arguments.first.flatMap(StoreKind.init), numbers.count == arguments.count - 1,
    [0, 3].contains(numbers.count)
else {
    FileHandle.standardError.write(Data("usage: StoreScale memory|directory|sqlite [SMALL LARGE EXPIRED]\n".utf8))
    exit(2)
}
let counts = numbers.isEmpty ? [1000, 1_000_000, 10_000] : numbers
do {
    try await ScaleTest(kind: kind, small: counts[0], large: counts[1], expired: counts[2]).run()
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
