// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

// Whether a store costs the same with a million sessions as with a thousand.
//
//   swift run -c release StoreScale memory|directory|sqlite [SMALL LARGE EXPIRED]
//
// SMALL, LARGE and EXPIRED are numbers of sessions: 1000, 1000000 and 10000 unless given. The stores are in a new
// temporary folder (TMPDIR says where), which is removed at the end.
//
//   swift run -c release StoreScale fill PLACE COUNT [OF_ONE]
//
// puts so many sessions into a place, sqlite:PATH or the URL of a Redis or PostgreSQL, so that the engine can be asked
// what they take, and a server what its pages take. The last OF_ONE of them are of one user, "robot". It prints the
// cursor in the middle of a scan.
//
//   swift run -c release StoreScale pauses COUNT
//
// purges so many expired sessions of a MemoryStore among as many live ones, and says how long a read takes meanwhile.
//
//   swift run -c release StoreScale bots COUNT [MAXIMUM]
//
// begins so many sessions in a MemoryStore, none of whose cookies comes back. With a maximum, half of it are of
// visitors who are signed in.
//
//   swift run -c release StoreScale rewrites memory|directory|sqlite|URL COUNT
//
// writes one session so many times, and says whether that makes it dearer.

let arguments = Array(CommandLine.arguments.dropFirst())

func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(status)
}

do {
    if arguments.first == "fill", 3...4 ~= arguments.count, let count = Int(arguments[2]), count > 0,
        let robotCount = arguments.count == 4 ? Int(arguments[3]) : 0, 0...count ~= robotCount
    {
        let store = try StoreKind.server(arguments[1])
        try await FilledStore(store: store, count: count, robotCount: robotCount).run()
    } else if arguments.count == 2, arguments[0] == "pauses", let count = Int(arguments[1]), count > 0 {
        try await PurgePauses(count: count).run()
    } else if arguments.first == "bots", 2...3 ~= arguments.count, let count = Int(arguments[1]) {
        try BotFlood(count: count, maximum: arguments.count == 3 ? Int(arguments[2]) : nil).run()
    } else if arguments.first == "rewrites", arguments.count == 3, let count = Int(arguments[2]), count >= 10 {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dewar-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Rewrites(store: try StoreKind.store(arguments[1], in: folder), count: count).run()
    } else {
        let numbers = arguments.dropFirst().compactMap { Int($0) }.filter { $0 > 0 }
        guard let kind = arguments.first.flatMap(StoreKind.init), numbers.count == arguments.count - 1,
            [0, 3].contains(numbers.count)
        else {
            fail(
                "usage: StoreScale memory|directory|sqlite [SMALL LARGE EXPIRED], "
                    + "StoreScale fill sqlite:PATH|URL COUNT [OF_ONE], "
                    + "StoreScale pauses COUNT, StoreScale bots COUNT [MAXIMUM], or "
                    + "StoreScale rewrites memory|directory|sqlite|URL COUNT",
                status: 2)
        }
        let counts = numbers.isEmpty ? [1000, 1_000_000, 10_000] : numbers
        try await ScaleTest(kind: kind, small: counts[0], large: counts[1], expired: counts[2]).run()
    }
} catch {
    fail("\(error)", status: 1)
}
