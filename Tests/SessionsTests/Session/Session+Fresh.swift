// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import Sessions
@testable import SessionsValues

extension Session {
    /// A session for tests that need no cookie: a new one, or one that a request brought with these values.
    static func fresh(_ values: SessionDictionary? = nil) -> Session {
        guard let values else { return Session(SessionState()) }
        let opening = SessionOpening(token: [0x2E]) {
            TokenContents(values: values, createdAt: nil, signedAt: 1_700_000_000)
        }
        return Session(SessionState(.unopened(opening)))
    }

    /// The session of a site without a secret key.
    static var unavailable: Session { Session(SessionState(.unavailable(SessionError(.noSecretKey, "no key")))) }
}
