// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSQLite

/// The store that is measured.
enum StoreKind: String {
    case memory
    case directory
    case sqlite

    /// A new, empty store under a name in a folder.
    func open(_ name: String, in folder: URL) throws -> any SessionStore {
        let path = folder.appendingPathComponent(name).path
        return switch self {
        case .memory: MemoryStore()
        case .directory: try DirectoryStore(path: path)
        case .sqlite: try SQLiteStore(path: path)
        }
    }
}
