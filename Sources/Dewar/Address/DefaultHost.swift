// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP1

/// Gives an HTTP/1.0 request without a `Host` field the address that it came in at.
///
/// That version allows it, and health checks of load balancers do it. In HTTP/1.1 the field must be there (RFC 9112,
/// section 3.2): nothing is added, and the request is refused later, where the version is no longer known.
final class DefaultHost: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = self.unwrapInboundIn(data), head.version == .http1_0,
            !head.headers.contains(name: "Host"), let address = context.channel.localAddress
        else {
            context.fireChannelRead(data)
            return
        }
        let host = ServerAddress(host: address.ipAddress ?? "localhost", port: address.port ?? 80)
        head.headers.add(name: "Host", value: host.description)
        context.fireChannelRead(self.wrapInboundOut(.head(head)))
    }
}
