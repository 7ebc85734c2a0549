// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Who besides the program may have access to a file with secret keys.
///
/// A user of the machine who can read it, or write it, can sign in as anyone. In each case a file is refused that is
/// more open.
///
/// ```swift
/// let app = App(keyFile: "/run/secrets/keys", keyFileAccess: .readableByOthers)
/// ```
public enum KeyFileAccess: String, Sendable, Hashable {
    /// The file belongs to the user that runs the program, or to root, and its mode gives other users nothing: 0600 or
    /// 0400.
    case ownerOnly
    /// Others may read the file too, and not write it: 0440, 0444, 0640. So Kubernetes (`defaultMode: 0440` with an
    /// `fsGroup`) and Docker mount their secrets, where all that runs in the container is the program.
    case readableByOthers
    /// Others may write the file too, and it may belong to another user.
    case writableByOthers

    /// What is wrong with a file of this owner and mode, or nil.
    func problem(owner: uid_t, mode: mode_t) -> KeyFileProblem? {
        guard self != .writableByOthers else { return nil }
        if owner != geteuid(), owner != 0 { return .foreignOwner(uid: owner) }
        let forbidden: mode_t = self == .ownerOnly ? 0o077 : 0o022
        return mode & forbidden == 0 ? nil : .openToOthers(mode: UInt16(mode & 0o7777))
    }
}
