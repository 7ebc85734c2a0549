// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Keeps a server that a test has started until the test ends: `defer { keepAlive(server) }`.
///
/// An optimized build ends an object after its last use. A test that has read the server's port would go on with a server
/// that is gone, in a release build only.
public func keepAlive<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
