// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit
import SessionsTesting

/// A thief with copies of cookies, and an administrator who ends sessions.
extension World {
    /// A thief who has no browser of the visitor's: what the answer sets may be the next copy.
    func useCopy(_ deed: Deed, of visitor: Int?, _ lots: inout Lots) async {
        let victims = self.browsers.filter { $0.copy != nil && visitor ?? $0.number == $0.number }
        guard !victims.isEmpty else { return }
        let victim = lots.pick(victims)
        let attempt = Attempt(deed, by: victim.number, user: victim.user, cookie: victim.copy)
        attempt.isThief = true
        guard let response = await self.exchange(attempt, &lots) else { return }
        self.tally.saw(attempt.seen == nil ? .thiefRejected : .thiefAdmitted)
        guard let cookie = response.setCookie?.prefix(while: { $0 != ";" }), !cookie.hasSuffix("=") else { return }
        // A thief may also keep to the copy that there is.
        if lots.happens(500) { victim.copy = String(cookie) }
    }

    /// A cookie of which one character is another.
    func forge(_ lots: inout Lots) async {
        let victim = lots.pick(self.browsers)
        guard let cookie = victim.jar.header() else { return }
        var bytes = Array(cookie.utf8)
        let begin = (bytes.firstIndex(of: UInt8(ascii: "=")) ?? 0) + 1
        // The last character of a text in base64 may stand for fewer bits than it has.
        let place = begin + lots.below(max(bytes.count - begin - 4, 1))
        let other = lots.pick(Array("ABCDEFabcdef012345".utf8))
        guard bytes[place] != other, Self.isInside(bytes, place) else { return }
        bytes[place] = other
        let attempt = Attempt(
            .look, by: victim.number, user: victim.user, cookie: String(decoding: bytes, as: UTF8.self))
        attempt.isForged = true
        _ = await self.exchange(attempt, &lots)
    }

    private static func isInside(_ bytes: [UInt8], _ place: Int) -> Bool {
        let dot = UInt8(ascii: ".")
        return bytes[place] != dot && bytes[place + 1] != dot
    }

    /// Whether all sessions of a user can be ended. Cookies without an id can have no list before they move.
    var canRevokeAll: Bool {
        self.scenario.canRevoke
            || (self.scenario.comesToList && self.processes.allSatisfy { $0.stage >= .third })
    }

    /// Ends all sessions of a user, and asks again where the store has failed.
    func revokeAll(_ lots: inout Lots) async {
        guard self.canRevokeAll else { return }
        let user = lots.pick(self.browsers).user
        guard let process = self.processes.first(where: \.isServing), let manager = process.manager else { return }
        let life = process.life
        process.work += 1
        defer { process.work -= 1 }
        let sweep = self.chronicle.sweeps(user, in: process)
        do throws(SessionError) {
            _ = try await manager.revokeAll(of: user)
            if !life.isOver { self.chronicle.swept(sweep, in: process) }
        } catch {
            self.chronicle.tell("the sessions of \(user) could not be ended: \(error.kind)")
        }
    }

    /// Looks at a user's list of devices.
    func list(_ lots: inout Lots) async {
        guard [.stored, .migrating].contains(self.scenario.kind) else { return }
        let user = lots.pick(self.browsers).user
        guard let process = lots.pick(self.processes) as ServerProcess?, let manager = process.manager,
            process.isServing
        else { return }
        process.work += 1
        defer { process.work -= 1 }
        let question = self.chronicle.asks(user)
        guard let found = try? await manager.activeSessions(of: user) else { return }
        self.chronicle.isTold(found.map { $0.id.description }, to: question)
    }
}
