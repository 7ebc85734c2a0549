// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import Sessions

/// Compresses the responses that may be.
struct ResponseCompressor: Sendable {
    let settings: Compression
    private let places = CompressionPlaces()

    init(_ settings: Compression) {
        self.settings = settings
    }

    /// Compresses a response, if it carries no secret and the client takes it. `Vary` is added wherever another client
    /// would get another response.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - method: The method of the request.
    ///   - fields: The header fields of the request.
    func compress(_ response: inout HummingbirdCore.Response, for method: HTTPRequest.Method, _ fields: HTTPFields) {
        guard Self.isPublic(response, fields), Self.isWhole(response), Self.isCompressible(response) else { return }
        if response.status == .notModified { return Self.follow(&response, fields) }
        guard self.isLongEnough(response, for: method) else { return }
        Self.vary(&response)
        guard AcceptEncoding.prefersGzip(fields[values: .acceptEncoding]) else { return }
        // An answer to HEAD has no body, and the fields of the answer to GET.
        guard method == .head || self.setBody(&response) else { return }
        if method == .head { response.body = ResponseBody { _ in } }
        response.headers[.contentEncoding] = "gzip"
        for name in [HTTPField.Name.contentLength, .acceptRanges] { response.headers[name] = nil }
        Self.weaken(&response)
    }

    /// False, with nothing changed, while as many responses as there is memory for are being compressed.
    private func setBody(_ response: inout HummingbirdCore.Response) -> Bool {
        guard let place = self.places.take() else { return false }
        response.body = response.body.compressed(at: place)
        return true
    }

    // MARK: - Which

    private static func isPublic(_ response: HummingbirdCore.Response, _ fields: HTTPFields) -> Bool {
        guard !response.headers.contains(.setCookie), !fields.contains(.authorization) else { return false }
        let vary = Self.words(response.headers[values: .vary])
        let caching = Self.words(response.headers[values: .cacheControl])
        return vary.isDisjoint(with: ["cookie", "*"])
            && caching.isDisjoint(with: ["no-store", "private", "no-transform"])
    }

    /// Not a part of something, not nothing, and not compressed already.
    private static func isWhole(_ response: HummingbirdCore.Response) -> Bool {
        let fields = [HTTPField.Name.contentEncoding, .contentRange] + Self.digests
        return ![204, 205, 206].contains(response.status.code) && !fields.contains(where: response.headers.contains)
    }

    /// Fields that say what the bytes are; they would no longer be right.
    private static let digests = ["Content-MD5", "Content-Digest", "Digest"].compactMap { HTTPField.Name($0) }

    private static func isCompressible(_ response: HummingbirdCore.Response) -> Bool {
        guard let field = response.headers[.contentType] else { return false }
        let type = field.prefix { $0 != ";" && $0 != " " }.lowercased()
        // A reader of events waits for each of them; nothing may hold one back.
        guard type != "text/event-stream" else { return false }
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml") || Self.types.contains(type)
    }

    private static let types: Set<String> = [
        "application/json", "application/javascript", "application/xml", "application/wasm", "application/yaml",
        "application/toml", "application/rtf", "application/x-ndjson", "application/vnd.ms-fontobject", "font/ttf",
        "font/otf", "image/bmp", "image/vnd.microsoft.icon", "model/gltf-binary",
    ]

    /// A stream of unknown length counts as long enough.
    private func isLongEnough(_ response: HummingbirdCore.Response, for method: HTTPRequest.Method) -> Bool {
        var length = response.body.contentLength
        // A handler of HEAD may have made no body.
        if length ?? 0 == 0, method == .head { length = response.headers[.contentLength].flatMap { Int($0) } ?? length }
        return length.map { $0 >= self.settings.minimumLength } ?? true
    }

    // MARK: - Fields

    private static func vary(_ response: inout HummingbirdCore.Response) {
        guard !Self.words(response.headers[values: .vary]).contains("accept-encoding") else { return }
        response.headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
    }

    /// The compressed bytes are others each time that zlib is another: they are the same page, and not the same bytes
    /// (RFC 9110, section 8.8.3.3).
    private static func weaken(_ response: inout HummingbirdCore.Response) {
        guard let tag = response.headers[.eTag], !tag.hasPrefix("W/") else { return }
        response.headers[.eTag] = "W/" + tag
    }

    /// A 304 has the fields that the 200 would have: the client that sends a weak tag has got the compressed one.
    private static func follow(_ response: inout HummingbirdCore.Response, _ fields: HTTPFields) {
        Self.vary(&response)
        if fields[values: .ifNoneMatch].contains(where: { $0.contains("W/") }) { Self.weaken(&response) }
    }

    private static func words(_ fields: [String]) -> Set<String> {
        Set(
            fields.flatMap { $0.split(separator: ",") }.map { word in
                word.drop { $0 == " " || $0 == "\t" }.prefix { !" \t=".contains($0) }.lowercased()
            })
    }
}
