// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// Sessions that came in cookies, which could bring them again: what ends here has to be on the list of revocations.
extension StoreBackend {
    /// Notes that a session ends or has ended, and ends what else came of its cookie. Nothing to do without a list.
    func noteEnd(of id: SessionID, logger: Logger?) async throws {
        guard let list = self.configuration.revocations?.list else { return }
        _ = list.end(id, at: self.clock.now(), keeping: self.configuration.retention)
        try await list.flush(self.clock)
        await self.removeMoved(with: id, logger: logger)
    }

    /// Removes the sessions that came of one cookie. The list refuses them already.
    func removeMoved(with id: SessionID, logger: Logger?) async {
        for other in self.configuration.revocations?.list?.moved(with: id) ?? [] where other != id {
            do {
                try await self.store.remove(other)
            } catch {
                self.observer.storeFailed(error, logger: logger)
            }
        }
    }
}

extension SessionConfiguration {
    /// No token is good for longer after its session's end, whatever the servers' clocks make of the second.
    var retention: Duration { self.lifetime.idle + self.clockSkew + .seconds(1) }
}
