// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// Without a secret key sessions can be looked at, are empty, and refuse changes: Flask's null session.
@Suite struct MissingKeyTests {
    private static let keyless: [SecretKeys?] = [nil, "", SecretKeys(SecretKey(bytes: []), fallbacks: [TestSite.key])]

    @Test func readingIsEmptyAndSendsNothing() async throws {
        let cookie = try await TestSite().cookie()
        for keys in Self.keyless {
            let headers = try await TestSite(keys: keys).visit(cookie) { session in
                #expect(session.isEmpty)
                #expect(session["user"] == nil)
                #expect(!session.contains("user"))
                #expect(session["n", default: 3] == 3)
                #expect(session.flashedMessages() == [])
                #expect(session.isNew)
            }
            #expect(headers.setCookie == nil)
            #expect(!headers.variesOnCookie)
        }
    }

    @Test(arguments: [
        Action("set") { $0["a"] = 1 },
        Action("generic set") { $0["a", default: 0] += 1 },
        Action("remove") { $0["a"] = nil },
        Action("pop of nothing") { $0.pop("a") },
        Action("popLast") { $0.popLast() },
        Action("setDefault") { $0.setDefault("a", 1) },
        Action("merge") { $0.merge([:]) },
        Action("removeAll") { $0.removeAll() },
        Action("update") { $0.update("a", default: 0) { $0 += 1 } },
        Action("isPermanent") { $0.isPermanent = true },
        Action("flash") { $0.flash("hi") },
        Action("unencodable") { $0["a"] = Refusing() },
    ])
    func aChangeMakesTheCommitThrow(_ action: Action) async throws {
        for keys in Self.keyless {
            for configuration in [SessionConfiguration.standard, .flask] {
                let site = try TestSite(configuration, keys: keys)
                let session = try await site.manager.open([])
                action.run(session)
                #expect(session.isEmpty)
                #expect(!session.isModified)
                do throws(SessionError) {
                    _ = try await site.manager.commit(session)
                    Issue.record("committed")
                } catch {
                    #expect(error.kind == .noSecretKey)
                    #expect(error.message.contains("secretKey"))
                }
                #expect(!site.manager.headersAfterFailure(of: session).variesOnCookie)
            }
        }
    }
}
