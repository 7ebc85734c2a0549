// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

// Whether a store costs the same with a million sessions as with a thousand.
//
//   swift run -c release StoreScale directory PATH [SMALL LARGE EXPIRED]
//
// SMALL, LARGE and EXPIRED are numbers of sessions: 1000, 1000000 and 10000 unless given. PATH must not exist, and is removed
// at the end.

let arguments = Array(CommandLine.arguments.dropFirst())
guard let choice = StoreChoice(arguments) else {
    FileHandle.standardError.write(Data("usage: StoreScale directory PATH [SMALL LARGE EXPIRED]\n".utf8))
    exit(2)
}
let numbers = arguments.dropFirst(choice.argumentCount).compactMap { Int($0) }
let counts = numbers.count == 3 ? numbers : [1000, 1_000_000, 10_000]
do {
    try await ScaleTest(choice: choice, small: counts[0], large: counts[1], expired: counts[2]).run()
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
