// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit
import SessionsTesting

/// A visitor's browser: two tabs with one cookie jar.
@Simulated
final class Browser {
    let number: Int
    var jar = CookieJar()
    /// The cookie as a thief has copied it.
    var copy: String?

    init(_ number: Int) {
        self.number = number
    }

    /// Whom the visitor signs in as. Two visitors have one user: a user with two devices.
    var user: String { "user\(self.number % 2)" }
}

/// What a server answers, as far as it matters to sessions.
struct Response: Sendable {
    var status = 200
    var setCookie: String?
}

/// Browsers, and the network between them and the processes.
extension World {
    /// Sends a request, and perhaps again when no answer comes.
    func send(_ deed: Deed, from browser: Browser, tab: Int, _ lots: Lots) async {
        var lots = lots
        for number in 0..<3 {
            if number > 0 { self.tally.saw(.retry) }
            let attempt = Attempt(deed, by: browser.number, user: browser.user, cookie: browser.jar.header())
            guard let response = await self.exchange(attempt, &lots) else {
                guard lots.happens(600) else { return }
                continue
            }
            self.receive(response, to: attempt, browser)
            return
        }
    }

    func receive(_ response: Response, to attempt: Attempt, _ browser: Browser) {
        if let setCookie = response.setCookie { browser.jar.store(setCookie) }
        self.chronicle.heard(attempt)
    }

    /// The way to a process and back; nil when no answer comes.
    func exchange(_ attempt: Attempt, _ lots: inout Lots) async -> Response? {
        let faults = self.faults
        attempt.sentAt = self.schedule.now
        await self.travel(faults, &lots)
        if lots.happens(faults.network) {
            self.tally.saw(.lostRequest)
            await self.schedule.pause(microseconds: 1_000_000)
            return nil
        }
        if lots.happens(faults.network) { self.double(attempt, &lots) }
        let response = await self.deliver(attempt, hangsUp: lots.happens(faults.hangUps), &lots)
        if response != nil, lots.happens(faults.network) {
            self.tally.saw(.lostAnswer)
            self.chronicle.tell("the answer to request \(attempt.number) is lost")
            await self.schedule.pause(microseconds: 1_000_000)
            return nil
        }
        await self.travel(faults, &lots)
        return response
    }

    /// A proxy sends the request once more; the browser gets the first answer.
    private func double(_ attempt: Attempt, _ lots: inout Lots) {
        self.tally.saw(.doubledRequest)
        let twin = attempt.again()
        var own = Lots(seed: lots.number())
        self.background { @Simulated in
            await self.travel(self.faults, &own)
            _ = await self.deliver(twin, hangsUp: false, &own)
        }
    }

    private func deliver(_ attempt: Attempt, hangsUp: Bool, _ lots: inout Lots) async -> Response? {
        let up = self.processes.filter(\.isServing)
        guard !up.isEmpty else { return nil }
        let thought = lots.happens(150) ? lots.below(2_000_000) : lots.below(400)
        let process = lots.pick(up)
        guard hangsUp else { return await process.serve(attempt, thinking: thought) }
        let patience = lots.below(2000)
        let task = Task { @Simulated in await process.serve(attempt, thinking: thought) }
        self.background { @Simulated in
            await self.schedule.pause(microseconds: patience)
            task.cancel()
        }
        self.tally.saw(.hangUp)
        _ = await task.value
        return nil
    }

    private func travel(_ faults: Faults, _ lots: inout Lots) async {
        let isLate = lots.happens(faults.network)
        await self.schedule.pause(microseconds: isLate ? lots.below(6_000_000) : lots.below(1500))
    }
}

/// Visitors who come at the very millisecond at which their session ends.
extension World {
    func meetEdge(of browser: Browser, tab: Int, _ lots: Lots) async {
        guard [.stored, .migrating].contains(self.scenario.kind) else { return }
        var lots = lots
        let process = lots.pick(self.processes)
        guard process.isServing else { return }
        let first = Attempt(.peek, by: browser.number, user: browser.user, cookie: browser.jar.header())
        await self.visitInstantly(first, process, browser)
        guard let end = first.expiresAt, let line = first.seen?.line, line.isQuiet, !line.mayBeWritten else {
            return
        }
        var count = line.requestCount
        for (moment, edge) in [(end - 1, Edge.before), (end, .at)] {
            await self.schedule.pause(microseconds: (moment - process.clock) * 1000)
            // Where another request came in between, the end may be another.
            guard process.isServing, line.isQuiet, line.requestCount == count, process.clock == moment else { return }
            // The late answer to another tab may have brought a cookie of another session.
            let cookie = browser.jar.header()
            guard cookie.flatMap({ self.chronicle.issues[$0] })?.generation.line === line else { return }
            let probe = Attempt(.peek, by: browser.number, user: browser.user, cookie: cookie)
            probe.edge = edge
            await self.visitInstantly(probe, process, browser)
            count += 1
        }
    }

    /// A request that takes no time.
    private func visitInstantly(_ attempt: Attempt, _ process: ServerProcess, _ browser: Browser) async {
        let response = await StoreLink.$isInstant.withValue(true) { await process.serve(attempt, thinking: 0) }
        if let response { self.receive(response, to: attempt, browser) }
    }
}
