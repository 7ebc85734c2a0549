// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

/// The Swift code in the documents, in the catalogs of DocC and in the comments of the sources is the code of the files
/// beside this one, which the compiler has seen.
@Suite struct DocumentationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let package = folder.appending(path: "../../..").standardizedFileURL

    /// Lines as they are compared: without indentation, imports and empty lines, and without those that say where the
    /// code is from.
    private static func lines(_ text: Substring) -> [Substring] {
        text.split(separator: "\n")
            .map { $0.drop { $0 == " " } }
            .filter { line in
                !line.isEmpty && !["import ", "/// README: ", "/// Sources: "].contains { line.hasPrefix($0) }
            }
    }

    private static func files(in folder: URL, withExtension ending: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == ending }
    }

    /// The files of the modules: sources, and the pages of their catalogs.
    private static func sources(withExtension ending: String) -> [URL] {
        let root = self.package.appending(path: "Sources")
        let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return (found?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == ending }
    }

    private static func text(_ file: URL) throws -> Substring {
        Substring(try String(contentsOf: file, encoding: .utf8))
    }

    /// The text of the documentation comments in a source, without what marks them as such.
    static func comments(_ source: Substring) -> Substring {
        let comments = source.split(separator: "\n")
            .map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("///") }
            .map { $0.dropFirst($0.hasPrefix("/// ") ? 4 : 3) }
        return Substring(comments.joined(separator: "\n"))
    }

    /// The text of every block of Swift in a document.
    static func blocks(_ document: Substring) -> [Substring] {
        document.split(separator: "```swift\n", omittingEmptySubsequences: false).dropFirst()
            .map { $0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex) }
    }

    /// What holds blocks of Swift: a file, and its text or that of its comments.
    private static func documents() throws -> [(file: URL, text: Substring)] {
        let pages =
            [self.package.appending(path: "README.md")]
            + (try self.files(in: self.package.appending(path: "docs"), withExtension: "md"))
            + self.sources(withExtension: "md")
        let texts = try pages.map { (file: $0, text: try self.text($0)) }
        let sources = self.sources(withExtension: "swift")
        return texts + (try sources.map { (file: $0, text: self.comments(try self.text($0))) })
    }

    @Test func everyBlockOfSwiftIsCompiled() throws {
        let code = try Self.files(in: Self.folder, withExtension: "swift").map { try Self.lines(Self.text($0)) }
        var counts: [String: Int] = [:]
        for document in try Self.documents() {
            for block in Self.blocks(document.text) {
                counts[document.file.pathExtension, default: 0] += 1
                let lines = Self.lines(block)
                let isCompiled = !lines.isEmpty && code.contains { $0.contains(lines) }
                #expect(isCompiled, "\(document.file.lastPathComponent): no file in Documentation holds\n\(block)")
            }
        }
        #expect(counts["md", default: 0] >= 50)
        #expect(counts["swift", default: 0] >= 100)
    }

    @Test func aCommentIsReadWithoutItsMarks() {
        let source: Substring =
            "/// A\n///\n    /// ```swift\n    /// if a {\n    ///     b()\n    /// }\n    /// ```\nc"
        #expect(Self.comments(source) == "A\n\n```swift\nif a {\n    b()\n}\n```")
        #expect(Self.blocks(Self.comments(source)) == ["if a {\n    b()\n}\n"])
    }

    @Test func aBlockEndsWhereItsFenceDoes() {
        #expect(
            Self.blocks("a\n```swift\nlet b = 1\n```\nc\n```json\n{}\n```\n```swift\nd\n```\n") == [
                "let b = 1\n", "d\n",
            ])
    }

    @Test func everyLinkLeadsToAFile() throws {
        let document = try Self.text(Self.package.appending(path: "README.md"))
        for part in document.split(separator: "](").dropFirst() {
            let target = String(part.prefix { $0 != ")" })
            guard !target.hasPrefix("https://") else { continue }
            if target.hasPrefix("#") {
                let heading = target.dropFirst().replacing("-", with: " ")
                #expect(document.lowercased().contains("\n## \(heading)\n"), "\(target)")
                continue
            }
            #expect(FileManager.default.fileExists(atPath: Self.package.appending(path: target).path()), "\(target)")
        }
    }
}
