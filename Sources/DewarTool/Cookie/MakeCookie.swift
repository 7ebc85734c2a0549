// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar cookie make`: a cookie for a test.
struct MakeCookie: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Makes a cookie that holds its session, for tests.",
        discussion: """
            The contents are an object in Flask's tagged JSON; without an argument they are read from standard \
            input. The cookie that is printed signs a visitor in: use a key that is for tests only. A stored \
            session's cookie cannot be made, because its secret is in no store.

            Examples:
              dewar cookie make --format flask --key 'a key for tests' '{"username": "alice"}'
              dewar cookie make --format sealed --key-file keys --name __Host-session < contents.json
            """)

    @Argument(help: ArgumentHelp("The contents; standard input if they are left out.", valueName: "json"))
    var contents: String?

    @Option(help: ArgumentHelp("flask, signed or sealed.", valueName: "format"))
    var format: MadeFormat

    @OptionGroup var keys: KeyOptions

    @Option(help: ArgumentHelp("The cookie's name, to which a sealed and a signed one is bound.", valueName: "name"))
    var name = "session"

    @Option(help: ArgumentHelp("As if it had been made so long ago.", valueName: "age"))
    var age: Age?

    @Option(help: ArgumentHelp("The idle timeout that a sealed one gets; 31d if not given.", valueName: "age"))
    var lifetime: Age?

    @Flag(help: "As a JSON object with name and value.")
    var json = false

    func validate() throws {
        guard !self.keys.key.isEmpty || self.keys.keyFile != nil else {
            throw ValidationError("Say which key signs: --key or --key-file.")
        }
        guard !self.name.isEmpty, self.name.utf8.allSatisfy({ $0.isASCIILetterOrDigit(or: "-_.") }) else {
            throw ValidationError("--name takes ASCII letters, digits, hyphens, underscores and dots.")
        }
        if let lifetime, lifetime.seconds == 0 { throw ValidationError("--lifetime takes an age of at least 1s.") }
    }

    func run() throws {
        guard let keys = try self.keys.keys() else { return }
        let now = self.age?.before(Date()) ?? Date()
        let lifetime = SessionLifetime(
            idle: self.lifetime.map { .seconds($0.seconds) } ?? SessionLifetime.flask.idle)
        let contents = TokenContents(values: try self.values(), createdAt: nil, signedAt: now.wholeSeconds)
        let token = try self.format.encode(contents, keys: keys, name: self.name, lifetime: lifetime)
        let value = String(decoding: token, as: UTF8.self)
        guard value.utf8.count + self.name.utf8.count <= CookieReport.limit else {
            throw ToolError(
                "The cookie would have more than \(CookieReport.limit) bytes, and browsers drop such a cookie.")
        }
        Console.write(self.json ? JSON.object(["name": .string(self.name), "value": .string(value)]).line : value)
    }

    private func values() throws -> SessionDictionary {
        let bytes = self.contents.map { Array($0.utf8) } ?? Console.input(limit: CookieInput.limit) ?? []
        guard case .dictionary(let values)? = try? TaggedJSON.decode(bytes) else {
            throw ToolError("The contents are no JSON object, such as {\"username\": \"alice\"}.")
        }
        return values
    }
}

/// A format whose cookies hold their session.
enum MadeFormat: String, ExpressibleByArgument, CaseIterable {
    case flask, signed, sealed

    func encode(
        _ contents: TokenContents, keys: SecretKeys, name: String, lifetime: SessionLifetime
    ) throws -> [UInt8] {
        switch self {
        case .flask: try FlaskTokenCoder(keys: keys, maximumAge: nil, clockSkew: 0).encode(contents)
        case .signed:
            try SignedTokenCoder(keys: keys, cookieName: name, lifetime: lifetime, clockSkew: 0).encode(contents)
        case .sealed:
            try SealedTokenCoder(keys: keys, cookieName: name, lifetime: lifetime, clockSkew: 0).encode(contents)
        }
    }
}
