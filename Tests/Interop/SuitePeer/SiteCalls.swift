// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import Sessions

/// What `werkzeug.middleware.proxy_fix` and `werkzeug.sansio.utils.get_host` say of where a request was sent, as a
/// handler of an `App` sees it.
struct SiteCalls {
    private let call: PeerCall

    init(_ call: PeerCall) {
        self.call = call
    }

    /// Scheme, host, root path and address, where the test client's own address is `peer`.
    func result() async throws -> TypedValue? {
        guard self.call.operation == "see" else { throw PeerFailure(code: "unknown_call", text: self.call.name) }
        let app = App(secretKey: "a key of SuitePeer, 32 bytes and more", proxyFix: try self.proxyFix())
        app.get("/see") { request in
            try Response(json: [request.scheme, request.host, request.rootPath, request.remoteAddress ?? ""])
        }
        let response = try await app.testClient().get("/see", headers: try self.headers())
        guard response.status == .ok else { throw PeerFailure(code: "refused", text: "\(response.status.code)") }
        return TypedValue(.string(response.text))
    }

    private func proxyFix() throws -> ProxyFix {
        ProxyFix(
            xFor: try self.call.integer("x_for"), xProto: try self.call.integer("x_proto"),
            xHost: try self.call.integer("x_host"), xPort: try self.call.integer("x_port"),
            xPrefix: try self.call.integer("x_prefix"))
    }

    private func headers() throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in try self.call.dictionary("headers") {
            guard case .string(let text) = value, let name = HTTPField.Name(name) else {
                throw PeerFailure(lacking: "headers")
            }
            fields.append(HTTPField(name: name, value: text))
        }
        return fields
    }
}
