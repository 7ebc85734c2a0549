// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The users of this example, with their passwords as they are, so that it has nothing but sessions in it.
///
/// An application keeps a slow hash of each password with a salt of its own (Argon2id or scrypt, from a library that
/// does just that), and compares it in constant time. See the OWASP Password Storage Cheat Sheet.
private let passwords = ["ada": "analytical engine", "grace": "nanosecond of wire"]

/// Whether it is the user's password.
func isRight(_ password: String, of user: String) -> Bool {
    passwords[user] == password
}

/// Whether this user may see and end the sessions of all users.
func isOperator(_ user: String?) -> Bool {
    user == "ada"
}
