// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

/// A session that is opened at the first look: once, however many look at once, and as of the time when the request came.
@Suite struct LazySessionTests {
    private let outage = OutageStore(MemoryStore())
    private let store: CountingStore
    private let traffic: StoreTraffic
    private let clock = ManualClock()
    private let log = LogRecorder()

    init() {
        self.store = CountingStore(JitterStore(self.outage))
        self.traffic = StoreTraffic(self.store)
    }

    private func manager(
        _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws -> SessionManager {
        var configuration = SessionConfiguration.stored(in: self.store)
        change(&configuration)
        return try SessionManager(
            keys: SecretKeys(TestSite.key), configuration: configuration, clock: self.clock.sessionClock,
            logger: self.log.logger)
    }

    private func request(_ manager: SessionManager, _ cookie: String?) -> LazySession {
        LazySession(manager, logger: self.log.logger) { RequestFields(cookies: cookie.map { [$0] } ?? []) }
    }

    private func cookie(_ manager: SessionManager) async throws -> String {
        let session = try await manager.open([])
        session.signIn(as: "ada")
        let pair = try await manager.commit(session).pair
        _ = self.traffic.next()
        return pair
    }

    @Test func whatNothingLooksAtIsNotRead() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        #expect(try await request.commit() == SessionHeaders())
        #expect(self.traffic.next() == .init())
    }

    /// Nothing is left to throw then: a body that is still being sent, of a handler that declared that it would not look.
    @Test(arguments: [SessionConfiguration(.cookies()), .flask, .stored(in: MemoryStore())])
    func lookingAfterTheCommitIsLoggedOnce(_ configuration: SessionConfiguration) async throws {
        let manager = try SessionManager(
            keys: SecretKeys(TestSite.key), configuration: configuration, clock: self.clock.sessionClock,
            logger: self.log.logger)
        let request = self.request(manager, nil)
        #expect(try await request.commit() == SessionHeaders())
        let before = self.log.warnings
        request.current["username"] = "ada"
        #expect(request.current["username"] == nil)
        #expect(self.log.warnings == before + 1)
        #expect(self.log.text.contains("usesSession: false"))
    }

    @Test func manyTasksThatLookAtOnceReadOnceAndSeeOneSession() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        let sessions = try await withThrowingTaskGroup(of: Session.self) { group in
            for _ in 0..<50 { group.addTask { try await request.open() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(sessions.map(ObjectIdentifier.init)).count == 1)
        #expect(sessions.first?.user == "ada")
        #expect(self.traffic.next() == .init(reads: 1))
    }

    @Test func aStoreOutOfReachIsAskedOnce() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        self.outage.mode = .unreachable
        for _ in 0..<3 {
            let error = await #expect(throws: SessionError.self) { try await request.open() }
            #expect(error?.kind == .storeUnavailable)
        }
        #expect(self.traffic.next() == .init(reads: 1))
        // A page that was made without the session may be another one with it.
        #expect(try await request.commit() == SessionHeaders(variesOnCookie: true))
    }

