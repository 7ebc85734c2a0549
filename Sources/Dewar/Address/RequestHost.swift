// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP1

extension HTTPRequestHead {
    /// The head with the host that the request is for in its `Host` field, and with its path as its target.
    ///
    /// A target may name the site as well (``AbsoluteTarget``). An HTTP/1.0 request may lack the `Host` field, as
    /// health checks of load balancers do. Its host is then the address at which it arrived. HTTP/1.1 requires exactly
    /// one field (RFC 9112, section 3.2). A request without that is left unchanged here, and refused later, where its
    /// version is no longer known.
    func namingHost(arrivedAt address: @autoclosure () -> SocketAddress?) -> HTTPRequestHead {
        var head = self
        if let target = AbsoluteTarget(self.uri) {
            head.uri = target.path
            let hosts = self.headers["Host"].count
            if hosts == 1 || (hosts == 0 && self.version == .http1_0) {
                head.headers.replaceOrAdd(name: "Host", value: target.authority)
            }
        } else if self.version == .http1_0, !self.headers.contains(name: "Host"), let address = address() {
            let host = ServerAddress(host: address.ipAddress ?? "localhost", port: address.port ?? 80)
            head.headers.add(name: "Host", value: host.description)
        }
        return head
    }
}
