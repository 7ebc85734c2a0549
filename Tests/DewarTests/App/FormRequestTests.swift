// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import TestSupport
import Testing

/// Forms as handlers get them.
@Suite struct FormRequestTests {
    private static let multipart: HTTPFields = [.contentType: "multipart/form-data; boundary=B"]

    @Test func aMissingFieldIsABadRequest() async throws {
        let app = App.forTests()
        app.post("/login") { request in "\(try await request.form["username"])" }
        let response = try await app.testClient().post("/login", form: ["name": "admin"])
        #expect(response.status == .badRequest)
        #expect(!response.text.contains("username"))
    }

    @Test func whatTheSessionGotBeforeAMissingFieldIsSaved() async throws {
        let app = App.forTests()
        app.post("/login") { request in
            request.session["tries"] = 1
            return "\(try await request.form["username"])"
        }
        let client = try app.testClient()
        #expect(try await client.post("/login").status == .badRequest)
        #expect(try await client.withSession { $0["tries"] } == 1)
    }

    @Test func repeatedKeysAreAllThere() async throws {
        let app = App.forTests()
        app.post("/") { request in
            let form = try await request.form
            return "\(try form["colour"]) \(form.getList("colour").joined(separator: ","))"
        }
        let response = try await app.testClient().post("/", form: ["colour": "rot", "x": "", "colour": "grün & blau"])
        #expect(response.text == "rot rot,grün &amp; blau")
    }

    @Test func aFieldCanBeReadAsANumber() async throws {
        let app = App.forTests()
        app.post("/") { request in "\(try await request.form.get("count", as: Int.self) ?? -1)" }
        let client = try app.testClient()
        #expect(try await client.post("/", form: ["count": "3"]).text == "3")
        #expect(try await client.post("/", form: ["count": "three"]).text == "-1")
    }

    @Test func aMultipartFormHasFieldsAndFiles() async throws {
        let app = App.forTests()
        app.post("/") { request in
            let form = try await request.form
            let file = form.file("photo")
            return "\(try form["title"])|\(file?.secureFilename)|\(file?.contentType)|\(file?.content.count)"
        }
        let body = """
            --B\r
            Content-Disposition: form-data; name="title"\r
            \r
            Sea\r
            --B\r
            Content-Disposition: form-data; name="photo"; filename="../my photo.png"\r
            Content-Type: image/png\r
            \r
            \u{1}\u{2}\u{3}\r
            --B--\r

            """
        let response = try await app.testClient().send(.post, "/", headers: Self.multipart, body: Array(body.utf8))
        #expect(response.text == "Sea|my_photo.png|image/png|3")
    }

    @Test func aBodyOfAnotherTypeIsAnEmptyForm() async throws {
        let app = App.forTests()
        app.post("/") { request in "\(try await request.form.fields.count)" }
        let response = try await app.testClient().send(
            .post, "/", headers: [.contentType: "text/plain"], body: Array("a=1".utf8))
        #expect(response.text == "0")
    }

    @Test func theBodyCanBeReadAgain() async throws {
        let app = App.forTests()
        app.post("/") { request in
            let first = try await request.body
            let form = try await request.form
            let second = try await request.body
            return "\(first == second) \(try form["a"]) \(try await request.form["a"])"
        }
        #expect(try await app.testClient().post("/", form: ["a": "1"]).text == "true 1 1")
    }

    @Test(arguments: [
        FormLimits(maximumMemory: 100), FormLimits(maximumBody: 100), FormLimits(maximumMemory: 10, maximumBody: 10),
    ])
    func aFormThatIsTooLargeIsRefused(limits: FormLimits) async throws {
        let app = App.forTests(limits: limits)
        app.post("/") { request in "\(try await request.form.fields.count)" }
        let response = try await app.testClient().post("/", form: ["text": String(repeating: "x", count: 200)])
        #expect(response.status == .contentTooLarge)
    }

    @Test func aFormWithTooManyPartsIsRefused() async throws {
        let app = App.forTests(limits: FormLimits(maximumParts: 1))
        app.post("/") { request in "\(try await request.form.fields.count)" }
        let part = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        let response = try await app.testClient().send(
            .post, "/", headers: Self.multipart, body: Array((part + part + "--B--\r\n").utf8))
        #expect(response.status == .contentTooLarge)
    }

    @Test func aBodyThatIsTooLargeIsRefusedHoweverOftenItIsAskedFor() async throws {
        let app = App.forTests(limits: FormLimits(maximumBody: 10))
        app.post("/") { request in
            let first = try? await request.body
            return "\(first == nil) \(try await request.body.count)"
        }
        let response = try await app.testClient().send(.post, "/", body: Array(repeating: 0, count: 11))
        #expect(response.status == .contentTooLarge)
    }

    @Test func aBodyOfExactlyTheLimitIsTaken() async throws {
        let app = App.forTests(limits: FormLimits(maximumBody: 10))
        app.post("/") { request in "\(try await request.body.count)" }
        #expect(try await app.testClient().send(.post, "/", body: Array(repeating: 0, count: 10)).text == "10")
    }

    @Test func aHandlerOfItsErrorKnowsWhichFieldIsMissing() async throws {
        let app = App.forTests()
        app.errorHandler(of: MissingFieldError.self) { _, error in "fill in \(error.name)" }
        app.post("/") { request in "\(try await request.form["username"])" }
        #expect(try await app.testClient().post("/").text == "fill in username")
    }
}
