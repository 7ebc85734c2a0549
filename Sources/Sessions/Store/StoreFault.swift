// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A store answers, and what it says cannot be: to a request it is out of reach, and the log says why.
enum StoreFault: String, Error, CustomStringConvertible {
    case refusal = "it refuses to replace the version that it gives"
    case unwritten = "it refuses a new record"
    case takenIDs = "it has every new id already"
    case lastVersion = "it holds a record of a version after which there is none"
    case unreadableContents = "it holds contents that no key at hand can read"

    var description: String { self.rawValue }
}
