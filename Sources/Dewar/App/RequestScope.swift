// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The state of one request that the code which answers it can reach without a parameter.
final class RequestScope: Sendable {
    @TaskLocal static var current: RequestScope?

    let base: URLBase
    let pages: AppPages
    /// What to begin when the response is ready; nil when it is.
    private let postponed = Mutex<[@Sendable () -> Void]?>([])
    private let failure = Mutex<(any Error)?>(nil)
    private let begun = Mutex<(request: Request, blueprint: RegisteredBlueprint?)?>(nil)

    init(base: URLBase, pages: AppPages) {
        self.base = base
        self.pages = pages
    }

    /// The request, once it has reached the application.
    var request: Request? { self.begun.withLock { $0?.request } }

    /// The blueprint of the route that matched.
    var blueprint: RegisteredBlueprint? { self.begun.withLock { $0?.blueprint } }

    /// Remembers what is known of the request.
    func begin(_ request: Request, in blueprint: RegisteredBlueprint?) {
        self.begun.withLock { $0 = (request, blueprint) }
    }

    /// Has work begin when the response is ready. False when it is already.
    func postpone(_ start: @escaping @Sendable () -> Void) -> Bool {
        self.postponed.withLock { $0?.append(start) != nil }
    }

    /// The response is ready: what was put off begins, with the URLs of this request.
    func startBackgroundWork() {
        let starts = self.postponed.withLock { postponed in
            defer { postponed = nil }
            return postponed ?? []
        }
        guard !starts.isEmpty else { return }
        Self.$current.withValue(self) {
            for start in starts { start() }
        }
    }

    /// Remembers a mistake met by a function that cannot throw; the response becomes a 500.
    func fail(_ error: any Error) {
        self.failure.withLock { $0 = $0 ?? error }
    }

    /// Throws the first mistake since the last call, if there was one.
    func throwFailure() throws {
        let failure = self.failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failure { throw failure }
    }
}
