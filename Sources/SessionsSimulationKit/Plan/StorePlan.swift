// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Everything that a seed decides before anything runs: who calls the store when, and how much goes wrong.
struct StorePlan: Sendable {
    let seed: UInt64
    let clients: Int
    let sessions: Int
    let users: Int
    /// The idle timeout of the records, in milliseconds.
    let idle: Int
    /// Of a thousand calls, how many go wrong on the way to the store.
    var faults: Int
    /// Of a thousand uses of the engine behind the store, how many go wrong.
    var engineFaults: Int
    var acts: [StoreAct] = []

    init(seed: UInt64) {
        var lots = Lots(seed: seed)
        self.seed = seed
        self.clients = lots.number(in: 2...4)
        self.sessions = lots.number(in: 1...3)
        self.users = 2
        self.idle = lots.pick([1000, 5000, 60_000])
        self.faults = lots.pick([0, 0, 100, 300])
        self.engineFaults = lots.pick([0, 0, 50, 200])
        self.acts = self.drawActs(&lots)
    }

    private func drawActs(_ lots: inout Lots) -> [StoreAct] {
        var acts: [StoreAct] = []
        var beat = 1000
        // Clients meet: all know the moments at which an act may begin.
        for _ in 0..<lots.number(in: 3...8) {
            for client in 0..<self.clients where lots.happens(750) {
                let at = beat + lots.pick([0, 0, lots.below(200), lots.below(2000), lots.below(300_000)])
                acts.append(
                    StoreAct(
                        at: at, client: client, kind: Self.kind(&lots), session: lots.below(self.sessions),
                        seed: lots.number()))
            }
            beat += lots.pick(weighted: [
                (lots.below(500), 30), (lots.below(20_000), 30), (lots.below(2_000_000), 25),
                (lots.below(1000 * self.idle), 10), (1000 * self.idle + lots.below(1_000_000), 5),
            ])
        }
        if self.faults > 0, lots.happens(300) {
            acts.append(StoreAct(at: lots.below(beat), client: 0, kind: .outage, session: 0, seed: lots.number()))
        }
        return acts.sorted { ($0.at, $0.client) < ($1.at, $1.client) }
    }

    private static func kind(_ lots: inout Lots) -> StoreAct.Kind {
        lots.pick(weighted: [
            (.read, 20), (.create, 15), (.replace, 30), (.replaceAnother, 5), (.remove, 6), (.removeVersion, 5),
            (.list, 9), (.purge, 5), (.edge, 5),
        ])
    }
}
