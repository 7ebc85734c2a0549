// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How a record of Flask-Session is written: its `SESSION_SERIALIZATION_FORMAT`. Both forms are read whichever is
/// written.
public enum FlaskSessionSerialization: Sendable, Hashable {
    /// MessagePack, Flask-Session's default. Tuples come back as lists, and UUIDs as text.
    case messagePack
    /// JSON, in which bytes and dates come back as text too.
    case json
}
