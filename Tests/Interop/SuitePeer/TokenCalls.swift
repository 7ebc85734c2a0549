// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What itsdangerous has: base64, signers, the serializer of Flask's cookies and its tagged JSON.
struct TokenCalls {
    private let call: PeerCall

    init(_ call: PeerCall) {
        self.call = call
    }

    func result() throws -> TypedValue? {
        TypedValue(try self.value())
    }

    private func value() throws -> SessionValue {
        do {
            switch self.call.operation {
            case "base64_encode": return .bytes(Base64.encodeURLSafe(try self.call.bytes("value")))
            case "base64_decode": return .bytes(try self.decodeBase64())
            case "int_to_bytes": return .bytes(BigEndian.shortestBytes(try self.unsigned("number")))
            case "bytes_to_int": return .string(String(BigEndian.number(try self.call.bytes("value"))))
            case "sign": return .bytes(try self.signer().sign(try self.call.bytes("value")))
            case "unsign": return .bytes(Array(try self.signer().unsign(try self.call.bytes("value")[...])))
            case "sign_timed": return .bytes(try self.signTimed())
            case "unsign_timed": return try self.unsignTimed()
            case "dumps": return .bytes(try self.dump())
            case "loads": return try self.load()
            case "tagged_dumps": return .bytes(try TaggedJSON.encode(self.call.value("value") ?? .null))
            case "tagged_loads": return try TaggedJSON.decode(try self.call.bytes("value"))
            default: throw PeerFailure(code: "unknown_call", text: self.call.name)
            }
        } catch let error as TokenError {
            throw PeerFailure(error)
        }
    }

    private func decodeBase64() throws -> [UInt8] {
        guard let bytes = Base64.decodeURLSafe(try self.call.bytes("value")[...]) else {
            throw PeerFailure(code: "bad_base64", text: "this is no base64")
        }
        return bytes
    }

    /// Python's integers have no bound, so that this one comes as text.
    private func unsigned(_ argument: String) throws -> UInt64 {
        guard let number = UInt64(try self.call.text(argument)) else { throw PeerFailure(lacking: argument) }
        return number
    }

    private func secretKeys() throws -> SecretKeys {
        guard let keys = try self.call.keys() else { throw PeerFailure(lacking: "keys") }
        return keys
    }

    private func signer() throws -> Signer {
        let digest: Signer.Digest = try self.call.text("digest") == "sha256" ? .sha256 : .sha1
        return Signer(keys: try self.secretKeys(), salt: try self.call.text("salt"), digest: digest)
    }

    private func signTimed() throws -> [UInt8] {
        TimedSigner(try self.signer()).sign(try self.call.bytes("value"), at: try self.call.integer("now"))
    }

    private func unsignTimed() throws -> SessionValue {
        let (value, signedAt) = try TimedSigner(try self.signer()).unsign(
            try self.call.bytes("value")[...], now: try self.call.integer("now"),
            maximumAge: try self.call.optionalInteger("max_age"))
        return .tuple([.bytes(Array(value)), .int(signedAt)])
    }

    private func coder() throws -> FlaskTokenCoder {
        FlaskTokenCoder(
            keys: try self.secretKeys(), salt: try self.call.text("salt"),
            maximumAge: try self.call.optionalInteger("max_age"), clockSkew: 0)
    }

    private func dump() throws -> [UInt8] {
        try self.coder().encode(self.call.value("value") ?? .null, signedAt: try self.call.integer("now"))
    }

    private func load() throws -> SessionValue {
        let (value, signedAt) = try self.coder().decodeValue(
            try self.call.bytes("value")[...], now: try self.call.integer("now"))
        return .tuple([value, .int(signedAt)])
    }
}
