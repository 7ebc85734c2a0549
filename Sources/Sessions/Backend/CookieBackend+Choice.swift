// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Judging one of several cookies of the session's name. The list of revocations is asked, and learns nothing.
extension CookieBackend {
    func verifies(_ token: ArraySlice<UInt8>) -> Bool {
        if let overflow = self.overflow, SessionTicketCoder.hasForm(of: token) { return overflow.verifies(token) }
        return (try? self.coder.decode(token, now: self.clock.seconds)) != nil
    }

    func isLive(_ token: ArraySlice<UInt8>) async -> Bool {
        do {
            try await self.list?.prepare(self.clock)
        } catch {
            // The opening says what is wrong.
            return true
        }
        if let overflow = self.overflow, SessionTicketCoder.hasForm(of: token) {
            guard let id = try? overflow.tickets.decode(token).id, self.list?.hasEnded(id) != true else { return false }
            return await overflow.isLive(token)
        }
        guard let contents = try? self.coder.decode(token, now: self.clock.seconds) else { return false }
        return self.isOnNoList(contents)
    }
}
