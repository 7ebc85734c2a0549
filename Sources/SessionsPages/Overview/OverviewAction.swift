// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a form of the page asks for.
enum OverviewAction {
    case session(String)
    case user(String)
    case everybody

    /// - Parameter form: Gives the value of a field of the form; nil for a field that is not there.
    init?(_ form: (String) -> String?) {
        if let id = form(OverviewView.Field.session) {
            self = .session(id)
        } else if let user = form(OverviewView.Field.allOf) {
            self = .user(user)
        } else if form(OverviewView.Field.everybody) != nil {
            self = .everybody
        } else {
            return nil
        }
    }
}

/// Ends the sessions that an operator names, and tells the operator which they were. It never ends the session in which
/// the operator asks.
struct OverviewEnding {
    let lookup: SessionLookup
    let everybody: EverybodyEnding
    let operatorSession: Session
    let texts: SessionsOverview.Texts

    /// The message for the operator; nil where the page itself shows what is going on.
    func perform(_ action: OverviewAction) async throws -> String? {
        let operatorName = try self.operatorSession.requireSignedIn()
        do {
            switch action {
            case .session(let id): return try await self.endSession(id, by: operatorName)
            case .user(let user): return try await self.endUser(user, by: operatorName)
            case .everybody:
                guard let store = self.lookup.scannable, self.lookup.canEnd else {
                    return self.texts.endings.notSupported
                }
                self.everybody.start(in: store, except: self.operatorSession.id, by: operatorName)
                return nil
            }
        } catch let error as SessionError {
            guard error.kind == .notSupported else { throw error }
            return self.texts.endings.notSupported
        }
    }

    private func endSession(_ text: String, by operatorName: String) async throws -> String {
        guard let store = self.lookup.store else { return self.texts.endings.notSupported }
        guard let id = SessionID(text), let session = try await self.lookup.session(id, in: store) else {
            return self.texts.endings.notFound
        }
        guard id != self.operatorSession.id else { return self.texts.endings.isOwn }
        let isEnded = try await self.lookup.sessions.revoke(id, by: operatorName)
        guard isEnded else { return self.texts.endings.notFound }
        return self.texts.endings.endedSession(session.user, session.deviceLabel)
    }

    private func endUser(_ user: String, by operatorName: String) async throws -> String {
        let sessions = self.lookup.sessions
        // The operator waits until all have ended, also of a user with very many, so that the message is true.
        let isOwn = user.utf8.elementsEqual(operatorName.utf8)
        let count =
            isOwn
            ? try await sessions.revokeOthers(than: self.operatorSession)
            : try await sessions.revokeAll(of: user, by: operatorName)
        // How many cookies a user has is not known.
        let isKnown = self.lookup.store != nil && !sessions.configuration.place.endsCookies
        return self.texts.endings.endedUser(user, isKnown ? self.texts.number(count) : nil)
    }
}
