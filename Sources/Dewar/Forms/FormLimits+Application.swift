// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension FormLimits {
    /// Flask's limits, and no body over 16 MiB, because a body is held in memory.
    public static let application = FormLimits(maximumBody: 16 * 1024 * 1024)
}
