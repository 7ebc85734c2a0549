// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension App {
    /// The keys, from the arguments or from a file.
    static func keys(
        _ key: SecretKey?, fallbacks: [SecretKey], file: String?, access: KeyFileAccess
    ) throws(SessionError) -> SecretKeys? {
        guard let file else { return key.map { SecretKeys($0, fallbacks: fallbacks) } }
        guard key == nil, fallbacks.isEmpty else {
            throw SessionError(.invalidConfiguration, "The keys are given and in a file too; leave one out.")
        }
        do {
            return try SecretKeys(file: file, access: access)
        } catch {
            throw SessionError(.invalidConfiguration, error.description)
        }
    }
}
