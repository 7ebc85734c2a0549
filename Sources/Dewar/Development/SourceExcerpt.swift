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

/// Some lines of the program around one of them, as they are in the source file now: for a developer at the machine
/// that compiled it.
struct SourceExcerpt: Sendable {
    struct Line: Sendable {
        let number: Int
        let text: String
        /// Whether it is the line that was asked for.
        let isMeant: Bool
    }

    let lines: [Line]

    static let linesBefore = 3
    static let linesAfter = 8
    private static let largestFile = 1 << 20
    private static let longestLine = 200

    /// Disks are waited for on a thread of its own.
    private static let pool = BlockingPool(width: 1, label: "dewar.development")

    /// The lines around a place; nil if the file is not there or cannot be read, is not a plain file of text, is larger
    /// than 1 MiB, or has no such line.
    static func read(_ place: SourcePlace) async -> SourceExcerpt? {
        guard let path = place.path else { return nil }
        return try? await self.pool.run { self.text(of: path).flatMap { SourceExcerpt($0, line: place.line) } }
    }

    init?(_ text: String, line: Int) {
        // `\r\n` is one character. Those that Unicode calls newlines besides are none for the compiler, which counts.
        let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard line >= 1, line <= all.count else { return nil }
        let shown = max(line - Self.linesBefore, 1)...min(line + Self.linesAfter, all.count)
        self.lines = shown.map { Line(number: $0, text: Self.shown(all[$0 - 1]), isMeant: $0 == line) }
    }

    private static func text(of path: String) -> String? {
        // A pipe in the file's place would be waited for.
        let descriptor = SystemCall.open(path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let status = SystemCall.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= self.largestFile, let bytes = SystemCall.readAll(descriptor)
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A line without the text of a secret that the program contains, and not too long.
    private static func shown(_ line: Substring) -> String {
        let kept = line.unicodeScalars.prefix(self.longestLine)
        let text = String(String.UnicodeScalarView(kept)) + (kept.endIndex == line.endIndex ? "" : "…")
        let small = text.lowercased()
        guard self.secretWords.contains(where: small.contains) else { return text }
        return text.replacing(/"(?:\\.|[^"\\])*("|$)/, with: "\"…\"")
    }

    private static let secretWords = ["key", "password", "secret", "token"]
}
