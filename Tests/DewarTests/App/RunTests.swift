// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The application behind a real server.
@Suite struct RunTests {
    @Test func aServerAnswersOnAFreePort() async throws {
        let page = try await withServer { app in
            app.get("/", name: "index") { _ in "\(app.url(for: "index", isExternal: true))" }
        } _: { url in
            let (data, response) = try await URLSession.shared.data(from: try #require(URL(string: url)))
            #expect((response as? HTTPURLResponse)?.statusCode == 200)
            #expect(String(decoding: data, as: UTF8.self) == "\(url)/")
            return data
        }
        #expect(!page.isEmpty)
    }

    @Test func aJobNamesThePortThatTheServerListensOn() async throws {
        try await withServer { app in
            app.get("/", name: "index") { _ in
                // A detached task is outside of the request, as a job is.
                let url = await Task.detached { app.url(for: "index", isExternal: true) }.value
                return "\(url)"
            }
        } _: { url in
            let (data, _) = try await URLSession.shared.data(from: try #require(URL(string: url)))
            #expect(String(decoding: data, as: UTF8.self) == "\(url)/")
        }
    }

    @Test func aPortInUseIsTold() async throws {
        try await withServer { url in
            let port = try #require(URL(string: url)?.port)
            let error = await #expect(throws: AppError.self) { try await App.forTests().serve(port: port) }
            #expect(error?.kind == .addressInUse)
            #expect(
                error?.description
                    == "Port \(port) is in use by another program. Stop it, or choose another port.")
        }
    }

    @Test func aHostThatNobodyKnowsIsTold() async {
        let error = await #expect(throws: AppError.self) {
            try await App.forTests().serve(host: "no.such.host.invalid", port: 0)
        }
        #expect(error?.kind == .addressUnavailable)
        #expect(error?.description == "The host \"no.such.host.invalid\" is not known.")
    }

    @Test func aHostOfAnotherMachineIsTold() async {
        // TEST-NET-1: nobody has this address.
        let error = await #expect(throws: AppError.self) { try await App.forTests().serve(host: "192.0.2.1", port: 0) }
        #expect(error?.kind == .addressUnavailable)
        #expect(error?.description.hasPrefix("The server cannot listen on 192.0.2.1:0: ") == true)
    }

    @Test(arguments: [-1, 65536])
    func aPortThatCannotBeIsTold(port: Int) async {
        let error = await #expect(throws: AppError.self) { try await App.forTests().serve(port: port) }
        #expect(error?.kind == .addressUnavailable)
        #expect(error?.description == "There is no port \(port); ports go from 0 to 65535.")
    }
}
