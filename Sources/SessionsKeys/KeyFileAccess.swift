// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Which users besides the program's may have access to a file with secret keys.
///
/// A user of the machine who can read or write the file can sign in as any user. A file that is more open than the case
/// allows is refused.
///
/// ```swift
/// let app = App(keyFile: "/run/secrets/keys", keyFileAccess: .readableByOthers)
/// ```
public enum KeyFileAccess: String, Sendable, Hashable {
    /// The file belongs to the user that runs the program, or to root, and its mode gives other users no access: 0600
    /// or 0400.
    case ownerOnly
    /// Other users may read the file too, but not write it: 0440, 0444, 0640. Kubernetes (`defaultMode: 0440` with an
    /// `fsGroup`) and Docker mount secrets this way, in a container that runs nothing but the program.
    case readableByOthers
    /// Other users may write the file too, and it may belong to another user.
    case writableByOthers

    /// What is wrong with a file of this owner and mode, or nil.
    func problem(owner: uid_t, mode: mode_t) -> KeyFileProblem? {
        guard self != .writableByOthers else { return nil }
        if owner != geteuid(), owner != 0 { return .foreignOwner(uid: owner) }
        let forbidden: mode_t = self == .ownerOnly ? 0o077 : 0o022
        return mode & forbidden == 0 ? nil : .openToOthers(mode: UInt16(mode & 0o7777))
    }
}
