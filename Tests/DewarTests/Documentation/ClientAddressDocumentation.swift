// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import NIOCore
import Sessions
import SessionsHummingbird
import SessionsSignIn

// README: docs/SERVERS.md, the client's address.

struct ShopContext: SessionRequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    var sessionSlot = SessionSlot()
    let remoteAddress: SocketAddress?

    init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.remoteAddress = source.channel.remoteAddress
    }
}

/// The client's address behind so many proxies of your own; nil if they do not say it.
func clientAddress(_ request: Request, peer: SocketAddress?, proxies: Int) -> String? {
    guard proxies > 0 else { return peer?.ipAddress }
    guard let name = HTTPField.Name("X-Forwarded-For") else { return nil }
    let added = request.headers[values: name].flatMap { line in
        line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    }
    guard added.count >= proxies else { return nil }
    return String(decoding: added[added.count - proxies].filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
}

/// What a form has.
private struct SignIn: Decodable {
    let user: String
    let password: String
}

/// README: docs/SERVERS.md, an attempt to sign in.
func clientAddressDocumentation(router: Router<ShopContext>, limit: SignInLimit, passwords: Passwords) {
    router.post("/sign-in") { request, context in
        let form = try await URLEncodedFormDecoder().decode(SignIn.self, from: request, context: context)
        let address = clientAddress(request, peer: context.remoteAddress, proxies: 1)
        let isRight = try await limit.attempt(as: form.user, from: address) {
            try await passwords.verify(form.password, of: form.user)
        }
        guard isRight else { return "There is no such user with that password." }
        try await context.session.signIn(as: form.user)
        return "Signed in."
    }
}
