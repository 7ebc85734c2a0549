// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A place for sessions that a module of its own provides, beside cookies and stores.
package protocol SessionBackendProvider: Sendable {
    /// Whether its sessions need a secret key.
    var needsKeys: Bool { get }

    /// Refuses settings that its sessions cannot keep, rather than promising and forgetting them.
    func validate(_ configuration: SessionConfiguration) throws(SessionError)

    /// Opens and commits its sessions.
    ///
    /// - Parameter keys: The keys; nil only where sessions need none.
    func backend(
        under keys: SecretKeys?, _ configuration: SessionConfiguration, clock: SessionClock, random: SessionRandom
    ) -> any SessionBackend

    /// Where the contents are, for the text of ``SessionConfiguration/policy``.
    var placeInWords: String { get }

    /// How soon a session that is ended is refused, for the text of ``SessionConfiguration/policy``.
    var revocationInWords: String { get }
}
