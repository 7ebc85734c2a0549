// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import NIOCore
public import SessionsPages

extension RouterMethods where Context: SessionRequestContext {
    /// Adds the page on which users see where they are signed in, and sign out there.
    ///
    /// ```swift
    /// router.add(middleware: SessionMiddleware(sessions))
    /// router.addSignedInDevices(SignedInDevices(sessions), at: "account/devices")
    /// ```
    ///
    /// Add it after ``SessionMiddleware``. For a visitor who is not signed in, or not recently, it throws
    /// `SignInRequired`, which a middleware between the two may answer with a redirect to the site's sign-in page;
    /// without one the response is 401. The page checks its forms' CSRF tokens itself, with or without ``CrossSiteMiddleware``.
    ///
    /// - Parameters:
    ///   - devices: The page.
    ///   - path: Its path. Its style sheet is at `style.css` under it.
    /// - Returns: The router, for more routes.
    @discardableResult
    public func addSignedInDevices(_ devices: SignedInDevices, at path: RouterPath) -> Self {
        self.get(path) { request, context in
            Response(try await devices.page(for: context.session, links: PageLinks(relativeTo: request.uri.path)))
        }
        self.post(path) { request, context in
            let form = try await DevicesForm(of: request, context: context)
            let links = PageLinks(relativeTo: request.uri.path)
            do {
                return Response(try await devices.answer(form.field, for: context.session, links: links))
            } catch let refusal as CrossSiteRefusal {
                throw HTTPError(.forbidden, message: refusal.description)
            }
        }
        self.get(RouterPath("\(path)/\(PageLinks.styleName)")) { _, _ in Response(SignedInDevices.style) }
        return self
    }
}

/// What the page's forms send, by name; none of their names is there twice.
private struct DevicesForm {
    private let fields: [String: String]

    /// - Throws: `HTTPError` 413 for a form that is larger than the page's can be, and 400 for what is no form.
    init(of request: Request, context: some RequestContext) async throws {
        var request = request
        do {
            let body = try await request.collectBody(upTo: 1 << 14)
            self.fields = try URLEncodedFormDecoder().decode([String: String].self, from: String(buffer: body))
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge)
        } catch is URLEncodedFormError {
            throw HTTPError(.badRequest)
        } catch is DecodingError {
            throw HTTPError(.badRequest)
        }
    }

    func field(_ name: String) -> String? { self.fields[name] }
}

extension Response {
    fileprivate init(_ page: PageResponse) {
        self.init(
            status: page.status, headers: page.headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.body)))
    }
}
