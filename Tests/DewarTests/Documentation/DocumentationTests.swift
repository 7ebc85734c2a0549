// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

/// The Swift code in the documents is the code of the files beside this one, which the compiler has seen.
@Suite struct DocumentationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let package = folder.appending(path: "../../..").standardizedFileURL

    /// Lines as they are compared: without indentation, imports and empty lines.
    private static func lines(_ text: Substring) -> [Substring] {
        text.split(separator: "\n")
            .map { $0.drop { $0 == " " } }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") && !$0.hasPrefix("/// README: ") }
    }

    private static func files(in folder: URL, withExtension ending: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == ending }
    }

    private static func text(_ file: URL) throws -> Substring {
        Substring(try String(contentsOf: file, encoding: .utf8))
    }

    /// The text of every block of Swift in a document.
    static func blocks(_ document: Substring) -> [Substring] {
        document.split(separator: "```swift\n", omittingEmptySubsequences: false).dropFirst()
            .map { $0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex) }
    }

    @Test func everyBlockOfSwiftIsCompiled() throws {
        let documents =
            [Self.package.appending(path: "README.md")]
            + (try Self.files(in: Self.package.appending(path: "docs"), withExtension: "md"))
        #expect(documents.count > 1)
        let code = try Self.files(in: Self.folder, withExtension: "swift").map { try Self.lines(Self.text($0)) }
        var count = 0
        for document in documents {
            for block in Self.blocks(try Self.text(document)) {
                count += 1
                let lines = Self.lines(block)
                let isCompiled = !lines.isEmpty && code.contains { $0.contains(lines) }
                #expect(isCompiled, "\(document.lastPathComponent): no file in Documentation holds\n\(block)")
            }
        }
        #expect(count >= 10)
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
            #expect(FileManager.default.fileExists(atPath: Self.package.appending(path: target).path()), "\(target)")
        }
    }
}
