// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import Logging
import Sessions
import SessionsHummingbird

extension CrossSiteGuard {
    /// Throws the refusal of a request that another site may have made the browser send.
    func check(_ request: Request) async throws {
        // Most requests: what decides the others need not be put together.
        guard !self.allows(request.method.rawValue, isUpgrade: request.headers.contains(.upgrade)) else { return }
        do {
            let base = request.base
            let asked = CrossSiteRequest(
                request.content.request.head, host: base.host, scheme: base.hasCertainScheme ? base.scheme : nil)
            let verdict = try self.check(asked)
            guard self.mayDemandToken(after: verdict) else { return }
            let session = try await request.openSession()
            guard self.demandsToken(after: verdict, in: session) else { return }
            try self.check(token: try await Self.token(of: request), in: session)
        } catch let refusal as CrossSiteRefusal {
            request.logger.info("request refused", metadata: ["session.crossSite": "\(refusal.kind)"])
            throw refusal
        }
    }

    private static func token(of request: Request) async throws -> String? {
        if let token = request.headers.crossSiteToken { return token }
        return try await request.form.get(Self.fieldName)
    }
}
