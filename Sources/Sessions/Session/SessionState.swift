// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a session is made of; `Session` guards one with a lock.
struct SessionState: Sendable {
    /// Reads the session's contents on first use; nil when no usable session came with the request.
    var opening: (@Sendable () -> TokenContents?)?
    /// The cookie that came with the request, unchecked.
    let token: ArraySlice<UInt8>?
    var values = SessionDictionary()
    /// What the request brought, or nil for a new session; known once opened.
    var opened: TokenContents?
    /// What this request did, in order.
    var changes: [SessionChange] = []
    var isAccessed = false
    var isModified = false
    /// The messages that this request took out, which it may ask for again.
    var takenFlashes: [FlashMessage]?
    /// Whether there is no key to sign with: reading gives nothing, and a change is refused.
    let isUnavailable: Bool
    var hasRefusedChange = false
    /// A change that could not be made; the commit throws it.
    var failure: SessionError?

    init(
        isUnavailable: Bool = false, token: ArraySlice<UInt8>? = nil,
        opening: (@Sendable () -> TokenContents?)? = nil
    ) {
        self.isUnavailable = isUnavailable
        self.token = token
        self.opening = opening
    }

    mutating func open() {
        guard let opening = self.opening else { return }
        self.opening = nil
        self.opened = opening()
        if let opened = self.opened { self.values = opened.values }
    }

    mutating func make(_ change: SessionChange) {
        guard !self.isUnavailable else {
            self.hasRefusedChange = true
            return
        }
        self.isModified = true
        do {
            try change.apply(to: &self.values)
            self.changes.append(change)
        } catch {
            self.failure = .unencodable(error)
        }
    }

    /// An update whose closure has run already, outside the lock.
    mutating func update(
        _ key: String, to result: Result<SessionValue?, any Error>,
        _ body: @escaping @Sendable (SessionValue?) throws -> SessionValue?
    ) {
        guard !self.isUnavailable else {
            self.hasRefusedChange = true
            return
        }
        self.isModified = true
        do {
            self.values[key] = try result.get()
            self.changes.append(.update(key, body))
        } catch {
            self.failure = .unencodable(error)
        }
    }

    /// A change that finds nothing to do; without a key it is refused like any other.
    mutating func makeNoChange() {
        if self.isUnavailable { self.hasRefusedChange = true }
    }

    var isPermanent: Bool { self.values[SessionState.permanentKey]?.isTruthy == true }

    static let permanentKey = "_permanent"
    static let flashesKey = "_flashes"
}
