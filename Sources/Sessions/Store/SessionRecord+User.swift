// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SessionRecord {
    /// Takes over from the values who is signed in and since when: the values decide, and the record is their index.
    ///
    /// A sign-in, or a step-up, also begins the session anew; its limits stay as long as they are.
    mutating func follow(_ values: SessionDictionary, _ state: SessionState, at now: Date) {
        let user = values.user
        let isSignIn = state.restartsLimits || !SessionUser.isSame(user, self.user)
        self.user = user
        self.authenticatedAt = values.authenticatedAt
        if isSignIn { self.deviceLabel = user.flatMap { _ in state.userAgent.flatMap(DeviceLabel.text) } }
        guard state.restartsLimits else { return }
        let absolute = self.absoluteEnd.map { $0.milliseconds - self.createdAt.milliseconds }
        self.createdAt = now
        self.absoluteEnd = absolute.map { now.adding(.milliseconds($0)) }
    }
}
