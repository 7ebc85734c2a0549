// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// MessagePack as Flask-Session's serializer writes it (`flask_session/base.py`, with msgspec 0.22), for session
/// values.
///
/// | value | MessagePack |
/// |---|---|
/// | null, booleans, text, bytes | nil, bool, str, bin |
/// | integers from -2^63 to 2^64 - 1 | the shortest form; positive ones unsigned |
/// | doubles | float 64 |
/// | dates | timestamp extension (-1) in microseconds, the shortest form |
/// | lists, tuples | array; a tuple comes back as a list |
/// | dictionaries | map, in their own order |
/// | UUIDs | text with dashes, and so they come back |
/// | markup, larger integers | not at all |
///
/// (The MessagePack specification, github.com/msgpack/msgpack, `spec.md`.)
enum MessagePack {
    /// How deep arrays and maps may nest, in both directions; Python stops a little below 1000.
    static let maximumDepth = TaggedJSON.maximumDepth
}
