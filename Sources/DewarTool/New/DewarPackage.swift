// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where an app has Dewar from, as its manifest says it.
struct DewarPackage: Equatable {
    /// The dependency, as a line of the manifest.
    let dependency: String
    /// The name by which the manifest's targets refer to it.
    let name: String

    /// A folder or the URL of a repository.
    ///
    /// - Throws: ``ToolError`` when the folder is no clone of Dewar, or the URL cannot stand in a manifest.
    init(_ text: String) throws(ToolError) {
        if Self.isURL(text) {
            try self.init(url: text)
        } else {
            try self.init(folder: text)
        }
    }

    /// The package's source, from which this command was built.
    ///
    /// - Throws: ``ToolError`` when it is no longer there.
    static func ownSource(of file: String = Self.file) throws(ToolError) -> DewarPackage {
        // Four parts up: the file, New, DewarTool, Sources.
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        guard Self.isDewar(folder) else {
            throw ToolError("Dewar is not where this command was built; say where it is: --package.", status: .usage)
        }
        return try DewarPackage(folder: folder)
    }

    static let file = #filePath

    private init(folder: String) throws(ToolError) {
        guard !folder.isEmpty, let path = SystemCall.realPath(folder), Self.isDewar(path) else {
            throw ToolError(
                "--package takes the folder of a clone of Dewar, or a URL; \(Printable.text(folder)) is neither.",
                status: .usage)
        }
        guard Self.isPlain(path) else {
            throw ToolError("The path of Dewar has characters that cannot stand in a manifest.", status: .usage)
        }
        self.dependency = #".package(name: "dewar", path: "\#(path)")"#
        self.name = "dewar"
    }

    private init(url: String) throws(ToolError) {
        // A scheme, a host and a path; or a host and a path.
        let parts = url.split { $0 == "/" || $0 == ":" }
        let last = parts.last ?? ""
        let name = last.hasSuffix(".git") ? last.dropLast(4) : last
        guard parts.count >= (url.contains("://") ? 3 : 2), Self.isPlain(url), !url.contains(" "), !name.isEmpty else {
            throw ToolError("--package takes the URL of a repository, such as https://HOST/dewar.git.", status: .usage)
        }
        self.dependency = #".package(url: "\#(url)", branch: "main")"#
        // SwiftPM names a package by the last part of its URL.
        self.name = name.lowercased()
    }

    /// `https://…`, `ssh://…`, `file://…`, or `user@host:path`.
    private static func isURL(_ text: String) -> Bool {
        if text.contains("://") { return true }
        let beforeSlash = text.prefix { $0 != "/" }
        return beforeSlash.contains("@") && beforeSlash.contains(":")
    }

    /// Whether a text means itself in a literal of Swift.
    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\"" && $0 != "\\" && $0.value != 0x7F }
    }

    private static func isDewar(_ folder: String) -> Bool {
        guard let manifest = FileManager.default.contents(atPath: folder + "/Package.swift") else { return false }
        return String(decoding: manifest, as: UTF8.self).contains("\n    name: \"dewar\",")
    }
}
