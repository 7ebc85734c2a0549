// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a request was answered with 400 before any hook or handler saw it. The log has this reason, and nothing that the
/// client sent.
enum RequestRefusal: String, Error {
    /// There is no `Host`.
    case missingHost
    /// There are several `Host` fields.
    case repeatedHost
    /// The `Host` is not a host.
    case malformedHost
    /// The host is not one of the trusted hosts.
    case untrustedHost
    /// A counted proxy's field is malformed, or its host, scheme, port or prefix is invalid.
    case malformedForwarding
}
