// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Writes one format and reads others too, so that a site changes formats without signing visitors out.
struct AcceptingTokenCoder: TokenCoder {
    /// The format that is written.
    let current: any TokenCoder
    /// The formats that are only read.
    let older: [any TokenCoder]

    func encode(_ contents: TokenContents) throws -> [UInt8] {
        try self.current.encode(contents)
    }

    /// Each format has its own algorithm, in which the token has no say: what is no token of one is tried as another.
    func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents {
        var refusal: TokenError
        do throws(TokenError) {
            return try self.current.decode(token, now: now)
        } catch {
            refusal = error
        }
        for coder in self.older {
            do throws(TokenError) {
                var contents = try coder.decode(token, now: now)
                contents.isInOldFormat = true
                return contents
            } catch {
                if error.isMoreTelling(than: refusal) { refusal = error }
            }
        }
        throw refusal
    }

    func mayContain(_ key: String, in token: ArraySlice<UInt8>) -> Bool {
        self.current.mayContain(key, in: token)
    }

    func claimedTime(of token: ArraySlice<UInt8>) -> Int? {
        self.current.claimedTime(of: token)
    }

    func hasForm(of token: ArraySlice<UInt8>) -> Bool {
        self.current.hasForm(of: token) || self.mayBeOld(token)
    }

    func mayBeOld(_ token: ArraySlice<UInt8>) -> Bool {
        self.older.contains { $0.hasForm(of: token) }
    }
}

extension TokenError {
    func isMoreTelling(than other: TokenError) -> Bool { self.kind.rank > other.kind.rank }
}

extension TokenError.Kind {
    /// How far a token came. Of several formats' reasons the one that counts is that of the format it came furthest in.
    fileprivate var rank: Int {
        switch self {
        case .noSeparator, .malformedToken: 0
        case .badSignature, .unknownVersion, .unknownKey, .badSeal: 1
        default: 2
        }
    }
}
