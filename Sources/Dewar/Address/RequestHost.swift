// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP1

/// Writes the host that a request is for into its `Host` field, and its path into its target.
///
/// A target may name the site as well (``AbsoluteTarget``). An HTTP/1.0 request may lack the `Host` field, as health
/// checks of load balancers do. Its host is then the address at which it arrived. HTTP/1.1 requires exactly one field
/// (RFC 9112, section 3.2). A request without that is left unchanged here, and refused later, where its version is no
/// longer known.
final class RequestHost: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = self.unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if let target = AbsoluteTarget(head.uri) {
            head.uri = target.path
            let hosts = head.headers["Host"].count
            if hosts == 1 || (hosts == 0 && head.version == .http1_0) {
                head.headers.replaceOrAdd(name: "Host", value: target.authority)
            }
        } else if head.version == .http1_0, !head.headers.contains(name: "Host"),
            let address = context.channel.localAddress
        {
            let host = ServerAddress(host: address.ipAddress ?? "localhost", port: address.port ?? 80)
            head.headers.add(name: "Host", value: host.description)
        } else {
            return context.fireChannelRead(data)
        }
        context.fireChannelRead(self.wrapInboundOut(.head(head)))
    }
}