    @Test func aTaskThatIsCancelledLeavesTheSessionToTheOthers() async throws {
        let manager = try self.manager { $0.outagePolicy = .anonymous }
        let request = self.request(manager, try await self.cookie(manager))
        self.outage.mode = .cancelled
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await #expect(throws: CancellationError.self) { try await request.open() }
        }.value
        self.outage.mode = .working
        #expect(try await request.open().user == "ada")
    }

    @Test func aClientThatHasGoneIsNoMistakeOfTheApplication() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        self.outage.mode = .cancelled
        try await Task { () async throws in
            withUnsafeCurrentTask { $0?.cancel() }
            for _ in 0..<3 {
                await #expect(throws: (any Error).self) { try await request.open() }
                #expect(request.current.user == nil)
            }
            #expect(try await request.commit() == SessionHeaders(variesOnCookie: true))
        }.value
        #expect(self.traffic.next() == .init(reads: 1))
    }

    /// A look with a time limit that was over is not a client that has gone.
    @Test func aCancelledPartOfARequestExcusesNoLookWithoutASession() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        self.outage.mode = .cancelled
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await #expect(throws: (any Error).self) { try await request.open() }
        }.value
        self.outage.mode = .working
        request.current["x"] = 1
        let error = await #expect(throws: SessionError.self) { try await request.commit() }
        #expect(error?.kind == .sessionNotOpened)
    }

    /// Otherwise the visitor could not sign in until the clocks have caught up.
    @Test func aRenewalByAClockThatWasAheadKeepsNoNewSessionBack() async throws {
        let manager = try self.manager()
        let old = try await self.cookie(manager)
        let before = self.clock.now
        self.clock.now = before.adding(.seconds(1800))
        let renewing = try await manager.open([old])
        renewing.renew()
        _ = try await manager.commit(renewing)
        self.clock.now = before
        let request = self.request(manager, old)
        let session = try await request.open()
        #expect(session.user == nil)
        session.signIn(as: "ada")
        #expect(try await request.commit().setCookie != nil)
    }

    @Test(arguments: 0..<4) func aLookBeforeTheSessionIsOpenedIsAMistakeWhateverComesLater(_ look: Int) async throws {
        for isStored in [false, true] {
            let manager = try self.manager { if !isStored { $0.store = nil } }
            let request = self.request(manager, try await self.cookie(manager))
            let early = request.current
            switch look {
            case 0: #expect(early.user == nil)
            case 1: early["banned"] = true
            case 2: early.countsAsUse = false
            default: early.pop("user")
            }
            let session = try await request.open()
            #expect(session.user == "ada")
            session["seen"] = true
            let error = await #expect(throws: SessionError.self) { try await request.commit() }
            #expect(error?.kind == .sessionNotOpened)
        }
    }

    @Test func aCommitWaitsForALookThatHasBegun() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        for _ in 0..<50 {
            async let look = request.open()
            _ = try await request.commit()
            #expect(try await look.user == "ada")
        }
    }

    @Test func aChangeOfASessionThatWasOpenedAfterTheCommitIsTold() async throws {
        let manager = try self.manager()
        let request = self.request(manager, try await self.cookie(manager))
        _ = try await request.commit()
        let session = try await request.open()
        #expect(session.user == "ada")
        #expect(!self.log.text.contains("a change to a session is lost"))
        session["late"] = 1
        #expect(self.log.text.contains("a change to a session is lost"))
    }

    @Test func aGraceIsJudgedByWhenTheRequestCame() async throws {
        let manager = try self.manager { $0.renewalInterval = .seconds(600) }
        let old = try await self.cookie(manager)
        self.clock.advance(by: .seconds(601))
        let slow = self.request(manager, old)
        let renewing = try await manager.open([old])
        let new = try await manager.commit(renewing).pair
        #expect(new != old)
        // The body takes longer to arrive than the grace lasts, and only then the handler looks.
        self.clock.advance(by: .seconds(120))
        #expect(try await slow.open().user == "ada")
        _ = try await slow.commit()
        #expect(try await manager.open([new]).user == "ada")
        // A request that comes now with the old cookie comes from a copy.
        #expect(try await self.request(manager, old).open().user == nil)
        #expect(try await manager.open([new]).user == nil)
    }

    @Test func theGraceOfARenewalThatCameLongAfterTheRequestHoldsToo() async throws {
        let manager = try self.manager { $0.renewalInterval = .seconds(600) }
        let old = try await self.cookie(manager)
        self.clock.advance(by: .seconds(560))
        let slow = self.request(manager, old)
        self.clock.advance(by: .seconds(70))
        let renewing = try await manager.open([old])
        #expect(try await manager.commit(renewing).setCookie != nil)
        self.clock.advance(by: .seconds(50))
        #expect(try await slow.open().user == "ada")
    }

    @Test func aSlowRequestSendsNoCookieOverTheOneOfAStepUp() async throws {
        let manager = try self.manager()
        let old = try await self.cookie(manager)
        let slow = self.request(manager, old)
        self.clock.advance(by: .seconds(1))
        let stepUp = try await manager.open([old])
        stepUp.reauthenticate()
        _ = try await manager.commit(stepUp)
        let late = try await slow.open()
        #expect(late.user == nil)
        late["draft"] = "text"
        #expect(try await slow.commit().setCookie == nil)
        #expect(self.log.text.contains("renewed since"))
    }

    @Test func aSlowRequestWithACookieFromBeforeARenewEndsNothing() async throws {
        let manager = try self.manager()
        let old = try await self.cookie(manager)
        let slow = self.request(manager, old)
        let stepUp = try await manager.open([old])
        stepUp.reauthenticate()
        let new = try await manager.commit(stepUp).pair
        self.clock.advance(by: .seconds(120))
        #expect(try await slow.open().user == nil)
        #expect(try await manager.open([new]).user == "ada")
    }

    @Test(arguments: [SessionFormat.sealed, .signed])
    func aSignedCookieIsRefreshedThoughNothingLooks(_ format: SessionFormat) async throws {
        let manager = try self.manager {
            $0.store = nil
            $0.format = format
        }
        let cookie = try await self.cookie(manager)
        self.clock.advance(by: .seconds(600))
        #expect(try await (self.request(manager, cookie).commit().setCookie != nil) == (format == .signed))
    }

    @Test func aSharedListIsReadAtTheFirstLookToo() async throws {
        let store = self.store
        let manager = try self.manager {
            $0.store = nil
            $0.revocations = .shared(in: store)
        }
        let cookie = try await self.cookie(manager)
        self.clock.advance(by: .seconds(600))
        self.outage.mode = .unreachable
        #expect(try await self.request(manager, cookie).commit() == SessionHeaders())
        await #expect(throws: SessionError.self) { try await self.request(manager, cookie).open() }
    }
}
