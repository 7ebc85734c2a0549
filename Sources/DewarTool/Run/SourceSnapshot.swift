// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The files of an app as they were at a moment: when each was changed, and how large it is.
struct SourceSnapshot: Equatable, Sendable {
    private struct Stamp: Equatable {
        let seconds: Int
        let nanoseconds: Int
        let size: Int
    }

    /// By paths in the app's folder, or elsewhere by whole paths.
    private var stamps: [String: Stamp] = [:]

    /// What every app has that is built into its program, or that it reads at its start.
    /// Not `Package.resolved`, which the first build writes.
    static let usualPaths = ["Package.swift", "Sources", "templates", "config.json"]

    /// The state of files, and of all files in folders, apart from hidden ones. What is not there is passed over.
    init(of paths: [String], in folder: String) {
        for path in paths { self.add(path, in: path.hasPrefix("/") ? "" : folder + "/") }
    }

    private mutating func add(_ path: String, in folder: String) {
        guard let status = SystemCall.status(behind: folder + path) else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            #if canImport(Darwin)
            let changed = status.st_mtimespec
            #else
            let changed = status.st_mtim
            #endif
            self.stamps[path] = Stamp(
                seconds: Int(changed.tv_sec), nanoseconds: Int(changed.tv_nsec), size: Int(status.st_size))
            return
        }
        // A symbolic link to a folder is not followed below the first: it could lead in a circle.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + path)) ?? []
        for name in names where !name.hasPrefix(".") {
            let child = "\(path)/\(name)"
            guard let status = SystemCall.status(of: folder + child), status.st_mode & S_IFMT != S_IFLNK else {
                continue
            }
            self.add(child, in: folder)
        }
    }

    /// The paths of the files that are different, or not there, in one of the two.
    func differences(to other: SourceSnapshot) -> [String] {
        let changed = self.stamps.keys.filter { self.stamps[$0] != other.stamps[$0] }
        return (changed + other.stamps.keys.filter { self.stamps[$0] == nil }).sorted()
    }
}
