// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One piece of a rule's text, in the order in which it stands there.
enum RuleToken: Hashable, Sendable {
    case slash
    case literal([UInt8])
    case variable(name: String, PathConverter)
}
