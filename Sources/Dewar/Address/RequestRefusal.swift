// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a request was answered with 400 before anything of the application saw it. The log says it, and nothing that was
/// sent.
enum RequestRefusal: String, Error {
    /// There is no `Host`.
    case missingHost
    /// There are several.
    case repeatedHost
    /// It is no host.
    case malformedHost
    /// It is none of the trusted ones.
    case untrustedHost
    /// What a proxy that is counted says is no host, scheme, port or prefix.
    case malformedForwarding
}
