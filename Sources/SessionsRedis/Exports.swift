// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// `RedisFlaskSessions` is useful only with the settings of Flask-Session's sessions.
@_exported public import SessionsFlask
