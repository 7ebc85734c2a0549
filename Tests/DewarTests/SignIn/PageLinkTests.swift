// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import TestSupport
import Testing

/// The links, forms and redirects of the library's own pages stay on the site, however many slashes a request begins
/// with. An attacker can send a visitor to such a path with a link.
@Suite struct PageLinkTests {
    private static let starts = ["/", "//", "///", "/\\", "/%5C", "/%2F", "/\\/", "//%5C"]

    /// A client that is signed in as ada, as another one is: both pages have forms then.
    private static func client(proxyFix: ProxyFix? = nil) async throws -> TestClient {
        let app = App(
            secretKey: .forTests, sessions: .stored(in: MemoryStore()), proxyFix: proxyFix,
            logger: LogRecorder().logger)
        app.addSignedInDevices(at: "/<path:area>/devices")
        app.addSessionsOverview(at: "/<path:area>/sessions", allowing: { $0.user == "ada" })
        let clients = (try app.testClient(), try app.testClient())
        try await clients.0.withSession { $0.signIn(as: "ada") }
        try await clients.1.withSession { $0.signIn(as: "ada") }
        return clients.0
    }

    /// The targets of a page's links and forms.
    private static func targets(in page: String) -> [String] {
        page.matches(of: #/(?:href|action)="([^"]*)"/#).map { String($0.output.1) }
    }

    /// Whether a browser takes the text for a path of this site.
    private static func isLocal(_ target: String) -> Bool {
        let bytes = Array(target.utf8)
        guard bytes.first == UInt8(ascii: "/") else { return bytes.first == UInt8(ascii: "#") }
        return bytes.count == 1 || ![UInt8(ascii: "/"), UInt8(ascii: "\\")].contains(bytes[1])
    }

    @Test(arguments: Self.starts, ["devices", "sessions?user=ada&end=user"])
    func aPageLinksToItself(start: String, page: String) async throws {
        let client = try await Self.client()
        let response = try await client.get("\(start)attacker.example/\(page)")
        #expect(response.status == .ok)
        let targets = Self.targets(in: response.text)
        #expect(!targets.isEmpty && targets.allSatisfy(Self.isLocal), "\(targets)")
        for target in targets where !target.hasPrefix("#") {
            #expect(try await client.get(target.replacing("&amp;", with: "&")).status == .ok, "\(target)")
        }
    }

    @Test(arguments: Self.starts, [("devices", "others"), ("sessions", "all_of")])
    func anAnswerToAFormLeadsBackToThePage(start: String, page: (path: String, field: String)) async throws {
        let client = try await Self.client()
        let target = "\(start)attacker.example/\(page.path)"
        let shown = try await client.get("\(target)?user=ada&end=user")
        let token = try #require(formValue(of: "csrf_token", in: shown.text))
        let form: KeyValuePairs = ["csrf_token": token, page.field: "ada", "user": "ada"]
        let ended = try #require(try await client.post(target, form: form).location)
        #expect(Self.isLocal(ended), "\(ended)")
        #expect(try await client.get(ended).status == .ok)
    }

    @Test(arguments: Self.starts)
    func aFormFromASignedOutPageLeadsBackToo(start: String) async throws {
        let client = try await Self.client()
        try await client.withSession { $0.signOut() }
        let answer = try await client.post("\(start)attacker.example/devices", form: ["others": "1"])
        #expect(Self.isLocal(try #require(answer.location)))
    }

    @Test func underThePathOfAProxyThereIsOneSlashToo() async throws {
        let client = try await Self.client(proxyFix: ProxyFix(xPrefix: 1))
        let headers = [try #require(HTTPField.Name("X-Forwarded-Prefix")): "/shop"] as HTTPFields
        let page = try await client.get("//attacker.example/devices", headers: headers).text
        #expect(page.contains("href=\"/shop/attacker.example/devices/style.css\""))
    }

    @Test func aPathKeepsItsCharacters() async throws {
        let client = try await Self.client()
        let page = try await client.get("/z%C3%BCrich%20a%3Fb/devices?x=1").text
        #expect(page.contains("href=\"/z%C3%BCrich%20a%3Fb/devices/style.css\""))
    }
}
