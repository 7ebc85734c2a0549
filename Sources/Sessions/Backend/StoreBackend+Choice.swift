// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Judging one of several cookies of the session's name. A replayed one ends nothing here: the browser that sends it has
/// another one, which may be good.
extension StoreBackend {
    func verifies(_ token: ArraySlice<UInt8>) -> Bool { (try? self.tickets.decode(token)) != nil }

    func isLive(_ token: ArraySlice<UInt8>) async -> Bool {
        guard let ticket = try? self.tickets.decode(token) else { return false }
        do {
            let record = try await self.store.read(ticket.id, at: self.now)
            return (try? self.state(of: record, ticket: ticket, arrival: self.now)) != nil
        } catch {
            // No other session is taken because the store is out of reach; the opening says that it is.
            return true
        }
    }
}
