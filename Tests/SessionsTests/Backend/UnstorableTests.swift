// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

/// Values without a stored form make the commit throw, and never stop the process.
@Suite struct UnstorableTests {
    @Test(arguments: [
        Action("set") { $0["bad"] = Refusing() },
        Action("nested") { $0["bad"] = ["a": [Refusing()]] },
        Action("in place") { $0["bad", default: [Refusing]()].append(Refusing()) },
        Action("update") { $0.update("bad", default: Refusing()) { $0.text = "x" } },
        Action("date after 9999") { $0["bad"] = .date(Date(timeIntervalSince1970: 253_402_300_800)) },
        Action("date before 1") { $0["bad"] = .date(Date(timeIntervalSince1970: -62_135_596_801)) },
        Action("distant past and future") {
            $0["bad"] = [.date(.distantPast), .date(Date(timeIntervalSince1970: 1e300))]
        },
        Action("no time at all") { $0["bad"] = .date(Date(timeIntervalSince1970: .nan)) },
        Action("never") { $0["bad"] = .date(Date(timeIntervalSince1970: .infinity)) },
        Action("too deep") { $0["bad"] = (0..<400).reduce(1) { value, _ in .list([value]) } },
    ])
    func theCommitThrowsAndNamesTheKey(_ action: Action) async throws {
        for configuration in [SessionConfiguration.standard, .signed, .flask, .stored(in: MemoryStore())] {
            let site = try TestSite(configuration)
            let error = await failure(SessionError.self) {
                _ = try await site.visit {
                    $0["good"] = 1; action.run($0)
                }
            }
            #expect(error?.kind == .unstorableValue)
            #expect(error?.message.contains(#""bad""#) == true, "\(error?.message ?? "no error")")
        }
    }

    @Test func anUnencodableValueLeavesWhatWasThere() async throws {
        let site = try TestSite()
        _ = try? await site.visit { session in
            session["a"] = 1
            session["a"] = Refusing()
            #expect(session["a"] == 1)
        }
    }
}
