// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Logging
import NIOPosix
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Answers GET and HEAD with the files of a folder.
struct StaticFiles: Sendable {
    let folder: StaticFolder
    /// The value of `Cache-Control`; nil for none.
    let cacheControl: String?
    /// The hashes that URLs of the files may have; nil where they have none.
    var fingerprints: FileFingerprints?
    let clock: SessionClock
    var quota = OpenFileQuota.process

    func response(to request: Request, for name: String) async throws -> Response {
        let asked = self.fingerprints == nil ? nil : request.query.get(FileFingerprints.parameter)
        let (file, hash) = try await self.open(name, hashes: asked != nil, logger: request.logger)
        let modified = self.modified(file)
        var headers = self.headers(of: file, modified: modified)
        // A 304 is sent without it, and still tells what the file is.
        headers[.contentType] = ContentType.of(name)
        if let asked, !self.isKeptBack {
            headers[.cacheControl] = Self.cacheControl(isCurrent: asked == hash, for: request)
        }
        let conditions = Preconditions(headers: request.headers, entityTag: file.entityTag, modified: modified)
        switch conditions.outcome {
        case .failed: throw HTTPException(.preconditionFailed)
        case .notModified: return Response(status: .notModified, headers: headers)
        case .proceed: break
        }
        var response = Response(headers: headers)
        response.headers[.acceptRanges] = "bytes"
        switch self.range(request, of: file, conditions) {
        case .whole:
            response.body = .stream(file.body(0..<file.size, logger: request.logger))
        case .part(let range):
            response.status = .partialContent
            response.headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            response.body = .stream(file.body(range, logger: request.logger))
        case .unsatisfiable:
            throw HTTPException(.rangeNotSatisfiable, headers: [.contentRange: "bytes */\(file.size)"])
        }
        return response
    }

    /// Whether the application has said that these files are not for everybody, or not to be kept: that counts.
    private var isKeptBack: Bool {
        let own = self.cacheControl?.lowercased() ?? ""
        return own.contains("private") || own.contains("no-store")
    }

    /// What a URL with the hash of the file's contents may be kept for: with the current one, for ever. With another one,
    /// the server or the page is older than the other: what is sent is the current file, which must not be kept.
    private static func cacheControl(isCurrent: Bool, for request: Request) -> String {
        guard isCurrent else { return "no-cache" }
        // A hook that has looked at the session, or at a password, decides who may see the file. Shared caches would show
        // it to others.
        let isPrivate =
            request.headers.contains(.authorization) || request.lazySession.headersAfterFailure.variesOnCookie
        return "\(isPrivate ? "private" : "public"), max-age=31536000, immutable"
    }

    /// Opens a file, and computes its hash if that is asked for.
    private func open(_ name: String, hashes: Bool, logger: Logger) async throws -> (SentFile, hash: String?) {
        let (folder, quota) = (self.folder, self.quota)
        let fingerprints = hashes ? self.fingerprints : nil
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                let file = try folder.open(name)
                let hash = fingerprints?.hash(of: file, named: name)
                return (SentFile(file, named: name, in: folder, holding: quota), hash)
            }
        } catch StaticFileError.notFound {
            throw HTTPException(.notFound)
        } catch let error as StaticFileError {
            guard case .unreadable = error else { throw error }
            logger.warning(
                "a static file cannot be read", metadata: ["folder": "\(folder.path)", "error": "\(error)"])
            throw HTTPException(.notFound)
        }
    }

    /// When the file was changed, and at the latest now: `Last-Modified` must not be in the future (RFC 9110, section
    /// 8.8.2.1), and a condition compares with what the client was told.
    private func modified(_ file: SentFile) -> Int {
        let now = Int(exactly: self.clock.now().timeIntervalSince1970.rounded(.down)) ?? .max
        return min(file.modified, now)
    }

    private func headers(of file: SentFile, modified: Int) -> HTTPFields {
        var headers: HTTPFields = [.eTag: file.entityTag.text, .xContentTypeOptions: "nosniff"]
        headers[.lastModified] = HTTPDate.format(modified)
        headers[.cacheControl] = self.cacheControl
        return headers
    }

    /// Only GET has ranges (RFC 9110, section 14.2).
    private func range(_ request: Request, of file: SentFile, _ conditions: Preconditions) -> ByteRange {
        guard request.method == .get, conditions.allowsRange else { return .whole }
        return ByteRange(request.headers[values: .range], size: file.size)
    }
}
