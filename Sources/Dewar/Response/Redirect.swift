// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes

/// Sends the browser elsewhere (Flask's `redirect`).
///
/// ```swift
/// return redirect(app.url(for: "index"))
/// ```
///
/// > Warning: A target that comes from the visitor (`?next=…`) can lead to another site. Check it first.
///
/// - Parameters:
///   - location: A path or a URL. What a header cannot carry is percent-encoded, as Werkzeug does it.
///   - status: 302 as in Flask 3.1; also 301, 303, 307 and 308.
public func redirect(_ location: String, status: HTTPResponse.Status = .found) -> Response {
    // The link leads where the field leads: a browser would read a `\` of the location as a slash.
    let target = LocationEncoding.encode(location)
    var response = Response(
        """
        <!doctype html>
        <html lang=en>
        <title>Redirecting</title>
        <p>You are being redirected to <a href="\(target)">\(location)</a>.
        """, status: status)
    response.headers[.location] = target
    return response
}
