// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that come in their cookies, from before there was a store: they go on, and the commit moves them into it.
extension StoreBackend {
    /// The session of a cookie that is no ticket, if an accepted format reads it.
    func takenOver(_ token: ArraySlice<UInt8>, _ refusal: TokenError, logger: Logger?) -> Session {
        guard let accepted = self.accepted else { return self.rejected(refusal, logger: logger) }
        do throws(TokenError) {
            let contents = try accepted.decode(token, now: self.clock.seconds)
            return Session(SessionState(takenOver: contents))
        } catch {
            return self.rejected(error.isMoreTelling(than: refusal) ? error : refusal, logger: logger)
        }
    }
}

extension SessionState {
    init(takenOver contents: TokenContents) {
        self.init()
        self.values = contents.values
        self.opened = contents
        self.opened?.isInOldFormat = true
    }

    /// Whether the session is to be moved into the store, changed or not. An empty one is nothing to keep.
    var isTakenOver: Bool { self.opened?.isInOldFormat == true && !self.values.isEmpty }

    /// When a session that is taken over began, as far as its cookie says; nil for one that begins now.
    var beginning: Date? {
        guard !self.isDestroyed, let opened = self.opened else { return nil }
        return opened.createdAt.map { Date(milliseconds: $0 * 1000) }
    }
}
