// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// The store that is measured.
enum StoreChoice {
    case directory(path: String)

    init?(_ arguments: [String]) {
        switch (arguments.first, arguments.dropFirst().first) {
        case ("directory", let path?): self = .directory(path: path)
        default: return nil
        }
    }

    /// How many arguments choose the store.
    var argumentCount: Int {
        switch self {
        case .directory: 2
        }
    }

    func open() throws -> any SessionStore {
        switch self {
        case .directory(let path): try DirectoryStore(path: path)
        }
    }

    /// Whether there is something already that is not the test's to remove.
    var isTaken: Bool {
        switch self {
        case .directory(let path): FileManager.default.fileExists(atPath: path)
        }
    }

    func remove() throws {
        switch self {
        case .directory(let path): try FileManager.default.removeItem(atPath: path)
        }
    }
}
