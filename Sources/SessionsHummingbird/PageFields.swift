// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import NIOCore
import SessionsPages

/// What a page's forms and links send, by name; none of their names is there twice.
struct PageFields {
    private let fields: [String: String]

    /// The fields of a form.
    ///
    /// - Throws: `HTTPError` 413 for a form that is larger than a page's can be, and 400 for what is no form.
    init(form request: Request, context: some RequestContext) async throws {
        var request = request
        do {
            let body = try await request.collectBody(upTo: 1 << 14)
            self.fields = try Self.decode(String(buffer: body))
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge)
        }
    }

    /// The fields of a URL's query.
    ///
    /// - Throws: `HTTPError` 400 for what is no query.
    init(query request: Request) throws {
        self.fields = try Self.decode(request.uri.query ?? "")
    }

    private static func decode(_ text: String) throws -> [String: String] {
        guard !text.isEmpty else { return [:] }
        do {
            return try URLEncodedFormDecoder().decode([String: String].self, from: text)
        } catch is URLEncodedFormError {
            throw HTTPError(.badRequest)
        } catch is DecodingError {
            throw HTTPError(.badRequest)
        }
    }

    func field(_ name: String) -> String? { self.fields[name] }
}

extension Response {
    /// The answer of a page of `SessionsPages`.
    ///
    /// - Throws: What `page` throws; `HTTPError` 403 for a form without a good CSRF token, and for a user who may not see
    ///   the page.
    init(_ page: () async throws -> PageResponse) async throws {
        do {
            self.init(try await page())
        } catch let refusal as CrossSiteRefusal {
            throw HTTPError(.forbidden, message: refusal.description)
        } catch let refusal as PageForbidden {
            throw HTTPError(.forbidden, message: refusal.description)
        }
    }

    init(_ page: PageResponse) {
        self.init(
            status: page.status, headers: page.headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.body)))
    }
}
