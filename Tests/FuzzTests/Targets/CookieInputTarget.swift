// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import DewarTool

extension FuzzTarget {
    /// The first byte says which cookie is wanted: any, or the one that the first line names.
    static let cookieInput = FuzzTarget("cookie-input", "a cookie as people copy it, for `dewar cookie`") { input in
        let (way, rest) = input.choice(of: 2)
        let lines = way == 0 ? [[], rest] : rest.lines(atMost: 2)
        let wanted = way == 0 ? nil : lines[0].text
        guard let read = try? CookieInput(lines.last?.text ?? "", wanted: wanted) else { return }
        let value = Array(read.value.utf8)
        try require(
            !value.isEmpty && value.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ";") },
            "a value that no cookie has")
        try Self.requireShown(read, wanted)
        guard let name = read.name, Self.isToken(name), value.first != UInt8(ascii: "\"") else { return }
        for field in [
            "\(name)=\(read.value)", " Cookie: a=b; \(name) = \"\(read.value)\"",
            "set-cookie:\(name)=\(read.value); Path=/; HttpOnly\nx=y",
        ] {
            let again = try CookieInput(field, wanted: name)
            try require(again.name == name && again.value == read.value, "the same cookie in a field is another")
        }
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name != "a" && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !";=:".utf8.contains($0) }
    }

    /// What the command shows of it moves no cursor.
    private static func requireShown(_ input: CookieInput, _ wanted: String?) throws {
        let names = wanted.map { [$0] } ?? CookieInput.usualNames
        let reading = CookieReading(
            input.value, names: names, keys: FuzzSetting.keys, lifetime: 3600, now: FuzzSetting.moment)
        let report = CookieReport(
            reading: reading, name: input.name ?? "session", size: input.value.utf8.count, now: FuzzSetting.moment)
        for line in report.lines + [report.json.line] {
            try require(
                line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) },
                "a control character is shown")
        }
    }
}
