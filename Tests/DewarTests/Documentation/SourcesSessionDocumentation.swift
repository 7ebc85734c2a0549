// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions

/// What a program writes its audit log to.
private struct AuditLog: Sendable {
    func write(_ event: SessionEvent) {
        print(event)
    }
}

/// Sources: Sessions/Events/SessionEvents.swift
func subscriptionComment(sessions: SessionManager) {
    let audit = AuditLog()
    let events = sessions.events
    Task {
        for await event in events { audit.write(event) }
    }
}

/// Sources: Sessions/Events/SessionEvent.swift
func replayedComment(sessions: SessionManager, alert: (String) -> Void) async {
    for await event in sessions.events where event.kind == .replayed {
        alert("a stolen cookie of \(event.user ?? "nobody")")
    }
}

/// Sources: Sessions/Events/SessionEvent.swift
func eventLogComment(sessions: SessionManager) async {
    await sessions.events.log(to: Logger(label: "audit"))
}

/// Sources: Sessions/Session/Session.swift
func sessionComment(session: Session) {
    session["username"] = "admin"
    if let username = session["username"] { print("Logged in as \(username)") }
    session.pop("username")
}

/// Sources: Sessions/Session/Session+Codable.swift
func visitsComment(session: Session) {
    let visits: Int? = session["visits"]
    session["visits"] = (visits ?? 0) + 1
}

private struct Basket: Codable {
    var items: [String] = []
}

/// Sources: Sessions/Session/Session+Codable.swift
func basketComment(session: Session) throws -> Int {
    let basket = try session.value("basket", as: Basket.self) ?? Basket()
    return basket.items.count
}

/// Sources: Sessions/Session/Session+Codable.swift
func updateComment(session: Session) -> Int {
    let visits = session.update("visits", default: 0) { $0 += 1 }
    return visits
}

/// Sources: Sessions/Session/Session+Flash.swift
func flashComment(session: Session) {
    session.flash("Saved")
    session.flash("Wrong password", category: "error")
}

/// Sources: Sessions/Session/Session+User.swift
func freshComment(session: Session) throws {
    try session.requireFresh(within: .seconds(15 * 60))
}

/// Sources: Sessions/Session/Session+User.swift
func signInRequiredComment(session: Session) -> String {
    var page = "/transfer"
    do throws(SignInRequired) {
        try session.requireFresh(within: .seconds(600))
    } catch {
        page = error.kind == .notSignedIn ? "/login" : "/password"
    }
    return page
}

/// Sources: SessionsValues/SessionValue.swift
func sessionValueComment(session: Session) -> String? {
    session["username"] = "admin"
    session["cart"] = ["apple", 3, ["colour": "red"]]
    let name: String? = session["username"]
    return name
}

/// Sources: SessionsValues/SessionValue.swift
func isTruthyComment(session: Session) -> Bool {
    let isLoggedIn = session["logged_in"]?.isTruthy == true
    return isLoggedIn
}

/// Sources: SessionsValues/SessionDictionary.swift
func sessionDictionaryComment() -> SessionDictionary {
    var address: SessionDictionary = ["city": "Bern"]
    address["zip"] = 3011
    return address
}

/// Sources: SessionsValues/TaggedJSON.swift
func taggedJSONComment() throws -> SessionValue {
    let text = try TaggedJSON.encode(["n": 1, "id": .tuple([1, 2])])
    // {"id":{" t":[1,2]},"n":1}
    let value = try TaggedJSON.decode(text)
    return value
}

/// Sources: SessionsKeys/SecretKey.swift
func secretKeyComment() -> [SecretKey] {
    let key: SecretKey = "any random string"
    let bytes = SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC, 0x5D, 0x2F])
    return [key, bytes]
}

/// Sources: SessionsKeys/SecretKeys.swift
func secretKeysComment() -> [SecretKeys] {
    let first = SecretKeys("the old key", fallbacks: ["the new key"])
    let then = SecretKeys("the new key", fallbacks: ["the old key"])
    return [first, then]
}

/// Sources: SessionsKeys/SecretKeys.swift
func acceptedKeyComment(new: SecretKey, old: SecretKey, endOfJanuary: Date) -> SecretKeys {
    let keys = SecretKeys(new, accepting: [AcceptedKey(old, until: endOfJanuary)])
    return keys
}

/// Sources: SessionsKeys/KeyFile.swift
func keysOfFileComment() throws -> SessionManager {
    let keys = try SecretKeys(file: "/etc/shop/keys")
    let sessions = try SessionManager(keys: keys)
    return sessions
}

/// Sources: SessionsSupport/Time/SessionClock.swift
func clockComment(keys: SecretKeys) throws -> SessionManager {
    let newYear = SessionClock(now: { Date(timeIntervalSince1970: 1_798_761_600) })
    let sessions = try SessionManager(keys: keys, clock: newYear)
    return sessions
}
