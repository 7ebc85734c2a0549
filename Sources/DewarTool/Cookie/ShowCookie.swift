// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar cookie show`.
struct ShowCookie: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what a session cookie says, and whether a key made it.",
        discussion: """
            It takes the value, name=value, or a whole Cookie or Set-Cookie field. Without an argument it reads \
            standard input, so that the cookie gets into no history of a shell. The secret in a stored session's \
            cookie is not shown.

            The status is 2 if the keys did not make the cookie, or if it has expired.

            Examples:
              dewar cookie show < cookie.txt
              dewar cookie show --key-file /etc/shop/keys --name __Host-session < cookie.txt
              dewar cookie show --json 'session=eyJ1c2VybmFtZSI6ImFsaWNlIn0.aSsBcg.…'
            """)

    @Argument(help: ArgumentHelp("The cookie; standard input if it is left out.", valueName: "cookie"))
    var cookie: String?

    @OptionGroup var keys: KeyOptions

    @Option(
        help: ArgumentHelp(
            "The cookie's name, to which its seal is bound; session and __Host-session are tried.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The idle timeout, for cookies that do not say when they end; 31d if not given, as in Flask.",
            valueName: "age"))
    var lifetime: Age?

    @Flag(help: "As a JSON object; the contents are Flask's tagged JSON.")
    var json = false

    func run() throws {
        let keys = try self.keys.keys()
        let input = try CookieInput(try self.text(), wanted: self.name)
        let now = Date()
        let names = input.name.map { [$0] } ?? CookieInput.usualNames
        let reading = CookieReading(
            input.value, names: names, keys: keys,
            lifetime: self.lifetime?.seconds ?? SessionLifetime.flask.idle.milliseconds / 1000, now: now)
        let report = CookieReport(
            reading: reading, name: names[names.count - 1], size: input.value.utf8.count, now: now)
        if self.json {
            Console.write(report.json.line)
        } else {
            for line in report.lines { Console.write(line) }
        }
        guard reading.isGood(at: now) else { throw ExitCode(ToolStatus.negative.rawValue) }
    }

    private func text() throws -> String {
        if let cookie { return cookie }
        if Console.canAsk { Console.note("Paste the cookie, and then press Return and Control-D.") }
        guard let bytes = Console.input(limit: CookieInput.limit) else {
            throw ToolError("The input is longer than any cookie.")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A reading for people, and for programs.
struct CookieReport {
    let reading: CookieReading
    let name: String
    /// How many bytes the value has.
    let size: Int
    let now: Date

    /// The most that browsers take: name and value together.
    static let limit = 4096

    var lines: [String] {
        let reading = self.reading
        var lines = ["format         \(reading.form.description)", "verified       \(self.verdict)"]
        if let id = reading.id { lines.append("session        \(id)") }
        if let date = reading.createdAt { lines.append("began          \(self.ago(date))") }
        if let date = reading.signedAt { lines.append("signed         \(self.ago(date))") }
        if let date = reading.expiresAt { lines.append("expires        \(self.end(date))") }
        lines.append("size           \(self.sizeText)")
        if let values = reading.values {
            lines.append("contents       \(values.isEmpty ? "none" : "\(values.count) entries")")
            lines += ValueTree.lines(values)
        }
        return lines
    }

    var json: JSON {
        let reading = self.reading
        var key: String?
        if case .verified(let fingerprint, _) = reading.verdict { key = fingerprint }
        return .object([
            "format": .string(reading.form.rawValue),
            "verified": reading.verdict == .unchecked ? .null : .bool(key != nil), "key": .text(key),
            "id": .text(reading.id?.description), "createdAt": .date(reading.createdAt),
            "signedAt": .date(reading.signedAt), "expiresAt": .date(reading.expiresAt),
            "expired": reading.expiresAt.map { .bool($0 <= self.now) } ?? .null,
            "size": .int(self.size + self.name.utf8.count), "sizeLimit": .int(Self.limit),
            "contents": reading.values.map { .contents(HiddenEntries.hidden($0)) } ?? .null,
        ])
    }

    private var verdict: String {
        switch self.reading.verdict {
        case .unchecked: "not checked: no key was given"
        case .verified(let fingerprint, let isCurrent):
            Style.current.green("yes") + ", by the key \(fingerprint)"
                + (isCurrent ? ", which signs" : ", which is accepted and does not sign")
        case .refused(let reason): Style.current.red("no") + ": none of the keys made it under this name (\(reason))"
        }
    }

    private func ago(_ date: Date) -> String {
        date <= self.now
            ? "\(Timestamp.text(date)) (\(Age.text(from: date, to: self.now)) ago)"
            : Style.current.red("\(Timestamp.text(date)) (in \(Age.text(from: self.now, to: date)))")
    }

    private func end(_ date: Date) -> String {
        date <= self.now ? Style.current.red("expired \(self.ago(date))") : self.future(date)
    }

    private func future(_ date: Date) -> String {
        "\(Timestamp.text(date)) (in \(Age.text(from: self.now, to: date)))"
    }

    private var sizeText: String {
        let total = self.size + self.name.utf8.count
        let text = "\(Printable.count(total)) bytes with the name, of \(Printable.count(Self.limit))"
        return total > Self.limit ? Style.current.red(text + ": browsers drop it") : text
    }
}
