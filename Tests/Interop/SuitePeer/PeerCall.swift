// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// One call from Python: a name such as `token.sign`, and arguments by name.
struct PeerCall: Decodable {
    let name: String
    private let arguments: TypedValue

    enum CodingKeys: String, CodingKey {
        case name = "call"
        case arguments
    }

    /// What stands before the dot of the name.
    var group: String { String(self.name.prefix { $0 != "." }) }
    /// What stands behind it.
    var operation: String { String(self.name.drop { $0 != "." }.dropFirst()) }

    /// An argument; nil when it is None, or was not given.
    func value(_ argument: String) -> SessionValue? {
        guard case .dictionary(let arguments) = self.arguments.value, let value = arguments[argument], value != .null
        else { return nil }
        return value
    }

    func text(_ argument: String) throws -> String {
        guard case .string(let text)? = self.value(argument) else { throw PeerFailure(lacking: argument) }
        return text
    }

    func optionalText(_ argument: String) throws -> String? {
        self.value(argument) == nil ? nil : try self.text(argument)
    }

    func integer(_ argument: String) throws -> Int {
        guard case .int(let number)? = self.value(argument) else { throw PeerFailure(lacking: argument) }
        return number
    }

    func optionalInteger(_ argument: String) throws -> Int? {
        self.value(argument) == nil ? nil : try self.integer(argument)
    }

    func flag(_ argument: String) throws -> Bool {
        guard case .bool(let flag)? = self.value(argument) else { throw PeerFailure(lacking: argument) }
        return flag
    }

    func bytes(_ argument: String) throws -> [UInt8] {
        guard case .bytes(let bytes)? = self.value(argument) else { throw PeerFailure(lacking: argument) }
        return bytes
    }

    func list(_ argument: String) throws -> [SessionValue] {
        guard case .list(let items)? = self.value(argument) else { throw PeerFailure(lacking: argument) }
        return items
    }

    func dictionary(_ argument: String) throws -> SessionDictionary {
        guard case .dictionary(let entries)? = self.value(argument) else { throw PeerFailure(lacking: argument) }
        return entries
    }

    /// The secret keys under `keys`, the one that signs first; nil when there is none.
    func keys() throws -> SecretKeys? {
        let keys = try self.list("keys").map { item in
            guard case .bytes(let bytes) = item else { throw PeerFailure(lacking: "keys") }
            return SecretKey(bytes: bytes)
        }
        return keys.first.map { SecretKeys($0, fallbacks: Array(keys.dropFirst())) }
    }
}

/// What Python gets.
struct PeerAnswer: Encodable {
    var value: TypedValue?
    var error: PeerFailure?
}

/// What Dewar refused: the code of its error, and what else the error says.
struct PeerFailure: Error, Encodable {
    let code: String
    let text: String
    var signedAt: Int?

    enum CodingKeys: String, CodingKey {
        case code, text
        case signedAt = "signed_at"
    }

    init(code: String, text: String, signedAt: Int? = nil) {
        self.code = code
        self.text = text
        self.signedAt = signedAt
    }

    init(lacking argument: String) {
        self.init(code: "unusable_call", text: "the argument \(argument) is missing or of another type")
    }

    init(_ error: TokenError) {
        self.init(code: error.kind.name, text: error.description, signedAt: error.signedAt)
    }
}
